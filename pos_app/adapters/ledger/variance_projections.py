"""The projection of counts that were off by more than the limit, and of who looked into them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table variance (
    shift integer primary key check (shift > 0),
    closed_seq integer not null unique references journal(seq),
    approved_seq integer not null default 0
) strict;
create index variance_open on variance(shift) where approved_seq = 0;
"""
_FOUND: Final = "insert into variance values (?, ?, 0)"
_APPROVED: Final = "update variance set approved_seq = ? where shift = ?"


def closed(entry: Entry, body: Body) -> Iterator[Change]:
    """Note a close whose count was off; entries from before there was a limit say nothing."""
    if body.get("over_limit"):
        yield _FOUND, (body["shift"], entry.seq)


def approved(entry: Entry, body: Body) -> Iterator[Change]:
    """Note who looked into it."""
    yield _APPROVED, (entry.seq, body["shift"])
