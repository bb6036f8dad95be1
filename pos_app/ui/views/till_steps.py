"""Several tokens of one sale in the order of entry, each with what it is for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from pos_app.ui.look import Look
from pos_app.ui.widgets.labels import ElidedLabel, label

ROOMY = 4
"""So many rows stand apart; more stand close, for the smallest screen."""


class StepsView(QWidget):
    """A row a token: its number, its digits large, and beside them what the meter does then."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.tokens.px(16))
        self._grid.setVerticalSpacing(look.tokens.px(6))
        self._grid.setColumnStretch(2, 1)
        self._head = label("", "fact")
        self._grid.addWidget(self._head, 0, 0, 1, 3)
        self._rows: list[tuple[QLabel, QLabel, ElidedLabel]] = []

    def show_steps(self, steps: Sequence[tuple[str, str]], head: str = "") -> None:
        """Show (digits, what then) of every step; `head` says what has to be known first."""
        self._head.setText(head)
        self._head.setVisible(bool(head))
        close = len(steps) > ROOMY
        self._grid.setVerticalSpacing(self._look.tokens.px(0 if close else 6))
        while len(self._rows) < len(steps):
            self._add_row()
        for number, row, step in zip(count(1), self._rows, steps, strict=False):
            row[0].setText(str(number))
            row[1].setText(self._look.figures.grouped(step[0]))
            row[2].set_whole(step[1])
        for at, row in enumerate(self._rows):
            for part in row:
                part.setVisible(at < len(steps))

    def shown(self) -> list[tuple[str, str, str]]:
        """Return the rows as they stand: number, digits, what then."""
        return [
            (number.text(), digits.text(), then.accessibleName())
            for number, digits, then in self._rows
            if not digits.isHidden()
        ]

    def _add_row(self) -> None:
        row = (label("", "big-quiet"), label("", "big"), ElidedLabel("body"))
        for column, part in enumerate(row):
            self._grid.addWidget(
                part, len(self._rows) + 1, column, alignment=Qt.AlignmentFlag.AlignVCenter
            )
        self._grid.setAlignment(row[2], Qt.AlignmentFlag(0))
        self._rows.append(row)
