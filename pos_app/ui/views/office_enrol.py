"""What a supervisor types to enrol a till: where head office is, and its one-time code."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.labels import label


class EnrolFields(QWidget):
    """Enter goes on to the code, and from there to head office."""

    entered = Signal()
    escaped = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        tokens, words = look.tokens, look.words
        self.address = Entry(tokens, words("uioffice.address"))
        self.code = Entry(tokens, words("uioffice.one-time"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.px(4))
        for name, field in (("address", self.address), ("one-time", self.code)):
            column.addWidget(label(words(f"uioffice.{name}"), "caption"))
            column.addWidget(field)
            field.escaped.connect(self.escaped)
            field.moved.connect(self._move)
        self.address.entered.connect(self._next)
        self.code.entered.connect(self.entered)

    def begin(self, url: str) -> None:
        """Ask anew; an address that is known already stands there."""
        self.address.set_typed(self.address.text() or url)
        self.code.clear()
        self.take_focus()

    def take_focus(self) -> None:
        """Put the caret where something is missing."""
        missing = self.code if self.address.text() else self.address
        missing.setFocus(Qt.FocusReason.OtherFocusReason)

    def _next(self) -> None:
        if self.address.text().strip():
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, rows: int) -> None:
        field = self.code if rows > 0 else self.address
        field.setFocus(Qt.FocusReason.OtherFocusReason)
