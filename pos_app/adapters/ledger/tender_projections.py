"""Projections of payments: which reference paid for which sale, and which sales are parked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pos_app.adapters.ledger import shift_projections
from pos_app.domain.shift import CARD_UNCLEAR, PARKED, WALLET_BACK, CashMove
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
    state text not null,
    card_minor integer not null,
    approval text not null
) strict;
create table wallet (
    drn text primary key,
    name text not null,
    seq integer not null references journal(seq)
) strict, without rowid;
create table wallet_money (
    drn text not null,
    currency text not null,
    decimals integer not null,
    balance_minor integer not null check (balance_minor >= 0),
    primary key (drn, currency)
) strict, without rowid;
"""

_PARKED: Final = "insert into parked values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_WALLET: Final = """insert into wallet_money values (?, ?, ?, ?)
    on conflict (drn, currency) do update set
        balance_minor = balance_minor + excluded.balance_minor"""
_SPENT: Final = """update wallet_money set balance_minor = balance_minor - ?
    where drn = ? and currency = ?"""
_ENDED: Final = "delete from parked where seq = ?"
_PAID: Final = "update parked set state = 'card-paid', approval = ? where seq = ?"
_SOLD: Final = "delete from parked where state = 'card-paid' and drn = ? and approval = ?"
_REFERENCE: Final = "insert or ignore into tender_reference values (?, ?, ?)"


def sale(entry: Entry, body: Body) -> Iterator[Change]:
    """Remember the references of a sale; entries from before there were any have none."""
    for tender in body["tenders"]:
        if tender.get("reference"):
            yield _REFERENCE, (tender["kind"], tender["reference"], entry.seq)
            if tender["kind"] == "card":
                yield _SOLD, (body["meter"]["drn"], tender["reference"])
    yield from _purse(body)


def _purse(body: Body) -> Iterator[Change]:
    whose = (body["meter"]["drn"], body["currency"])
    spent = sum(each["amount_minor"] for each in body["tenders"] if each["kind"] == "wallet")
    kept = body.get("wallet_in_minor", 0)
    if spent:
        yield _SPENT, (spent, *whose)
    if kept:
        yield _WALLET, (*whose, body["decimals"], kept)


def _wallet_opened(entry: Entry, body: Body) -> Iterator[Change]:
    yield "insert into wallet values (?, ?, ?)", (body["drn"], body["name"], entry.seq)


def _wallet_closed(entry: Entry, body: Body) -> Iterator[Change]:
    yield "delete from wallet where drn = ?", (body["drn"],)
    yield "delete from wallet_money where drn = ?", (body["drn"],)
    for part in body["paid"]:
        # It leaves the drawer like any other cash out, and is named beside it.
        for name in (CashMove.OUT.value, WALLET_BACK):
            yield from shift_projections.amount(entry, body["shift"], name, part)


def _parked(entry: Entry, body: Body) -> Iterator[Change]:
    who = (body["operator"], body["operator_name"], body["drn"], body["name"])
    wanted = (body["currency"], body["decimals"], body["amount_minor"], body["tenths"])
    card = body.get("card_minor", 0)
    state = "card-unknown" if card else body["state"]
    yield _PARKED, (entry.seq, entry.at_ms, *who, *wanted, state, card, "")
    if not card:
        yield from shift_projections.counter(PARKED, entry, body)


def _parked_ended(_: Entry, body: Body) -> Iterator[Change]:
    yield _ENDED, (body["parked"],)


def _card_answered(entry: Entry, body: Body) -> Iterator[Change]:
    if body["outcome"] == "no":
        yield _ENDED, (body["parked"],)
    elif body["outcome"] == "yes":
        yield _PAID, (body["approval"], body["parked"])
    else:
        yield from shift_projections.counter(CARD_UNCLEAR, entry, body)


def _shift_closed(entry: Entry, body: Body) -> Iterator[Change]:
    yield from shift_projections.KINDS["shift_closed"](entry, body)
    yield "delete from parked where operator = ? and state = 'waiting'", (body["operator"],)


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {
    **shift_projections.KINDS,
    "shift_closed": _shift_closed,
    "sale_parked": _parked,
    "wallet_opened": _wallet_opened,
    "wallet_closed": _wallet_closed,
    "parked_ended": _parked_ended,
    "card_asked": _parked,
    "card_answered": _card_answered,
    "card_refunded": _parked_ended,
}
"""The kinds of shifts as well: closing one clears what its operator parked."""
