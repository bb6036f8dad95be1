"""Sales of the day: the list for the hand, the slip of the chosen one for the eye."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from pos_app.application.records import SaleRow
from pos_app.domain.money import Money
from pos_app.ui.look import Look
from pos_app.ui.models.sales_table import Column, SalesTable
from pos_app.ui.presenters.sales import MOST_ROWS, SalesPresenter, SalesScreen
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.desk_side import DeskSide
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ENTER, ESCAPE
from pos_app.ui.widgets.labels import label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.slip_view import SlipPainter

NAME_ROOM = 120
"""Pixels at scale 1 below which a name cannot be told from another."""


class SalesPage(QWidget):
    """The caret stays in the search field; arrows choose, Enter prints."""

    left = Signal()
    redress_wanted = Signal(str)  # the receipt number

    def __init__(self, look: Look, painter: SlipPainter) -> None:
        super().__init__()
        self._look = look
        self._presenter: SalesPresenter | None = None
        self._asking = False
        tokens, words = look.tokens, look.words
        self.search = Entry(tokens, words("sales.search"))
        self.search.setPlaceholderText(words("sales.search"))
        self.model = SalesTable(look)
        self.table = QTableView()
        self.count = label("", "fact")
        self.empty = label("", "quiet")
        self.notice = Notice(tokens)
        self.again = KeyButton(tokens, words("sales.print"), ENTER, "primary")
        self.back = KeyButton(tokens, words("sales.back"), ESCAPE)
        self.right = KeyButton(tokens, words("uiredress.key"), "F8", "plain")
        self.paper = DeskSide(look, painter, (self.again, self.back))
        self._dress_table()
        self._build()

    def _dress_table(self) -> None:
        tokens, table = self._look.tokens, self.table
        table.setModel(self.model)
        table.setAccessibleName(self._look.words("sales.list"))
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(tokens.target)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(tokens.px(40))
        for column in Column:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)

    def _build(self) -> None:
        tokens = self._look.tokens
        head = QHBoxLayout()
        head.addWidget(label(self._look.words("sales.title"), "big"), 1)
        head.addWidget(self.count)
        head.addSpacing(tokens.gap)
        head.addWidget(self.right)
        hand = QVBoxLayout()
        hand.setContentsMargins(tokens.gutter, tokens.px(16), tokens.gutter, tokens.px(12))
        hand.setSpacing(tokens.gap)
        hand.addWidget(self.search)
        hand.addLayout(head)
        hand.addWidget(self.table, 1)
        hand.addWidget(self.empty)
        hand.addWidget(self.notice)
        hand.addStretch(0)  # takes the room of a list that is not there
        sides = QHBoxLayout(self)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(0)
        sides.addLayout(hand, 1)
        sides.addWidget(self.paper)
        for button in (self.again, self.back, self.right):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def attach(self, presenter: SalesPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.search.textEdited.connect(presenter.typed)
        self.search.entered.connect(presenter.print_again)
        self.search.escaped.connect(self._back)
        self.search.moved.connect(presenter.move)
        self.table.clicked.connect(lambda index: presenter.choose(index.row()))
        self.again.clicked.connect(presenter.print_again)
        self.back.clicked.connect(self._back)
        self.right.clicked.connect(self._put_right)
        self.paper.reason.given.connect(presenter.reason)
        self.paper.reason.back.connect(self._back)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list anew whenever the page is opened."""
        super().showEvent(event)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._presenter is not None:
            self._presenter.begin()

    def show_screen(self, screen: SalesScreen) -> None:
        """Draw the list, the slip and what happened."""
        self.search.set_typed(screen.text)
        if screen.rows is not None:
            self.model.show_rows(screen.rows)
            self.table.selectRow(screen.chosen)
            self.count.setText(self._sum(screen.rows))
        self.paper.show_slip(screen.slip, draft=False)
        for button in (self.again, self.right):
            button.setEnabled(screen.row is not None)
        self.table.setVisible(bool(screen.rows))
        nothing = screen.rows == () and not screen.text.strip()
        self.empty.setText(self._look.words("sales.none") if nothing else "")
        self.empty.setVisible(nothing)
        self._give_way()
        self.paper.ask_reason(asking=screen.asking)
        self._say(screen)
        if screen.asking is not self._asking:
            self._asking = screen.asking
            place = self.paper.reason.first() if screen.asking else self.search
            place.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Weigh the columns anew."""
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        """Leave out the units where they would not leave the name enough room to be read."""
        header, table = self.table.horizontalHeader(), self.table
        others = sum(
            max(table.sizeHintForColumn(column), header.sectionSizeHint(column))
            for column in Column
            if column is not Column.NAME
        )
        narrow = self.search.width() - others < self._look.tokens.px(NAME_ROOM)
        table.setColumnHidden(Column.UNITS, narrow)

    def _sum(self, rows: tuple[SaleRow, ...]) -> str:
        """Return how many sales and how much in each currency; no sum of a cut list."""
        if len(rows) >= MOST_ROWS:
            return self._look.words("sales.first", n=len(rows))
        count = self._look.words("sales.count", n=len(rows))
        totals: dict[str, Money] = {}
        for row in rows:
            code = row.total.currency.code
            totals[code] = totals[code] + row.total if code in totals else row.total
        sums = self._look.figures.sums([totals[code] for code in sorted(totals)])
        return f"{count} · {sums}" if sums else count

    def _say(self, screen: SalesScreen) -> None:
        words = self._look.words
        if screen.problem is not None:
            self.notice.say(self._look.say(screen.problem))
        elif screen.printed is not None:
            receipt, copy = screen.printed
            key = "sales.printing" if copy else "sales.retried"
            self.notice.say(words(key, n=copy, receipt=receipt), "done")
        elif screen.rows == () and screen.text.strip():
            self.notice.say(words("sales.none.found", text=screen.text.strip()), "look")
        else:
            self.notice.say("")

    def _put_right(self) -> None:
        row = self._presenter.screen.row if self._presenter is not None else None
        if row is not None:
            self.redress_wanted.emit(row.receipt)

    def _back(self) -> None:
        if self._presenter is not None and not self._presenter.back():
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F8 puts a sale right, F9 prints, F10 goes back, from anywhere on the page."""
        if event.isAutoRepeat() or self._presenter is None:
            return
        if event.key() == Qt.Key.Key_F9:
            self._presenter.print_again()
        elif event.key() == Qt.Key.Key_F8:
            self._put_right()
        elif event.key() == Qt.Key.Key_F10:
            self.left.emit()
        else:
            super().keyPressEvent(event)
