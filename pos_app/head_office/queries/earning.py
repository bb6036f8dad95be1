"""What vendors earned over some days, by till and kind of money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pos_app.head_office.commission import Base, Earned, TermsBook
from pos_app.head_office.store import receipts, settling
from pos_app.head_office.store.engine import Act
from pos_app.head_office.store.settling import Days

Row = dict[str, Any]
Purse = tuple[str, int, bool]
"""A currency, its decimals, and whether it is training: what can be added up."""
_BASE = ("sold", "tenths", "free_tokens", "debt", "own")


def purse_of(row: Row) -> Purse:
    """Return the kind of money of a row."""
    return row["currency"], row["decimals"], bool(row["training"])


def earned(act: Act, days: Days, till: str, book: TermsBook) -> dict[tuple[str, Purse], Earned]:
    """Return what each till earned on the days; also on sales known from receipts only."""
    found: dict[tuple[str, Purse], Earned] = {}
    for name, purse, day, base in _bases(act, days, till, book):
        terms = book.at(name, purse[0], day) if day else None
        found.setdefault((name, purse), Earned()).add(base, terms, purse[1])
    return found


def _bases(
    act: Act, days: Days, till: str, book: TermsBook
) -> Iterator[tuple[str, Purse, str, Base]]:
    """Yield what is earned on: day by day where terms count, else in one."""
    for row in settling.earning(act, days, till, book.tills, by_day=False):
        yield row["till"], purse_of(row), "", Base(*(row[name] for name in _BASE))
    if not book.tills:
        return
    rows = settling.earning(act, days, till, book.tills, by_day=True)
    bases = {(row["till"], purse_of(row), row["day"]): row for row in rows}
    for row in _of_receipts(receipts.sums(act, *days, till), book):
        key = row["till"], purse_of(row), row["day"]
        held = bases.setdefault(key, dict.fromkeys(_BASE, 0))
        held["sold"] += row["total_minor"]
        held["tenths"] += row["tenths"]
    for (name, purse, day), row in bases.items():
        yield name, purse, day, Base(*(row[each] for each in _BASE))


def _of_receipts(rows: Iterable[Row], book: TermsBook) -> Iterator[Row]:
    return (row for row in rows if row["till"] in book.tills)
