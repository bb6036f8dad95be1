"""Head office: enrolled once, told everything, its word on how much it holds is kept."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.application.errors import RoleNeeded
from pos_app.application.office_records import (
    PARTED,
    AnswerOfAnother,
    EnrolledElsewhere,
    JournalsPart,
    NotEnrolled,
    TillStanding,
)
from pos_app.application.words import load_words
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.exchange.acknowledgement import Acknowledgement, write_acknowledgement
from pos_app.exchange.assertion import read_authorization
from pos_app.exchange.bundle import proven, read_bundle
from pos_app.exchange.chain import Entry
from pos_app.exchange.enrolment import EnrolmentCodeWrong, Office, answer_to, read_request
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.exchange.hpke import public_of
from pos_app.exchange.standing import State
from tests.head_office import CODE, KEY, NAME, OTHER_KEY, SECRET, SUPERVISOR, at_once, enrol
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    made = opened(make_shop(tmp_path))
    yield made
    made.close()


def bundle_of(shop: OpenShop, most: int = 0) -> list[Entry]:
    up = shop.desk.office.up
    title = up.title(most)
    if title is None:
        return []
    file = io.BytesIO()
    up.write(file, title, at_once)
    file.seek(0)
    bundle = read_bundle(file)
    assert bundle.title == title
    return list(proven(bundle))


def say(shop: OpenShop, seq: int, later_ms: int = 0) -> bool:
    entry = shop.ledger.entry(seq)
    assert entry is not None
    said = Acknowledgement(seq, entry.hash, shop.clock.now_ms() + later_ms)
    values = write_acknowledgement(shop.desk.identity.till, said, KEY)
    return shop.desk.office.up.acknowledged(values, KEY.public)


def test_a_shop_is_enrolled_by_two_files(shop: OpenShop) -> None:
    with pytest.raises(NotEnrolled):
        shop.desk.office.enrolled()
    enrol(shop, "https://office.example")
    found = shop.desk.office.enrolled()
    assert (found.office, found.name, found.url) == (KEY.public, NAME, "https://office.example")
    assert shop.desk.office.up.allowance_secret(found) == SECRET
    assert len(shop.desk.office.fingerprint().split()) == 8


def test_the_same_head_office_may_be_enrolled_with_again_at_another_address(
    shop: OpenShop,
) -> None:
    enrol(shop)
    enrol(shop, "https://office.example")
    assert shop.desk.office.enrolled().url == "https://office.example"
    with pytest.raises(EnrolledElsewhere):
        enrol(shop, "https://else.example", OTHER_KEY)
    assert shop.desk.office.enrolled().url == "https://office.example"


def test_a_training_shop_keeps_the_authority_that_it_has(shop: OpenShop) -> None:
    before = shop.ledger.authorities()
    enrol(shop)
    assert shop.ledger.authorities() == before


def test_the_request_says_who_asks_and_needs_a_supervisor(shop: OpenShop) -> None:
    request = read_request(shop.desk.office.request(CODE.lower(), SUPERVISOR))
    assert (request.till, request.code) == (shop.desk.identity.till, CODE)
    assert request.public == shop.store.signer.public
    assert request.exchange_key == public_of(shop.store.exchange_private)
    with pytest.raises(RoleNeeded):
        shop.desk.office.request(CODE, "ama")
    with pytest.raises(EnrolmentCodeWrong):
        shop.desk.office.request("0000", SUPERVISOR)


def test_an_answer_to_another_till_or_from_another_office_is_refused(shop: OpenShop) -> None:
    request = read_request(shop.desk.office.request(CODE, SUPERVISOR))
    office = Office(KEY, NAME)
    other = type(request)(
        "TILL8",
        request.shop,
        request.mode,
        request.public,
        request.exchange_key,
        CODE,
        5,
    )
    with pytest.raises(AnswerOfAnother):
        shop.desk.office.take_answer(answer_to(other, office, SECRET, 5), SUPERVISOR)
    answer = answer_to(request, office, SECRET, 5)
    with pytest.raises(RoleNeeded):
        shop.desk.office.take_answer(answer, "ama")
    shop.desk.office.take_answer(answer, SUPERVISOR)
    shop.desk.office.take_answer(answer, SUPERVISOR)
    with pytest.raises(EnrolledElsewhere):
        shop.desk.office.take_answer(
            answer_to(request, Office(OTHER_KEY, "Else"), SECRET, 5), SUPERVISOR
        )
    with pytest.raises(ExchangeInvalid):
        shop.desk.office.take_answer(answer[:-3], SUPERVISOR)


def test_everything_goes_up_and_after_an_acknowledgement_only_what_is_new(shop: OpenShop) -> None:
    enrol(shop)
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    everything = bundle_of(shop)
    assert [entry.seq for entry in everything] == list(range(1, shop.ledger.head().seq + 1))
    assert say(shop, everything[-1].seq)
    assert bundle_of(shop) == []
    shop.desk.sell(order(shop, HIGHVELD, 7000))
    assert [entry.kind for entry in bundle_of(shop)] == ["acknowledged", "sale"]


def test_a_bundle_has_no_more_entries_than_is_wanted(shop: OpenShop) -> None:
    enrol(shop)
    first = bundle_of(shop, most=3)
    assert [entry.seq for entry in first] == [1, 2, 3]
    say(shop, 3)
    assert [entry.seq for entry in bundle_of(shop, most=2)] == [4, 5]


def test_the_bar_counts_what_head_office_has_not_acknowledged(shop: OpenShop) -> None:
    enrol(shop)
    for minor in (5000, 6000, 7000):
        shop.desk.sell(order(shop, HIGHVELD, minor))
    head = shop.ledger.head().seq
    (before,) = shop.desk.status().waiting
    assert (before.sales, before.total.minor) == (3, 18_000)
    say(shop, head - 2)
    (after,) = shop.desk.status().waiting
    assert (after.sales, after.total.minor) == (2, 13_000)
    say(shop, shop.ledger.head().seq)
    status = shop.desk.status()
    assert (status.waiting, status.waiting_oldest_ms) == ((), None)


def test_an_older_acknowledgement_changes_nothing(shop: OpenShop) -> None:
    enrol(shop)
    head = shop.ledger.head().seq
    assert say(shop, head)
    assert not say(shop, head - 1)
    assert not say(shop, head)
    assert shop.desk.office.status().acknowledged_seq == head


def test_a_later_word_that_head_office_holds_less_lets_the_rest_go_up_again(shop: OpenShop) -> None:
    enrol(shop)
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    head = shop.ledger.head().seq
    assert say(shop, head)
    assert not say(shop, head - 1, later_ms=3_600_000)
    assert bundle_of(shop)[0].seq == head
    (waits,) = shop.desk.status().waiting
    assert waits.total.minor == 5000
    nothing = Acknowledgement(0, bytes(32), shop.clock.now_ms() + 7_200_000)
    assert not shop.desk.office.up.take(nothing)
    assert shop.desk.office.status().acknowledged_seq == head - 1


def test_its_time_raises_the_floor_of_the_clock(tmp_path: Path) -> None:
    clock = HeldClock()
    shop = opened(make_shop(tmp_path), clock)
    try:
        enrol(shop)
        say(shop, 1, later_ms=600_000)
        assert shop.ledger.clock_floor_ms() == clock.now + 600_000
        assert shop.desk.status().clock_problem == "behind"
    finally:
        shop.close()


def test_a_word_on_entries_that_are_not_here_says_that_the_journals_part(shop: OpenShop) -> None:
    enrol(shop)
    till, head = shop.desk.identity.till, shop.ledger.head()
    for said in (
        Acknowledgement(head.seq + 5, head.hash, 5),
        Acknowledgement(head.seq, bytes(32), 5),
    ):
        with pytest.raises(JournalsPart):
            shop.desk.office.up.acknowledged(write_acknowledgement(till, said, KEY), KEY.public)
    after = list(shop.ledger.entries(head.seq))
    assert [entry.kind for entry in after] == ["journal_standing"]  # noted once, and nothing else
    standing = shop.desk.office.status().standing
    assert (standing.state, standing.seq, standing.at_ms) == ("parted", head.seq + 5, 5)
    assert shop.desk.status().parted
    forged = write_acknowledgement(till, Acknowledgement(head.seq, head.hash, 5), OTHER_KEY)
    with pytest.raises(ExchangeInvalid):
        shop.desk.office.up.acknowledged(forged, KEY.public)


def test_the_tills_word_is_short_and_for_its_office(shop: OpenShop) -> None:
    word = read_authorization(shop.desk.office.up.word(KEY.public))
    assert word.holds(shop.store.signer.public)
    assert (word.till, word.audience) == (shop.desk.identity.till, KEY.public)
    assert word.in_force(shop.clock.now_ms() // 1000)
    assert word.nonce != read_authorization(shop.desk.office.up.word(KEY.public)).nonce


def test_the_ledger_follows_from_its_journal_with_all_of_this(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    shop = opened(folder)
    enrol(shop)
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    say(shop, shop.ledger.head().seq - 1)
    shop.desk.sell(order(shop, HIGHVELD, 6000))
    say(shop, shop.ledger.head().seq)
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None


@pytest.mark.parametrize("state", [*(each.value for each in State), PARTED])
def test_whatever_is_said_of_a_journal_has_its_sentence(state: str) -> None:
    problem = TillStanding(state, 8).problem
    assert (problem is None) == (state == "one")
    assert problem is None or "call head office" in load_words("en").of_error(problem)
