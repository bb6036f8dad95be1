"""Projections of payments: which reference paid for which sale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table tender_reference (
    kind text not null,
    reference text not null,
    seq integer not null references journal(seq),
    primary key (kind, reference, seq)
) strict, without rowid;
"""

_REFERENCE: Final = "insert or ignore into tender_reference values (?, ?, ?)"


def sale(entry: Entry, body: Body) -> Iterator[Change]:
    """Remember the references of a sale; entries from before there were any have none."""
    for tender in body["tenders"]:
        if tender.get("reference"):
            yield _REFERENCE, (tender["kind"], tender["reference"], entry.seq)
