"""Everything that is not a sale, three keys away at most."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import label

ROWS: Final = 5
MORE_ROWS: Final = 6
"""Where two columns of five hold not all."""
DIGITS: Final = "1234567890"
"""The keys of the tiles, in their order."""
LETTERS: Final = {"keys": "K"}
"""Tiles that not everybody has are called by a letter, so that the digits stay what they are."""


class MorePage(QWidget):
    """Tiles below one another, and a way back; a training shop has its virtual meters too."""

    wanted = Signal(str)  # the name of a tile, or "till"

    def __init__(
        self, look: Look, *, meters: bool = False, office: bool = False, keys: bool = False
    ) -> None:
        super().__init__()
        tokens, words = look.tokens, look.words
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(48), tokens.px(20), tokens.px(48), tokens.px(12))
        column.setSpacing(tokens.gap)
        column.addWidget(label(words("more.title"), "big"))
        column.addSpacing(tokens.gap)
        own = ("meters",) if meters else ()
        beside = (*(("office",) if office else ()), *(("keys",) if keys else ()))
        self._names = (
            "sales",
            "shift",
            "settings",
            "lock",
            "reports",
            *own,
            "check",
            "engineer",
            "bulk",
            *beside,
        )
        rows = ROWS if len(self._names) <= 2 * ROWS else MORE_ROWS
        digits = iter(DIGITS)
        self._caps = {name: LETTERS.get(name) or next(digits) for name in self._names}
        self.tiles: list[KeyButton] = []
        grid = QGridLayout()
        grid.setSpacing(tokens.gap)
        for index, name in enumerate(self._names):
            tile = KeyButton(tokens, "", self._caps[name], "tile")
            tile.set_words(words(f"more.{name}"), words(f"more.{name}.body"))
            tile.setFixedWidth(tokens.px(440))
            tile.stand(tokens.px(64 if rows == ROWS else 56))
            tile.setAutoDefault(True)
            tile.clicked.connect(lambda _=False, to=name: self.wanted.emit(to))
            self.tiles.append(tile)
            grid.addWidget(tile, index % rows, index // rows)
        grid.setColumnStretch(len(self._names) // rows + 1, 1)
        column.addLayout(grid)
        column.addSpacing(tokens.gap)
        back = KeyButton(tokens, words("more.back"), ESCAPE)
        back.setAutoDefault(True)
        back.clicked.connect(lambda: self.wanted.emit("till"))
        column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeading)
        column.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the focus on the first tile."""
        super().showEvent(event)
        self.tiles[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit opens its tile, arrows move, Esc goes back."""
        typed = event.text().upper()
        named = next((name for name, cap in self._caps.items() if cap == typed), "")
        if named:
            self.wanted.emit(named)
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Minus, Qt.Key.Key_F10):
            self.wanted.emit("till")
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)
