"""Projections of the lives of meters, and the questions about them.

A block also stands in the meter's own row, where search and sale read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sqlite_utils import Database

from pos_app.domain.meter_life import MeterLife, Standing
from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table meter_act (
    seq integer primary key references journal(seq),
    drn text not null,
    at_ms integer not null,
    act text not null,
    operator text not null,
    words text not null
) strict;
create index meter_act_drn on meter_act(drn, seq);
create table meter_life (
    drn text primary key,
    standing text not null,
    blocked text not null,
    seal text not null,
    unit text not null,
    replaced_by text not null,
    replaces text not null,
    credit_tenths integer not null
) strict, without rowid;
"""
CREDIT_FINE: Final = "alter table meter_life add column credit_fine integer not null default 0"
"""What a meter that counts money still held, in 0.00001 of its currency."""
ACT: Final = "insert into meter_act values (?, ?, ?, ?, ?, ?)"
_LIFE: Final = "insert or replace into meter_life values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_BLOCKED: Final = "update meter set blocked = ? where drn = ?"
_OF: Final = """select drn, standing, blocked, seal, unit, replaced_by, replaces, credit_tenths,
    credit_fine from meter_life where drn = ?"""
_ACTS: Final = """select seq, at_ms, act, operator, words from meter_act where drn = ?
    order by seq desc limit ?"""


def _act(entry: Entry, body: Body) -> Iterator[Change]:
    yield ACT, (entry.seq, body["drn"], entry.at_ms, body["act"], body["operator"], body["words"])
    for life in body["lives"]:
        names = ("standing", "blocked", "seal", "unit", "replaced_by", "replaces", "credit_tenths")
        kept = (*(life[name] for name in names), life.get("credit_fine", 0))
        yield _LIFE, (life["drn"], *kept)
        yield _BLOCKED, (life["blocked"], life["drn"])


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {"meter_act": _act}


def life_of(db: Database, drn: str) -> MeterLife | None:
    """Return where a meter stands, None for one nothing was ever done to here."""
    row = db.execute(_OF, (drn,)).fetchone()
    return MeterLife(row[0], Standing(row[1]), *row[2:]) if row else None


def acts_of(db: Database, drn: str, limit: int) -> list[tuple[int, int, str, str, str]]:
    """Return (entry, time, act, operator, words) of what was done to a meter, newest first."""
    return [tuple(row) for row in db.execute(_ACTS, (drn, limit)).fetchall()]
