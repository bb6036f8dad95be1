"""What was set aside: seen, kept with every byte, and taken once a program can read it."""

from __future__ import annotations

from typing import Any

import pytest

from pos_app.exchange.errors import ExchangeInvalid
from pos_app.head_office import ingest, meaning
from pos_app.head_office.acting import Acting
from pos_app.head_office.given_errors import NothingAside
from pos_app.head_office.people import THE_OFFICE
from pos_app.head_office.rooms import Rooms
from tests.office.makers import MadeTill, send
from tests.office.seen import one, rows


def waiting(rooms: Rooms) -> list[dict[str, Any]]:
    return Acting(rooms, THE_OFFICE).see.aside("", settled=False).rows


def older_program(patch: pytest.MonkeyPatch) -> None:
    """Let nothing read a sale."""

    def unknown(*_: object) -> None:
        raise KeyError("sale")

    patch.setattr(meaning, "_OF_KIND", {"sale": unknown})


def test_what_an_older_program_could_not_book_is_booked_after_an_update(
    rooms: Rooms, till: MadeTill
) -> None:
    acting = Acting(rooms, THE_OFFICE)
    till.sell(2)
    with pytest.MonkeyPatch.context() as patch:
        older_program(patch)
        assert send(rooms, till, till.bundle())["acknowledged"]["seq"] == 4
    found = sorted(waiting(rooms), key=lambda row: row["seq"])
    assert [(row["seq"], row["why"]) for row in found] == [(3, "unreadable"), (4, "unreadable")]
    assert one(rooms, "select count(*) from sale") == 0
    for row in found:
        assert acting.do.retry("TILL7", row["digest"])
    assert rows(rooms, "select seq, total_minor from sale order by seq") == [(3, 5000), (4, 5000)]
    assert waiting(rooms) == []
    assert len(acting.see.aside("", settled=True).rows) == 2
    with pytest.raises(NothingAside):
        acting.do.retry("TILL7", found[0]["digest"])
    assert send(rooms, till, till.bundle())["refused"] == []
    assert one(rooms, "select count(*) from sale") == 2


def test_a_bundle_that_could_not_be_read_is_read_after_an_update(
    rooms: Rooms, till: MadeTill
) -> None:
    def newer_form(_: object) -> None:
        raise ExchangeInvalid(format="bundle", line=1, problem="version")

    till.sell(3)
    raw = till.bundle()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "bundle_lines", newer_form)
        with pytest.raises(ExchangeInvalid):
            send(rooms, till, raw)
    (row,) = waiting(rooms)
    acting = Acting(rooms, THE_OFFICE)
    assert (row["why"], acting.see.aside_item("TILL7", row["digest"])["raw"]) == ("bundle", raw)
    assert acting.do.retry("TILL7", row["digest"])
    assert one(rooms, "select count(*) from sale") == 3
    assert waiting(rooms) == []


def test_what_is_not_genuine_stays_aside_however_often_it_is_tried(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(2)
    raw = bytearray(till.bundle())
    raw[len(raw) // 2] ^= 0xFF
    with pytest.raises(ExchangeInvalid):
        send(rooms, till, bytes(raw))
    (row,) = waiting(rooms)
    assert not Acting(rooms, THE_OFFICE).do.retry("TILL7", row["digest"])
    assert len(waiting(rooms)) == 1
    assert one(rooms, "select act from audit order by id desc limit 1") == "aside-retried"
