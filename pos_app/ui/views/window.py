"""The one window of the program: the shop is opened, someone signs in, the till is there.

The window is dressed anew for other settings by building its content again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from pos_app.application.settings import Settings, Theme
from pos_app.domain.errors import PosError
from pos_app.ui.counter import Counter, Front
from pos_app.ui.figures import Figures
from pos_app.ui.first_paint import FirstPaint
from pos_app.ui.look import Look
from pos_app.ui.tasks import Lease, Tasks
from pos_app.ui.theme.fonts import base_font, load_fonts
from pos_app.ui.theme.sheet import style_sheet
from pos_app.ui.theme.tokens import DARK, LIGHT, Palette, Tokens, scale_for
from pos_app.ui.views.frame import Header
from pos_app.ui.views.unlock import UnlockPage

if TYPE_CHECKING:
    from pos_app.application.identity import Operator, ShopIdentity
    from pos_app.application.words import Words
    from pos_app.ui.wedge import CardCatcher


class Window(QWidget):
    """Show the front at once; the shop opens behind it."""

    opened = Signal()  # the sign-in is shown

    def __init__(self, front: Front, tasks: Tasks, scale: float | None = None) -> None:
        """Build the front; `scale` None takes the screen's size for it."""
        super().__init__()
        self._front, self._tasks, self._scale = front, tasks, scale
        self._lease = Lease(tasks)
        self._counter: Counter | None = None
        self._operator: Operator | None = None
        self._catcher: CardCatcher | None = None
        self._settings = front.choices.load()
        self.content: QWidget = QWidget()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Tokentill")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._families = load_fonts(self._settings.language)
        self._look = self._dress(self._settings)
        self._unlock = self._show_unlock()
        if front.passphrase:
            # What opening loads would hold up the picture.
            FirstPaint(self).seen.connect(lambda: self._open(front.passphrase))

    @property
    def look(self) -> Look:
        """The words, figures and tokens in force."""
        return self._look

    def _dress(self, settings: Settings) -> Look:
        scale = self._scale
        if scale is None:
            screen = QGuiApplication.primaryScreen().availableGeometry()
            scale = scale_for(screen.width(), screen.height())
        tokens = Tokens(_palette(settings.theme), scale)
        words = self._front.words(settings.language)
        look = self._look_in(words, tokens)
        leftwards = words.right_to_left
        direction = Qt.LayoutDirection
        self.setLayoutDirection(direction.RightToLeft if leftwards else direction.LeftToRight)
        self.setStyleSheet(style_sheet(tokens))
        return look

    def _look_in(self, words: Words, tokens: Tokens) -> Look:
        """Take the faces and the time zone that are known by now."""
        QApplication.setFont(base_font(self._families, tokens.body))
        offset = self._counter.identity.utc_offset_minutes if self._counter else None
        return Look(words, Figures(words, offset), tokens)

    def _put(self, content: QWidget) -> None:
        rest = getattr(self.content, "rest", None)
        if callable(rest):
            rest()
        self._lease.end()
        self._lease = Lease(self._tasks)
        self._swap(content)

    def _swap(self, content: QWidget) -> None:
        self._column.removeWidget(self.content)
        self.content.hide()
        self.content.deleteLater()
        self.content = content
        self._column.addWidget(content)
        content.show()

    def _put_page(self, page: QWidget, identity: ShopIdentity | None) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        header = Header(self._look, identity)
        header.show_time(self._front.now_ms())
        column.addWidget(header)
        column.addWidget(page, 1)
        self._put(holder)

    # opening

    def _show_unlock(self) -> UnlockPage:
        page = UnlockPage(self._look, asks=not self._front.passphrase)
        page.given.connect(self._open)
        page.again.connect(lambda: self._open(self._front.passphrase))
        self._put_page(page, None)
        return page

    def _open(self, passphrase: str) -> None:
        self._unlock.show_state(opening=True)
        self._tasks.ledger(lambda: self._front.open(passphrase), self._opened, self._stays_shut)

    def _opened(self, counter: Counter) -> None:
        self._counter = counter
        self._families = load_fonts()
        self.setWindowTitle(f"Tokentill · {counter.identity.shop}")
        self._look = self._look_in(self._look.words, self._look.tokens)
        self._show_sign_in()
        self._catch_cards()
        self.opened.emit()

    def _stays_shut(self, error: BaseException) -> None:
        self._unlock.show_state(
            opening=False, problem=error if isinstance(error, PosError) else None
        )
        if not isinstance(error, PosError):
            raise error

    # signing in

    def _show_sign_in(self) -> None:
        from pos_app.ui.presenters.sign_in import SignInPresenter  # noqa: PLC0415 - second screen
        from pos_app.ui.views.sign_in import SignInPage  # noqa: PLC0415 - second screen

        if self._counter is None:
            return
        self._operator = None
        page = SignInPage(self._look, self._counter.pins)
        self._put_page(page, self._counter.identity)
        counter, run = self._counter, self._lease.ledger
        page.attach(SignInPresenter(counter.desk, run, page, self._signed_in, counter.seconds))

    def _signed_in(self, operator: Operator) -> None:
        from pos_app.ui.views.shell import Shell  # noqa: PLC0415 - the till comes after sign-in

        if self._counter is None:
            return
        self._operator = operator
        self._put(QWidget())
        shell = Shell(self._front, self._counter, self._lease, self._look, operator, self._settings)
        shell.locked.connect(self._show_sign_in)
        shell.switched.connect(self._taken_over)
        shell.settings_changed.connect(self._redress)
        self._swap(shell)
        shell.till.focus_place()

    def _taken_over(self, operator: Operator) -> None:
        self._operator = operator

    def _redress(self, settings: Settings) -> None:
        """Build the content again in the new words and colours; who is signed in stays so."""
        self._settings = settings
        self._look = self._dress(settings)
        if self._operator is not None:
            self._signed_in(self._operator)

    def _catch_cards(self) -> None:
        """Listen for card readers from the first field on that keys could land in."""
        from pos_app.ui.wedge import CardCatcher  # noqa: PLC0415 - after the first picture

        handle = self.windowHandle()
        if self._catcher is None and handle is not None:
            self._catcher = CardCatcher(handle)
            self._catcher.swiped.connect(self._swiped)

    def showEvent(self, event: QShowEvent) -> None:
        """Guard the field for the passphrase, where there is one."""
        super().showEvent(event)
        if not self._front.passphrase or self._counter is not None:
            self._catch_cards()

    def _swiped(self, track: str) -> None:
        """Hand a swipe to whoever is signed in; before that no card means anything."""
        take = getattr(self.content, "take_card", None)
        if callable(take):
            take(track)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the timers of the screen."""
        self._put(QWidget())
        super().closeEvent(event)


def _palette(theme: Theme) -> Palette:
    """Return the palette of a theme and give the window's frame the same scheme."""
    hints, schemes = QGuiApplication.styleHints(), Qt.ColorScheme
    if theme is Theme.SYSTEM:
        hints.unsetColorScheme()
        return DARK if hints.colorScheme() is schemes.Dark else LIGHT
    dark = theme is Theme.DARK
    hints.setColorScheme(schemes.Dark if dark else schemes.Light)
    return DARK if dark else LIGHT
