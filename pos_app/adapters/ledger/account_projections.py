"""Projections of accounts: imports state them, sales settle them.

``settled`` keeps what each sale took of a debt or an adjustment, so that an import whose figures
are older than some sales (its ``counted`` entry) loses none of them. A sale that settles nothing
writes nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pos_app.application.token_kinds import FREE, MONEY
from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table debt (
    drn text not null,
    ref text not null,
    name text not null,
    place integer not null,
    currency text not null,
    decimals integer not null,
    stated_minor integer not null check (stated_minor >= 0),
    balance_minor integer not null check (balance_minor >= 0),
    percent text not null,
    instalment_minor integer not null,
    seq integer not null references journal(seq),
    primary key (drn, ref)
) strict, without rowid;
create table adjustment (
    drn text not null,
    ref text not null,
    kind text not null,
    name text not null,
    currency text not null,
    decimals integer not null,
    stated_minor integer not null,
    left_minor integer not null,
    percent text not null,
    month text not null,
    reason text not null,
    seq integer not null references journal(seq),
    primary key (drn, ref)
) strict, without rowid;
create table entitlement (
    drn text not null,
    first text not null,
    last text not null,
    tenths integer not null,
    seq integer not null references journal(seq),
    primary key (drn, first)
) strict, without rowid;
create table free_claim (
    drn text not null,
    month text not null,
    here_tenths integer not null,
    elsewhere_tenths integer not null,
    primary key (drn, month)
) strict, without rowid;
create table charge_state (
    drn text not null,
    name text not null,
    currency text not null,
    decimals integer not null,
    due_minor integer not null check (due_minor >= 0),
    until text not null,
    seq integer not null references journal(seq),
    primary key (drn, name)
) strict, without rowid;
create table usage (
    drn text not null,
    month text not null,
    bought_tenths integer not null,
    average_tenths integer not null,
    seq integer not null references journal(seq),
    primary key (drn, month)
) strict, without rowid;
create table settled (
    drn text not null,
    kind text not null,
    ref text not null,
    seq integer not null references journal(seq),
    minor integer not null,
    primary key (drn, kind, ref, seq)
) strict, without rowid;
create table account_file (
    utility text not null,
    number integer not null,
    sha256 text not null unique,
    entries integer not null,
    seq integer not null references journal(seq),
    primary key (utility, number)
) strict, without rowid;
create table authority (
    public_key text primary key,
    name text not null,
    seq integer not null references journal(seq)
) strict, without rowid;
"""

ELSEWHERE: Final = """
create table elsewhere (
    drn text not null,
    month text not null,
    tenths integer not null check (tenths >= 0),
    seq integer not null references journal(seq),
    primary key (drn, month)
) strict, without rowid;
"""
"""What head office says; ``usage`` is what the utility's account files say."""

COMPARED: Final = (
    ("debt", "select * from debt order by drn, ref", 10),
    ("adjustment", "select * from adjustment order by drn, ref", 11),
    ("entitlement", "select * from entitlement order by drn, first", 4),
    ("free_claim", "select * from free_claim order by drn, month", None),
    ("charge_state", "select * from charge_state order by drn, name", 6),
    ("usage", "select * from usage order by drn, month", 4),
    ("elsewhere", "select * from elsewhere order by drn, month", 3),
    ("settled", "select * from settled order by drn, kind, ref, seq", 3),
    ("account_file", "select * from account_file order by utility, number", 4),
    ("authority", "select * from authority order by public_key", 2),
)
"""As in `pos_app.adapters.ledger.twin`: table, rows in order, the column that names the entry."""

_DEBT: Final = "insert or replace into debt values (?,?,?,?,?,?,?,?,?,?,?)"
_DEBT_SINCE: Final = """update debt set balance_minor = max(0, stated_minor - coalesce((
    select sum(minor) from settled where settled.drn = debt.drn and kind = 'debt'
    and settled.ref = debt.ref and settled.seq > ?), 0)) where drn = ? and ref = ?"""
_ADJUSTMENT: Final = "insert or replace into adjustment values (?,?,?,?,?,?,?,?,?,?,?,?)"
_ADJUSTMENT_SINCE: Final = """update adjustment set left_minor = (
    select case when adjustment.stated_minor > 0 then max(0, adjustment.stated_minor - was)
    else min(0, adjustment.stated_minor - was) end from (
        select coalesce(sum(minor), 0) as was from settled where settled.drn = adjustment.drn
        and kind = 'adjustment' and settled.ref = adjustment.ref and settled.seq > ?))
    where drn = ? and ref = ?"""
_ENTITLED: Final = "insert or replace into entitlement values (?, ?, ?, ?, ?)"
_ELSEWHERE: Final = """insert into free_claim values (?, ?, 0, ?)
    on conflict (drn, month) do update set elsewhere_tenths = excluded.elsewhere_tenths"""
_CLAIMED: Final = """insert into free_claim values (?, ?, ?, 0)
    on conflict (drn, month) do update set here_tenths = here_tenths + excluded.here_tenths"""
_CHARGE: Final = "insert or replace into charge_state values (?, ?, ?, ?, ?, ?, ?)"
_USAGE: Final = "insert or replace into usage values (?, ?, ?, ?, ?)"
_TOLD: Final = "insert or replace into elsewhere values (?, ?, ?, ?)"
_FILE: Final = "insert into account_file values (?, ?, ?, ?, ?)"
_TABLES: Final = ("debts", "adjustments", "free", "charges", "usage")
_SETTLED: Final = """insert into settled values (?, ?, ?, ?, ?)
    on conflict (drn, kind, ref, seq) do update set minor = minor + excluded.minor"""
_OF_DEBT: Final = "update debt set balance_minor = balance_minor - ? where drn = ? and ref = ?"
_OF_ADJUSTMENT: Final = (
    "update adjustment set left_minor = left_minor - ? where drn = ? and ref = ?"
)
_AUTHORITY: Final = "insert or replace into authority values (?, ?, ?)"


def sale(entry: Entry, body: Body) -> Iterator[Change]:
    """Take what a sale settled off the account, and count the free units it gave."""
    drn = body["meter"]["drn"]
    for line in body["lines"]:
        ref, kind, minor = line.get("ref", ""), line["kind"], line["amount_minor"]
        if ref and minor:
            of, change = ("debt", _OF_DEBT) if kind == "debt" else ("adjustment", _OF_ADJUSTMENT)
            yield _SETTLED, (drn, of, ref, entry.seq, minor)
            yield change, (minor, drn, ref)
    if body.get("free_tenths", 0):
        yield _CLAIMED, (drn, body["month"], body["free_tenths"])


def on_tokens(body: Body) -> int:
    """Return the units a sale takes of the allowance: free ones count, money has none."""
    kinds = {token["kind"] for token in body["tokens"]}
    free = sum(int(token["tenths"]) for token in body["tokens"] if token["kind"] == FREE)
    return free + (0 if MONEY in kinds else int(body["tenths"]))


def _imported(entry: Entry, body: Body) -> Iterator[Change]:
    rows = sum(len(body[table]) for table in _TABLES)
    yield _FILE, (body["utility"], body["number"], body["sha256"], rows, entry.seq)
    money = (body["currency"], body["decimals"])
    for row in body["debts"]:
        key = (row["meter"], row["ref"])
        balance = row.get("balance", 0)
        rule = (row.get("percent", ""), row.get("instalment", 0))
        head = (*key, row["name"], row.get("place", 0), *money)
        yield _DEBT, (*head, balance, balance, *rule, entry.seq)
        yield _DEBT_SINCE, (body["counted"], *key)
    for row in body["adjustments"]:
        key = (row["meter"], row["ref"])
        amount = row.get("amount", 0)
        rest = (row.get("percent", ""), row.get("month", ""), row.get("reason", ""))
        head = (*key, row["kind"], row["name"], *money)
        yield _ADJUSTMENT, (*head, amount, amount, *rest, entry.seq)
        yield _ADJUSTMENT_SINCE, (body["counted"], *key)
    yield from _free(entry, body)
    for row in body["charges"]:
        due = (row.get("due", 0), row["until"], entry.seq)
        yield _CHARGE, (row["meter"], row["name"], *money, *due)
    for row in body["usage"]:
        units = (row.get("bought", 0), row.get("average", 0))
        yield _USAGE, (row["meter"], row["month"], *units, entry.seq)


def _free(entry: Entry, body: Body) -> Iterator[Change]:
    for row in body["free"]:
        meter, first = row["meter"], row["first"]
        yield _ENTITLED, (meter, first, row.get("last", ""), row.get("tenths", 0), entry.seq)
        yield _ELSEWHERE, (meter, first, row.get("taken", 0))


def _pinned(entry: Entry, body: Body) -> Iterator[Change]:
    yield _AUTHORITY, (body["public_key"], body["name"], entry.seq)


def _told(entry: Entry, body: Body) -> Iterator[Change]:
    for drn, month, tenths in body["units"]:
        yield _TOLD, (drn, month, tenths, entry.seq)


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {
    "account_imported": _imported,
    "authority_pinned": _pinned,
    "elsewhere_told": _told,
}
