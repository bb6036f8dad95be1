"""Another meter in a meter's place: its number, and what the old one still shows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.labels import label


class SwapFields(QWidget):
    """Two lines; Enter goes from the number to the credit, and on from there."""

    escaped = Signal()
    ended = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        tokens, words = look.tokens, look.words
        self.new = Entry(tokens, words("meterlife.new"))
        self.credit = Entry(tokens, words("meterlife.old-credit"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.px(4))
        for field in (self.new, self.credit):
            column.addWidget(label(field.accessibleName(), "caption"))
            column.addWidget(field)
            field.escaped.connect(self.escaped)
        self.new.entered.connect(lambda: self.credit.setFocus(Qt.FocusReason.OtherFocusReason))
        self.credit.entered.connect(self.ended)

    def typed(self) -> tuple[str, str]:
        """Return the number and the credit; what is left empty is none."""
        return self.new.text(), self.credit.text().strip() or "0"

    def clear(self) -> None:
        """Empty both."""
        self.new.clear()
        self.credit.clear()
