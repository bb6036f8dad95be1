"""Virtual meters of a training shop, side by side, at the keyboard of the chosen one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.presenters.meters import MOST, TOKEN_DIGITS, MetersPresenter, WallScreen
from pos_app.ui.theme.sheet import restate
from pos_app.ui.views.meter_face import MeterFace
from pos_app.ui.views.meter_hand import MeterHand
from pos_app.ui.views.meter_pad import MeterPad
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice

if TYPE_CHECKING:
    from pos_app.ui.counter import Counter
    from pos_app.ui.tasks import Lease

TICK_MS = 1_000
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class AddPanel(QWidget):
    """Which meter? Its number, as the training shop knows it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.number = Entry(look.tokens, look.words("meterpage.number"))
        self.notice = Notice(look.tokens)
        self._example = sentence("quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.tokens.gap)
        column.addWidget(label(look.words("meterpage.which"), "big"))
        column.addWidget(label(look.words("meterpage.number"), "caption"))
        column.addWidget(self.number)
        column.addWidget(self.notice)
        column.addWidget(self._example)
        column.addStretch(1)

    def show_screen(self, screen: WallScreen) -> None:
        """Name meters to try, and what is wrong with the number, which is then selected."""
        problem, words = screen.problem, self._look.words
        meters = ", ".join(screen.examples)
        self._example.setText(words("meterpage.examples", meters=meters) if meters else "")
        said = self._look.say(problem) if problem and screen.adding else ""
        if said and said != self.notice.words():
            self.number.selectAll()
        self.notice.say(said)
        restate(self.number, state="stop" if said else "")


class MetersPage(QWidget):
    """The wall on one side, load and time on the other; digits go to the chosen meter."""

    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._presenter: MetersPresenter | None = None
        self._adding = False
        tokens = look.tokens
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.faces = [MeterFace(look) for _ in range(MOST)]
        self.add_panel, self.notice, self.hand = AddPanel(look), Notice(tokens), MeterHand(look)
        self.pad = MeterPad(look)
        self._wall = QWidget()
        row = QHBoxLayout(self._wall)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.px(12))
        for at, face in enumerate(self.faces):
            face.hide()
            face.picked.connect(lambda place=at: self._with(lambda p: p.choose(place)))
            row.addWidget(face, 1)
        left = QVBoxLayout()
        left.setContentsMargins(tokens.gutter, tokens.px(16), tokens.gutter, tokens.px(12))
        left.setSpacing(tokens.gap)
        self._room = QScrollArea()
        self._room.setWidgetResizable(True)
        self._room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        standing = QWidget()
        column = QVBoxLayout(standing)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._wall)
        column.addStretch(1)
        self._room.setWidget(standing)
        left.addWidget(self._room, 1)
        left.addWidget(self.pad)
        left.addWidget(self.add_panel, 1)
        left.addWidget(self.notice)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(left, 1)
        whole.addWidget(self.hand)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)

    def hasHeightForWidth(self) -> bool:
        """Ask for no more height than the minimum: the window must not grow with a sentence."""
        return False

    def minimumSizeHint(self) -> QSize:
        """Leave the height to the hand; the wall scrolls where it has more to say."""
        return QSize(super().minimumSizeHint().width(), self.hand.minimumSizeHint().height())

    def attach(self, presenter: MetersPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        hand = self.hand
        self._timer.timeout.connect(presenter.tick)
        hand.load.moved.connect(presenter.set_load)
        hand.speed.moved.connect(presenter.set_speed)
        for name, act in (
            ("last", presenter.key_last),
            ("emergency", presenter.emergency),
            ("press", presenter.press),
            ("mains", presenter.mains),
            ("case", presenter.open_case),
        ):
            hand.acts[name].clicked.connect(lambda _=False, do=act: do())
        hand.add.clicked.connect(presenter.begin_adding)
        hand.away.clicked.connect(presenter.take_away)
        hand.back.clicked.connect(self._back)
        self.pad.typed.connect(presenter.typed)
        self.pad.erased.connect(presenter.erase)
        self.pad.entered.connect(presenter.enter)
        self.add_panel.number.entered.connect(lambda: presenter.add(self.add_panel.number.text()))
        self.add_panel.number.escaped.connect(self._back)
        presenter.begin()

    def show_screen(self, screen: WallScreen) -> None:
        """Draw the wall, or the question for another meter."""
        for at, face in enumerate(self.faces):
            there = at < len(screen.wall)
            face.setVisible(there)
            if there:
                face.show_meter(
                    screen.wall[at], chosen=at == screen.chosen, alone=len(screen.wall) == 1
                )
        self._room.setVisible(screen.ready and not screen.adding)
        self.add_panel.setVisible(screen.ready and screen.adding)
        self.pad.setVisible(screen.ready and not screen.adding)
        typed = screen.current.typed if screen.current else ""
        self.pad.show_state(usable=bool(screen.wall), whole=len(typed) == TOKEN_DIGITS)
        self.add_panel.show_screen(screen)
        problem = None if screen.adding else screen.problem
        self.notice.say(self._look.say(problem) if problem else "")
        self.hand.show_screen(screen)
        if screen.adding != self._adding:
            self._adding = screen.adding
            self.add_panel.number.clear()
            self.focus_place()

    def focus_place(self) -> None:
        """Put the focus where the next key should go."""
        place = self.add_panel.number if self._adding else self
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Let time pass while the page is looked at; other programs may have used the meters."""
        super().showEvent(event)
        self._timer.start()
        self._with(lambda presenter: presenter.begin())
        self.focus_place()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let time stand still behind another page."""
        super().hideEvent(event)
        self._timer.stop()

    def _with(self, act: Callable[[MetersPresenter], None]) -> None:
        if self._presenter is not None:
            act(self._presenter)

    def _back(self) -> None:
        """Leave what was asked; from the wall itself, leave the page."""
        presenter = self._presenter
        if presenter is None or presenter.stop_adding() or presenter.erase(whole=True):
            return
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits go to the meter; arrows are load and time, function keys the buttons."""
        presenter = self._presenter
        if presenter is None or self._adding:
            super().keyPressEvent(event)
            return
        text = event.text()
        if event.matches(QKeySequence.StandardKey.Paste):
            presenter.typed(QApplication.clipboard().text())
        elif text and text in "0123456789":
            presenter.typed(text)
        elif event.key() in _ENTER:
            if not event.isAutoRepeat():
                presenter.enter()
        elif not self._acted(event.key(), presenter):
            super().keyPressEvent(event)

    def _acted(self, key: int, presenter: MetersPresenter) -> bool:
        """Do what a key that writes nothing stands for."""
        screen, keys = presenter.screen, Qt.Key
        load = screen.current.load if screen.current else 0
        acts: dict[Qt.Key, Callable[[], object]] = {
            keys.Key_Backspace: presenter.erase,
            keys.Key_Escape: self._back,
            keys.Key_Minus: self._back,
            keys.Key_Left: lambda: presenter.set_load(load - 1),
            keys.Key_Right: lambda: presenter.set_load(load + 1),
            keys.Key_Up: lambda: presenter.set_speed(screen.speed + 1),
            keys.Key_Down: lambda: presenter.set_speed(screen.speed - 1),
            keys.Key_F2: presenter.begin_adding,
            keys.Key_F4: presenter.take_away,
            keys.Key_F5: presenter.emergency,
            keys.Key_F6: presenter.press,
            keys.Key_F7: presenter.mains,
            keys.Key_F8: presenter.open_case,
            keys.Key_F9: presenter.key_last,
        }
        act = acts.get(Qt.Key(key))
        if act is not None:
            act()
        return act is not None

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001, N802 - Qt's own
        """Tab goes to the next meter on the wall."""
        presenter = self._presenter
        if presenter is None or self._adding or len(presenter.screen.wall) < 2:
            return super().focusNextPrevChild(forward)
        presenter.choose(presenter.screen.chosen + (1 if forward else -1))
        return True


def meters_page(counter: Counter, tasks: Lease, look: Look) -> MetersPage:
    """Return the page of a training shop's virtual meters, at work."""
    if counter.meters is None:
        raise RuntimeError("only a training shop has virtual meters")
    page = MetersPage(look)
    page.attach(MetersPresenter(counter.meters(), tasks.ledger, page))
    return page
