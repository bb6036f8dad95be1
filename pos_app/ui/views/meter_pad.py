"""The keypad of the meters, for fingers: two rows under the wall."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.keycap import ENTER

ERASE, GIVE = "erase", "enter"
_KEYS = ("1", "2", "3", "4", "5", ERASE, "6", "7", "8", "9", "0", GIVE)
_PER_ROW = 6


class MeterPad(QWidget):
    """Ten digits, one that takes back, one that enters."""

    typed = Signal(str)
    erased = Signal()
    entered = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.keys: dict[str, KeyButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look.tokens.gap)
        for at, name in enumerate(_KEYS):
            self.keys[name] = key = self._key(look, name)
            grid.addWidget(key, at // _PER_ROW, at % _PER_ROW)
            grid.setColumnStretch(at % _PER_ROW, 1)

    def _key(self, look: Look, name: str) -> KeyButton:
        if name == ERASE:
            key = KeyButton(look.tokens, look.words("signin.erase"))
            key.clicked.connect(self.erased)
        elif name == GIVE:
            key = KeyButton(look.tokens, look.words("meterpage.enter"), ENTER, "primary")
            key.clicked.connect(self.entered)
        else:
            key = KeyButton(look.tokens, name)
            key.clicked.connect(lambda _=False, digit=name: self.typed.emit(digit))
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return key

    def show_state(self, *, usable: bool, whole: bool) -> None:
        """Let Enter be pressed only for a whole token."""
        for name, key in self.keys.items():
            key.setEnabled(usable and (name != GIVE or whole))
