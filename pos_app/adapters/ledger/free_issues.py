"""The projection of units given without money, whatever entry gave them.

One function per kind of entry says what was given; a kind that gives units takes its place in
``_GIVEN`` and stands in the report. An entry gives units for one reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from sqlite_utils import Database

Body = Mapping[str, Any]
Given = tuple[str, int]
"""Reason (a code of the words ``report.free.…``) and tenths of the commodity's unit."""

TABLE: Final = """
create table free_issue (
    seq integer primary key references journal(seq),
    at_ms integer not null,
    day text not null,
    receipt text not null,
    drn text not null,
    name text not null,
    reason text not null,
    tenths integer not null check (tenths > 0),
    unit text not null,
    operator text not null,
    shift integer not null
) strict;
"""
"""A sale without free units never touches it."""

_INSERT: Final = "insert into free_issue values (?,?,?,?,?,?,?,?,?,?,?)"
_SALES_AFTER: Final = """select seq, body from journal
    where kind = 'sale' and seq > ? and body like '%"kind":"free"%' order by seq limit 500"""


def _of_sale(body: Body) -> Given:
    """Return the free units of a tariff: one line, at no amount."""
    units = sum(
        (Decimal(line.get("units") or 0) for line in body["lines"] if line["kind"] == "free"),
        Decimal(0),
    )
    return "tariff", int((units * 10).quantize(Decimal(1), ROUND_HALF_UP))


_GIVEN: Final[Mapping[str, Callable[[Body], Given]]] = {
    "sale": _of_sale,
    "free_issue": lambda body: ("free-issue", int(body["tenths"])),
    "replacement": lambda body: (str(body["act"]), int(body["tenths"])),
}


def additions(kind: str, seq: int, body: Body) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield what an entry adds: nothing for the usual sale."""
    reason, tenths = _GIVEN[kind](body)
    if tenths <= 0:
        return
    at = datetime.fromtimestamp(body["at_ms"] // 1000, UTC)
    day = (at + timedelta(minutes=body["offset_minutes"])).strftime("%Y-%m-%d")
    meter = body["meter"]
    place = (seq, body["at_ms"], day, body.get("receipt", ""), meter["drn"], meter["name"])
    given = (reason, tenths, meter["unit"], body["operator"], body.get("shift", 0))
    yield _INSERT, (*place, *given)


def fill(db: Database) -> None:
    """Build the table from the journal of a ledger that had none."""
    seq = 0
    while page := db.execute(_SALES_AFTER, (seq,)).fetchall():
        for row_seq, body in page:
            for statement, values in additions("sale", row_seq, json.loads(body)):
                db.execute(statement, values)
            seq = row_seq
