"""Keys: what the till holds at the left, its own paper at the right; ceremonies are questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.presenters.keys_screen import KeyAct, KeysScreen, Step
from pos_app.ui.views.key_act import KeyActPage
from pos_app.ui.views.key_rows import KeyRows
from pos_app.ui.widgets.buttons import KeyButton, press
from pos_app.ui.widgets.desk_side import DeskSide
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import label
from pos_app.ui.widgets.notice import Notice

if TYPE_CHECKING:
    from pos_app.ui.presenters.keys import KeysPresenter
    from pos_app.ui.widgets.slip_view import SlipPainter

_ACTS = {
    KeyAct.MORE: ("F2", Qt.Key.Key_F2),
    KeyAct.TAKE: ("F3", Qt.Key.Key_F3),
    KeyAct.REQUEST: ("F4", Qt.Key.Key_F4),
    KeyAct.PASSPHRASE: ("F6", Qt.Key.Key_F6),
    KeyAct.MOVE: ("F7", Qt.Key.Key_F7),
    KeyAct.DESTROY: ("F8", Qt.Key.Key_F8),
}


class KeyHome(QWidget):
    """The list of keys, and a key for each act."""

    def __init__(self, look: Look, painter: SlipPainter) -> None:
        super().__init__()
        self._look = look
        tokens, words = look.tokens, look.words
        self.count, self.notice, self.rows = label("", "quiet"), Notice(tokens), KeyRows(look)
        self.acts = {
            act: KeyButton(
                tokens,
                words(f"uikeys.act-{act}"),
                cap,
                "primary" if act is KeyAct.TAKE else "",
            )
            for act, (cap, _) in _ACTS.items()
        }
        self.back = KeyButton(tokens, words("uikeys.till"), ESCAPE)
        side = (self.acts[KeyAct.REQUEST], self.back)
        self.paper = DeskSide(look, painter, side, self.acts[KeyAct.MOVE])
        self._build()

    def _build(self) -> None:
        tokens = self._look.tokens
        hand, head, foot = QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        hand.setContentsMargins(tokens.gutter, tokens.px(16), tokens.gutter, tokens.px(12))
        hand.setSpacing(tokens.gap)
        head.addWidget(label(self._look.words("uikeys.title"), "big"), 1)
        head.addWidget(self.count, 0, Qt.AlignmentFlag.AlignBottom)
        foot.setSpacing(tokens.gap)
        for act in (KeyAct.DESTROY, KeyAct.PASSPHRASE, KeyAct.MORE):
            foot.addWidget(self.acts[act])
        foot.addStretch(1)
        foot.addWidget(self.acts[KeyAct.TAKE])
        hand.addLayout(head)
        hand.addWidget(self.notice)
        hand.addWidget(self.rows, 1)
        hand.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(hand, 1)
        row.addWidget(self.paper)
        for button in (*self.acts.values(), self.back):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def show_screen(self, screen: KeysScreen) -> None:
        """Draw the list and the till's own paper."""
        words, till = self._look.words, screen.till
        self.rows.show_holdings(screen.holdings)
        shown = len(screen.holdings)
        self.count.setText(words("uikeys.summary", n=shown) if shown else "")
        self.paper.show_slip(screen.slip, draft=False)
        alive = till is not None and bool(till.fingerprint)
        for act, button in self.acts.items():
            button.setEnabled(act in screen.acts and till is not None)
        self.acts[KeyAct.MOVE].setVisible(alive and screen.can_move)
        if screen.problem is not None:
            self.notice.say(self._look.say(screen.problem))
        elif till is None:
            self.notice.say("")
        elif not till.fingerprint:
            self.notice.say(words("uikeys.gone"))
        elif till.moving:
            self.notice.say(words("uikeys.moving"), "look")
        else:
            self.notice.say("" if shown else words("uikeys.none"), "look")


class KeysPage(QStackedWidget):
    """The list, or the act that was begun from it."""

    left = Signal()

    def __init__(self, look: Look, painter: SlipPainter) -> None:
        super().__init__()
        self._presenter: KeysPresenter | None = None
        self.home, self.act = KeyHome(look, painter), KeyActPage(look, painter)
        self.addWidget(self.home)
        self.addWidget(self.act)
        self.home.back.clicked.connect(self.left)
        for act, button in self.home.acts.items():
            button.clicked.connect(lambda _=False, chosen=act: self._start(chosen))
        self.act.left.connect(self.left)

    def attach(self, presenter: KeysPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.act.attach(presenter)

    def under_way(self) -> bool:
        """Tell whether a swiped card would drop something: a ceremony, its receipt."""
        return self._presenter is not None and self._presenter.screen.step is not Step.HOME

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the list whenever the page is opened, but not when the window comes back."""
        super().showEvent(event)
        if self._presenter is not None and not event.spontaneous():
            self._presenter.begin()

    def show_screen(self, screen: KeysScreen) -> None:
        """Draw the list or the question."""
        at_home = screen.step is Step.HOME
        if at_home:
            self.home.show_screen(screen)
            if self.currentWidget() is not self.home or not self.home.hasFocus():
                self.setCurrentWidget(self.home)
                self.home.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.currentWidget() is not self.act:
            self.act.restart()
            self.setCurrentWidget(self.act)
        self.act.show_screen(screen)

    def _start(self, act: KeyAct) -> None:
        if self._presenter is not None:
            self._presenter.start(act)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The function keys begin an act, arrows scroll, Esc goes back to the till."""
        if event.isAutoRepeat() or self.currentWidget() is not self.home:
            return
        key = event.key()
        for act, (_, wanted) in _ACTS.items():
            if key == wanted:
                press(self.home.acts[act])
                return
        if key in {Qt.Key.Key_Escape, Qt.Key.Key_Minus, Qt.Key.Key_F10}:
            self.left.emit()
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.home.rows.scroll_rows(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)
