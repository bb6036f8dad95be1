"""The rows of a bulk list as a table: what each would be, then what became of it."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from pos_app.application.bulk import PlannedRow, RowResult
from pos_app.application.bulk_words import said
from pos_app.domain.errors import PosError
from pos_app.ui.look import Look

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns in order."""

    LINE = 0
    METER = 1
    NAME = 2
    UNITS = 3
    TOTAL = 4
    STATUS = 5


_NAMES = ("line", "meter", "name", "units", "total", "status")
_NUMBERS = (Column.LINE, Column.UNITS, Column.TOTAL)


class BulkTable(QAbstractTableModel):
    """Planned rows with their results as far as they are there."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._rows: tuple[PlannedRow, ...] = ()
        self._results: tuple[RowResult, ...] = ()

    def show_rows(self, rows: tuple[PlannedRow, ...], results: tuple[RowResult, ...]) -> None:
        """Replace the rows, or only what became of them."""
        if rows is not self._rows:
            self.beginResetModel()
            self._rows, self._results = rows, results
            self.endResetModel()
            return
        before, self._results = len(self._results), results
        first, last = min(before, len(results)), max(before, len(results)) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as above
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the names of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(Column(section))
        if role == Qt.ItemDataRole.DisplayRole:
            return self._look.words(f"bulk.column-{_NAMES[section]}")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return words, alignment or colour of a cell."""
        if not index.isValid():
            return None
        at, column = index.row(), Column(index.column())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._text(at, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.ForegroundRole and column is Column.STATUS:
            return self._colour(at)
        return None

    def _problem(self, at: int) -> PosError | None:
        tried = at < len(self._results)
        return self._results[at].problem if tried else self._rows[at].problem

    def _colour(self, at: int) -> QColor | None:
        palette = self._look.tokens.palette
        if self._problem(at) is not None:
            return QColor(palette.stop)
        return QColor(palette.done) if at < len(self._results) else None

    def _text(self, at: int, column: Column) -> str:
        row, figures = self._rows[at], self._look.figures
        quote, meter = row.quote, row.meter
        texts = {
            Column.LINE: str(row.row.line),
            Column.METER: figures.grouped(row.drn[:20]),
            Column.NAME: "" if meter is None else meter.name,
            Column.UNITS: row.row.units if quote is None else figures.exact_units(quote.tenths),
            Column.TOTAL: row.row.amount if quote is None else figures.coded(quote.total),
            Column.STATUS: self._status(at),
        }
        return texts[column]

    def _status(self, at: int) -> str:
        words, problem = self._look.words, self._problem(at)
        if problem is not None:
            return f"■ {said(words, problem)}"
        if at >= len(self._results):
            return ""
        result = self._results[at]
        if result.sale is None:
            return words("bulk.status-waiting")
        state = "sold-before" if result.before else "sold"
        return f"✓ {words(f'bulk.status-{state}')} · {result.sale.receipt}"


def _side(column: Column) -> Qt.AlignmentFlag:
    numbers = column in _NUMBERS
    across = Qt.AlignmentFlag.AlignTrailing if numbers else Qt.AlignmentFlag.AlignLeading
    return across | Qt.AlignmentFlag.AlignVCenter
