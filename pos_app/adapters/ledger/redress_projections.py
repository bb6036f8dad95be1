"""Projections of refunds and compensations: one row each, and what they do to a shift's tallies.

``sale_seq`` is unique: a sale is put right once, whatever a program tries. A row has all that
reports say of its entry, so that a year of them is read without opening 3,000 pages of the
journal; ``parts`` is what went back by way of paying, as JSON (``[["cash",500]]``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sqlite_utils import Database

from pos_app.adapters.ledger import desk_projections, shift_projections
from pos_app.application.shop_time import day_of
from pos_app.domain import shift as names
from pos_app.domain.shift import Level
from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table redress (
    seq integer primary key references journal(seq),
    number integer not null unique check (number > 0),
    sale_seq integer not null unique references journal(seq),
    kind text not null,
    at_ms integer not null,
    claim_drn text not null
) strict;
create index redress_at on redress(at_ms);
create index redress_claim on redress(claim_drn) where claim_drn <> '';
create table redress_copy (
    seq integer primary key references journal(seq),
    redress_seq integer not null,
    copy integer not null,
    unique (redress_seq, copy)
) strict;
"""

WITH_REPORTS: Final = """
alter table redress add column day text not null default '';
alter table redress add column shift integer not null default 0;
alter table redress add column slip text not null default '';
alter table redress add column receipt text not null default '';
alter table redress add column drn text not null default '';
alter table redress add column reason text not null default '';
alter table redress add column currency text not null default '';
alter table redress add column decimals integer not null default 0;
alter table redress add column amount_minor integer not null default 0;
alter table redress add column commission_minor integer not null default 0;
alter table redress add column claim_tenths integer not null default 0;
alter table redress add column operator text not null default '';
alter table redress add column approver text not null default '';
alter table redress add column new_receipt text not null default '';
alter table redress add column utility text not null default '';
alter table redress add column percent text not null default '';
alter table redress add column parts text not null default '';
"""
"""What reports say of a row; in the order of `_reported`."""

_FILL: Final = """update redress set day = ?, shift = ?, slip = ?, receipt = ?, drn = ?, reason = ?,
    currency = ?, decimals = ?, amount_minor = ?, commission_minor = ?, claim_tenths = ?,
    operator = ?, approver = ?, new_receipt = ?, utility = ?, percent = ?, parts = ?
    where seq = ?"""
_STANDING: Final = """select journal.seq, journal.at_ms, journal.body
    from redress join journal on journal.seq = redress.seq where redress.seq > ?
    order by redress.seq limit 500"""
_REDRESS: Final = "insert into redress values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_COPY: Final = "insert into redress_copy values (?, ?, ?)"


def _row(entry: Entry, body: Body) -> Iterator[Change]:
    yield from desk_projections.answered(entry, body)
    claimed = body["drn"] if body["claim_minor"] else ""
    who = (body["number"], body["sale_seq"], body["kind"])
    yield _REDRESS, (entry.seq, *who, entry.at_ms, claimed, *_reported(entry.at_ms, body))


def _reported(at_ms: int, body: Body) -> tuple[str | int, ...]:
    """Return what reports say; the day is that of the shop's clock at the time.

    The commission, the utility and its percentage stand in no entry of older programs.
    """
    parts = [[part["kind"], part["amount_minor"]] for part in body["parts"]]
    return (
        day_of(at_ms, body["offset_minutes"]),
        *(body[name] for name in ("shift", "slip", "receipt", "drn", "reason")),
        *(body[name] for name in ("currency", "decimals", "amount_minor")),
        body.get("commission_minor", 0),
        *(body[name] for name in ("claim_tenths", "operator", "approver")),
        body.get("new_receipt", ""),
        body.get("utility", ""),
        body.get("commission_percent", ""),
        json.dumps(parts, separators=(",", ":")),
    )


def refill(db: Database) -> None:
    """Write what reports say into the rows of a ledger that had less."""
    seq = 0
    while page := db.execute(_STANDING, (seq,)).fetchall():
        for row_seq, at_ms, text in page:
            db.execute(_FILL, (*_reported(at_ms, json.loads(text)), row_seq))
            seq = row_seq


def _refund(entry: Entry, body: Body) -> Iterator[Change]:
    yield from _row(entry, body)
    yield from _tally(entry, body, names.REFUND, body["amount_minor"])
    for part in body["parts"]:
        yield from _tally(entry, body, names.REFUNDED + part["kind"], part["amount_minor"])
    if body["commission_minor"]:
        yield from _tally(entry, body, names.COMMISSION, -body["commission_minor"])


def _compensation(entry: Entry, body: Body) -> Iterator[Change]:
    yield from _row(entry, body)
    yield from _tally(entry, body, names.COMPENSATION, body["amount_minor"])


def _tally(entry: Entry, body: Body, name: str, amount: int) -> Iterator[Change]:
    """Count for the shift, and money that was given for the till's whole life."""
    money = (body["currency"], name, body["decimals"])
    kept = (1, amount, entry.seq, entry.seq)
    yield shift_projections.TALLY, (Level.SHIFT, body["shift"], *money, *kept)
    if name in {names.REFUND, names.COMPENSATION}:
        yield shift_projections.TALLY, (Level.TILL, shift_projections.EVER, *money, *kept)


def _copied(entry: Entry, body: Body) -> Iterator[Change]:
    yield _COPY, (entry.seq, body["redress_seq"], body["copy"])
    yield from shift_projections.counter(names.REPRINT, entry, body)


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {
    "refund": _refund,
    "compensation": _compensation,
    "redress_reprinted": _copied,
}
