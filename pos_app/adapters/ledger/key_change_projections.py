"""Projections of key changes: the key each meter holds, what was given for it, what is asked.

``meter_key`` has a row for every meter whose key is known to differ, or to have differed, from the
utility's own record; `record` is what that record said when the row was written, so a later file
that says the same again says nothing new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple
from typing import Any, Final

from pos_app.adapters.ledger import life_projections
from pos_app.domain.meter_key import KEY_FIELDS, KeyAsk, MeterKey
from pos_app.domain.meter_life import Act
from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table meter_key (
    drn text primary key,
    sgc text not null,
    krn integer not null,
    ti integer not null,
    ken integer not null,
    kt integer not null,
    ea integer not null,
    dkga integer not null,
    base integer not null,
    record text not null
) strict, without rowid;
create table key_change (
    seq integer primary key references journal(seq),
    drn text not null,
    old text not null,
    old_base integer not null,
    new_base integer not null,
    tokens integer not null,
    settled_seq integer not null default 0,
    copies integer not null default 0
) strict;
create index key_change_drn on key_change(drn, seq);
create table key_ask (
    utility text not null,
    tariff text not null,
    sgc text not null,
    krn integer not null,
    ti integer not null,
    base integer not null,
    tokens integer not null,
    due_ms integer not null,
    primary key (utility, tariff)
) strict, without rowid;
create index sealed_key_pan on sealed_key(pan);
create index meter_base on meter(utility, tariff, sgc, base);
"""

WANTED: Final = "alter table meter_key add column wanted text not null default ''"
"""The key that a meter shall hold which showed another one than it was believed to hold."""

COMPARED: Final = (
    ("meter_key", "select * from meter_key order by drn", None),
    ("key_change", "select * from key_change order by seq", 0),
    ("key_ask", "select * from key_ask order by utility, tariff", None),
)

_CHANGE: Final = """insert into key_change (seq, drn, old, old_base, new_base, tokens)
    values (?, ?, ?, ?, ?, ?)"""
_SETTLE: Final = "update key_change set settled_seq = ? where drn = ? and settled_seq = 0"
_SETTLE_ONE: Final = "update key_change set settled_seq = ? where seq = ?"
_HELD: Final = "insert or replace into meter_key values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_NOTED: Final = "insert or ignore into meter_key values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
_COPY: Final = "update key_change set copies = ? where seq = ?"
_ASK: Final = "insert or replace into key_ask values (?, ?, ?, ?, ?, ?, ?, ?)"
_DROP: Final = "delete from key_ask where utility = ? and tariff = ?"


def written(key: MeterKey) -> str:
    """Return a key's attributes in one text, as the tables keep those that nobody searches."""
    return " ".join(str(each) for each in astuple(key))


def read(text: str) -> MeterKey:
    """Read them back."""
    sgc, *numbers = text.split(" ")
    return MeterKey(sgc, *(int(each) for each in numbers))


def sale(entry: Entry, body: Body) -> Iterator[Change]:
    """Settle what was open for the meter, then note the change that came with this sale."""
    drn, change = body["meter"]["drn"], body.get("key_change")
    yield _SETTLE, (entry.seq, drn)
    if not change:
        return
    old, new = _key(change["old"]), _key(body["meter"])
    bases = (old.base, new.base)
    yield _CHANGE, (entry.seq, drn, written(old), *bases, len(change["digits"]))
    yield _HELD, (drn, *astuple(new), written(_key(change["record"])), "")


def _key(values: Mapping[str, Any]) -> MeterKey:
    return MeterKey(*(values[name] for name in KEY_FIELDS))


def _noted(_: Entry, body: Body) -> Iterator[Change]:
    key = _key(body["key"])
    for drn in body["meters"]:
        yield _NOTED, (drn, *astuple(key), written(key))


def _shown(entry: Entry, body: Body) -> Iterator[Change]:
    """Take the meter's word for its key, and for the key change that was open, if any.

    A key change it did not take is settled by the entry's number below zero.
    """
    drn, key = body["drn"], _key(body["key"])
    kept = (written(_key(body["record"])), written(_key(body["wanted"])))
    yield _HELD, (drn, *astuple(key), *kept)
    if body["change_seq"]:
        settled = entry.seq if body["taken"] else -entry.seq
        yield _SETTLE_ONE, (settled, body["change_seq"])
    said = (drn, entry.at_ms, Act.SHOWN_KEY.value, body["operator"], body["words"])
    yield life_projections.ACT, (entry.seq, *said)


def _again(_: Entry, body: Body) -> Iterator[Change]:
    yield _COPY, (body["copy"], body["sale_seq"])


def _asked(_: Entry, body: Body) -> Iterator[Change]:
    ask = KeyAsk(**body["ask"])
    yield _DROP, (ask.utility, ask.tariff)
    if not ask.empty:
        yield _ASK, astuple(ask)


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {
    "meter_keys_noted": _noted,
    "meter_key_shown": _shown,
    "key_change_again": _again,
    "key_asked": _asked,
}
