"""The money of one customer: in which way it comes, how much, its number, what is still due."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.application.card_payment import CARD
from pos_app.application.records import MeterCard
from pos_app.application.tender_settings import tender_name
from pos_app.domain.money import Money
from pos_app.domain.tender import CASH, cash_due
from pos_app.domain.tender_kind import TenderKind
from pos_app.domain.wallet import WALLET
from pos_app.ui.look import Look
from pos_app.ui.presenters.till_screen import BUSY, Place, Step, TillScreen
from pos_app.ui.presenters.till_ways import kept_of
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ENTER
from pos_app.ui.widgets.labels import label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.way_row import WayRow

NOTHING_YET = "\u2013"
NOTE_KEYS = ("F5", "F6", "F7", "F8")
_PAYING = (Step.TENDER, Step.REFERENCE)


class MoneyPanel(QWidget):
    """Ways, note keys, the field and the one large figure beside it."""

    accepted = Signal()  # the button that does what Enter does
    noted = Signal(int)  # note key, from 0

    def __init__(self, look: Look, grid: QGridLayout) -> None:
        """`grid` has the columns of the amount above."""
        super().__init__()
        self._look, self._grid = look, grid
        self.several = False  # whether this till sells in more than one currency
        tokens, words = look.tokens, look.words
        self.ways = WayRow(tokens, words("till.other-way"))
        self._cash = label(words("till.cash"), "caption")
        self.received = Entry(tokens, words("till.received"), amounts=True)
        self.reference = Entry(tokens, words("till.reference"))
        self._field = QStackedWidget()
        self._field_caption = label("", "caption")
        self._figure_caption = label("", "caption")
        self._figure = label("", "big")
        self.keep = KeyButton(tokens, words("pay.keep"), "F12", "choice")
        self.keep.setCheckable(True)
        self.free = KeyButton(tokens, words("till.free"), "F12", "choice")
        for button in (self.keep, self.free):  # one place, each in its own step
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setVisible(False)
        self._notice = Notice(tokens)
        self.notes = tuple(KeyButton(tokens, "", key, "note") for key in NOTE_KEYS)
        self.accept = KeyButton(tokens, "", ENTER, "primary")
        restate(self.accept, tall=True)
        self._build()

    def _build(self) -> None:
        tokens, grid = self._look.tokens, self._grid
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.px(4))
        column.addWidget(self._cash)
        column.addWidget(self.ways)
        column.addSpacing(tokens.px(2))
        keys = QHBoxLayout()
        keys.setSpacing(tokens.gap)
        for index, button in enumerate(self.notes):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, at=index: self.noted.emit(at))
            keys.addWidget(button, 2)
        self.accept.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.accept.clicked.connect(self.accepted)
        keys.addWidget(self.accept, 3)
        column.addLayout(keys)
        column.addSpacing(tokens.px(4))
        for entry in (self.received, self.reference):
            self._field.addWidget(entry)
        self._field.setFixedWidth(tokens.px(232))
        self._field.setFixedHeight(self.received.sizeHint().height())
        grid.addWidget(self._field_caption, 0, 0)
        grid.addWidget(self._figure_caption, 0, 1, 1, 2)
        grid.addWidget(self._field, 1, 0)
        figure = QHBoxLayout()
        figure.addWidget(self._figure)
        figure.addStretch(1)
        figure.addWidget(self.keep)
        figure.addWidget(self.free)
        grid.addLayout(figure, 1, 1, 1, 2)
        grid.addWidget(self._notice, 0, 1, 2, 2)
        column.addLayout(grid)

    def show_screen(self, screen: TillScreen, card: MeterCard) -> None:
        """Draw the money as far as it is known."""
        paying = screen.step is Step.TENDER
        self._show_ways(screen, card, live=paying)
        self._show_notes(card, live=paying and screen.kind == CASH)
        self._show_field(screen)
        self._show_accept(screen)
        self._show_figure(screen, card)
        self._show_keep(screen, card)
        self.free.setVisible(screen.step is Step.AMOUNT and card.free_due is not None)

    def _show_keep(self, screen: TillScreen, card: MeterCard) -> None:
        """Offer to keep the change, and say that it will be kept."""
        back = screen.change is not None and screen.change.minor > 0 and screen.kind == CASH
        fits = screen.step is Step.TENDER and card.wallet_cap is not None and screen.problem is None
        self.keep.setVisible(back and fits)
        words, kept = self._look.words, kept_of(screen)
        if kept is None:
            self.keep.set_words(words("pay.keep"))
        else:
            self.keep.set_words(words("pay.kept", money=self._look.figures.money(kept)))
        self.keep.setChecked(kept is not None)

    def _name(self, code: str, card: MeterCard) -> str:
        """Return the name of a way; the wallet's says what is in it."""
        name = tender_name(self._look.words, code)
        if code != WALLET or card.wallet is None:
            return name
        return f"{name} {self._look.figures.money(card.wallet)}"

    def _show_ways(self, screen: TillScreen, card: MeterCard, *, live: bool) -> None:
        several = len(screen.kinds) > 1
        self._cash.setVisible(not several)
        self.ways.setVisible(several)
        if several:
            names = [(kind.code, self._name(kind.code, card)) for kind in screen.kinds]
            self.ways.show_ways(names, screen.kind, live=live)

    def _show_notes(self, card: MeterCard, *, live: bool) -> None:
        for index, button in enumerate(self.notes):
            there = index < len(card.note_keys)
            button.setVisible(there)
            button.setEnabled(live)
            if there:
                button.set_words(self._look.figures.note(card.note_keys[index]))

    def _show_field(self, screen: TillScreen) -> None:
        words = self._look.words
        name = tender_name(words, screen.kind)
        asking = screen.step is Step.REFERENCE
        self._field.setCurrentWidget(self.reference if asking else self.received)
        self.received.set_typed(screen.received)
        self.received.setEnabled(screen.step is Step.TENDER)
        self.reference.set_typed(screen.reference)
        if asking and screen.kind == CARD:
            caption = words("pay.approval")  # never the number of the card
        elif asking:
            caption = words("till.reference-of", name=name)
        else:
            caption = words("till.received") if screen.kind == CASH else name
        self._field_caption.setText(caption)

    def _show_figure(self, screen: TillScreen, card: MeterCard) -> None:
        refused = screen.at_fault in (Place.RECEIVED, Place.REFERENCE)
        problem = screen.problem if refused else None
        for entry in (self.received, self.reference):
            restate(entry, state="stop" if problem is not None else "")
        self._notice.say(self._look.say(problem) if problem is not None else "")
        key, shown, state = self._figure_of(screen)
        code = card.currency.code if self.several else ""
        self._figure_caption.setText(self._look.in_currency(key, code))
        self._figure.setText(NOTHING_YET if shown is None else self._look.figures.money(shown))
        restate(self._figure, state=state)
        for part in (self._figure_caption, self._figure):
            part.setVisible(problem is None)

    def _figure_of(self, screen: TillScreen) -> tuple[str, Money | None, str]:
        """Return what the large figure is, the figure, and how it is coloured."""
        kind = _kind(screen)
        if screen.step is Step.REFERENCE or screen.step not in _PAYING:
            due = screen.due if screen.step is Step.REFERENCE else None
            return ("till.still-due" if due else "till.change"), due, "" if due else "faint"
        if screen.missing is not None:
            if screen.kind == CASH:
                return "till.missing", screen.missing, "look"
            return "till.left", screen.missing, ""
        if screen.change is not None and (kind is None or kind.gives_change):
            kept = kept_of(screen)
            return "till.change", screen.change if kept is None else screen.change - kept, ""
        if screen.taken or screen.kind != CASH:
            return "till.still-due", screen.due, ""
        return "till.change", None, "faint"

    def _show_accept(self, screen: TillScreen) -> None:
        words, figures = self._look.words, self._look.figures
        answer = screen.answer
        short = screen.missing is not None and screen.kind == CASH
        steps = (Step.AMOUNT, Step.FREE, *_PAYING)
        self.accept.setEnabled(answer is not None and not short and screen.step in steps)
        if screen.step in BUSY:
            key = "pay.at-the-terminal" if screen.step is Step.CARD else "till.committing"
            self.accept.set_words(words(key))
        elif answer is not None and screen.step is Step.FREE:
            self.accept.set_words(words("till.give"))
        elif answer is None or screen.step not in _PAYING:
            self.accept.set_words(words("till.accept"))
        else:
            due = cash_due(answer.quote.total) if screen.due is None else screen.due
            handed = due if screen.change is None else due + screen.change
            if screen.missing is not None:
                handed = due - screen.missing
            typed = screen.change is not None or screen.missing is not None
            exact = screen.kind == CASH and not typed and not screen.taken
            key = "till.exact" if exact else "till.take"
            self.accept.set_words(words(key, money=figures.money(handed)))


def _kind(screen: TillScreen) -> TenderKind | None:
    return next((kind for kind in screen.kinds if kind.code == screen.kind), None)
