"""What followed from some entries, ready to be written: rows by table, and what others are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from pos_app.head_office import tally_rows
from pos_app.head_office.announcing import told
from pos_app.head_office.books import Books
from pos_app.head_office.findings import Finding
from pos_app.head_office.projecting import Followed
from pos_app.head_office.store import journals, rows
from pos_app.head_office.store.bulk import Rows
from pos_app.head_office.store.hooks import Told
from pos_app.head_office.store.rows import Identified
from pos_app.head_office.tallying import Tallied


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
    sums: list[tuple[Any, ...]]
    closings: list[tuple[Any, ...]]
    keys: list[tuple[Any, ...]]


class Undated(NamedTuple):
    """What entry `seq` adds to the sums of a day that only the books of its branch say."""

    seq: int
    tally: Tallied | None
    closing: tuple[Any, ...] | None


def dated(ready: Prepared, undated: Sequence[Undated], on: int, books: Books) -> Prepared:
    """Return what followed with what had no day yet, as the books of branch `on` say it."""
    if not undated:
        return ready
    sums: tally_rows.Sums = {}
    closings = list(ready.closings)
    for seq, tally, closing in undated:
        tally_rows.add(sums, on, tally, books)
        if closing is not None:
            closings.append((seq, on, *tally_rows.dated(closing, books)))
    return ready._replace(sums=[*ready.sums, *tally_rows.rows_of(sums)], closings=closings)


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
        tally_rows.rows_of(followed.sums),
        followed.closings,
        followed.keys,
    )
    if not packed:
        return ready
    tight = rows.packed(sales, tokens)
    return ready._replace(entries=journals.packed(entries), sales=tight[0], tokens=tight[1])


def _identified(tokens: Sequence[tuple[Any, ...]]) -> Identified:
    found = [(row[0], row[3], row[4]) for row in tokens if row[4]]
    seqs, drns, minutes = zip(*found, strict=True) if found else ((), (), ())
    return Identified(list(seqs), list(drns), list(minutes))
