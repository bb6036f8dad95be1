"""Packs: numbered without gaps, chained, signed, approved by two where they are worth money."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest

from pos_app.exchange.pack import ProvenPack, Section, pack_records, prove_pack
from pos_app.head_office.errors import (
    DraftDecided,
    DraftNeedsAnother,
    DraftUnknown,
    PackEmpty,
    PackUnknown,
    TillUnknown,
)
from pos_app.head_office.packing import VALUABLE, Wish
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import packs
from tests.office.makers import MadeTill, send
from tests.office.packs import allowance, grant, message, send_message
from tests.office.seen import rows


def content(rooms: Rooms, number: int, till: str = "TILL7") -> bytes:
    return b"".join(rooms.handing.pieces(till, number))


def proven(rooms: Rooms, number: int) -> ProvenPack:
    return prove_pack(io.BytesIO(content(rooms, number)), rooms.office.authority.public)


def records(rooms: Rooms, number: int) -> list[tuple[str, dict[str, Any]]]:
    found = pack_records(io.BytesIO(content(rooms, number)))
    return [(each.section.value, each.values) for each in found]


def test_packs_are_numbered_without_gaps_and_name_the_one_before(
    rooms: Rooms, till: MadeTill
) -> None:
    numbers = [send_message(rooms, till, text) for text in ("a", "b", "c")]
    found = [proven(rooms, number) for number in numbers]
    assert numbers == [1, 2, 3]
    assert [each.title.number for each in found] == [1, 2, 3]
    assert [each.title.previous for each in found] == [
        bytes(32), found[0].digest, found[1].digest,
    ]  # fmt: skip
    assert records(rooms, 2) == [("messages", message("b")[0][1])]


def test_whoever_drafts_value_cannot_approve_it(rooms: Rooms, till: MadeTill) -> None:
    draft = rooms.packing.draft(Wish("TILL7", [(Section.ALLOWANCE, allowance(1000))]), "ada")
    with pytest.raises(DraftNeedsAnother):
        rooms.packing.issue(draft, "ada")
    assert rooms.packing.issue(draft, "bea").number == 1
    held = rows(rooms, "select who, act from audit where act like 'pack%' order by id")
    assert held == [("ada", "pack-drafted"), ("bea", "pack-issued")]


@pytest.mark.parametrize("section", sorted(Section))
def test_every_section_that_makes_value_needs_two(
    rooms: Rooms, till: MadeTill, section: Section
) -> None:
    harmless = {"meters", "blocks", "messages", "tid_slots", "proposals", "acknowledgement"}
    assert (section in VALUABLE) == (section.value not in harmless)


def test_an_allowance_gets_the_next_sequence_when_it_is_issued(
    rooms: Rooms, till: MadeTill
) -> None:
    numbers = [grant(rooms, till, money) for money in (1000, 2000)]
    got = [records(rooms, number)[0][1] for number in numbers]
    assert [(each["sequence"], each["money_minor"]) for each in got] == [(1, 1000), (2, 2000)]
    kept = "select sequence, money_minor, granted_by, approved_by from allowance_grant"
    assert rows(rooms, f"{kept} order by sequence") == [
        (1, 1000, "ada", "bea"), (2, 2000, "ada", "bea"),
    ]  # fmt: skip


def test_a_draft_is_decided_once(rooms: Rooms, till: MadeTill) -> None:
    draft = rooms.packing.draft(Wish("TILL7", message("x")), "ada")
    rooms.packing.refuse(draft, "bea")
    for decide in (rooms.packing.issue, rooms.packing.refuse):
        with pytest.raises(DraftDecided):
            decide(draft, "bea")
    with pytest.raises(DraftUnknown):
        rooms.packing.issue(99, "bea")
    with pytest.raises(PackEmpty):
        rooms.packing.draft(Wish("TILL7", []), "ada")
    with pytest.raises(TillUnknown):
        rooms.packing.draft(Wish("TILL8", message("x")), "ada")
    with pytest.raises(PackUnknown):
        content(rooms, 1)


def test_a_pack_says_how_much_of_the_journal_is_held(rooms: Rooms, till: MadeTill) -> None:
    till.sell(3)
    send(rooms, till, till.bundle())
    number = send_message(rooms, till, "x")
    section, said = records(rooms, number)[-1]
    assert section == "acknowledgement"
    assert (said["seq"], said["hash"]) == (5, till.head.hash.hex())


def put(rooms: Rooms, drns: list[str], **values: Any) -> None:
    with rooms.office.store.writing() as act:
        made = [{"drn": drn, "name": "n", **values} for drn in drns]
        packs.put_meters(act, made, packs.last_revision(act) + 1)


def test_meters_travel_as_what_changed_since_the_last_pack(rooms: Rooms, till: MadeTill) -> None:
    put(rooms, ["1", "2", "3"])
    first = rooms.packing.issue(rooms.packing.draft(Wish("TILL7", [], meters=True), "ada"), "ada")
    assert [record["drn"] for _, record in records(rooms, first.number)] == ["1", "2", "3"]
    put(rooms, ["2"], tariff="new")
    with rooms.office.store.writing() as act:
        assert packs.remove_meter(act, "3", packs.last_revision(act) + 1)
    second = rooms.packing.issue(rooms.packing.draft(Wish("TILL7", [], meters=True), "ada"), "ada")
    assert records(rooms, second.number) == [
        ("meters", {"drn": "2", "name": "n", "tariff": "new"}),
        ("meters", {"drn": "3", "remove": True}),
    ]


def test_a_pack_larger_than_a_piece_comes_back_whole(rooms: Rooms, till: MadeTill) -> None:
    chance = random.Random(3)  # noqa: S311 - repeatable
    drns = [f"{number:011d}" for number in range(20_000)]
    with rooms.office.store.writing() as act:
        made = [{"drn": drn, "name": chance.randbytes(90).hex()} for drn in drns]
        packs.put_meters(act, made, 1)
    issued = rooms.packing.issue(rooms.packing.draft(Wish("TILL7", [], meters=True), "ada"), "ada")
    assert rows(rooms, "select count(*) from pack_part")[0][0] > 1
    assert issued.records == 20_000
    assert proven(rooms, issued.number).count == 20_000
