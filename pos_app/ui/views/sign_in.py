"""The first screen: tiles with names, then a PIN pad."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pos_app.application.records import Operator
from pos_app.domain.errors import PosError
from pos_app.domain.lockout import PinLocked
from pos_app.ui.look import Look
from pos_app.ui.presenters.sign_in import SignInPresenter, SignInScreen
from pos_app.ui.theme.sheet import restate
from pos_app.ui.theme.tokens import Tokens
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.keycap import ENTER, ERASE, ESCAPE
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice

COLUMNS = 2
PIN_PLACES = 4
LOCK_BEAT_MS = 250
_MOVES = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -COLUMNS,
    Qt.Key.Key_Down: COLUMNS,
}


class PinDots(QWidget):
    """How many digits of the PIN are in; never which."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._count = 0
        self.setFixedHeight(tokens.px(32))

    def set_count(self, count: int, name: str) -> None:
        """Show `count` digits."""
        self._count = count
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a dot a digit, a ring a place."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, size = self._tokens.palette, self._tokens.px(14)
        places = max(PIN_PLACES, self._count)
        step = min(self._tokens.px(28), self.width() // places)
        left = (self.width() - step * places + step - size) / 2
        for place in range(places):
            filled = place < self._count
            painter.setPen(QColor(palette.ink if filled else palette.edge))
            painter.setBrush(QColor(palette.ink) if filled else QColor(Qt.GlobalColor.transparent))
            painter.drawEllipse(QRectF(left + place * step, (self.height() - size) / 2, size, size))
        painter.end()


class SignInPage(QWidget):
    """Everything is on one screen: names at the start, the pad at the end."""

    left = Signal()  # Esc with nothing to take back

    def __init__(self, look: Look, pins: Mapping[str, str], *, leaves: bool = False) -> None:
        """`leaves` tells whether there is something to go back to."""
        super().__init__()
        self._leaves = leaves
        self._look, self._pins = look, pins
        self._presenter: SignInPresenter | None = None
        tokens, words = look.tokens, look.words
        self.tiles: list[KeyButton] = []
        self._shown: tuple[Operator, ...] | None = None
        self._title = label(words("signin.switch" if leaves else "signin.title"), "big")
        self._help = sentence("quiet")
        self._grid = QGridLayout()
        self._grid.setSpacing(tokens.gap)
        self._of = label("", "fact")
        self._of.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._dots = PinDots(tokens)
        self._frame = QFrame()
        self.notice = Notice(tokens)
        self._lock_timer = QTimer(self)
        self._lock_timer.setInterval(LOCK_BEAT_MS)
        self.pad: dict[str, KeyButton] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(words("signin.title"))
        sides = QHBoxLayout(self)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(0)
        sides.addLayout(self._names(), 1)
        sides.addWidget(self._pin_side())

    def _names(self) -> QVBoxLayout:
        tokens = self._look.tokens
        column = QVBoxLayout()
        column.setContentsMargins(tokens.px(48), tokens.px(40), tokens.px(48), tokens.gutter)
        column.setSpacing(tokens.gap)
        column.addWidget(self._title)
        column.addWidget(self._help)
        column.addSpacing(tokens.px(16))
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, tokens.gap, 0)
        inner.addLayout(self._grid)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(holder)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(scroll, 1)
        if self._leaves:
            back = KeyButton(tokens, self._look.words("signin.back"), ESCAPE, "plain")
            back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            back.clicked.connect(self.left)
            column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeading)
        return column

    def _pin_side(self) -> QWidget:
        tokens = self._look.tokens
        side = QFrame()
        side.setObjectName("desk")
        side.setFixedWidth(tokens.desk)
        grid = QGridLayout()
        grid.setSpacing(tokens.gap)
        keys = ("7", "8", "9", "4", "5", "6", "1", "2", "3", "erase", "0", "enter")
        for index, key in enumerate(keys):
            button = self._pad_key(key)
            self.pad[key] = button
            grid.addWidget(button, index // 3, index % 3)
        column = QVBoxLayout(side)
        column.setContentsMargins(tokens.gutter, tokens.px(32), tokens.gutter, tokens.gutter)
        column.setSpacing(tokens.gap)
        self._frame.setObjectName("pin")
        self._frame.setFixedHeight(tokens.key)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._dots)
        column.addWidget(self._of)
        column.addWidget(self._frame)
        column.addSpacing(tokens.gap)
        column.addLayout(grid)
        column.addSpacing(tokens.gap)
        column.addWidget(self.notice)
        column.addStretch(1)
        return side

    def _pad_key(self, key: str) -> KeyButton:
        tokens, say = self._look.tokens, self._look.words
        if key == "enter":
            button = KeyButton(tokens, "", ENTER, "primary")
            button.setAccessibleName(say("signin.enter"))
        elif key == "erase":
            button = KeyButton(tokens, "", ERASE, "pad")
            button.setAccessibleName(say("signin.erase"))
        else:
            button = KeyButton(tokens, key, "", "pad")
        button.stand(tokens.px(64))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._pad_pressed(key))
        return button

    def under_way(self) -> bool:
        """Tell whether a swiped card would drop something: always, somebody is signing in."""
        return True

    def attach(self, presenter: SignInPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self._lock_timer.timeout.connect(presenter.tick)
        presenter.begin()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Listen to every key."""
        super().showEvent(event)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_screen(self, screen: SignInScreen) -> None:
        """Draw names, dots and what went wrong."""
        words = self._look.words
        if screen.operators is not None:
            self._help.setText(words("signin.pick" if screen.operators else "signin.none"))
            self._show_tiles(screen)
        name = screen.chosen.name if screen.chosen else ""
        self._of.setText(words("signin.pin.of", name=name) if name else words("signin.pin"))
        if screen.checking:
            self._of.setText(words("signin.checking"))
        restate(self._frame, state="focus" if name else "")
        self._dots.set_count(screen.pin_length, words("signin.pin"))
        for key, button in self.pad.items():
            button.setEnabled(bool(name) and not screen.checking)
            if key == "enter":
                button.setEnabled(button.isEnabled() and screen.pin_length > 0)
        self._say(screen.problem)

    def _say(self, problem: PosError | None) -> None:
        counting = self._lock_timer.isActive()
        locked = isinstance(problem, PinLocked)
        if locked and not counting:
            self._lock_timer.start()
        elif not locked:
            self._lock_timer.stop()
        said = self._look.say(problem) if problem is not None else ""
        self.notice.say(said, aloud=not (locked and counting))

    def _show_tiles(self, screen: SignInScreen) -> None:
        if screen.shown != self._shown:
            self._shown = screen.shown
            for tile in self.tiles:
                tile.deleteLater()
            self.tiles = [self._tile(at, one) for at, one in enumerate(screen.shown)]
        choosing = screen.chosen is None
        for at, (tile, operator) in enumerate(zip(self.tiles, screen.shown, strict=True)):
            tile.setChecked(operator == screen.chosen)
            restate(tile, current=choosing and at == screen.at)

    def _tile(self, index: int, operator: Operator) -> KeyButton:
        tokens = self._look.tokens
        tile = KeyButton(tokens, "", str(index + 1) if index < 9 else "", "tile")
        tile.set_words(operator.name, self._second_line(operator))
        tile.setCheckable(True)
        tile.stand(tokens.px(64))
        tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tile.clicked.connect(lambda: self._tile_pressed(operator))
        self._grid.addWidget(tile, index // COLUMNS, index % COLUMNS)
        return tile

    def _second_line(self, operator: Operator) -> str:
        role = self._look.words(f"signin.role.{operator.role.value}")
        pin = self._pins.get(operator.id)
        return role if pin is None else self._look.words("signin.published", role=role, pin=pin)

    def _tile_pressed(self, operator: Operator) -> None:
        if self._presenter is not None:
            self._presenter.choose(operator)

    def _pad_pressed(self, key: str) -> None:
        if self._presenter is None:
            return
        if key == "enter":
            self._presenter.enter()
        elif key == "erase":
            self._presenter.erase()
        else:
            self._presenter.key(key)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Type anywhere: numbers and names, then digits of a PIN."""
        presenter, key = self._presenter, event.key()
        if presenter is None or event.isAutoRepeat():
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            presenter.enter()
        elif key == Qt.Key.Key_Escape:
            if not presenter.back():
                self.left.emit()
        elif key in _MOVES:
            presenter.move(_MOVES[Qt.Key(key)])
        elif key == Qt.Key.Key_Backspace:
            presenter.erase()
        elif event.text() and event.text().isprintable():
            presenter.key(event.text())
        else:
            super().keyPressEvent(event)
