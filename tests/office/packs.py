"""Packs that tests send."""

from __future__ import annotations

from typing import Any

from pos_app.exchange.pack import Section
from pos_app.head_office.packing import Records, Wish
from pos_app.head_office.rooms import Rooms
from tests.office.makers import NOW_MS, MadeTill


def message(text: str) -> Records:
    record = {"id": text, "text": text, "from_ms": 0, "until_ms": NOW_MS}
    return [(Section.MESSAGES, record)]


def send_message(rooms: Rooms, till: MadeTill, text: str) -> int:
    return rooms.packing.issue(
        rooms.packing.draft(Wish(till.name, message(text)), "ada"), "ada"
    ).number


def allowance(money_minor: int) -> dict[str, Any]:
    return {
        "currency": "ZAR",
        "money_minor": money_minor,
        "tenths": 100_000_000,
        "count": 1_000_000,
        "per_vend_minor": 1_000_000,
        "not_after_ms": NOW_MS + 86_400_000,
    }


def grant(rooms: Rooms, till: MadeTill, money_minor: int) -> int:
    wish = Wish(till.name, [(Section.ALLOWANCE, allowance(money_minor))])
    return rooms.packing.issue(rooms.packing.draft(wish, "ada"), "bea").number
