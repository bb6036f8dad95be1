"""Enrolment and who speaks: codes once, words once, of the right till, to the right office."""

from __future__ import annotations

import pytest

from pos_app.exchange.enrolment import (
    EnrolmentCodeWrong,
    allowance_info,
    read_answer,
)
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.exchange.hpke import open_sealed
from pos_app.head_office.enrolling import SECRET
from pos_app.head_office.errors import (
    AssertionRefused,
    CodeRefused,
    TillBlocked,
    TillNameUnfit,
    TillTaken,
    TooManyTries,
)
from pos_app.head_office.rooms import Rooms
from tests.office.makers import NOW_MS, MadeTill
from tests.office.seen import open_findings, rows
from tests.shops import HeldClock

HOME = "192.0.2.7"


def test_an_answer_names_the_office_and_holds_the_secret_for_this_till_only(rooms: Rooms) -> None:
    till = MadeTill()
    code = rooms.enrolling.code_for("TILL7")
    answer = read_answer(rooms.enrolling.answer(till.request(code), HOME))
    office = rooms.office.authority.public
    assert (answer.office, answer.till, answer.public) == (office, "TILL7", till.key.public)
    assert (answer.first_pack, answer.url) == (1, "https://127.0.0.1:8460")
    secret = open_sealed(
        till.private, answer.allowance_box, allowance_info(office, "TILL7", till.key.public)
    )
    held = rooms.till("TILL7").allowance_secret
    assert secret == rooms.office.sealer.unseal(SECRET, held, b"TILL7")
    assert secret not in held


def test_a_code_is_stored_as_a_digest_only(rooms: Rooms) -> None:
    code = rooms.enrolling.code_for("TILL7")
    kept = repr(rows(rooms, "select * from enrolment_code") + rows(rooms, "select * from audit"))
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_an_answer_that_got_lost_may_be_asked_for_again(rooms: Rooms) -> None:
    till = MadeTill()
    code = rooms.enrolling.code_for("TILL7")
    first = read_answer(rooms.enrolling.answer(till.request(code), HOME))
    second = read_answer(rooms.enrolling.answer(till.request(code), HOME))
    secrets = {
        open_sealed(
            till.private, each.allowance_box, allowance_info(each.office, "TILL7", each.public)
        )
        for each in (first, second)
    }
    assert len(secrets) == 1
    assert rows(rooms, "select count(*) from till") == [(1,)]


def test_a_stolen_code_used_twice_is_refused_and_told(rooms: Rooms) -> None:
    code = rooms.enrolling.code_for("TILL7")
    rooms.enrolling.answer(MadeTill().request(code), HOME)
    thief = MadeTill(seed=b"thief")
    with pytest.raises(CodeRefused):
        rooms.enrolling.answer(thief.request(code), HOME)
    assert open_findings(rooms) == ["code-used-twice"]
    assert rooms.till("TILL7").public == MadeTill().key.public


def test_a_code_over_of_another_till_or_made_up_is_refused_alike(
    rooms: Rooms, clock: HeldClock
) -> None:
    code = rooms.enrolling.code_for("TILL7", hours=1)
    refused = [
        (MadeTill("TILL8"), code),
        (MadeTill(), "02E0-3M04-R04G-000V"),
    ]
    clock.now += 3_600_000
    refused.append((MadeTill(), code))
    for till, used in refused:
        with pytest.raises(CodeRefused) as told:
            rooms.enrolling.answer(till.request(used), HOME)
        assert told.value.facts == {}
    assert rows(rooms, "select count(*) from till") == [(0,)]


def test_another_machine_cannot_take_a_till_that_is_enrolled(rooms: Rooms, till: MadeTill) -> None:
    code = rooms.enrolling.code_for("TILL7")
    with pytest.raises(TillTaken):
        rooms.enrolling.answer(MadeTill(seed=b"other").request(code), HOME)


def test_whoever_guesses_codes_has_to_wait_longer_and_longer(
    rooms: Rooms, clock: HeldClock
) -> None:
    guess = MadeTill().request("02E0-3M04-R04G-000V")
    for _ in range(5):
        with pytest.raises(CodeRefused):
            rooms.enrolling.answer(guess, HOME)
    code = rooms.enrolling.code_for("TILL7")
    right = MadeTill().request(code)
    with pytest.raises(TooManyTries) as told:
        rooms.enrolling.answer(right, HOME)
    assert told.value.facts == {"seconds": 30}
    assert read_answer(rooms.enrolling.answer(right, "192.0.2.8")).till == "TILL7"
    clock.now += 30_000
    assert read_answer(rooms.enrolling.answer(right, HOME)).till == "TILL7"


def test_a_request_that_was_changed_on_its_way_is_refused(rooms: Rooms) -> None:
    raw = MadeTill().request(rooms.enrolling.code_for("TILL7"))
    with pytest.raises(ExchangeInvalid):
        rooms.enrolling.answer(raw.replace(b"TILL7", b"TILL8"), HOME)
    with pytest.raises(ExchangeInvalid):
        rooms.enrolling.answer(b"\0" * 100_000, HOME)


def test_a_code_that_was_mistyped_counts_as_a_guess(rooms: Rooms) -> None:
    raw = MadeTill().request("02E0-3M04-R04G-000V").replace(b"000V", b"0003")
    with pytest.raises(EnrolmentCodeWrong):
        rooms.enrolling.answer(raw, HOME)
    assert rows(rooms, "select name, failures from throttle") == [(f"enrol {HOME}", 1)]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a/b", "TILL 7", "x" * 41, "é", ".x"])
def test_a_till_cannot_have_a_name_that_is_a_path(rooms: Rooms, name: str) -> None:
    with pytest.raises(TillNameUnfit):
        rooms.enrolling.code_for(name)


def problem_of(rooms: Rooms, header: str | None) -> str:
    with pytest.raises(AssertionRefused) as told:
        rooms.gate(header)
    assert told.value.facts["now_ms"] == NOW_MS
    return str(told.value.facts["problem"])


def test_a_till_proves_who_it_is_once_with_each_word(rooms: Rooms, till: MadeTill) -> None:
    header = till.header(rooms.office.authority.public)
    assert rooms.gate(header).till == "TILL7"
    assert problem_of(rooms, header) == "used"
    assert rooms.gate(till.header(rooms.office.authority.public, nonce=1)).till == "TILL7"


def test_the_words_of_another_till_another_key_or_to_another_office_are_none(
    rooms: Rooms, till: MadeTill
) -> None:
    here = rooms.office.authority.public
    assert problem_of(rooms, MadeTill("TILL8").header(here)) == "signature"
    assert problem_of(rooms, MadeTill(seed=b"x").header(here)) == "signature"
    assert problem_of(rooms, till.header(bytes(32))) == "audience"
    assert problem_of(rooms, till.header(here, NOW_MS - 400_000)) == "clock"
    assert problem_of(rooms, till.header(here, NOW_MS + 400_000)) == "clock"
    for nonsense in (None, "", "Till", "Till e30", "Bearer x", "Till " + "A" * 9000):
        assert problem_of(rooms, nonsense) == "header"


def test_a_blocked_till_is_told_so_and_may_come_back(rooms: Rooms, till: MadeTill) -> None:
    here = rooms.office.authority.public
    rooms.block("TILL7", "ada")
    with pytest.raises(TillBlocked):
        rooms.gate(till.header(here))
    rooms.block("TILL7", "ada", blocked=False)
    assert rooms.gate(till.header(here, nonce=2)).till == "TILL7"


def test_words_that_are_over_are_forgotten(rooms: Rooms, till: MadeTill, clock: HeldClock) -> None:
    here = rooms.office.authority.public
    for nonce in range(3):
        rooms.gate(till.header(here, clock.now, nonce))
    clock.now += 400_000
    rooms.gate(till.header(here, clock.now, 9))
    assert rows(rooms, "select count(*) from nonce") == [(1,)]
