"""The shop is shut: a passphrase opens it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.errors import PosError
from pos_app.ui.look import Look
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.keycap import ENTER
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice


class UnlockPage(QWidget):
    """One field; it takes a second or two by design, and the window stays alive meanwhile.

    A shop whose passphrase is known has no field: when it stays shut, one button tries again.
    """

    given = Signal(str)  # the passphrase
    again = Signal()

    def __init__(self, look: Look, *, asks: bool = True) -> None:
        """`asks` tells whether somebody has to type the passphrase."""
        super().__init__()
        self._look, self._asks = look, asks
        tokens, words = look.tokens, look.words
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(words("unlock.passphrase"))
        self.passphrase.setPlaceholderText(words("unlock.passphrase"))
        self.passphrase.returnPressed.connect(self._give)
        self.enter = KeyButton(tokens, words("unlock.open"), ENTER, "primary")
        self.enter.clicked.connect(self._give)
        self.retry = KeyButton(tokens, words("unlock.again"), ENTER, "primary")
        self.retry.setAutoDefault(True)  # Enter presses it
        self.retry.clicked.connect(self.again)
        self._title = label(words("unlock.title"), "big")
        self._body = sentence("quiet")
        self.notice = Notice(tokens)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(48), tokens.px(96), tokens.px(48), tokens.gutter)
        column.setSpacing(tokens.px(12))
        column.addWidget(self._title)
        column.addWidget(self._body)
        narrow, row = QVBoxLayout(), QHBoxLayout()
        narrow.setSpacing(tokens.px(12))
        for part in (self.passphrase, self.enter, self.notice, self.retry):
            part.setFixedWidth(tokens.px(480))
            narrow.addWidget(part)
        # Beside a stretch: a column asks its parts for their height at its own whole width.
        row.addLayout(narrow)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self.show_state(opening=False)

    def show_state(self, *, opening: bool, problem: PosError | None = None) -> None:
        """Show that the shop is being opened, or why it stays shut."""
        words = self._look.words
        shut = not opening and not self._asks
        self._title.setText(words("unlock.shut" if shut else "unlock.title"))
        self._body.setText(words("unlock.opening" if opening else "unlock.body"))
        self._body.setVisible(not shut)
        for part in (self.passphrase, self.enter):
            part.setVisible(self._asks)
            part.setEnabled(not opening)
        self.retry.setVisible(shut)
        self.notice.say(self._look.say(problem) if problem is not None else "")
        if not opening:
            self._take_focus()

    def showEvent(self, event: QShowEvent) -> None:
        """Put the caret where the next key belongs."""
        super().showEvent(event)
        self._take_focus()

    def _take_focus(self) -> None:
        place = self.passphrase if self._asks else self.retry
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give(self) -> None:
        typed = self.passphrase.text()
        self.passphrase.clear()
        if typed:
            self.given.emit(typed)
