"""A sentence that must be read, in place: a sign, a colour, what happened, what to do."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
)

from pos_app.ui.theme.sheet import restate
from pos_app.ui.theme.tokens import Tokens
from pos_app.ui.widgets.labels import label, sentence

_ANY_WIDTH = 1 << 15  # wide enough for every sentence in one line
_SIGNS = {"stop": "\u25a0", "look": "\u25b2", "done": "\u2713"}


class _Middle(QVBoxLayout):
    """Keeps what it holds in the middle of the room there is, and asks for no more of it."""

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt's name
        """Want nothing, whatever the stretches inside would like."""
        return Qt.Orientation(0)


class Notice(QFrame):
    """One sentence with a sign; hidden while there is nothing to say."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._sign: QLabel = label("", "fact")
        self._words = sentence("body")
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.setSpacing(tokens.px(12))
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        column = _Middle(self)
        column.setContentsMargins(tokens.px(16), tokens.px(10), tokens.px(16), tokens.px(10))
        column.setSpacing(0)
        # An alignment would give the row the height of its hint: too little in a narrow place.
        column.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.hide()

    def say(self, words: str, state: str = "stop", *, aloud: bool = True) -> None:
        """Show `words` as ``stop``, ``look`` or ``done``; an empty string hides the notice.

        A screen reader hears them unless `aloud` is false: a countdown is told once.
        """
        self.setVisible(bool(words))
        if words == self._words.text():
            return
        self._words.setText(words)
        self._sign.setText(_SIGNS[state])
        self._level()
        restate(self, state=state)
        restate(self._sign, state=state)
        if words and aloud:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def words(self) -> str:
        """Return what is said."""
        return self._words.text() if self.isVisible() else ""

    def showEvent(self, event: QShowEvent) -> None:
        """Measure again: the sheet gave the words their font."""
        super().showEvent(event)
        self._level()

    def _level(self) -> None:
        """Give the sign the height of the first line, whatever font that line needs."""
        if self._words.text():
            self._words.ensurePolished()
            self._sign.setFixedHeight(self._words.heightForWidth(_ANY_WIDTH))

    def minimumSizeHint(self) -> QSize:
        """Leave the height to the sentence at the width there is."""
        hint = super().minimumSizeHint()
        return QSize(0, hint.height())
