"""The till: the hand on the left, the paper on the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.application.card_payment import CARD
from pos_app.ui.look import Look
from pos_app.ui.presenters.till import TillPresenter
from pos_app.ui.presenters.till_screen import Place, Step, TillScreen
from pos_app.ui.views.till_find import HitsPanel, IdlePanel
from pos_app.ui.views.till_parked import ParkedPanel
from pos_app.ui.views.till_result import ResultPanel
from pos_app.ui.views.till_sale import SalePanel
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.desk_side import DeskSide
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.slip_view import SlipPainter

_NOTES = (Qt.Key.Key_F5, Qt.Key.Key_F6, Qt.Key.Key_F7, Qt.Key.Key_F8)
_PANELS = {
    Step.IDLE: 0,
    Step.SEARCH: 1,
    Step.STOPPED: 2,
    Step.AMOUNT: 2,
    Step.TENDER: 2,
    Step.REFERENCE: 2,
    Step.CARD: 2,
    Step.COMMITTING: 2,
    Step.DUPLICATE: 2,
    Step.PARKED: 4,
    Step.RESULT: 3,
    Step.REASON: 3,
}


class TillPage(QWidget):
    """Widgets and focus of a sale; every decision is the presenter's."""

    sales_wanted = Signal()
    more_wanted = Signal()
    switch_wanted = Signal()  # another operator
    check_wanted = Signal()
    record_wanted = Signal()

    def __init__(self, look: Look, painter: SlipPainter, *, printer: bool) -> None:
        """`printer` tells whether one is set up."""
        super().__init__()
        self._look = look
        tokens, words = look.tokens, look.words
        self._presenter: TillPresenter | None = None
        self._step: Step | None = None
        self._pressed: dict[Qt.Key, Callable[[], None]] = {}
        self._currencies: set[str] = set()  # seen on this till
        self.search = Entry(tokens, words("till.find.label"))
        self.idle, self.hits = IdlePanel(look), HitsPanel(look)
        self.sale, self.result = SalePanel(look), ResultPanel(look, printer=printer)
        self._stack = QStackedWidget()
        self.parked = ParkedPanel(look)
        for panel in (self.idle, self.hits, self.sale, self.result, self.parked):
            self._stack.addWidget(panel)
        self.again = KeyButton(tokens, words("till.again"), "F9")
        self.more = KeyButton(tokens, words("till.more"), "F10")
        self.park = KeyButton(tokens, words("pay.park"), "F4")
        self.free = KeyButton(tokens, "", "F1")
        aside, above = QWidget(), QVBoxLayout()
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(tokens.gap)
        for key in (self.free, self.park):
            above.addWidget(key)
        aside.setLayout(above)
        self.paper = DeskSide(look, painter, (self.again, self.more), aside)
        self._build()

    def _build(self) -> None:
        tokens = self._look.tokens
        hand = QVBoxLayout()
        hand.setContentsMargins(tokens.gutter, tokens.px(16), tokens.gutter, tokens.px(12))
        hand.setSpacing(0)
        hand.addWidget(self.search)
        hand.addWidget(self._stack, 1)
        sides = QHBoxLayout(self)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(0)
        sides.addLayout(hand, 2)
        sides.addWidget(self.paper)
        for button in (self.again, self.more, self.park, self.free):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.again.clicked.connect(self._print_copy)
        self.more.clicked.connect(self.more_wanted)

    def attach(self, presenter: TillPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        fields = (
            (self.search, Place.FIND, presenter.typed_find),
            (self.sale.amount, Place.AMOUNT, presenter.typed_amount),
            (self.sale.received, Place.RECEIVED, presenter.typed_received),
            (self.sale.cash.reference, Place.REFERENCE, presenter.typed_reference),
        )
        for entry, place, typed in fields:
            entry.textEdited.connect(typed)
            entry.entered.connect(lambda at=place: presenter.enter(at))
            entry.escaped.connect(presenter.back)
            entry.moved.connect(presenter.move)
        self.hits.chosen.connect(presenter.choose)
        self.sale.received.turned.connect(presenter.other_way)
        self.sale.cash.ways.turned.connect(presenter.other_way)
        self.sale.cash.ways.picked.connect(presenter.pay_by)
        self.sale.cash.keep.clicked.connect(presenter.keep_change)
        self.free.clicked.connect(presenter.free_units)
        self.sale.cash.noted.connect(presenter.note)
        self.sale.cash.accepted.connect(lambda: presenter.enter(presenter.screen.place))
        self.park.clicked.connect(presenter.park)
        self.parked.chosen.connect(presenter.recall)
        self.parked.moved.connect(presenter.move)
        self.parked.coded.connect(presenter.typed_approval)
        self.parked.dropped.connect(presenter.drop_parked)
        self.parked.back.connect(presenter.back)
        again, reason = self.sale.duplicate, self.paper.reason
        again.again.connect(lambda: presenter.enter(Place.CHOICE))
        again.sell.connect(presenter.sell_again)
        again.back.connect(presenter.back)
        reason.given.connect(presenter.reason)
        reason.back.connect(presenter.back)
        self._pressed = {
            Qt.Key.Key_F1: presenter.free_units,
            Qt.Key.Key_F2: self.check_wanted.emit,
            Qt.Key.Key_F3: self.record_wanted.emit,
            Qt.Key.Key_F4: presenter.park,
            Qt.Key.Key_F9: self._print_copy,
            Qt.Key.Key_F10: self.more_wanted.emit,
            Qt.Key.Key_F12: presenter.keep_change,
            Qt.Key.Key_F11: self.switch_wanted.emit,
            Qt.Key.Key_Escape: presenter.back,
        }
        presenter.begin()

    def show_screen(self, screen: TillScreen) -> None:
        """Draw everything; move the caret only when the step changed."""
        self._count_currencies(screen)
        self.search.set_typed(screen.find)
        self.search.settle(settled=screen.card is not None)
        resting = screen.step in (Step.IDLE, Step.RESULT, Step.REASON)
        key = "till.find.next" if screen.sale is not None else "till.find.label"
        self.search.setPlaceholderText(self._look.words(key) if resting else "")
        for panel in (self.hits, self.sale, self.result, self.parked):
            if panel is self._stack.widget(_PANELS[screen.step]):
                panel.show_screen(screen)
        self._stack.setCurrentIndex(_PANELS[screen.step])
        self.paper.show_slip(screen.slip, draft=screen.sale is None)
        self.paper.ask_reason(asking=screen.step is Step.REASON)
        self._show_parking(screen)
        if screen.step is not self._step:
            self._step = screen.step
            self._field(screen.place).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_parking(self, screen: TillScreen) -> None:
        """Name what the parking key would do now, and offer the month's free units."""
        due = screen.card.free_due if screen.card is not None else None
        if screen.card is not None and due:
            units = self._look.figures.units(int(due * 10), screen.card.unit)
            self.free.set_words(self._look.words("till.free", units=units))
        self.free.setVisible(bool(due) and screen.step is Step.AMOUNT)
        words, many = self._look.words, len(screen.parked)
        aside = screen.step in (Step.AMOUNT, Step.TENDER)
        unclear = screen.step is Step.REFERENCE and screen.kind == CARD
        asides = words("pay.park") if aside else words("pay.show", n=many)
        self.park.set_words(words("pay.no-answer") if unclear else asides)
        self.park.setVisible(aside or unclear or (bool(many) and screen.step is not Step.PARKED))

    def deal_in(self, codes: set[str]) -> None:
        """Hear of currencies of other sales: captions name theirs once there are several."""
        if self._presenter is not None and not codes <= self._currencies:
            self._currencies |= codes
            self.show_screen(self._presenter.screen)

    def _count_currencies(self, screen: TillScreen) -> None:
        if screen.card is not None:
            self._currencies.add(screen.card.currency.code)
        if screen.sale is not None:
            self._currencies.add(screen.sale.currency)
        self.sale.several = self.result.several = len(self._currencies) > 1

    def mark(self, place: Place) -> None:
        """Put the caret at `place` with everything there selected."""
        field = self._field(place)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(field, Entry):
            field.selectAll()

    def focus_place(self) -> None:
        """Put the caret where the next key belongs, after another page was shown."""
        if self._presenter is not None:
            self._field(self._presenter.screen.place).setFocus(Qt.FocusReason.OtherFocusReason)

    def _field(self, place: Place) -> QWidget:
        if place is Place.AMOUNT:
            return self.sale.amount
        if place is Place.RECEIVED:
            return self.sale.received
        if place is Place.REFERENCE:
            return self.sale.cash.reference
        if place is Place.CHOICE:
            choices = {Step.REASON: self.paper.reason.first(), Step.PARKED: self.parked}
            return choices.get(self._step or Step.DUPLICATE, self.sale.duplicate.print)
        return self.search

    def _print_copy(self) -> None:
        if self._presenter is not None and not self._presenter.print_copy():
            self.sales_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Function keys act from anywhere; what is typed anywhere is a search."""
        key = Qt.Key(event.key())
        if event.isAutoRepeat() or self._presenter is None:
            return
        if key in _NOTES:
            self._presenter.note(_NOTES.index(key))
        elif key in self._pressed:
            self._pressed[key]()
        elif event.text().isprintable() and event.text() and not self.search.hasFocus():
            self._type_to_find(event.text())
        else:
            super().keyPressEvent(event)

    def _type_to_find(self, text: str) -> None:
        if self._presenter is not None and self._step in (Step.IDLE, Step.RESULT, Step.PARKED):
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            self.search.setText(self.search.text() + text)
            self._presenter.typed_find(self.search.text())
