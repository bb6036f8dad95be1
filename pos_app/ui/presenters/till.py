"""The till: from a scan to a token in three Enters at most.

Invariants: an Enter in the search field never commits; one commit at a time; the identity of a
sale is made when its quote is accepted and kept until that sale is made or given up; the same
key within 400 ms of itself is a bounce.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_app.application.records import MeterCard, Operator
from pos_app.application.sale import Sale
from pos_app.domain.tender import Tender
from pos_app.ui.presenters.desk import TillParts
from pos_app.ui.presenters.till_board import Board
from pos_app.ui.presenters.till_free import FreeUnits
from pos_app.ui.presenters.till_paper import Paper
from pos_app.ui.presenters.till_parked import Parking
from pos_app.ui.presenters.till_pay import Payment
from pos_app.ui.presenters.till_quote import Quoting
from pos_app.ui.presenters.till_screen import BUSY, Place, Step, TillScreen, TillView
from pos_app.ui.presenters.till_search import Search
from pos_app.ui.presenters.typed import is_scan


class TillPresenter:
    """Decide what every key does; draw by replacing the whole `TillScreen`."""

    def __init__(self, parts: TillParts, operator: Operator, view: TillView) -> None:
        self._board = Board(view, parts.seconds, operator)
        self._search = Search(self._board, parts, self._opened)
        self._quoting = Quoting(self._board, parts, self._accepted)
        self._payment = Payment(self._board, parts, self._quoting, self._sold)
        self._free = FreeUnits(self._board, parts, self._sold)
        self._paper = Paper(self._board, parts, self._tell)
        self._parking = Parking(self._board, parts, self._clear, self._go_on)
        self._payment.card_moved = self._parking.refresh
        self.changed: Callable[[], None] = lambda: None  # after every sale, copy and print

    @property
    def screen(self) -> TillScreen:
        """What stands on the screen."""
        return self._board.screen

    def begin(self) -> None:
        """Draw the till, ready for a customer."""
        self._clear()
        self._payment.learn()
        self._parking.refresh()

    def take_over(self, operator: Operator) -> None:
        """Go on with whatever is on the screen as another operator, who answers for it now."""
        self._board.operator = operator
        self._payment.learn()

    def typed_find(self, text: str) -> None:
        """Search anew with every key; the first key after a sale clears its result."""
        if self.screen.step in BUSY:
            self._board.keep(find=text)
            return
        self._leave()
        if text.strip():
            self._search.typed(text)
        else:
            self._board.put(TillScreen(find=text))

    def typed_amount(self, text: str) -> None:
        """Quote anew with every key."""
        if self.screen.step is Step.AMOUNT:
            self._board.set(amount=text, problem=None, at_fault=None, remark=None)
            self._quoting.ask()

    def typed_received(self, text: str) -> None:
        """Show the change, or what is missing, with every key."""
        if self.screen.step is Step.TENDER:
            self._payment.count(text)

    def typed_reference(self, text: str) -> None:
        """Remember the number of a payment with every key."""
        if self.screen.step is Step.REFERENCE:
            self._payment.type_reference(text)

    def other_way(self) -> None:
        """Pay in the next of the shop's ways."""
        if self.screen.step is Step.TENDER:
            self._payment.other()

    def pay_by(self, code: str) -> None:
        """Pay in this way."""
        self._payment.pay_by(code)

    def keep_change(self) -> None:
        """Put the change into the customer's wallet, or give it back after all."""
        self._payment.keep_change()

    def free_units(self) -> None:
        """Give the month's free units alone."""
        if not self._board.bounced("free"):
            self._free.give()

    def move(self, by: int) -> None:
        """Choose another row of the search, or of what is parked."""
        if self.screen.step is Step.SEARCH:
            self._search.move(by)
        elif self.screen.step is Step.PARKED:
            self._parking.move(by)

    def park(self) -> None:
        """Take the parking key: put the sale aside, or show what is parked.

        While an approval code is asked for, it says that the terminal gave no answer.
        """
        if not self._board.bounced("park"):
            if self.screen.step in (Step.SEARCH, Step.RESULT):
                self._leave()
            if not self._payment.card_unclear():
                self._parking.key()

    def recall(self, row: int) -> None:
        """Go on with the parked sale in this row."""
        if self.screen.step is Step.PARKED and not self._board.bounced("enter"):
            self._parking.recall(row)

    def typed_approval(self, text: str) -> None:
        """Remember the approval code of an unclear card with every key."""
        if self.screen.step is Step.PARKED:
            self._parking.type_code(text)

    def drop_parked(self) -> None:
        """Forget the chosen parked sale."""
        if self.screen.step is Step.PARKED:
            self._parking.drop()

    def scanned(self, number: str) -> None:
        """Open the meter of a card; a sale on its way is let be."""
        if self.screen.step is not Step.COMMITTING:
            self._start_with(number)

    def choose(self, row: int) -> None:
        """Open the row that was clicked."""
        hits = self.screen.hits
        if self.screen.step is Step.SEARCH and hits and row < len(hits):
            self._search.open(hits[row].drn)

    def enter(self, place: Place) -> None:
        """Take the Enter key at `place`."""
        if self._board.bounced("enter"):
            return
        step = self.screen.step
        if place is Place.FIND:
            self._enter_find()
        elif place is Place.CHOICE:
            self._enter_choice()
        elif place is Place.AMOUNT and step is Step.AMOUNT:
            self._enter_or_scan(self.screen.amount, self._quoting.enter)
        elif place is Place.RECEIVED and step is Step.TENDER:
            self._enter_or_scan(self.screen.received, self._payment.enter)
        elif place is Place.REFERENCE and step is Step.REFERENCE:
            self._payment.enter_reference()

    def note(self, number: int) -> None:
        """Take a note key."""
        if self.screen.step is Step.TENDER:
            self._payment.note(number)

    def back(self) -> None:
        """Take Esc: one step back, and from the amount to an empty till without a trace."""
        step = self.screen.step
        if step in (Step.TENDER, Step.REFERENCE):
            self._payment.back()
        elif step is Step.DUPLICATE:
            self._payment.begin()
        elif step is Step.REASON:
            self._board.set(step=Step.RESULT)
        elif step not in BUSY:
            self._clear()

    def sell_again(self) -> None:
        """Sell a second time to the same meter; a deliberate key after the warning."""
        if self.screen.step is Step.DUPLICATE:
            self._payment.repeat()

    def print_copy(self) -> bool:
        """Take the reprint key; False when there is no sale on the screen to print."""
        if self.screen.step is Step.DUPLICATE:
            self._paper.copy_instead()
        elif self.screen.step is Step.RESULT:
            self._paper.print_copy()
        else:
            return self.screen.step in (Step.REASON, *BUSY)
        return True

    def reason(self, number: int) -> None:
        """Print a copy for the reason with this number, from 0."""
        if self.screen.step is Step.REASON:
            self._paper.reason(number)

    def refresh(self) -> None:
        """Ask what became of the slip of the sale on the screen."""
        self._paper.refresh()

    def _enter_find(self) -> None:
        step = self.screen.step
        if step in (Step.AMOUNT, Step.TENDER, Step.REFERENCE):
            self._board.mark(self.screen.place)
        elif step is Step.RESULT and self.screen.find:
            self._start_with(self.screen.find)  # it was typed while the sale was being written
        elif step is Step.SEARCH:
            self._search.enter()

    def _enter_choice(self) -> None:
        if self.screen.step is Step.DUPLICATE:
            self._paper.copy_instead()
        elif self.screen.step is Step.REASON:
            self._paper.reason(0)

    def _enter_or_scan(self, text: str, enter: Callable[[], None]) -> None:
        if is_scan(text):
            self._start_with(text)
        else:
            enter()

    def _start_with(self, scanned: str) -> None:
        self.typed_find(scanned)
        self._search.enter()

    def _opened(self, card: MeterCard) -> None:
        self._leave()
        drn = card.meter.drn
        if card.meter.blocked:
            self._board.put(TillScreen(step=Step.STOPPED, find=drn, card=card))
            self._board.mark(Place.FIND)
            return
        usual = card.usual.plain() if card.usual is not None else ""
        kinds = self._payment.offered(card)
        self._board.put(
            TillScreen(step=Step.AMOUNT, find=drn, card=card, amount=usual, kinds=kinds)
        )
        self._board.mark(Place.AMOUNT)
        self._quoting.ask()

    def _go_on(self, card: MeterCard, amount: str, paid: tuple[Tender, ...]) -> None:
        self._opened(card)
        self._payment.prepaid = paid
        if amount:
            self.typed_amount(amount)

    def _accepted(self) -> None:
        self._payment.begin()

    def _sold(self, sale: Sale) -> None:
        self._payment.forget()
        self._quoting.drop()
        self._paper.show(sale)

    def _tell(self) -> None:
        self.changed()
        if self.screen.parked:
            self._parking.refresh()  # a sale ends what a card paid for

    def _leave(self) -> None:
        self._search.drop()
        self._quoting.drop()
        self._payment.forget()
        self._paper.drop()

    def _clear(self) -> None:
        self._leave()
        self._board.put(TillScreen())
