"""Projections of payments: which reference paid for which sale, and which sales are parked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pos_app.adapters.ledger import shift_projections
from pos_app.domain.shift import PARKED
from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table tender_reference (
    kind text not null,
    reference text not null,
    seq integer not null references journal(seq),
    primary key (kind, reference, seq)
) strict, without rowid;
create table parked (
    seq integer primary key references journal(seq),
    at_ms integer not null,
    operator text not null,
    operator_name text not null,
    drn text not null,
    name text not null,
    currency text not null,
    decimals integer not null,
    amount_minor integer not null,
    tenths integer not null,
    state text not null
) strict;
"""

_PARKED: Final = "insert into parked values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_REFERENCE: Final = "insert or ignore into tender_reference values (?, ?, ?)"


def sale(entry: Entry, body: Body) -> Iterator[Change]:
    """Remember the references of a sale; entries from before there were any have none."""
    for tender in body["tenders"]:
        if tender.get("reference"):
            yield _REFERENCE, (tender["kind"], tender["reference"], entry.seq)


def _parked(entry: Entry, body: Body) -> Iterator[Change]:
    who = (body["operator"], body["operator_name"], body["drn"], body["name"])
    wanted = (body["currency"], body["decimals"], body["amount_minor"], body["tenths"])
    yield _PARKED, (entry.seq, entry.at_ms, *who, *wanted, body["state"])
    yield from shift_projections.counter(PARKED, entry, body)


def _parked_ended(_: Entry, body: Body) -> Iterator[Change]:
    yield "delete from parked where seq = ?", (body["parked"],)


def _shift_closed(entry: Entry, body: Body) -> Iterator[Change]:
    yield from shift_projections.KINDS["shift_closed"](entry, body)
    yield "delete from parked where operator = ? and state = 'waiting'", (body["operator"],)


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {
    **shift_projections.KINDS,
    "shift_closed": _shift_closed,
    "sale_parked": _parked,
    "parked_ended": _parked_ended,
}
"""The kinds of shifts as well: closing one clears what its operator parked."""
