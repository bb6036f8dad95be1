"""A sentence that comes from nowhere on the page: of a swiped card, whatever is open."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from pos_app.ui.theme.tokens import Tokens
from pos_app.ui.widgets.notice import Notice

SHOWN_MS: Final = 10_000


class NoticeOver(Notice):
    """A notice that lies over `footer` for some seconds.

    Nothing typed into is hidden, and a training shop's mark in the header never is.
    """

    def __init__(self, tokens: Tokens, over: QWidget, footer: QWidget) -> None:
        super().__init__(tokens)
        self._over, self._footer = over, footer
        self.setParent(over)
        self._gone = QTimer(self)
        self._gone.setSingleShot(True)
        self._gone.timeout.connect(lambda: self.say(""))
        over.installEventFilter(self)

    def say(self, words: str, state: str = "stop", *, aloud: bool = True) -> None:
        """Show `words` for a while; an empty string hides the notice at once."""
        super().say(words, state, aloud=aloud)
        self._gone.start(SHOWN_MS)
        self._lay()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the size of what lies below."""
        if event.type() is QEvent.Type.Resize:
            self._lay()
        return False

    def _lay(self) -> None:
        width = self._over.width()
        needed = max(self.heightForWidth(width), self.minimumSizeHint().height())
        height = max(self._footer.height(), needed)
        self.setGeometry(0, self._over.height() - height, width, height)
        self.raise_()
