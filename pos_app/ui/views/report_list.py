"""The rows of a report and, below them in the same columns, their sums."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from pos_app.application.reports.report import Column, Kind, Report, Row
from pos_app.ui.look import Look
from pos_app.ui.models.report_table import ReportTable
from pos_app.ui.presenters.report_screen import Sort
from pos_app.ui.widgets.labels import rule

_WHOLE = frozenset({"receipt", "meter", "phone", "reference"})
"""Codes that mean nothing when they are cut; names and sentences give way instead."""
_OWN_MARGIN = 10
"""What Qt keeps free around the words of a cell besides the sheet's padding, in pixels."""
_SPARE_SHARE = 3
"""No column gets more than so many times what it needs: figures stay near their words."""


class _Rows(QTableView):
    """A table whose keys are arrows and pages; everything else is the page's."""

    def __init__(self, look: Look, name: str, model: ReportTable) -> None:
        super().__init__()
        self.setObjectName("report")
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(look.tokens.px(32))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(look.tokens.px(32))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(look.tokens.px(24))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave letters alone: a search that reads every row would stop the window."""
        if event.text() and event.text().isprintable():
            event.ignore()
            return
        super().keyPressEvent(event)


class ReportList(QWidget):
    """The table; it asks for the pages it lacks and for another order."""

    wanted = Signal(int)
    sort_wanted = Signal(str)  # the code of a column

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.model = ReportTable(look.words)
        self.sums = ReportTable(look.words, totals=True)
        self.table = _Rows(look, look.words("reports.list"), self.model)
        self.totals = _Rows(look, look.words("reports.totals"), self.sums)
        self.totals.horizontalHeader().hide()
        self.totals.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.totals.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        for bars in (
            self.totals.setHorizontalScrollBarPolicy,
            self.totals.setVerticalScrollBarPolicy,
        ):
            bars(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bold = QFont(self.totals.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self.totals.setFont(bold)
        self._line = rule()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(self._line)
        column.addWidget(self.totals)
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort_at)
        self.model.wanted.connect(self.wanted)
        across = self.table.horizontalScrollBar()
        across.valueChanged.connect(self.totals.horizontalScrollBar().setValue)

    def show_report(self, report: Report | None, head: tuple[Row, ...], sort: Sort | None) -> None:
        """Replace rows and sums."""
        self.model.show_report(report, head)
        self.sums.show_report(report, head)
        count = self.sums.rowCount()
        self.totals.setFixedHeight(count * self._look.tokens.px(32) + 2 * QFrame().frameWidth())
        self.totals.setVisible(bool(count))
        self._line.setVisible(bool(count))
        self._show_sort(sort)
        self._fit()
        if self.model.rowCount() and self.model.columnCount():
            keep = QItemSelectionModel.SelectionFlag.NoUpdate
            self.table.selectionModel().setCurrentIndex(self.model.index(0, 0), keep)

    def sort_here(self) -> None:
        """Order by the column of the current cell."""
        self._sort_at(self.table.currentIndex().column())

    def _sort_at(self, section: int) -> None:
        if 0 <= section < len(self.model.columns):
            self.sort_wanted.emit(self.model.columns[section].code)

    def _show_sort(self, sort: Sort | None) -> None:
        header, orders = self.table.horizontalHeader(), Qt.SortOrder
        codes = [column.code for column in self.model.columns]
        held = sort is not None and sort.code in codes
        header.setSortIndicatorShown(held)
        if sort is not None and held:
            order = orders.DescendingOrder if sort.descending else orders.AscendingOrder
            header.setSortIndicator(codes.index(sort.code), order)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width out."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.table.width() - self.table.verticalScrollBar().sizeHint().width()
        for at, width in enumerate(self._widths(room)):
            self.table.setColumnWidth(at, width)
            self.totals.setColumnWidth(at, width)

    def _widths(self, room: int) -> list[int]:
        columns = self.model.columns
        needed = [self._needed(at, column) for at, column in enumerate(columns)]
        narrowest = self._look.tokens.px(136)
        whole = [column.kind is not Kind.TEXT or column.code in _WHOLE for column in columns]
        return share(needed, whole, room, narrowest)

    def _needed(self, at: int, column: Column) -> int:
        tokens = self._look.tokens
        plain, bold = QFontMetrics(self.table.font()), QFontMetrics(self.totals.font())
        small = QFont(self.table.font())
        small.setPixelSize(tokens.caption)
        sort_sign = tokens.px(16)
        texts = [plain.horizontalAdvance(text) for text in self.model.texts(at)]
        texts += [bold.horizontalAdvance(text) for text in self.sums.texts(at)]
        heading = QFontMetrics(small).horizontalAdvance(column.heading) + sort_sign
        return max(*texts, heading, 0) + 2 * tokens.px(10) + _OWN_MARGIN

    def current(self) -> QModelIndex:
        """Return the current cell."""
        return self.table.currentIndex()


def share(needed: Sequence[int], whole: Sequence[bool], room: int, narrowest: int) -> list[int]:
    """Return widths for `room`: spare room for all, missing room from the widest texts.

    What is `whole` is never cut; where even that does not fit, the table scrolls.
    """
    widths = list(needed)
    spare = room - sum(widths)
    if spare > 0 and widths:
        each = spare // len(widths)
        return [min(width + each, width * _SPARE_SHARE) for width in widths]
    while spare < 0:
        texts = [at for at, wide in enumerate(widths) if not whole[at] and wide > narrowest]
        if not texts:
            break
        at = max(texts, key=lambda place: widths[place])
        cut = min(-spare, max(widths[at] - narrowest, 0), 8)
        widths[at] -= cut
        spare += cut
    return widths
