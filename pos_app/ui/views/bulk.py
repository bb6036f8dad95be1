"""A bulk list: the file above, its rows with what is wrong or what became of them, one key."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from pos_app.application.bulk_words import said
from pos_app.ui.look import Look
from pos_app.ui.models.bulk_table import BulkTable, Column
from pos_app.ui.presenters.bulk import BulkPresenter, BulkScreen, BulkStep
from pos_app.ui.widgets.buttons import KeyButton, press
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import label
from pos_app.ui.widgets.notice import Notice

_FREE: Final = frozenset({BulkStep.EMPTY, BulkStep.DONE})


class BulkPage(QWidget):
    """F3 chooses a file, F2 sells, Esc stops or goes back."""

    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._presenter: BulkPresenter | None = None
        tokens, words = look.tokens, look.words
        self.path = Entry(tokens, words("bulk.ui-file"))
        self.path.setPlaceholderText(words("bulk.ui-file"))
        self.choose = KeyButton(tokens, words("bulk.ui-choose"), "F3")
        self.count = label("", "fact")
        self.model, self.table = BulkTable(look), QTableView()
        self.notice = Notice(tokens)
        self.act = KeyButton(tokens, "", "F2", "primary")
        self.back = KeyButton(tokens, "", ESCAPE)
        self._dress_table()
        self._build()

    def _dress_table(self) -> None:
        tokens, table = self._look.tokens, self.table
        table.setModel(self.model)
        table.setAccessibleName(self._look.words("bulk.ui-title"))
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(tokens.px(36))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        widths = {Column.LINE: 56, Column.METER: 132, Column.UNITS: 84, Column.TOTAL: 116}
        for column, width in widths.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, tokens.px(width))
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(Column.NAME, tokens.px(160))
        header.setSectionResizeMode(Column.STATUS, QHeaderView.ResizeMode.Stretch)

    def _build(self) -> None:
        tokens = self._look.tokens
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(label(self._look.words("bulk.ui-title"), "big"), 1)
        head.addWidget(self.count)
        line = QHBoxLayout()
        line.addWidget(self.path, 1)
        line.addWidget(self.choose)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.act)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.gutter, tokens.px(16), tokens.gutter, tokens.px(12))
        column.setSpacing(tokens.gap)
        column.addLayout(head)
        column.addLayout(line)
        column.addWidget(self.notice)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        for button in (self.choose, self.act, self.back):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def attach(self, presenter: BulkPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.path.entered.connect(lambda: presenter.look(self.path.text()))
        self.path.escaped.connect(self._leave)
        self.choose.clicked.connect(self._choose)
        self.act.clicked.connect(presenter.sell)
        self.back.clicked.connect(self._leave)
        self.show_screen(presenter.screen)

    def under_way(self) -> bool:
        """Tell whether a swiped card would drop something: a list looked at, not done."""
        return self._presenter is not None and self._presenter.screen.step not in _FREE

    def showEvent(self, event: QShowEvent) -> None:
        """Put the focus on the file."""
        super().showEvent(event)
        self.path.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_screen(self, screen: BulkScreen) -> None:
        """Draw the rows and what can be done with them."""
        words, step, plan = self._look.words, screen.step, screen.plan
        self.model.show_rows(plan.rows if plan else (), screen.results)
        self.count.setText(self._count(screen))
        ready = step in {BulkStep.LOOKED, BulkStep.STOPPED} and plan is not None
        good = len(plan.rows) - plan.broken if plan else 0
        self.act.setVisible(ready and good > 0)
        again = "again" if screen.done_before else "sell"
        going = "on" if step is BulkStep.STOPPED else again
        self.act.set_words(words(f"bulk.ui-{going}", rows=good, total=self._total(screen)))
        selling, busy = step is BulkStep.SELLING, step in {BulkStep.READING, BulkStep.SELLING}
        self.back.set_words(words("bulk.ui-stop" if busy else "bulk.ui-back"))
        self.path.setReadOnly(selling)  # a disabled field would lose the focus, and Esc with it
        self.choose.setEnabled(not selling)
        if selling and screen.results:
            self.table.scrollTo(self.model.index(len(screen.results) - 1, 0))
        self._say(screen)

    def _total(self, screen: BulkScreen) -> str:
        figures = self._look.figures
        return ", ".join(map(figures.coded, screen.plan.totals)) if screen.plan else ""

    def _count(self, screen: BulkScreen) -> str:
        words = self._look.words
        if screen.step is BulkStep.READING and screen.rows:
            return words("bulk.progress", at=screen.priced, rows=screen.rows)
        if screen.plan is None:
            return ""
        rows = len(screen.plan.rows)
        if screen.step is BulkStep.LOOKED:
            return words("bulk.ui-looked", rows=rows, broken=screen.plan.broken)
        return words("bulk.progress", at=len(screen.results), rows=rows)

    def _say(self, screen: BulkScreen) -> None:
        words = self._look.words
        if screen.problem is not None:
            self.notice.say(said(words, screen.problem))
        elif screen.step is BulkStep.DONE:
            refused = len(screen.results) - screen.sold
            text = words("bulk.done", sold=screen.sold, refused=refused)
            kept = words("bulk.ui-kept", path=screen.kept) if screen.kept else ""
            self.notice.say(f"{text} {kept}".strip(), "done" if not refused else "look")
        elif screen.step is BulkStep.STOPPED:
            self.notice.say(words("bulk.ui-stopped", at=len(screen.results)), "look")
        else:
            self.notice.say("")

    def _choose(self) -> None:
        dialog = QFileDialog(self, self._look.words("bulk.ui-choose"))
        dialog.setNameFilter("CSV (*.csv)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, path: str) -> None:
        self.path.setText(path)
        if self._presenter is not None:
            self._presenter.look(path)

    def _leave(self) -> None:
        if self._presenter is not None and not self._presenter.stop():
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 sells, F3 chooses, Esc stops or goes back."""
        key = event.key()
        if event.isAutoRepeat():
            return
        if key == Qt.Key.Key_F2:
            press(self.act)
        elif key == Qt.Key.Key_F3:
            press(self.choose)
        elif key in {Qt.Key.Key_Escape, Qt.Key.Key_F10}:
            self._leave()
        else:
            super().keyPressEvent(event)
