"""The tables of meters' keys: what tills' entries say, what the list says, who was told.

Units and names as in `tables`; a key in one text as `key_facts.written` writes it.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from pos_app.head_office.store.tables import TILL_LENGTH, metadata

_KEY: Final = 60


def _has(name: str, kind: Any = BigInteger) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _key(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


key_fact = Table(
    "key_fact",
    metadata,
    _key("till", String(TILL_LENGTH)),
    _key("seq", BigInteger),
    _key("branch", Integer),
    _has("drn", String(20)),
    _has("at_ms"),
    _has("how", String(10)),
    _has("proof", String(20)),
    _has("sgc", String(6)),
    _has("krn", Integer),
    _has("base", Integer),
    _has("key", String(_KEY)),
    _has("old", String(_KEY)),
    _has("record", String(_KEY)),
    Index("ix_key_fact_drn", "drn", "at_ms"),
    Index("ix_key_fact_place", "sgc", "krn", "base", "drn"),
)
"""What an entry says of the key in a meter: `how` is ``given`` or ``shown`` (`key_facts`)."""

list_key = Table(
    "list_key",
    metadata,
    _key("drn", String(20)),
    _has("sgc", String(6)),
    _has("krn", Integer),
    _has("key", String(_KEY)),
    _has("changed_ms"),
    Index("ix_list_key_group", "sgc", "krn", "drn"),
)
"""The key in the billing system's list, of meters on file; `key` is empty for half a record.

`changed_ms`: when a list first said this key where it had said another before; 0: it never had.
"""

key_head = Table(
    "key_head",
    metadata,
    _key("till", String(TILL_LENGTH)),
    _key("branch", Integer),
    _has("seq"),
)
"""The last entry of each branch that says something of a key."""

keys_told = Table(
    "keys_told",
    metadata,
    _key("till", String(TILL_LENGTH)),
    _key("other", String(TILL_LENGTH)),
    _key("branch", Integer),
    _has("seq"),
)
"""Up to which entry of another till's branch a till was told what became of meters' keys."""
