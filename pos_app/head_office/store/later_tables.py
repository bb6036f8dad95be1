"""The tables that came with steps 0004 to 0009.

Rebuilt sales, key-change sets, hooks, `told`, corrections of months that several tills sold in.
Units and names as in `tables`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from pos_app.head_office.store.tables import TILL_LENGTH, metadata

_NAME: Final = 200


def _has(name: str, kind: type = BigInteger) -> Column[object]:
    return Column(name, kind, nullable=False)


rebuilt = Table(
    "rebuilt",
    metadata,
    Column("till", String(TILL_LENGTH), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("seal", LargeBinary, primary_key=True),
    Column("receipt", String(_NAME), nullable=False),
    _has("at_ms"),
    Column("day", String(10), nullable=False),
    Column("drn", String(20), nullable=False),
    Column("operator", String(_NAME), nullable=False),
    Column("tariff", String(_NAME), nullable=False),
    _has("tariff_version"),
    Column("currency", String(3), nullable=False),
    _has("decimals", Integer),
    _has("total_minor"),
    _has("tenths"),
    Column("unit", String(20), nullable=False),
    _has("training", Boolean),
    _has("tid"),
    _has("scanned_ms"),
    Column("scanned_by", String(_NAME), nullable=False),
    Column("settled_ms", BigInteger, nullable=True),
    _has("branch", Integer),
    Index("ix_rebuilt_day", "till", "day"),
    Index("ix_rebuilt_drn", "drn", "tid"),
)
"""Sales of which only the receipt came; `seal`: the first 8 bytes of the entry's hash.

`settled_ms`: when the entry itself came; it counts from then on, and the receipt no more.
`branch`: -1, or further down where several receipts name one entry; no journal has such a branch.
"""
for _name, _columns in (
    ("ix_rebuilt_open_seq", ("till", "seq", "branch")),
    ("ix_rebuilt_open_day", ("till", "day", "seq", "branch")),
    ("ix_rebuilt_open_drn", ("drn", "at_ms", "till", "seq", "branch")),
):
    Index(_name, *(rebuilt.c[each] for each in _columns),
          postgresql_where=rebuilt.c.settled_ms.is_(None),
          sqlite_where=rebuilt.c.settled_ms.is_(None))  # fmt: skip


key_set = Table(
    "key_set",
    metadata,
    Column("till", String(TILL_LENGTH), primary_key=True),
    Column("drn", String(20), primary_key=True),
    Column("sgc", String(6), primary_key=True),
    Column("krn", Integer, primary_key=True, autoincrement=False),
    Column("base", Integer, primary_key=True, autoincrement=False),
    _has("draft"),
    _has("made_ms"),
    Index("ix_key_set_drn", "drn"),
)
"""Key-change sets that were made: for which till and meter, to which key, in which draft."""


def _number() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


hook = Table(
    "hook",
    metadata,
    _number(),
    Column("name", String(_NAME), nullable=False),
    _has("url", Text),
    Column("box", LargeBinary, nullable=False),
    _has("events", Text),
    _has("made_ms"),
    Column("made_by", String(_NAME), nullable=False),
    Column("retired_ms", BigInteger, nullable=True),
    _has("failures", Integer),
    _has("rest_until_ms"),
)
"""Billing systems that are told; `box` is the sealed secret, `failures` those in a row."""

hook_message = Table(
    "hook_message",
    metadata,
    _number(),
    _has("hook"),
    Column("message", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    _has("body", Text),
    _has("made_ms"),
    Column("state", String(20), nullable=False),
    _has("tries", Integer),
    _has("next_ms"),
    _has("last_status", Integer),
    Column("last_problem", String(100), nullable=False),
    Column("done_ms", BigInteger, nullable=True),
    Index("ix_hook_message_due", "state", "next_ms"),
    Index("ix_hook_message_hook", "hook", "state", "id"),
)
"""What is told: `waiting`, `delivered` or `dead`; written with what it tells of."""

told = Table(
    "told",
    metadata,
    Column("till", String(TILL_LENGTH), primary_key=True),
    Column("other", String(TILL_LENGTH), primary_key=True),
    Column("branch", Integer, primary_key=True, autoincrement=False),
    _has("seq"),
)
"""Up to which entry of another till's branch a till was told what its meters bought there."""

oversold = Table(
    "oversold",
    metadata,
    Column("till", String(TILL_LENGTH), primary_key=True),
    Column("ref", String(40), primary_key=True),
    Column("drn", String(20), nullable=False),
    Column("month", String(7), nullable=False),
    _has("training", Boolean),
    Column("utility", String(_NAME), nullable=False),
    Column("currency", String(3), nullable=False),
    _has("decimals", Integer),
    _has("amount_minor"),
    _has("charged_minor"),
    _has("due_minor"),
    _has("sent_minor"),
    _has("working", Text),
    _has("draft"),
    _has("number"),
    Index("ix_oversold_drn", "drn", "month"),
    Index("ix_oversold_draft", "draft"),
)
"""Corrections of a meter's month that were drafted: `till` collects `amount_minor`, `number` is
that of its account file (0: not issued). `working` is JSON: the sales, as they were reckoned.
"""
