"""Projections of refunds and compensations: one row each, and what they do to a shift's tallies.

``sale_seq`` is unique: a sale is put right once, whatever a program tries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pos_app.adapters.ledger import desk_projections, shift_projections
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

_REDRESS: Final = "insert into redress values (?, ?, ?, ?, ?, ?)"
_COPY: Final = "insert into redress_copy values (?, ?, ?)"


def _row(entry: Entry, body: Body) -> Iterator[Change]:
    yield from desk_projections.answered(entry, body)
    claimed = body["drn"] if body["claim_minor"] else ""
    who = (body["number"], body["sale_seq"], body["kind"])
    yield _REDRESS, (entry.seq, *who, entry.at_ms, claimed)


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
