"""The tables of settlement (step 0007): sums by day, closes of shifts and batches, commission.

Units and names as in `tables`; the till is the first column of every key.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from pos_app.head_office.store.tables import TILL_LENGTH, metadata

_NAME: Final = 200


def _key(name: str, kind: object) -> Column[object]:
    return Column(name, kind, primary_key=True, autoincrement=False)  # type: ignore[arg-type]


def _has(name: str, kind: object = BigInteger) -> Column[object]:
    return Column(name, kind, nullable=False)  # type: ignore[arg-type]


tally = Table(
    "tally",
    metadata,
    _key("till", String(TILL_LENGTH)),
    _key("day", String(10)),
    _key("branch", Integer),
    _key("what", String(40)),
    _key("name", String(_NAME)),
    _key("detail", String(_NAME)),
    _key("currency", String(3)),
    _key("decimals", Integer),
    _key("unit", String(20)),
    _key("training", Boolean),
    _has("times"),
    _has("minor"),
    _has("tenths"),
    Index("ix_tally_day", "day"),
)
"""What the entries of a till's day add up to, by the names of the till's own reports."""

closing = Table(
    "closing",
    metadata,
    _key("till", String(TILL_LENGTH)),
    _key("seq", BigInteger),
    _key("branch", Integer),
    _has("kind", String(20)),
    _has("number"),
    _has("day", String(10)),
    _has("at_ms"),
    _has("who", String(_NAME)),
    _has("training", Boolean),
    _has("facts", Text),
    Index("ix_closing_day", "day", "till", "seq", "branch"),
    Index("ix_closing_number", "till", "kind", "number"),
)
"""Shifts and bank batches that ended (``shift``, ``bank``), and ``approval``: who looked into the
variance of the shift whose closing entry `number` names; `facts` is JSON.
"""

commission_terms = Table(
    "commission_terms",
    metadata,
    _key("till", String(TILL_LENGTH)),
    _key("number", Integer),
    _has("currency", String(3)),
    _has("from_day", String(10)),
    _has("sale_percent", String(40)),
    _has("unit_amount", String(40)),
    _has("free_token_amount", String(40)),
    _has("debt_percent", String(40)),
    _has("note", Text),
    _has("set_ms"),
    _has("set_by", String(_NAME)),
)
"""What a vendor earns from a day on; no row is ever changed, the last that begins by a day counts.

Amounts are decimals as text, of the currency: for a unit sold, for a free-unit token.
"""
