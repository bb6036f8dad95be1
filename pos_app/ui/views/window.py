"""The one window of the program: sign-in, then an operator's shell; rebuilt for new settings."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from pos_app.application.records import Operator
from pos_app.ui.counter import Counter
from pos_app.ui.figures import Figures
from pos_app.ui.look import Look
from pos_app.ui.presenters.desk import Preferences
from pos_app.ui.presenters.sign_in import SignInPresenter
from pos_app.ui.tasks import Tasks
from pos_app.ui.theme.fonts import base_font, load_fonts
from pos_app.ui.theme.sheet import style_sheet
from pos_app.ui.theme.tokens import PALETTES, Tokens, scale_for
from pos_app.ui.views.frame import Header
from pos_app.ui.views.sign_in import SignInPage


class Window(QWidget):
    """Show sign-in first; the till is built when someone signs in."""

    def __init__(self, counter: Counter, tasks: Tasks, scale: float | None = None) -> None:
        """Build the sign-in; `scale` None takes the screen's size for it."""
        super().__init__()
        self._counter, self._tasks = counter, tasks
        self._scale = scale
        self._preferences = counter.settings.load()
        self._operator: Operator | None = None
        self.content: QWidget = QWidget()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Tokentill")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._families = load_fonts()
        self._look = self._dress()
        if counter.open_shop is None:
            self._show_sign_in()
        else:
            self._show_opening(counter.open_shop)

    @property
    def look(self) -> Look:
        """The words, figures and tokens in force."""
        return self._look

    def _dress(self) -> Look:
        preferences, counter = self._preferences, self._counter
        scale = self._scale
        if scale is None:
            screen = QGuiApplication.primaryScreen().availableGeometry()
            scale = scale_for(screen.width(), screen.height())
        tokens = Tokens(PALETTES[preferences.theme], scale)
        words = counter.words(preferences.language)
        QApplication.setFont(base_font(self._families, tokens.body))
        direction = Qt.LayoutDirection.RightToLeft
        if not words.right_to_left:
            direction = Qt.LayoutDirection.LeftToRight
        self.setLayoutDirection(direction)
        dark = preferences.theme == "dark"
        scheme = Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light
        QGuiApplication.styleHints().setColorScheme(scheme)
        self.setStyleSheet(style_sheet(tokens))
        return Look(words, Figures(words, counter.identity.utc_offset_minutes), tokens)

    def _put(self, content: QWidget) -> None:
        old = self.content
        self._column.removeWidget(old)
        old.hide()
        old.deleteLater()
        self.content = content
        self._column.addWidget(content)

    def _under_header(self, page: QWidget) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        header = Header(self._look, self._counter.identity)
        header.show_time(self._counter.now_ms())
        column.addWidget(header)
        column.addWidget(page, 1)
        self._put(holder)

    def _show_opening(self, open_shop: Callable[[str], None]) -> None:
        from pos_app.ui.presenters.opening import OpeningPresenter  # noqa: PLC0415 - real shops only
        from pos_app.ui.views.opening import OpeningPage  # noqa: PLC0415 - as above

        page = OpeningPage(self._look, self._counter.identity.shop, self._counter.now_ms())
        self._under_header(page)
        page.attach(OpeningPresenter(open_shop, self._tasks.ledger, page, self._show_sign_in))

    def _show_sign_in(self) -> None:
        self._rest()
        self._operator = None
        page = SignInPage(self._look)
        self._under_header(page)
        page.attach(SignInPresenter(self._counter.desk, self._tasks.ledger, page, self._signed_in))

    def _signed_in(self, operator: Operator) -> None:
        from pos_app.ui.views.shell import Shell  # noqa: PLC0415 - the till comes after sign-in

        self._operator = operator
        shell = Shell(self._counter, self._tasks, self._look, operator, self._preferences)
        shell.locked.connect(self._show_sign_in)
        shell.preferences_changed.connect(self._rebuild)
        self._put(shell)
        shell.till.focus_place()

    def _rebuild(self, preferences: Preferences) -> None:
        """Dress the window anew; the operator stays signed in."""
        self._preferences = preferences
        operator = self._operator
        self._rest()
        self._look = self._dress()
        if operator is None:
            self._show_sign_in()
        else:
            self._signed_in(operator)

    def _rest(self) -> None:
        rest = getattr(self.content, "rest", None)
        if callable(rest):
            rest()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stop the timers of the screen."""
        self._rest()
        super().closeEvent(event)
