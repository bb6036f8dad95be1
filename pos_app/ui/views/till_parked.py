"""Parked sales as a list: who, since when, parked by whom, for how much."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from pos_app.application.parked import ParkedSale, ParkedState
from pos_app.application.records import MeterHit
from pos_app.ui.look import Look
from pos_app.ui.models.hits import HitDelegate, HitsModel
from pos_app.ui.presenters.till_screen import TillScreen
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ENTER, ESCAPE
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice

_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DROPS = {
    ParkedState.WAITING: "pay.drop",
    ParkedState.CARD_UNKNOWN: "pay.not-charged",
    ParkedState.CARD_PAID: "pay.given-back",
}
_UP = (Qt.Key.Key_Up,)
_DOWN = (Qt.Key.Key_Down, Qt.Key.Key_Plus)


class ParkedPanel(QWidget):
    """The oldest first; arrows choose, Enter goes on with it."""

    chosen = Signal(int)  # the row to go on with
    moved = Signal(int)
    dropped = Signal()
    coded = Signal(str)  # an approval code, with every key
    back = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._at = 0
        tokens, words = look.tokens, look.words
        self._model = HitsModel()
        self.rows = QListView()
        self.rows.setModel(self._model)
        self.rows.setItemDelegate(HitDelegate(look))
        self.rows.setAccessibleName(words("pay.title"))
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setUniformItemSizes(True)
        self.rows.clicked.connect(lambda index: self.moved.emit(index.row() - self._at))
        self._none = sentence("quiet")
        self._none.setText(words("pay.none-explained"))
        self.code = Entry(tokens, words("pay.approval-known"))
        self._code_caption = label(words("pay.approval-known"), "caption")
        self.code.textEdited.connect(self.coded)
        self.code.entered.connect(lambda: self.chosen.emit(self._at))
        self.code.moved.connect(self.moved)
        self.code.escaped.connect(self.back)
        self._notice = Notice(tokens)
        self.go_on = KeyButton(tokens, words("pay.go-on"), ENTER, "primary")
        self._drop = KeyButton(tokens, words("pay.drop"), "F12")
        self._back = KeyButton(tokens, words("pay.back"), ESCAPE, "plain")
        self.go_on.clicked.connect(lambda: self.chosen.emit(self._at))
        self._drop.clicked.connect(self.dropped)
        self._back.clicked.connect(self.back)
        keys = QHBoxLayout()
        keys.setSpacing(tokens.gap)
        for button in (self.go_on, self._drop, self._back):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            keys.addWidget(button)
        keys.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens.px(16), 0, 0)
        column.setSpacing(tokens.gap)
        column.addWidget(label(words("pay.title"), "big"))
        column.addWidget(self._none)
        column.addWidget(self.rows, 1)
        column.addWidget(self._code_caption)
        column.addWidget(self.code)
        column.addWidget(self._notice)
        column.addLayout(keys)
        column.addStretch(0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_screen(self, screen: TillScreen) -> None:
        """Show what is parked, with the chosen row."""
        self._at = min(screen.chosen, max(len(screen.parked) - 1, 0))
        self._model.show_hits(tuple(self._row(each) for each in screen.parked))
        self.rows.setCurrentIndex(self._model.index(self._at))
        there = bool(screen.parked)
        self.rows.setVisible(there)
        self._none.setVisible(not there)
        self.go_on.setVisible(there)
        self._drop.setVisible(there)
        chosen = screen.parked[self._at].state if there else ParkedState.WAITING
        self._show_code(screen, unclear=chosen is ParkedState.CARD_UNKNOWN)
        self._drop.set_words(self._look.words(_DROPS[chosen]))
        self._notice.say(self._look.say(screen.problem) if screen.problem else "")

    def _show_code(self, screen: TillScreen, *, unclear: bool) -> None:
        """Ask for an approval code where only it, or its absence, settles the sale."""
        self.code.set_typed(screen.reference)
        had_focus = self.code.hasFocus()
        self._code_caption.setVisible(unclear)
        self.code.setVisible(unclear)
        if unclear and self.hasFocus():
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        elif had_focus and not unclear:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, each: ParkedSale) -> MeterHit:
        words, figures = self._look.words, self._look.figures
        minutes = each.age_seconds // 60
        since = words("pay.since", n=minutes, operator=each.operator_name)
        if each.amount is not None:
            since = words("pay.with", what=since, amount=figures.money(each.amount))
        elif each.tenths is not None:
            units = words("pay.units", units=figures.exact_units(each.tenths))
            since = words("pay.with", what=since, amount=units)
        plain = each.state is ParkedState.WAITING
        key = f"pay.state-{each.state.value}"
        state = "" if plain else words(key, approval=each.approval)
        return MeterHit(each.drn, each.name, since, state, blocked=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Enter goes on, F12 drops, Esc and the pad's minus leave."""
        key = event.key()
        if key in _UP or key in _DOWN:
            self.moved.emit(-1 if key in _UP else 1)
        elif event.isAutoRepeat():
            return
        elif key in _ENTER_KEYS:
            self.chosen.emit(self._at)
        elif key == Qt.Key.Key_F12:
            self.dropped.emit()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Minus):
            self.back.emit()
        else:
            super().keyPressEvent(event)
