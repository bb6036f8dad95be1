"""Projections of what head office says: who it is, its packs, its acknowledgements, its words.

What is acknowledged is kept as sums, too, so that what still waits is told in one step however
long the journal is. `waiting_pack` and `waiting_keys` are imported data: packs whose day has not
come, in pieces, and key files that wait for two supervisors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pos_app.adapters.ledger.lock_outs import UNLOCK, failed
from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table office (
    key text primary key,
    name text not null,
    url text not null,
    first_pack integer not null,
    public_key text not null,
    allowance_box text not null,
    seq integer not null references journal(seq)
) strict, without rowid;
create table pack (
    series text not null,
    number integer not null,
    digest text not null,
    issued_at_ms integer not null,
    active_from_ms integer not null,
    waits integer not null,
    seq integer not null references journal(seq),
    primary key (series, number)
) strict, without rowid;
create table pack_refused (
    digest text primary key,
    seq integer not null references journal(seq)
) strict, without rowid;
create table freshness (
    section text primary key,
    issued_at_ms integer not null,
    series text not null,
    number integer not null
) strict, without rowid;
create table acknowledged_sum (
    currency text primary key,
    sales integer not null,
    total_minor integer not null
) strict, without rowid;
create table message (
    id text primary key,
    words text not null,
    from_ms integer not null,
    until_ms integer not null,
    seq integer not null references journal(seq)
) strict, without rowid;
create table waiting_pack (
    digest text not null,
    piece integer not null,
    content blob not null,
    primary key (digest, piece)
) strict;
create table waiting_keys (
    digest text primary key,
    content text not null
) strict, without rowid;
"""

STANDING: Final = """
create table standing (
    state text not null,
    entry integer not null,
    found_ms integer not null,
    at_ms integer not null,
    seq integer not null references journal(seq)
) strict;
"""
"""What was said last of whether this journal is the till's only one; one row, or none."""

COMPARED: Final = (
    ("office", "select * from office order by key", 6),
    ("pack", "select * from pack order by series, number", 6),
    ("pack_refused", "select * from pack_refused order by digest", 1),
    ("freshness", "select * from freshness order by section", None),
    ("acknowledged_sum", "select * from acknowledged_sum order by currency", None),
    ("message", "select * from message order by id", 4),
    ("standing", "select * from standing", 4),
)
"""As in `pos_app.adapters.ledger.twin`: table, rows in order, the column that names the entry."""

ACKNOWLEDGED: Final = "acknowledged-seq"
ACKNOWLEDGED_MS: Final = "acknowledged-at-ms"
TID_RESIDUE: Final = "tid-residue"
TID_MODULUS: Final = "tid-modulus"
CODE_SEQUENCE: Final = "allowance-code"
CODE_LOCK: Final = ":allowance-code"
"""The name under which wrong codes are counted; no operator can have it."""

_MARK: Final = "insert or replace into mark values (?, ?)"
_ENROLLED: Final = "insert or replace into office values (?, ?, ?, ?, ?, ?, ?)"
_PACK: Final = "insert or replace into pack values (?, ?, ?, ?, ?, ?, ?)"
_FRESH: Final = """insert into freshness values (?, ?, ?, ?) on conflict (section) do update set
    issued_at_ms = excluded.issued_at_ms, series = excluded.series, number = excluded.number
    where excluded.issued_at_ms >= issued_at_ms"""
_SUMS: Final = """insert or replace into acknowledged_sum
    select currency, times - (select count(*) from sale
        where sale.seq > ?1 and sale.currency = tally.currency),
    amount - (select coalesce(sum(total_minor), 0) from sale
        where sale.seq > ?1 and sale.currency = tally.currency)
    from tally where level = 'total' and number = 0 and name = 'sale'"""
_MESSAGE: Final = "insert or replace into message values (?, ?, ?, ?, ?)"
_BLOCK: Final = "update meter set blocked = ? where drn = ?"
_LIFE_BLOCK: Final = "update meter_life set blocked = ? where drn = ?"
_RAISED: Final = """update allowance set money_minor = ?, tenths = ?, count = ?, not_after_ms = ?
    where currency = ?"""


def _enrolled(entry: Entry, body: Body) -> Iterator[Change]:
    names = ("office", "name", "url", "first_pack", "public_key", "allowance_box")
    yield "delete from office", ()
    yield _ENROLLED, (*(body[name] for name in names), entry.seq)


def _pack(entry: Entry, body: Body, *, waits: bool) -> Iterator[Change]:
    names = ("series", "number", "digest", "issued_at_ms", "active_from_ms")
    yield _PACK, (*(body[name] for name in names), int(waits), entry.seq)


def _taken(entry: Entry, body: Body) -> Iterator[Change]:
    yield from _pack(entry, body, waits=True)


def _imported(entry: Entry, body: Body) -> Iterator[Change]:
    yield from _pack(entry, body, waits=False)
    for section in body["sections"]:
        yield _FRESH, (section, body["issued_at_ms"], body["series"], body["number"])


def _refused(entry: Entry, body: Body) -> Iterator[Change]:
    yield "insert or replace into pack_refused values (?, ?)", (body["digest"], entry.seq)


def _acknowledged(_: Entry, body: Body) -> Iterator[Change]:
    yield _MARK, (ACKNOWLEDGED, body["seq"])
    yield _MARK, (ACKNOWLEDGED_MS, body["at_ms"])
    yield _SUMS, (body["seq"],)


def _message(entry: Entry, body: Body) -> Iterator[Change]:
    yield _MESSAGE, (body["id"], body["text"], body["from_ms"], body["until_ms"], entry.seq)


def _standing(entry: Entry, body: Body) -> Iterator[Change]:
    yield "delete from standing", ()
    names = ("state", "seq", "found_ms", "at_ms")
    told = tuple(body[name] for name in names)
    yield "insert into standing values (?, ?, ?, ?, ?)", (*told, entry.seq)


def _slots(_: Entry, body: Body) -> Iterator[Change]:
    yield _MARK, (TID_RESIDUE, body["residue"])
    yield _MARK, (TID_MODULUS, body["modulus"])


def _blocks(_: Entry, body: Body) -> Iterator[Change]:
    for statement in (_BLOCK, _LIFE_BLOCK):
        for drn, reason in body["blocks"]:
            yield statement, (reason, drn)


def _code(_: Entry, body: Body) -> Iterator[Change]:
    names = ("money_minor", "tenths", "count", "not_after_ms", "currency")
    yield _MARK, (CODE_SEQUENCE, body["sequence"])
    yield _RAISED, tuple(body[name] for name in names)
    yield UNLOCK, (CODE_LOCK,)


def _code_refused(entry: Entry, body: Body) -> Iterator[Change]:
    yield failed(CODE_LOCK, entry, body)


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {
    "office_enrolled": _enrolled,
    "pack_taken": _taken,
    "pack_imported": _imported,
    "pack_refused": _refused,
    "acknowledged": _acknowledged,
    "office_message": _message,
    "journal_standing": _standing,
    "tid_slots_set": _slots,
    "blocks_imported": _blocks,
    "allowance_code": _code,
    "allowance_code_refused": _code_refused,
}
