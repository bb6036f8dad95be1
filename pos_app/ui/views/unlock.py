"""The shop is shut: a passphrase opens it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.errors import PosError
from pos_app.ui.look import Look
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.keycap import ENTER
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice


class UnlockPage(QWidget):
    """One field; it takes a second or two by design, and the window stays alive meanwhile."""

    given = Signal(str)  # the passphrase

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens, words = look.tokens, look.words
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(words("unlock.passphrase"))
        self.passphrase.setPlaceholderText(words("unlock.passphrase"))
        self.passphrase.returnPressed.connect(self._give)
        self.enter = KeyButton(tokens, words("unlock.open"), ENTER, "primary")
        self.enter.clicked.connect(self._give)
        self._body = sentence("quiet")
        self.notice = Notice(tokens)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(48), tokens.px(96), tokens.px(48), tokens.gutter)
        column.setSpacing(tokens.px(12))
        column.addWidget(label(words("unlock.title"), "big"))
        column.addWidget(self._body)
        for part in (self.passphrase, self.enter, self.notice):
            part.setFixedWidth(tokens.px(480))
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeading)
        column.addStretch(1)
        self.show_state(opening=False)

    def show_state(self, *, opening: bool, problem: PosError | None = None) -> None:
        """Show that the shop is being opened, or why it stays shut."""
        words = self._look.words
        self._body.setText(words("unlock.opening" if opening else "unlock.body"))
        self.passphrase.setEnabled(not opening)
        self.enter.setEnabled(not opening)
        self.notice.say(self._look.say(problem) if problem is not None else "")
        if not opening:
            self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the caret into the field."""
        super().showEvent(event)
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give(self) -> None:
        typed = self.passphrase.text()
        self.passphrase.clear()
        if typed:
            self.given.emit(typed)
