"""Projections around keys: whom the shop trusts, which groups it holds, and their end.

The sealed keys themselves are an imported data set; the journal names every attribute of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pos_app.adapters.ledger.desk_projections import answered
from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table key_authority (
    key text primary key,
    name text not null,
    sequence integer not null
) strict, without rowid;
create table key_group (
    kind text not null,
    sgc text not null,
    krn integer not null,
    kt integer not null,
    base integer not null,
    ken integer not null,
    dkga integer not null,
    kcv text not null,
    active_from_ms integer not null,
    issue_until_ms integer not null,
    keys integer not null,
    primary key (kind, sgc, krn, kt, base, ken, dkga, kcv, active_from_ms, issue_until_ms)
) strict, without rowid;
"""
PAPERS: Final = """
create index journal_key_paper on journal (seq)
    where kind in ('key_file_imported', 'keys_destroyed');
"""
"""Finds the few entries with a receipt of keys in a long journal."""
FILL: Final = """insert into key_group
    select kind, sgc, krn, kt, base, ken, dkga, case kind when 'vending' then kcv else '' end,
    active_from_ms, issue_until_ms, count(*) from sealed_key group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""
"""For ledgers from before there were groups."""

TURN: Final = "passphrase-turn"
DESTROYED: Final = "keys-destroyed"
MOVING: Final = "keys-moving"
"""1 from the beginning of a move into the module to its end."""
_MARK: Final = "insert or replace into mark values (?, ?)"
_TRUST: Final = """insert into key_authority values (?, ?, 0)
    on conflict (key) do update set name = excluded.name"""
_TAKEN: Final = "update key_authority set sequence = max(sequence, ?) where key = ?"
_GROUP: Final = """insert into key_group values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
    on conflict do update set keys = keys + 1"""
_NAMES: Final = ("kind", "sgc", "krn", "kt", "base", "ken", "dkga")


def _trusted(_: Entry, body: Body) -> Iterator[Change]:
    yield _TRUST, (body["key"], body["name"])


def _file(entry: Entry, body: Body) -> Iterator[Change]:
    yield _TAKEN, (body["sequence"], body["authority"])
    yield from answered(entry, body)


def _key(_: Entry, body: Body) -> Iterator[Change]:
    kcv = body["kcv"] if body["kind"] == "vending" else ""
    times = (body["active_from_ms"], body["issue_until_ms"])
    yield _GROUP, (*(body[name] for name in _NAMES), kcv, *times)


def _passphrase(_: Entry, body: Body) -> Iterator[Change]:
    yield _MARK, (TURN, body["turn"])


def _move_begun(_: Entry, __: Body) -> Iterator[Change]:
    yield _MARK, (MOVING, 1)


def _moved(_: Entry, __: Body) -> Iterator[Change]:
    yield _MARK, (MOVING, 0)


def _destroyed(entry: Entry, _: Body) -> Iterator[Change]:
    yield "delete from sealed_key", ()
    yield "delete from key_group", ()
    yield _MARK, (DESTROYED, entry.seq)
    yield _MARK, (MOVING, 0)


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {
    "key_authority_trusted": _trusted,
    "key_file_imported": _file,
    "key_imported": _key,
    "passphrase_changed": _passphrase,
    "key_move_begun": _move_begun,
    "keys_moved": _moved,
    "keys_destroyed": _destroyed,
}
