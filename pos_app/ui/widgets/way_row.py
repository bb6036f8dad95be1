"""The ways of paying as a row of buttons; the next one carries the key that goes there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.ui.theme.tokens import Tokens
from pos_app.ui.widgets.buttons import KeyButton

NEXT_KEY = "*"


class WayRow(QWidget):
    """All ways side by side; where they have no room, the chosen one and a way to the next."""

    picked = Signal(str)  # the code of a way
    turned = Signal()  # the next way

    def __init__(self, tokens: Tokens, other: str) -> None:
        """`other` is what stands on the way to the next one where there is no room for all."""
        super().__init__()
        self._tokens = tokens
        self._names: tuple[tuple[str, str], ...] = ()
        self.buttons: dict[str, KeyButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(tokens.gap)
        self._chosen = KeyButton(tokens, "", kind="choice")
        self._chosen.setCheckable(True)
        self._other = KeyButton(tokens, other, NEXT_KEY)
        for button in (self._chosen, self._other):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._row.addWidget(button, 1)
        self._chosen.clicked.connect(lambda: self._chosen.setChecked(True))
        self._other.clicked.connect(self.turned)

    def show_ways(self, names: Sequence[tuple[str, str]], chosen: str, *, live: bool) -> None:
        """Show (code, words) of every way with `chosen` pressed; `live` ones can be pressed."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._rebuild()
        codes = [code for code, _ in self._names]
        at = codes.index(chosen) if chosen in codes else 0
        for code, button in self.buttons.items():
            button.setChecked(code == chosen)
            button.setEnabled(live)
            following = live and codes[(at + 1) % len(codes)] == code
            button.set_key(NEXT_KEY if following else "")
        fits = self._room() <= max(self.width(), self._tokens.px(600))
        for button in self.buttons.values():
            button.setVisible(fits)
        self._chosen.setVisible(not fits)
        self._other.setVisible(not fits)
        self._chosen.set_words(dict(self._names).get(chosen, ""))
        self._chosen.setChecked(True)
        self._other.setEnabled(live)

    def _room(self) -> int:
        needed = [button.minimumSizeHint().width() for button in self.buttons.values()]
        return sum(needed) + self._tokens.gap * (len(needed) - 1)

    def _rebuild(self) -> None:
        for button in self.buttons.values():
            self._row.removeWidget(button)
            button.deleteLater()
        self.buttons = {}
        for code, words in self._names:
            button = KeyButton(self._tokens, words, kind="choice")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, way=code: self._pressed(way))
            self._row.addWidget(button, 1)
            self.buttons[code] = button

    def _pressed(self, code: str) -> None:
        self.picked.emit(code)
