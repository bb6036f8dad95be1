"""What a test sees of the store, in plain SQL."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text

from pos_app.head_office.rooms import Rooms


def rows(rooms: Rooms, statement: str, **values: Any) -> list[Any]:
    with rooms.office.store.reading() as act:
        return [tuple(row) for row in act.execute(text(statement), values)]


def one(rooms: Rooms, statement: str, **values: Any) -> Any:
    return rows(rooms, statement, **values)[0][0]


def entries(rooms: Rooms) -> list[int]:
    return [seq for (seq,) in rows(rooms, "select seq from entry order by till, seq, branch")]


def open_findings(rooms: Rooms) -> list[str]:
    found = rows(rooms, "select kind from finding where settled_ms is null order by id")
    return [kind for (kind,) in found]


def evidence(rooms: Rooms, kind: str) -> dict[str, Any]:
    found = rows(rooms, "select evidence from finding where kind = :kind order by id", kind=kind)
    value: dict[str, Any] = json.loads(found[0][0])
    return value


def everything_summed(rooms: Rooms) -> tuple[list[Any], list[Any]]:
    """Return all rows that settlement is made of."""
    names = "till, day, branch, what, name, detail, currency, decimals, unit, training"
    sums = rows(rooms, f"select {names}, times, minor, tenths from tally order by {names}")  # noqa: S608 - ours
    return sums, rows(rooms, "select * from closing order by till, seq, branch")
