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
Given = tuple[str, int, int]
"""Reason (a code of the words ``report.free.…``), tenths of the commodity's unit, and money."""

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

WITH_MONEY: Final = (
    "alter table free_issue rename to free_issue_of_units",
    """create table free_issue (
    seq integer primary key references journal(seq),
    at_ms integer not null,
    day text not null,
    receipt text not null,
    drn text not null,
    name text not null,
    reason text not null,
    tenths integer not null,
    unit text not null,
    operator text not null,
    shift integer not null,
    fine integer not null check (fine >= 0 and tenths >= 0 and fine + tenths > 0)
) strict""",
    "insert into free_issue select *, 0 from free_issue_of_units",
    "drop table free_issue_of_units",
)
"""`fine` is money for a meter that counts it, in 0.00001 of the currency that `unit` then names."""

_FILL: Final = "insert into free_issue values (?,?,?,?,?,?,?,?,?,?,?)"
_INSERT: Final = "insert into free_issue values (?,?,?,?,?,?,?,?,?,?,?,?)"
_SALES_AFTER: Final = """select seq, body from journal
    where kind = 'sale' and seq > ? and body like '%"kind":"free"%' order by seq limit 500"""


def _of_sale(body: Body) -> Given:
    """Return the free units of a tariff: one line, at no amount."""
    units = sum(
        (Decimal(line.get("units") or 0) for line in body["lines"] if line["kind"] == "free"),
        Decimal(0),
    )
    return "tariff", int((units * 10).quantize(Decimal(1), ROUND_HALF_UP)), 0


def _of_desk(body: Body) -> tuple[int, int]:
    return int(body["tenths"]), int(body.get("fine", 0))


_GIVEN: Final[Mapping[str, Callable[[Body], Given]]] = {
    "sale": _of_sale,
    "free_issue": lambda body: ("free-issue", *_of_desk(body)),
    "replacement": lambda body: (str(body["act"]), *_of_desk(body)),
}


def additions(kind: str, seq: int, body: Body) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield what an entry adds: nothing for the usual sale."""
    reason, tenths, fine = _GIVEN[kind](body)
    if tenths <= 0 and fine <= 0:
        return
    at = datetime.fromtimestamp(body["at_ms"] // 1000, UTC)
    day = (at + timedelta(minutes=body["offset_minutes"])).strftime("%Y-%m-%d")
    meter = body["meter"]
    place = (seq, body["at_ms"], day, body.get("receipt", ""), meter["drn"], meter["name"])
    unit = body["currency"] if fine else meter["unit"]
    given = (reason, tenths, unit, body["operator"], body.get("shift", 0), fine)
    yield _INSERT, (*place, *given)


def fill(db: Database) -> None:
    """Build the table, as it first was, from the journal of a ledger that had none."""
    seq = 0
    while page := db.execute(_SALES_AFTER, (seq,)).fetchall():
        for row_seq, body in page:
            for _, values in additions("sale", row_seq, json.loads(body)):
                db.execute(_FILL, values[:-1])
            seq = row_seq
