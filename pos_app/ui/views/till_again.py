"""A second slip or a second sale: the till asks in place, never in a dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from pos_app.ui.look import Look
from pos_app.ui.presenters.till_screen import TillScreen
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.keycap import ENTER, ESCAPE
from pos_app.ui.widgets.labels import label, sentence

_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DuplicatePanel(QFrame):
    """Sold a moment ago: print again is the first key, selling again a far one."""

    again = Signal()
    sell = Signal()
    back = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens, words = look.tokens, look.words
        self.setProperty("role", "notice")
        restate(self, state="look")
        self._title = label("", "big")
        self._body = sentence()
        self.print = KeyButton(tokens, words("till.duplicate.print"), ENTER, "primary")
        self._sell = KeyButton(tokens, words("till.duplicate.sell"), "F12")
        self._back = KeyButton(tokens, words("till.duplicate.back"), ESCAPE, "plain")
        self.print.clicked.connect(self.again)
        self._sell.clicked.connect(self.sell)
        self._back.clicked.connect(self.back)
        keys = QHBoxLayout()
        keys.setSpacing(tokens.gap)
        for button in (self.print, self._sell, self._back):
            button.setAutoDefault(False)
            keys.addWidget(button)
        keys.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(16), tokens.px(10), tokens.px(16), tokens.px(12))
        column.setSpacing(tokens.px(4))
        column.addWidget(self._title)
        column.addWidget(self._body)
        column.addStretch(1)
        column.addLayout(keys)

    def show_screen(self, screen: TillScreen) -> None:
        """Say who sold it, when, and on which receipt."""
        problem = screen.problem
        if problem is None or problem.code != "duplicate-sale":
            return
        words = self._look.words
        seconds = int(str(problem.facts["seconds"]))
        key = "till.duplicate.minutes" if seconds >= 60 else "till.duplicate.seconds"
        ago = words(key, n=seconds // 60 if seconds >= 60 else seconds)
        facts = {"ago": ago, "operator": problem.facts["operator"]}
        self._title.setText(words("till.duplicate.title", **facts))
        self._body.setText(words("till.duplicate.body", receipt=problem.facts["receipt"]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and R print, F12 and the pad's slash sell, Esc and the pad's minus go back."""
        if event.isAutoRepeat():
            return
        key = event.key()
        if key in (*_ENTER_KEYS, Qt.Key.Key_R):
            self.again.emit()
        elif key in (Qt.Key.Key_F12, Qt.Key.Key_Slash):
            self.sell.emit()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Minus):
            self.back.emit()
        else:
            super().keyPressEvent(event)
