"""Everything that is not a sale, three keys away at most."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import label

ROWS = 5


class MorePage(QWidget):
    """Tiles, five below one another, and a way back; a training shop has its virtual meters too."""

    wanted = Signal(str)  # the name of a tile, or "till"

    def __init__(self, look: Look, *, meters: bool = False, office: bool = False) -> None:
        super().__init__()
        tokens, words = look.tokens, look.words
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(48), tokens.px(24), tokens.px(48), tokens.gutter)
        column.setSpacing(tokens.gap)
        column.addWidget(label(words("more.title"), "big"))
        column.addSpacing(tokens.px(16))
        own = ("meters",) if meters else ()
        beside = ("office",) if office else ()
        self._names = ("sales", "shift", "settings", "lock", "reports", *own, "check", *beside)
        self.tiles: list[KeyButton] = []
        grid = QGridLayout()
        grid.setSpacing(tokens.gap)
        for index, name in enumerate(self._names):
            tile = KeyButton(tokens, "", str(index + 1), "tile")
            tile.set_words(words(f"more.{name}"), words(f"more.{name}.body"))
            tile.setFixedWidth(tokens.px(440))
            tile.stand(tokens.px(64))
            tile.setAutoDefault(True)
            tile.clicked.connect(lambda _=False, to=name: self.wanted.emit(to))
            self.tiles.append(tile)
            grid.addWidget(tile, index % ROWS, index // ROWS)
        grid.setColumnStretch(len(self._names) // ROWS + 1, 1)
        column.addLayout(grid)
        column.addSpacing(tokens.px(16))
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
        number = event.key() - Qt.Key.Key_1.value
        if 0 <= number < len(self._names):
            self.wanted.emit(self._names[number])
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Minus, Qt.Key.Key_F10):
            self.wanted.emit("till")
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)
