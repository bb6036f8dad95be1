"""One of a few, all in view: a row of buttons where one is pressed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from pos_app.ui.theme.tokens import Tokens
from pos_app.ui.widgets.buttons import KeyButton


class ChoiceRow(QWidget):
    """Names by code, in order; arrows move within the row."""

    picked = Signal(str)  # the code of the pressed button

    def __init__(self, tokens: Tokens, name: str, choices: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: dict[str, KeyButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.gap)
        for code, words in choices:
            button = KeyButton(tokens, words, kind="choice")
            button.setAccessibleName(f"{name}: {words}")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, chosen=code: self.picked.emit(chosen))
            self._group.addButton(button)
            self.buttons[code] = button
            row.addWidget(button, 1)

    def pick(self, code: str) -> None:
        """Show `code` as chosen."""
        button = self.buttons.get(code)
        if button is not None:
            button.setChecked(True)
