"""Rows of a report: long lists that are read page by page, and any list in another order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import overload

from pos_app.application.reports.report import Cell, Column, Kind, Report, Row
from pos_app.domain.money import Money

PAGE = 1000
"""So many rows are read at once when all are walked through."""

Reader = Callable[[Sequence[int]], tuple[Row, ...]]
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LongRows(Sequence[Row]):
    """A list too long to hold: `order` are the journal numbers of its rows, in their order.

    `read` returns the rows of some journal numbers, `sort` all numbers by a column (code,
    descending). Both run on the ledger's thread, and so does whatever looks at a row here.
    """

    order: Sequence[int]
    read: Reader
    sort: Callable[[str, bool], Sequence[int]]

    def __len__(self) -> int:
        return len(self.order)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Row, ...]: ...

    def __getitem__(self, place: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(place, slice):
            return self.read(self.order[place])
        return self.read((self.order[place],))[0]

    def __iter__(self) -> Iterator[Row]:
        for first in range(0, len(self.order), PAGE):
            yield from self.read(self.order[first : first + PAGE])

    def by(self, code: str, *, descending: bool) -> LongRows:
        """Return the same rows in the order of a column."""
        return replace(self, order=self.sort(code, descending))

    def through(self, call: Callable[[Callable[[], tuple[Row, ...]]], tuple[Row, ...]]) -> LongRows:
        """Return the same rows, read through `call`, for a thread that is not the ledger's."""
        read = self.read
        return replace(self, read=lambda wanted: call(lambda: read(wanted)))


def in_order(report: Report, code: str, *, descending: bool) -> Report:
    """Return `report` with its rows in the order of a column; empty cells come last.

    Money is ordered within its currency. On the ledger's thread for a report of `LongRows`.
    """
    if isinstance(report.rows, LongRows):
        return replace(report, rows=report.rows.by(code, descending=descending))
    at = next(place for place, each in enumerate(report.columns) if each.code == code)
    column = report.columns[at]
    empty = [row for row in report.rows if row[at] in {None, ""}]
    full = [row for row in report.rows if row[at] not in {None, ""}]
    full.sort(key=lambda row: _key(column, row[at]), reverse=descending)
    return replace(report, rows=(*full, *empty))


def _key(column: Column, cell: Cell) -> Key:
    if isinstance(cell, Money):
        return (cell.currency.code, cell.minor)
    if isinstance(cell, str):
        return (Decimal(cell),) if column.kind is Kind.PERCENT else (cell.casefold(), cell)
    return (cell,)
