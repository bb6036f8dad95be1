"""Receipts' codes rebuild the sales of a lost till, once, and never beside its journal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pos_app.exchange.chain import Entry
from pos_app.exchange.compact import CompactSale, write_compact
from pos_app.head_office.acting import Acting
from pos_app.head_office.checking import TokenCheck
from pos_app.head_office.errors import OfficeRefusal, ScanForeign, ScanForged, ScanUnreadable
from pos_app.head_office.people import THE_OFFICE
from pos_app.head_office.queries import sales
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import packs
from tests.office.makers import DRN, MadeTill, enrolled, send
from tests.office.seen import evidence, one, open_findings, rows
from tests.office.test_checking import METER, MINUTE, digits_of, keyed

DAYS = ("2026-11-20", "2026-11-22")

__all__ = ["keyed"]


def code(by: MadeTill, entry: Entry, **changes: Any) -> str:
    """Return the code on the receipt of a sale."""
    body = entry.reading()
    said = CompactSale(
        by.name, 1, body["number"], entry.seq, entry.at_ms // 1000, "ama", DRN, "home", 1, 0,
        "ZAR", body["total_minor"], body["tenths"], body["tokens"][-1]["tid"], "1" * 20,
        entry.hash.hex()[:16],
    )  # fmt: skip
    return write_compact(replace(said, **changes), by.key)


def summed(rooms: Rooms) -> list[tuple[int, int, int, int]]:
    """Return (sales, money, of them rebuilt, their money), as console and billing have it."""
    names = ("sales", "total_minor", "rebuilt", "rebuilt_minor")
    there = [tuple(row[name] for name in names) for row in sales.sums(rooms.office, DAYS)]
    seen = Acting(rooms, THE_OFFICE).see.sums(DAYS, "")
    assert [tuple(row[name] for name in names) for row in seen] == there
    return there


def test_a_lost_till_is_rebuilt_from_its_receipts(rooms: Rooms, till: MadeTill) -> None:
    sold = [till.sell(1, training=True) for _ in range(4)]
    send(rooms, till, till.bundle(1, 4))
    for entry in sold[2:]:
        said = rooms.scanning(f" {code(till, entry).lower()}\r\n", "ada")
        assert (said["outcome"], said["total_minor"], said["unit"]) == ("rebuilt", 5000, "kWh")
        assert said["receipt"] == f"TILL7-A{entry.reading()['number']:06d}"
        assert rooms.scanning(code(till, entry), "ada")["outcome"] == "again"
    assert rooms.scanning(code(till, sold[0]), "ada")["outcome"] == "booked"
    assert summed(rooms) == [(4, 20_000, 2, 10_000)]
    assert one(rooms, "select count(*) from audit where act = 'sale-rebuilt'") == 2
    assert open_findings(rooms) == []


def test_the_journal_that_comes_later_takes_the_place_of_the_receipts(
    rooms: Rooms, till: MadeTill
) -> None:
    sold = [till.sell(1, training=True) for _ in range(3)]
    for entry in sold:
        rooms.scanning(code(till, entry), "ada")
    assert summed(rooms) == [(3, 15_000, 3, 15_000)]
    send(rooms, till, till.bundle(4, 5))
    # Entries whose past is missing are kept and booked nowhere: the receipts go on counting.
    assert summed(rooms) == [(3, 15_000, 3, 15_000)]
    send(rooms, till, till.bundle(1, 3))
    assert summed(rooms) == [(3, 15_000, 0, 0)]
    settled = rows(rooms, "select settled_ms is not null from rebuilt")
    assert [bool(each) for (each,) in settled] == [True] * 3
    assert rooms.scanning(code(till, sold[0]), "ada")["outcome"] == "booked"
    assert open_findings(rooms) == []
    page = Acting(rooms, THE_OFFICE).see.scans("")
    assert [bool(row["booked"]) for row in page.rows] == [True] * 3


def test_an_edited_entry_does_not_take_a_receipts_place(rooms: Rooms, till: MadeTill) -> None:
    sold = till.sell(1, training=True)
    rooms.scanning(code(till, sold), "ada")
    send(
        rooms,
        till,
        till.bundle_of([*till.entries[:2], replace(sold, body=sold.body.replace("5000", "1"))]),
    )
    assert summed(rooms) == [(1, 5000, 1, 5000)]


def test_a_receipt_that_says_something_else_than_the_journal_is_found(
    rooms: Rooms, till: MadeTill
) -> None:
    entry = till.sell(1, training=True)
    rooms.scanning(code(till, entry, total_minor=9000), "ada")
    send(rooms, till, till.bundle())
    assert evidence(rooms, "receipt-differs")["what"] == "total_minor"
    assert summed(rooms) == [(1, 5000, 0, 0)]


def test_a_receipt_of_a_sale_that_the_journal_forgot_is_found_and_counts(
    rooms: Rooms, till: MadeTill
) -> None:
    backup = till.copied()
    lost = till.sell(1, training=True)
    backup.sell(2, training=True)
    send(rooms, backup, backup.bundle())
    assert rooms.scanning(code(till, lost), "ada")["outcome"] == "rebuilt"
    assert evidence(rooms, "receipt-without-entry")["seq"] == lost.seq
    assert summed(rooms) == [(3, 15_000, 1, 5000)]


def test_what_is_forged_foreign_or_nonsense_is_refused(rooms: Rooms, till: MadeTill) -> None:
    enrolled(rooms, MadeTill("TILL8"))
    entry = till.sell(1, training=True)
    unfit: list[dict[str, Any]] = [
        {"seal": "../etc/passwd000"}, {"total_minor": -1}, {"total_minor": 10**15},
        {"operator": "a\x00b"}, {"seq": 0}, {"total_minor": True}, {"currency": "RAND"},
    ]  # fmt: skip
    tried: list[tuple[str, type[OfficeRefusal]]] = [
        (code(till, entry)[:-3], ScanUnreadable),
        ("https://example.org/pay", ScanUnreadable),
        ("TT1" + "A" * 5000, ScanUnreadable),
        *((code(till, entry, **each), ScanUnreadable) for each in unfit),
        (code(MadeTill("TILL7", b"thief"), entry), ScanForged),
        (code(till, entry, till="TILL8"), ScanForged),
        (code(MadeTill("TILL99"), entry), ScanForeign),
    ]
    for text, refusal in tried:
        with pytest.raises(refusal):
            rooms.scanning(text, "ada")
    assert rows(rooms, "select * from rebuilt") == []


def test_a_found_token_is_traced_to_a_rebuilt_sale(keyed: Rooms, till: MadeTill) -> None:
    digits = digits_of(MINUTE)
    entry = till.sell(1, training=True)
    keyed.scanning(code(till, entry, tid=MINUTE - 11_044_800), "ada")
    found = TokenCheck(keyed.office)(DRN, digits, "ada")
    assert found["sales"] == [{"till": "TILL7", "seq": entry.seq, "kind": "rebuilt"}]
    assert open_findings(keyed) == []


def test_the_unit_of_a_till_that_never_sent_anything_is_its_meters(
    rooms: Rooms, till: MadeTill
) -> None:
    with rooms.office.store.writing() as act:
        packs.put_meters(act, [METER | {"commodity": "water"}], 1)
    said = rooms.scanning(code(till, till.sell(1, training=True), currency="UGX"), "ada")
    assert (said["unit"], said["decimals"]) == ("m³", 0)
    assert said["training"] is True
