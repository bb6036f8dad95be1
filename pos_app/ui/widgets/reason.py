"""Why a copy is needed: asked beside the paper, answered with one digit."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.application.reprint import ReprintReason
from pos_app.ui.look import Look
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import label

_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ReasonPanel(QFrame):
    """Why a copy is needed: one digit."""

    given = Signal(int)  # number of the reason, from 0
    back = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        tokens, words = look.tokens, look.words
        self.setProperty("role", "notice")
        restate(self, state="look")
        self.reasons: list[KeyButton] = []
        rows = QVBoxLayout()
        rows.setSpacing(tokens.px(6))
        for index, reason in enumerate(ReprintReason):
            button = KeyButton(
                tokens, words(f"reprint.reason.{reason.value}"), str(index + 1), "choice"
            )
            button.clicked.connect(lambda _=False, at=index: self.given.emit(at))
            self.reasons.append(button)
            rows.addWidget(button)
        self._back = KeyButton(tokens, words("reprint.back"), ESCAPE, "plain")
        self._back.clicked.connect(self.back)
        head = QHBoxLayout()
        head.setContentsMargins(tokens.px(4), 0, 0, 0)
        head.addWidget(label(words("reprint.title"), "fact"), 1)
        head.addWidget(self._back)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(12), tokens.px(4), tokens.px(12), tokens.px(12))
        column.setSpacing(tokens.px(4))
        column.addLayout(head)
        column.addLayout(rows)

    def first(self) -> QWidget:
        """Return where the focus goes."""
        return self.reasons[0]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit gives its reason, Enter the one in focus, Esc goes back."""
        if event.isAutoRepeat():
            return
        number = event.key() - Qt.Key.Key_1.value
        if 0 <= number < len(self.reasons):
            self.given.emit(number)
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Minus):
            self.back.emit()
        elif event.key() in _ENTER_KEYS:
            at = next((i for i, b in enumerate(self.reasons) if b.hasFocus()), 0)
            self.given.emit(at)
        else:
            super().keyPressEvent(event)
