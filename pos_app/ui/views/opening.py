"""The first screen of a real shop: its name, today's date, the passphrase."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.presenters.opening import OpeningPresenter, OpeningScreen
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ENTER
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice


class OpeningPage(QWidget):
    """A supervisor opens the shop; what is typed is never shown."""

    def __init__(self, look: Look, shop: str, now_ms: int) -> None:
        super().__init__()
        self._look = look
        self._presenter: OpeningPresenter | None = None
        tokens, words = look.tokens, look.words
        self.passphrase = Entry(tokens, words("opening.passphrase"))
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.notice = Notice(tokens)
        self._help = sentence("quiet")
        self._help.setText(words("opening.today", day=look.figures.day(now_ms)))
        self._enter = KeyButton(tokens, words("opening.open"), ENTER, "primary")
        self._enter.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._enter.setFixedHeight(tokens.px(56))
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(48), tokens.px(40), tokens.px(48), tokens.gutter)
        column.setSpacing(tokens.px(16))
        column.addWidget(label(words("opening.title", shop=shop), "big"))
        column.addWidget(self._help)
        column.addSpacing(tokens.px(16))
        column.addWidget(label(words("opening.passphrase"), "caption"))
        for part in (self.passphrase, self._enter, self.notice):
            part.setMaximumWidth(tokens.px(560))
            column.addWidget(part)
        column.addStretch(1)
        self.passphrase.entered.connect(self._try)
        self._enter.clicked.connect(self._try)

    def attach(self, presenter: OpeningPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_screen(self, screen: OpeningScreen) -> None:
        """Draw what is going on and what went wrong."""
        self.passphrase.setEnabled(not screen.busy)
        self._enter.setEnabled(not screen.busy)
        self.notice.say(self._look.say(screen.problem) if screen.problem else "")
        restate(self.passphrase, state="stop" if screen.problem else "")
        if not screen.busy:
            self.passphrase.selectAll()
            self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self) -> None:
        if self._presenter is not None:
            self._presenter.enter(self.passphrase.text())
