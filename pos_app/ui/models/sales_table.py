"""The list of sales as a table over frozen rows."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from pos_app.application.printing import PrintState
from pos_app.application.records import SaleRow
from pos_app.ui.look import Look

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns in order."""

    TIME = 0
    METER = 1
    NAME = 2
    UNITS = 3
    TOTAL = 4
    SLIP = 5


_NAMES = ("time", "meter", "name", "units", "total", "slip")
_NUMBERS = (Column.UNITS, Column.TOTAL)


class SalesTable(QAbstractTableModel):
    """Rows of sales; `UserRole` returns the `SaleRow`. Changed rows change alone."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._rows: tuple[SaleRow, ...] = ()
        self._several = False  # currencies in the list

    def show_rows(self, rows: tuple[SaleRow, ...]) -> None:
        """Replace the rows; the same receipts in the same order keep their place."""
        if rows == self._rows:
            return
        if [row.receipt for row in rows] == [row.receipt for row in self._rows]:
            before, self._rows = self._rows, rows
            for at, (old, new) in enumerate(zip(before, rows, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(at, 0), self.index(at, len(Column) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self._several = len({row.total.currency.code for row in rows}) > 1
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of sales."""
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
            return self._side(Column(section))
        if role == Qt.ItemDataRole.DisplayRole:
            return self._look.words(f"sales.column.{_NAMES[section]}")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return words, alignment or colour of a cell, or its row."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(column)
        return self._emphasis(row, column, role)

    def _emphasis(self, row: SaleRow, column: Column, role: int) -> object:
        if role == Qt.ItemDataRole.FontRole and column is Column.TOTAL:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        failed = row.print_state is PrintState.FAILED
        if role == Qt.ItemDataRole.ForegroundRole and column is Column.SLIP and failed:
            return QColor(self._look.tokens.palette.stop)
        return None

    def _side(self, column: Column) -> Qt.AlignmentFlag:
        across = Qt.AlignmentFlag.AlignLeading
        if column in _NUMBERS:
            across = Qt.AlignmentFlag.AlignTrailing
        return across | Qt.AlignmentFlag.AlignVCenter

    def _text(self, row: SaleRow, column: Column) -> str:
        figures = self._look.figures
        money = figures.coded if self._several else figures.money
        return {
            Column.TIME: lambda: figures.time(row.at_ms),
            Column.METER: lambda: figures.last_four(row.drn),
            Column.NAME: lambda: row.name,
            Column.UNITS: lambda: f"{figures.exact_units(row.tenths)} {row.unit}",
            Column.TOTAL: lambda: money(row.total),
            Column.SLIP: lambda: self._slip(row),
        }[column]()

    def _slip(self, row: SaleRow) -> str:
        words = self._look.words
        if row.redress:
            return words(f"uiredress.row-{row.redress}")
        if row.copies and row.print_state is not PrintState.FAILED:
            return words("sales.slip.copies", n=row.copies)
        state = words(f"sales.slip.{row.print_state.value}")
        return f"■ {state}" if row.print_state is PrintState.FAILED else state
