"""A report's rows as a table; a long list holds the pages that are looked at and asks for more."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from pos_app.application.reports.columns import shown_columns
from pos_app.application.reports.figures import Figures
from pos_app.application.reports.report import Column, Report, Row
from pos_app.application.reports.rows import LongRows
from pos_app.application.words import Words
from pos_app.ui.presenters.reports import PAGE

Index = QModelIndex | QPersistentModelIndex
HELD_PAGES = 60
"""Twelve thousand rows; what was looked at longest ago goes first."""

_MEASURED = 80


class ReportTable(QAbstractTableModel):
    """`totals` shows a report's sums instead of its rows, in the same columns."""

    wanted = Signal(int)  # the first row of a page that is not here

    def __init__(self, words: Words, *, totals: bool = False) -> None:
        super().__init__()
        self._figures = Figures(words)
        self._totals = totals
        self._rows: Sequence[Row] = ()
        self._shown: tuple[tuple[int, Column], ...] = ()
        self._pages: OrderedDict[int, tuple[Row, ...]] = OrderedDict()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are shown."""
        return tuple(column for _, column in self._shown)

    def show_report(self, report: Report | None, head: tuple[Row, ...]) -> None:
        """Replace everything; `head` are the first rows."""
        self.beginResetModel()
        self._pages.clear()
        if report is None:
            self._rows, self._shown = (), ()
        else:
            self._rows = report.totals if self._totals else report.rows
            self._shown = shown_columns(report, head)
            if not self._totals:
                self._pages[0] = head
        self.endResetModel()

    def put(self, rows: LongRows, first: int, page: tuple[Row, ...]) -> None:
        """Take a page, unless another report stands here by now."""
        if rows is not self._rows:
            return
        self._pages[first] = page
        while len(self._pages) > HELD_PAGES:
            self._pages.popitem(last=False)
        last = min(first + PAGE, len(rows)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._shown) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows, read or not."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as above
        """Return the number of columns that are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the names of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._shown):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(self._shown[section][1])
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown[section][1].heading
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words or the side of a cell."""
        if not index.isValid():
            return None
        place, column = self._shown[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.row(index.row())
            return "" if row is None else self._figures.cell(column, row[place])
        return None

    def row(self, number: int) -> Row | None:
        """Return a row, None while it is not read; then it is asked for."""
        if not isinstance(self._rows, LongRows):
            return self._rows[number]
        first = number - number % PAGE
        page = self._pages.get(first)
        if page is None:
            self.wanted.emit(first)
            return None
        self._pages.move_to_end(first)
        return page[number - first]

    def texts(self, at: int) -> list[str]:
        """Return what a column shows in the first rows, for measuring."""
        place, column = self._shown[at]
        long = isinstance(self._rows, LongRows)
        rows = self._pages.get(0, ()) if long else self._rows
        return [self._figures.cell(column, row[place]) for row in rows[:_MEASURED]]


def _side(column: Column) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignTrailing if column.is_figure else Qt.AlignmentFlag.AlignLeading
    return across | Qt.AlignmentFlag.AlignVCenter
