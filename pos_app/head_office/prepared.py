"""What followed from some entries, ready to be written: rows by table, and what others are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from pos_app.head_office.announcing import told
from pos_app.head_office.findings import Finding
from pos_app.head_office.projecting import Followed
from pos_app.head_office.store import journals, rows
from pos_app.head_office.store.bulk import Rows
from pos_app.head_office.store.hooks import Told
from pos_app.head_office.store.rows import Identified


class Prepared(NamedTuple):
    """Rows of a till's entries, sales and tokens; the rest is as `Followed` has it."""

    entries: Rows
    sales: Rows
    tokens: Rows
    identified: Identified
    told: list[Told]
    reprints: list[tuple[int, int, int]]
    made_good: list[tuple[int, int, int]]
    findings: list[Finding]


def prepared(
    till: str, entries: Sequence[tuple[Any, ...]], followed: Followed, *, packed: bool = False
) -> Prepared:
    """Return what followed from some entries of a till; `packed` for PostgreSQL.

    Raises `struct.error` where a number is too large to be packed.
    """
    sales = [(till, *row) for row in followed.sales]
    tokens = [(till, *row) for row in followed.tokens]
    ready = Prepared(
        entries,
        sales,
        tokens,
        _identified(followed.tokens),
        list(told(till, followed)),
        followed.reprints,
        followed.made_good,
        followed.findings,
    )
    if not packed:
        return ready
    tight = rows.packed(sales, tokens)
    return ready._replace(entries=journals.packed(entries), sales=tight[0], tokens=tight[1])


def _identified(tokens: Sequence[tuple[Any, ...]]) -> Identified:
    found = [(row[0], row[3], row[4]) for row in tokens if row[4]]
    seqs, drns, minutes = zip(*found, strict=True) if found else ((), (), ())
    return Identified(list(seqs), list(drns), list(minutes))
