"""Ghost vending and its kin, each tried (``resources/head_office/THREATS.md``)."""

from __future__ import annotations

from typing import Any

import pytest

from pos_app.application.words import load_words
from pos_app.head_office.codes import AllowanceCodes, CodeWish
from pos_app.head_office.keys import hold_keys
from pos_app.head_office.queries.evidence import sentence
from pos_app.head_office.queries.findings import open_findings as findings_of
from pos_app.head_office.rooms import Rooms
from pos_app.sts.encoding import encode
from pos_app.sts.keys import DecoderKey, VendingKey
from pos_app.sts.kinds import CreditToken
from tests.key_makers import STS_DECODER_KEY, STS_KEY, STS_PAN
from tests.office.makers import ALLOWANCE, DRN, MadeTill, enrolled, sale_body, send, token
from tests.office.packs import allowance, grant, send_message
from tests.office.seen import evidence, one, open_findings, rows
from tests.shops import START_MS, HeldClock

STS_METER = {
    "drn": "00000000000", "pan": STS_PAN, "name": "", "address": "", "utility": "grid",
    "utility_name": "Grid", "commodity": "electricity", "unit": "kWh", "sgc": "201457", "krn": 1,
    "ti": 1, "ken": 255, "kt": 2, "ea": 7, "dkga": 4, "base": 2014, "kcv": "abcdef",
}  # fmt: skip
VENDING = {
    "kind": "vending", "sgc": "201457", "krn": 1, "kt": 2, "base": 2014, "ken": 255, "dkga": 4,
    "kcv": "abcdef", "active_from_ms": 1, "issue_until_ms": 2, "pan": "", "ti": -1, "ea": -1,
}  # fmt: skip


def test_a_restored_old_backup_is_found_by_the_first_sale_after_it(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(5)
    backup = till.copied()
    till.sell(5)
    send(rooms, till, till.bundle())
    backup.sell(1)
    answer = send(rooms, backup, backup.bundle())
    assert open_findings(rooms)[0] == "forked"
    found = evidence(rooms, "forked")
    assert (found["seq"], found["lost"]) == (8, 5)
    # What was sold stays booked on both sides, and the till hears how far its own side is held.
    assert one(rooms, "select count(*) from sale") == 11
    assert answer["acknowledged"]["seq"] == 8
    assert answer["acknowledged"]["hash"] == backup.head.hash.hex()


def test_a_cloned_till_is_found_when_both_machines_go_on(rooms: Rooms, till: MadeTill) -> None:
    till.sell(5)
    send(rooms, till, till.bundle())
    clone = till.copied()
    till.sell(3)
    clone.sell(4)
    send(rooms, till, till.bundle(8))
    assert open_findings(rooms) == []
    send(rooms, clone, clone.bundle(8))
    assert "forked" in open_findings(rooms)
    assert "cloned" not in open_findings(rooms)
    till.sell(1)
    answer = send(rooms, till, till.bundle(8))
    assert "cloned" in open_findings(rooms)
    assert answer["acknowledged"]["hash"] == till.head.hash.hex()
    clone.sell(1)
    assert send(rooms, clone, clone.bundle(8))["acknowledged"]["hash"] == clone.head.hash.hex()
    assert one(rooms, "select count(*) from sale") == 5 + 4 + 5


def test_both_machines_of_a_clone_giving_one_meter_the_same_tid_are_found(
    rooms: Rooms, till: MadeTill
) -> None:
    clone = till.copied()
    till.sell(1)
    clone.sell(1)
    send(rooms, till, till.bundle())
    send(rooms, clone, clone.bundle())
    assert "tid-twice" in open_findings(rooms)
    assert evidence(rooms, "tid-twice")["other_till"] == "TILL7"


def test_a_till_that_says_a_backup_was_put_back_is_told_apart(rooms: Rooms, till: MadeTill) -> None:
    till.sell(2)
    backup = till.copied()
    till.sell(2)
    send(rooms, till, till.bundle())
    backup.add("restored", {"series": 2, "tid_floor": 17_000_500})
    backup.sell(1, series=2, tokens=[token(17_000_600)])
    send(rooms, backup, backup.bundle())
    assert open_findings(rooms) == ["restored"]


def test_a_till_that_forgot_a_pack_was_rolled_back(rooms: Rooms, till: MadeTill) -> None:
    for text in ("one", "two"):
        send_message(rooms, till, text)
    record = rooms.till("TILL7")
    assert [rooms.handing.next_after(record, after) for after in (0, 1, 2)] == [1, 2, None]
    assert open_findings(rooms) == []
    assert rooms.handing.next_after(record, 1) == 2
    assert open_findings(rooms) == ["rolled-back"]


def test_a_sale_over_the_allowance_is_found(rooms: Rooms, till: MadeTill) -> None:
    till.add("allowance", ALLOWANCE | {"sequence": 2, "money_minor": 12_000})
    till.sell(2)
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == []
    till.sell(3)
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == ["over-allowance"]
    found = evidence(rooms, "over-allowance")
    assert (found["receipt"], found["what"], found["left"]) == ("TILL7-1-3", "money", 2000)


def test_a_sale_after_the_allowance_ended_is_found(rooms: Rooms, till: MadeTill) -> None:
    till.add("allowance", ALLOWANCE | {"sequence": 2, "not_after_ms": START_MS})
    till.sell(1)
    send(rooms, till, till.bundle())
    assert evidence(rooms, "over-allowance")["what"] == "time"


def test_an_allowance_that_nobody_granted_is_found(rooms: Rooms, till: MadeTill) -> None:
    till.add("office_enrolled", {})
    grant(rooms, till, money_minor=10_000)
    till.add("allowance", allowance(10_000) | {"sequence": 1})
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == []
    till.add("allowance", allowance(10_001) | {"sequence": 1})
    send(rooms, till, till.bundle())
    assert evidence(rooms, "allowance-not-granted")["money"] == 10_001
    till.add("allowance", ALLOWANCE | {"sequence": 9, "money_minor": 99_000_000})
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == ["allowance-not-granted", "allowance-not-granted"]


def code_entry(till: MadeTill, sequence: int, minor: int) -> None:
    raised = {"money_minor": 100_000_000 + minor, "tenths": 100_000_000, "count": 1_000_000}
    share = {"tenths": minor, "count": minor // 100}
    raised |= {name: raised[name] + share[name] for name in share}
    body = {"currency": "ZAR", "sequence": sequence, "amount": minor // 100, "days": 0}
    end = ALLOWANCE["not_after_ms"]
    till.add("allowance_code", body | raised | {"not_after_ms": end, "operator": "grace"})


def test_a_code_raises_an_allowance_once_and_by_what_it_granted(
    rooms: Rooms, till: MadeTill
) -> None:
    codes = AllowanceCodes(rooms.office)
    codes.give(codes.wish(CodeWish("TILL7", "ZAR", 20_000), "ada"), "bea")
    code_entry(till, 1, 2_000_000)
    till.sell(1)
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == []
    code_entry(till, 1, 2_000_000)
    code_entry(till, 2, 2_000_000)
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == ["allowance-not-granted"] * 2


def test_a_code_typed_as_more_than_it_granted_is_found(rooms: Rooms, till: MadeTill) -> None:
    codes = AllowanceCodes(rooms.office)
    codes.give(codes.wish(CodeWish("TILL7", "ZAR", 20_000), "ada"), "bea")
    code_entry(till, 1, 9_000_000)
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == ["allowance-not-granted"]


def test_a_clock_set_back_is_found_unless_somebody_put_it_right(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(2)
    till.at_ms -= 3_600_000
    till.add("clock_settled", {"was": till.at_ms + 3_600_000, "is": till.at_ms})
    till.sell(1)
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == []
    till.at_ms -= 3_600_000
    till.sell(1)
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == ["clock-back"]


def test_a_clock_that_is_ahead_is_found(rooms: Rooms, till: MadeTill, clock: HeldClock) -> None:
    till.at_ms = clock.now + 9 * 60_000
    till.sell(1)
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == []
    till.at_ms = clock.now + 3 * 86_400_000
    till.sell(20)
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == ["clock-ahead"]


def test_a_missing_receipt_is_found(rooms: Rooms, till: MadeTill) -> None:
    till.sell(2)
    till.sold += 1
    till.sell(1)
    send(rooms, till, till.bundle())
    assert evidence(rooms, "receipt-gap") == {"receipt": "TILL7-1-4", "expected": "1-3"}


def test_two_tills_that_gave_one_meter_the_same_tid_are_found(rooms: Rooms, till: MadeTill) -> None:
    other = MadeTill("TILL8")
    enrolled(rooms, other)
    till.sell(1)
    other.sell(1)
    send(rooms, till, till.bundle())
    send(rooms, other, other.bundle())
    assert open_findings(rooms) == ["tid-twice"]
    assert evidence(rooms, "tid-twice")["other_till"] == "TILL7"


def test_a_slip_printed_again_for_no_sale_is_found(rooms: Rooms, till: MadeTill) -> None:
    sale = till.sell(1)
    till.add("reprint", {"sale_seq": sale.seq, "copy": 1})
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == []
    till.add("reprint", {"sale_seq": 2, "copy": 1})
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == ["reprint-without-sale"]


def test_what_a_till_did_not_take_of_a_pack_is_found_and_told(rooms: Rooms, till: MadeTill) -> None:
    pack = {"office": "00" * 32, "series": till.name, "number": 3, "digest": "ab" * 32}
    taken = pack | {"sections": ["tariffs"], "counts": {}}
    till.add("pack_imported", taken | {"refused": [], "refused_count": 0})
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == []
    refused = [[2, "tariffs", "signer-unknown"], [3, "tariffs", "tariff-old"]]
    till.add("pack_imported", taken | {"refused": refused, "refused_count": 2})
    till.add("pack_refused", pack)
    send(rooms, till, till.bundle())
    found = findings_of(rooms.office)
    assert [each["kind"] for each in found] == ["pack-records-refused", "pack-refused"]
    told = sentence(load_words("en"), found[0])
    assert "2 records of pack 3" in told
    assert "signer-unknown" in told


def test_an_auditor_reads_times_and_money_and_not_milliseconds(
    rooms: Rooms, till: MadeTill
) -> None:
    evidence_of: list[tuple[str, dict[str, Any], str]] = [
        ("clock-ahead", {"at_ms": 1_795_302_220_099, "now_ms": 0}, "2026-11-21 23:03 UTC"),
        ("tid-twice", {"drn": DRN, "minute": 11_044_800, "other_till": "T", "other_seq": 1},
         "2014-01-01 00:00 UTC"),
        ("over-allowance", {"receipt": "R", "sequence": 1, "what": "money", "left": 1234,
                            "currency": "UGX"}, "UGX 1234 of its money"),
        ("over-allowance", {"receipt": "R", "sequence": 1, "what": "time",
                            "left": 1_795_302_220_099, "currency": "ZAR"}, "2026-11-21 23:03 UTC"),
        ("over-allowance", {"receipt": "R", "sequence": 1, "what": "units", "left": 15,
                            "currency": "ZAR"}, "1.5 of its units"),
        ("over-allowance", {"receipt": "R", "sequence": 0, "what": "none", "left": 0,
                            "currency": "ZAR"}, "there was none"),
        ("allowance-not-granted", {"currency": "ZAR", "sequence": 1, "money": 1234}, "ZAR 12.34"),
    ]  # fmt: skip
    for kind, facts, expected in evidence_of:
        assert expected in sentence(load_words("en"), {"kind": kind, "evidence": facts})


@pytest.fixture
def keyed(rooms: Rooms) -> Rooms:
    """Return the office with the vending key of STS 531-1 (published test vectors)."""
    hold_keys(rooms.office, [(VENDING, VendingKey(STS_KEY))], "ada")
    return Rooms.of(rooms.office)


def test_a_token_is_worked_out_again_under_the_meters_own_key(keyed: Rooms, till: MadeTill) -> None:
    key = DecoderKey(STS_DECODER_KEY)
    minute = 17_000_001
    digits = encode(CreditToken(0, 100, minute - 11_044_800, 5), key)
    till.sell(1, meter=STS_METER, tokens=[token(minute, 100, digits)])
    send(keyed, till, till.bundle())
    assert rows(keyed, "select proof from token") == [("holds",)]
    assert open_findings(keyed) == []


@pytest.mark.parametrize("changed", [{"tenths": 90}, {"minute": 17_000_002, "tid": 5_955_202}])
def test_a_token_worth_more_than_its_sale_is_found(
    keyed: Rooms, till: MadeTill, changed: dict[str, int]
) -> None:
    key = DecoderKey(STS_DECODER_KEY)
    digits = encode(CreditToken(0, 100, 17_000_001 - 11_044_800, 5), key)
    said = token(17_000_001, 100, digits) | changed
    till.sell(1, meter=STS_METER, tokens=[said])
    send(keyed, till, till.bundle())
    assert open_findings(keyed) == ["token-differs"]
    assert evidence(keyed, "token-differs")["digits"] == f"… {digits[-4:]}"


def test_the_token_of_another_meter_under_a_sale_is_found(keyed: Rooms, till: MadeTill) -> None:
    digits = encode(CreditToken(0, 100, 17_000_001 - 11_044_800, 5), DecoderKey(bytes(8)))
    till.sell(1, meter=STS_METER, tokens=[token(17_000_001, 100, digits)])
    send(keyed, till, till.bundle())
    assert open_findings(keyed) == ["token-differs"]


def test_books_and_findings_do_not_depend_on_how_a_journal_was_cut(
    rooms: Rooms, till: MadeTill
) -> None:
    till.add("allowance", ALLOWANCE | {"sequence": 2, "money_minor": 12_000})
    till.sell(4)
    twin = MadeTill("TILL9", entries=[])
    enrolled(rooms, twin)
    twin.add("allowance", ALLOWANCE | {"sequence": 2, "money_minor": 12_000})
    for number in range(1, 5):
        twin.at_ms += 6000
        body = sale_body(number, twin.at_ms) | {"tokens": [token(17_100_000 + number)]}
        twin.add("sale", body)
    send(rooms, till, till.bundle())
    for seq in range(1, len(twin.entries) + 1):
        send(rooms, twin, twin.bundle(seq, seq))
    found = rows(rooms, "select till, kind, mark, seq from finding order by till, id")
    assert [row[1:] for row in found if row[0] == "TILL7"] == [
        row[1:] for row in found if row[0] == "TILL9"
    ]
    books = rows(rooms, "select books from branch order by till")
    assert books[0] == books[1]
