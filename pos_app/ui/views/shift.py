"""The shift: open it, see it, move cash, count blind, close; nothing asks in between."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.presenters.shift import ShiftPresenter
from pos_app.ui.presenters.shift_screen import ShiftScreen, Step
from pos_app.ui.views.shift_count import CountPanel, CountSide
from pos_app.ui.views.shift_done import DonePanel
from pos_app.ui.views.shift_open import MOVES, DrawerPanel, FloatPanel, MovePanel, OpenPanel
from pos_app.ui.widgets.buttons import KeyButton, press
from pos_app.ui.widgets.desk_side import DeskSide
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.slip_view import SlipPainter

WIDEST_HAND = 720
"""Pixels at scale 1: an amount at one edge of a large screen, its name at the other, is misread."""
_DRAWN = (FloatPanel, OpenPanel, MovePanel, CountPanel, DonePanel)
_BACK = (Qt.Key.Key_Escape, Qt.Key.Key_Minus)


class ShiftPage(QWidget):
    """The hand at the start, the X or Z at the end; while counting, a pad in its place."""

    left = Signal()
    signed_out = Signal()
    shop_wanted = Signal()

    def __init__(self, look: Look, painter: SlipPainter) -> None:
        super().__init__()
        self._look = look
        self._presenter: ShiftPresenter | None = None
        self._place: tuple[Step, int] = (Step.LOADING, 0)
        tokens, words = look.tokens, look.words
        self.float, self.open = FloatPanel(look), OpenPanel(look)
        self.move_cash, self.drawer = MovePanel(look), DrawerPanel(look)
        self.count, self.done = CountPanel(look), DonePanel(look)
        self.notice = Notice(tokens)
        self.x_key = KeyButton(tokens, words("shiftpage.x"), "5")
        self.again = KeyButton(tokens, words("shiftpage.print"), "F9")
        self.back = KeyButton(tokens, words("shiftpage.till"), ESCAPE)
        self.shop_key = KeyButton(tokens, words("shopcash.key"), "F7")
        keys = (self.x_key, self.again, self.shop_key, self.back)
        self.paper = DeskSide(look, painter, keys)
        self.side = CountSide(look)
        self._panels: dict[Step, QWidget] = {
            Step.LOADING: QWidget(),
            Step.FLOAT: self.float,
            Step.OPEN: self.open,
            Step.MOVE: self.move_cash,
            Step.DRAWER: self.drawer,
            Step.COUNT: self.count,
            Step.COUNTED: self.done,
            Step.CLOSED: self.done,
        }
        self._build()

    def _build(self) -> None:
        tokens = self._look.tokens
        self._hand = QWidget()
        self._hand.setMaximumWidth(tokens.px(WIDEST_HAND) + 2 * tokens.gutter)
        column = QVBoxLayout(self._hand)
        column.setContentsMargins(tokens.gutter, tokens.px(16), tokens.gutter, tokens.px(12))
        column.setSpacing(tokens.gap)
        for panel in dict.fromkeys(self._panels.values()):
            panel.hide()
            column.addWidget(panel, 1 if panel is self.count else 0)
        column.addWidget(self.notice)
        self._rest = QWidget()
        column.addWidget(self._rest, 1)
        self._sides = QStackedWidget()
        self._sides.addWidget(self.paper)
        self._sides.addWidget(self.side)
        self._sides.setFixedWidth(tokens.desk)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._hand, 1)
        row.addStretch(0)
        row.addWidget(self._sides)
        for button in (self.x_key, self.again, self.shop_key, self.back):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def hasHeightForWidth(self) -> bool:
        """Ask for no more height than the minimum: the window must not grow with a sentence."""
        return False

    def minimumSizeHint(self) -> QSize:
        """Leave the height to the pad; while steps change, two of them may count for a moment."""
        return QSize(super().minimumSizeHint().width(), self.side.minimumSizeHint().height())

    @property
    def step(self) -> Step:
        """Where the operator stands."""
        return self._place[0]

    def attach(self, presenter: ShiftPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.float.typed.connect(presenter.typed_float)
        self.float.wanted.connect(presenter.open)
        for kind in MOVES:
            self.open.tiles[kind].clicked.connect(
                lambda _=False, move=kind: presenter.begin_move(move)
            )
        self.open.tiles["drawer"].clicked.connect(presenter.begin_drawer)
        self.open.count.clicked.connect(presenter.begin_count)
        self.open.close_now.clicked.connect(presenter.close)
        self._attach_move(presenter)
        self.drawer.given.connect(presenter.drawer)
        self.count.typed.connect(presenter.typed_pieces)
        self.count.ended.connect(lambda: self.side.record.setFocus(Qt.FocusReason.TabFocusReason))
        self.side.record.clicked.connect(presenter.count)
        self.done.act.clicked.connect(self._next)
        self.done.again.clicked.connect(presenter.begin_count)
        self.x_key.clicked.connect(presenter.read_x)
        self.again.clicked.connect(presenter.print_again)
        self.shop_key.clicked.connect(self.shop_wanted)
        for back in (self.back, self.side.back):
            back.clicked.connect(self._back)
        for panel in (self.float, self.move_cash, self.count):
            panel.escaped.connect(self._back)

    def _attach_move(self, presenter: ShiftPresenter) -> None:
        panel = self.move_cash
        panel.amount.textEdited.connect(presenter.typed_amount)
        panel.reason.textEdited.connect(presenter.typed_reason)
        panel.picked.connect(presenter.choose)
        panel.amount.moved.connect(lambda by: presenter.choose(presenter.screen.at + by))
        panel.amount.entered.connect(self._to_reason)
        panel.reason.entered.connect(presenter.move)
        panel.act.clicked.connect(presenter.move)

    def _to_reason(self) -> None:
        if self._presenter is not None and self._presenter.amount_stands():
            self.move_cash.reason.setFocus(Qt.FocusReason.TabFocusReason)

    def _next(self) -> None:
        if self._presenter is None:
            return
        if self._presenter.screen.step is Step.CLOSED:
            self.signed_out.emit()
        else:
            self._presenter.close()

    def _back(self) -> None:
        if self._presenter is not None and not self._presenter.back():
            self.left.emit()

    def under_way(self) -> bool:
        """Tell whether a swiped card would drop something: a float, a move or a count."""
        return self._presenter is not None and self._presenter.screen.under_way

    def showEvent(self, event: QShowEvent) -> None:
        """Read the shift anew whenever the page is opened."""
        super().showEvent(event)
        self._place = (Step.LOADING, 0)
        if self._presenter is not None:
            self._presenter.begin()

    def show_screen(self, screen: ShiftScreen) -> None:
        """Draw the step, the paper and what happened."""
        step = screen.step
        shown = self._panels[step]
        for panel in self._panels.values():
            if panel is not shown:  # never two at once: the window would grow for both
                panel.hide()
        if isinstance(shown, _DRAWN):
            shown.show_screen(screen)
        shown.show()
        self._rest.setVisible(shown is not self.count)
        counting = step is Step.COUNT
        self._sides.setCurrentWidget(self.side if counting else self.paper)
        self.side.show_screen(screen)
        self.paper.show_slip(screen.slip, draft=False)
        self.x_key.setVisible(step is Step.OPEN)
        self.again.setVisible(step is Step.CLOSED)
        top = step in {Step.LOADING, Step.FLOAT, Step.OPEN, Step.CLOSED}
        self.back.set_words(self._look.words("shiftpage.till" if top else "shiftpage.back"))
        self._say(screen)
        self._focus(screen)

    def _focus(self, screen: ShiftScreen) -> None:
        """Put the focus where the next key goes, once a step."""
        place = (screen.step, screen.at if screen.step is Step.COUNT else 0)
        if place == self._place:
            return
        self._place = place
        panel = self._panels[screen.step]
        first = getattr(panel, "first", None)
        if first is not None:
            first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, screen: ShiftScreen) -> None:
        said, words = screen.said, self._look.words
        if screen.problem is not None:
            self.notice.say(self._look.say(screen.problem))
        elif said is not None:
            amount = self._look.figures.coded(said.amount) if said.amount else ""
            key = f"shiftpage.said.{said.what}"
            self.notice.say(words(key, amount=amount, number=said.number), "done")
        elif screen.drop_above is not None and screen.step is Step.OPEN:
            limit = self._look.figures.coded(screen.drop_above)
            self.notice.say(words("shiftpage.drop-due", limit=limit), "look")
        else:
            self.notice.say("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit presses what it stands on, Esc steps back, F7 and F10 go to other pages."""
        if event.isAutoRepeat() or self._presenter is None:
            return
        step, key = self._presenter.screen.step, event.key()
        if key in _BACK:
            self._back()
        elif key == Qt.Key.Key_F10:
            self.left.emit()
        elif key == Qt.Key.Key_F9:
            press(self.side.record if step is Step.COUNT else self.again)
        elif key == Qt.Key.Key_F7:
            press(self.shop_key)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        elif not self._digit(step, key - Qt.Key.Key_1.value):
            super().keyPressEvent(event)

    def _digit(self, step: Step, number: int) -> bool:
        """Press the button with this digit less one; False when there is none."""
        keys: dict[Step, list[KeyButton]] = {
            Step.OPEN: [*self.open.tiles.values(), self.x_key, self.open.close_now],
            Step.DRAWER: self.drawer.reasons,
            Step.COUNTED: [self.done.again],
        }
        buttons = keys.get(step, [])
        if not 0 <= number < len(buttons):
            return False
        press(buttons[number])
        return True
