"""Projections of the engineering desk: its acts, the copies of their slips, and approvals.

``sale_seq`` and ``from_drn`` are unique where they say something: a sale's token is replaced once
and a meter's credit is carried over once, whatever a program tries. A request for approval that
was used is unique for the same reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pos_app.adapters.ledger import free_issues, shift_projections
from pos_app.adapters.ledger.lock_outs import UNLOCK, failed
from pos_app.application.approval_records import CODE_LOCK
from pos_app.application.given_credit import minor_of
from pos_app.domain import shift as names
from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table desk_act (
    seq integer primary key references journal(seq),
    number integer not null unique check (number > 0),
    act_id text not null unique,
    act text not null,
    at_ms integer not null,
    drn text not null,
    sale_seq integer not null,
    from_drn text not null
) strict;
create index desk_act_drn on desk_act(drn, seq);
create unique index desk_act_sale on desk_act(sale_seq) where sale_seq > 0;
create unique index desk_act_from on desk_act(from_drn) where from_drn <> '';
create table desk_act_copy (
    seq integer primary key references journal(seq),
    act_seq integer not null,
    copy integer not null,
    unique (act_seq, copy)
) strict;
create table approver (
    approver text primary key,
    turn integer not null
) strict, without rowid;
create table approval (
    count integer primary key check (count > 0),
    number text not null unique,
    seq integer not null references journal(seq),
    used_seq integer not null default 0,
    failures integer not null default 0
) strict;
"""

_ACT: Final = "insert into desk_act values (?, ?, ?, ?, ?, ?, ?, ?)"
_TOKEN: Final = """insert into token values (?1, ?2, ?3, ?4, coalesce((select month_tenths
    from token where drn = ?1 and month = ?4 order by minute desc limit 1), 0))"""  # noqa: S105 - a table's name
_COPY: Final = "insert into desk_act_copy values (?, ?, ?)"
_ENROLLED: Final = "insert or replace into approver values (?, ?)"
_ASKED: Final = "insert into approval values (?, ?, ?, 0, 0)"
_USED: Final = "update approval set used_seq = ? where number = ?"
_FAILED: Final = "update approval set failures = failures + 1 where number = ?"
_COUNTED: Final = {
    "engineering": names.ENGINEERING,
    "free_issue": names.FREE_ISSUE,
    "replacement": names.REPLACEMENT,
}


def _act(entry: Entry, body: Body) -> Iterator[Change]:
    meter = body["meter"]
    drn = meter["drn"] if meter else ""
    yield (
        _ACT,
        (
            entry.seq,
            body["number"],
            body["act_id"],
            body["act"],
            entry.at_ms,
            drn,
            body["sale_seq"],
            body["from_drn"],
        ),
    )
    for token in body["tokens"]:
        if token["minute"]:
            yield _TOKEN, (drn, token["minute"], entry.seq, body["month"])
    yield from answered(entry, body)
    if body["tenths"] or body.get("fine"):
        yield from _given(entry, body)
    yield from shift_projections.counter(_COUNTED[entry.kind], entry, body)


def answered(entry: Entry, body: Body) -> Iterator[Change]:
    """Use up the request that a code answered; entries from before there were codes have none."""
    if body.get("request"):
        yield _USED, (entry.seq, body["request"])
        yield UNLOCK, (CODE_LOCK,)


def _given(entry: Entry, body: Body) -> Iterator[Change]:
    """Count credit nobody pays for: against the allowance, and in the report of free units."""
    ever = (shift_projections.TOTAL, shift_projections.EVER, body["currency"])
    given = (shift_projections.SOLD_UNITS, body["decimals"], 1, body["tenths"])
    fine = body.get("fine", 0)
    if fine:
        minor = minor_of(fine, body["decimals"])
        given = (shift_projections.GIVEN_MONEY, body["decimals"], 1, minor)
    yield shift_projections.TALLY, (*ever, *given, entry.seq, entry.seq)
    yield from free_issues.additions(entry.kind, entry.seq, body)


def _copied(entry: Entry, body: Body) -> Iterator[Change]:
    yield _COPY, (entry.seq, body["act_seq"], body["copy"])
    yield from shift_projections.counter(names.REPRINT, entry, body)


def _enrolled(_: Entry, body: Body) -> Iterator[Change]:
    yield _ENROLLED, (body["approver"], body["turn"])


def _asked(entry: Entry, body: Body) -> Iterator[Change]:
    yield _ASKED, (body["count"], body["number"], entry.seq)


def _refused(entry: Entry, body: Body) -> Iterator[Change]:
    yield _FAILED, (body["number"],)
    yield failed(CODE_LOCK, entry, body)


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {
    "engineering": _act,
    "free_issue": _act,
    "replacement": _act,
    "desk_act_reprinted": _copied,
    "approver_enrolled": _enrolled,
    "approval_asked": _asked,
    "approval_refused": _refused,
}

COMPARED: Final = (
    ("desk_act", "select * from desk_act order by seq", 0),
    ("desk_act_copy", "select * from desk_act_copy order by seq", 0),
    ("approver", "select * from approver order by approver", None),
    ("approval", "select * from approval order by count", 2),
)
