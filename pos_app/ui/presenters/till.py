"""The till: from a scan to a token in three Enters at most.

Invariants: an Enter in the search field never commits; one commit at a time; the identity of a
sale is made when its quote is accepted and kept until that sale is made or given up; the same
key within 400 ms of itself is a bounce.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pos_app.application.printing import PrintState
from pos_app.application.records import MeterCard, MeterHit, Operator, QuoteAnswer, SaleRow
from pos_app.application.reprint import ReprintReason
from pos_app.application.sale import Sale
from pos_app.application.sell import SaleOrder
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import CASH, Tender, cash_due
from pos_app.ui.presenters.desk import Desk, Latest, Run, Slips
from pos_app.ui.presenters.till_screen import (
    Place,
    Step,
    TillScreen,
    TillView,
)
from pos_app.ui.presenters.typed import (
    Asked,
    is_scan,
    is_whole_number,
    read_asked,
)

BOUNCE_SECONDS = 0.4
REASONS = tuple(ReprintReason)
"""Why a copy is printed, by digit from 1; words are ``reprint.reason.<code>``."""

_STEPS_BACK_TO_AMOUNT = frozenset(
    {"below-minimum", "above-maximum", "buys-nothing", "no-price-above", "quote-changed"}
)
_OPEN_FINISHED = (PrintState.PRINTED, PrintState.SENT, PrintState.FAILED)


@dataclass(frozen=True, slots=True)
class TillParts:
    """What a till needs: the door, a way to run there, paper, a steady clock, new identities."""

    desk: Desk
    run: Run
    slips: Slips
    seconds: Callable[[], float]
    new_id: Callable[[], str]


class TillPresenter:
    """Decide what every key does; draw by replacing the whole `TillScreen`."""

    def __init__(self, parts: TillParts, operator: Operator, view: TillView) -> None:
        self._parts = parts
        self._desk, self._run = parts.desk, parts.run
        self._operator = operator
        self._view = view
        self._finding, self._quoting = Latest(parts.run), Latest(parts.run)
        self._pressed: dict[str, float] = {}
        self._screen = TillScreen()
        self._enter_waits = False  # an Enter came before its answer
        self._sale_id = ""
        self._order: SaleOrder | None = None
        self.changed: Callable[[], None] = lambda: None  # after every commit and copy

    @property
    def screen(self) -> TillScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self) -> None:
        """Draw the till, ready for a customer."""
        self._clear()

    # typing

    def typed_find(self, text: str) -> None:
        """Search anew with every key; the first key after a sale clears its result."""
        if self._screen.step is Step.COMMITTING:
            self._screen = replace(self._screen, find=text)
            return
        self._enter_waits = False
        if not text.strip():
            self._clear(find=text)
            return
        hits = self._screen.hits if self._screen.step is Step.SEARCH else None
        self._put(TillScreen(step=Step.SEARCH, find=text, hits=hits))
        self._finding.ask(lambda: self._desk.find(text), self._found, self._find_failed)

    def typed_amount(self, text: str) -> None:
        """Quote anew with every key."""
        if self._screen.step is not Step.AMOUNT:
            return
        self._enter_waits = False
        self._set(amount=text, problem=None, at_fault=None, remark=None)
        self._ask_quote()

    def typed_received(self, text: str) -> None:
        """Show the change, or what is missing, with every key."""
        if self._screen.step is Step.TENDER:
            self._count(text)

    def move(self, by: int) -> None:
        """Choose another row of the search."""
        hits = self._screen.hits
        if self._screen.step is Step.SEARCH and hits:
            self._set(chosen=(self._screen.chosen + by) % len(hits))

    def choose(self, row: int) -> None:
        """Open the row that was clicked."""
        hits = self._screen.hits
        if self._screen.step is Step.SEARCH and hits and row < len(hits):
            self._open(hits[row].drn)

    # keys

    def enter(self, place: Place) -> None:
        """Take the Enter key at `place`."""
        if self._bounced("enter"):
            return
        step = self._screen.step
        if place is Place.FIND:
            self._enter_find()
        elif place is Place.AMOUNT and step is Step.AMOUNT:
            self._enter_amount()
        elif place is Place.RECEIVED and step is Step.TENDER:
            self._enter_received()
        elif place is Place.CHOICE and step is Step.DUPLICATE:
            self._copy_instead()
        elif place is Place.CHOICE and step is Step.REASON:
            self.reason(0)

    def note(self, number: int) -> None:
        """Take a note key: it adds to what was received and commits when that is enough."""
        card, due = self._screen.card, self._due()
        if self._screen.step is not Step.TENDER or card is None or due is None:
            return
        if number >= len(card.note_keys) or self._bounced(f"note {number}"):
            return
        handed = card.note_keys[number]
        if self._screen.received and self._screen.missing is not None:
            handed = due - self._screen.missing + handed
        self._count(handed.plain())
        if self._screen.missing is None:
            self._commit((Tender(CASH, handed),))

    def back(self) -> None:
        """Take Esc: one step back, and from the amount to an empty till without a trace."""
        step = self._screen.step
        if step is Step.TENDER:
            self._set(step=Step.AMOUNT, received="", change=None, missing=None, problem=None)
            self._draw_draft()
            self._view.mark(Place.AMOUNT)
        elif step is Step.DUPLICATE:
            self._set(step=Step.TENDER, problem=None, at_fault=None)
        elif step is Step.REASON:
            self._set(step=Step.RESULT)
        elif step is not Step.COMMITTING:
            self._clear()

    def sell_again(self) -> None:
        """Sell a second time to the same meter; a deliberate key after the warning."""
        if self._screen.step is Step.DUPLICATE and self._order is not None:
            self._send(replace(self._order, repeat_allowed=True))

    def print_copy(self) -> bool:
        """Take the reprint key; False when there is no sale on the screen to print."""
        sale = self._screen.sale
        if self._screen.step is Step.DUPLICATE:
            self._copy_instead()
            return True
        if self._screen.step is not Step.RESULT or sale is None:
            return False
        if self._screen.print_state is PrintState.FAILED:
            self._set(print_state=PrintState.QUEUED)
            self._run(
                lambda: self._desk.print_again(sale.receipt),
                lambda _: self.changed(),
                self._copy_failed,
            )
        else:
            self._set(step=Step.REASON)
        return True

    def reason(self, number: int) -> None:
        """Print a copy for the reason with this number, from 0."""
        sale = self._screen.sale
        if self._screen.step is Step.REASON and sale and number < len(REASONS):
            self._set(step=Step.RESULT)
            self._print_copy_of(sale.receipt, REASONS[number])

    def refresh(self) -> None:
        """Ask what became of the slip of the sale on the screen."""
        sale = self._screen.sale
        if sale is None or self._screen.print_state in _OPEN_FINISHED:
            return
        receipt = sale.receipt
        self._run(
            lambda: self._desk.sales_today(receipt, 1),
            lambda rows: self._printed(receipt, rows),
            _bug,
        )

    # finding

    def _enter_find(self) -> None:
        screen = self._screen
        if screen.step in (Step.AMOUNT, Step.TENDER):
            self._view.mark(screen.place)
        elif screen.step is Step.RESULT and screen.find:
            self.typed_find(screen.find)  # typed while the sale was being written
            self._enter_find()
        elif screen.step is not Step.SEARCH:
            return
        elif is_whole_number(screen.find):
            typed = screen.find
            self._finding.ask(
                lambda: self._desk.card(self._desk.meter_number(typed)),
                self._opened,
                self._find_failed,
            )
        elif self._finding.waiting:
            self._enter_waits = True
        elif screen.hits:
            self._open(screen.hits[screen.chosen].drn)
        else:
            self._view.mark(Place.FIND)

    def _found(self, hits: tuple[MeterHit, ...]) -> None:
        self._set(hits=hits, chosen=0)
        if self._enter_waits and len(hits) == 1:
            self._open(hits[0].drn)
        elif self._enter_waits:
            self._view.mark(Place.FIND)
        self._enter_waits = False

    def _find_failed(self, error: BaseException) -> None:
        self._refuse(error, Place.FIND, Step.SEARCH)

    def _open(self, drn: str) -> None:
        self._finding.ask(lambda: self._desk.card(drn), self._opened, self._find_failed)

    def _opened(self, card: MeterCard) -> None:
        if card.meter.blocked:
            self._put(TillScreen(step=Step.STOPPED, find=card.meter.drn, card=card))
            self._view.mark(Place.FIND)
            return
        usual = card.usual.plain() if card.usual is not None else ""
        self._put(TillScreen(step=Step.AMOUNT, find=card.meter.drn, card=card, amount=usual))
        self._view.mark(Place.AMOUNT)
        self._ask_quote()

    # quoting

    def _ask_quote(self) -> None:
        card = self._screen.card
        if card is None:
            return
        try:
            asked = read_asked(self._screen.amount, card.currency)
        except PosError as error:
            self._unquoted(error)
            return
        if asked is None:
            self._unquoted(None)
            return
        drn = card.meter.drn
        self._quoting.ask(
            lambda: self._desk.quote(drn, asked.amount, asked.tenths),
            self._quoted,
            self._quote_failed,
        )

    def _unquoted(self, remark: PosError | None) -> None:
        self._quoting.drop()
        self._set(answer=None, remark=remark, slip=None)

    def _quoted(self, answer: QuoteAnswer) -> None:
        self._set(answer=answer, remark=None)
        self._draw_draft()
        if self._enter_waits:
            self._enter_waits = False
            self._accept()

    def _quote_failed(self, error: BaseException) -> None:
        remark = _known(error)
        self._set(answer=None, remark=remark, slip=None)
        if self._enter_waits:
            self._enter_waits = False
            self._refuse(remark, Place.AMOUNT, Step.AMOUNT)

    def _enter_amount(self) -> None:
        if is_scan(self._screen.amount):
            self._start_with(self._screen.amount)
        elif self._quoting.waiting:
            self._enter_waits = True
        elif self._screen.remark is not None:
            self._refuse(self._screen.remark, Place.AMOUNT, Step.AMOUNT)
        elif self._screen.answer is not None:
            self._accept()

    def _accept(self) -> None:
        self._sale_id = self._parts.new_id()
        self._set(step=Step.TENDER, received="", problem=None, at_fault=None)

    def _start_with(self, scanned: str) -> None:
        self.typed_find(scanned)
        self._enter_find()

    # paying

    def _due(self) -> Money | None:
        answer = self._screen.answer
        return None if answer is None else cash_due(answer.quote.total)

    def _count(self, text: str) -> None:
        due = self._due()
        if due is None:
            return
        change = missing = None
        try:
            handed = Money.parse(text, due.currency) if text.strip() else None
        except PosError:
            handed = None
        if handed is not None:
            rest = handed - due
            change = rest if rest.minor >= 0 else None
            missing = due - handed if rest.minor < 0 else None
        self._set(received=text, change=change, missing=missing, problem=None, at_fault=None)
        self._draw_draft(handed)

    def _enter_received(self) -> None:
        text, due = self._screen.received, self._due()
        if due is None:
            return
        if is_scan(text):
            self._start_with(text)
            return
        try:
            handed = Money.parse(text, due.currency) if text.strip() else due
        except PosError as error:
            self._refuse(error, Place.RECEIVED, Step.TENDER)
            return
        if self._screen.missing is not None:
            self._view.mark(Place.RECEIVED)
            return
        self._commit((Tender(CASH, handed),))

    def _commit(self, tenders: tuple[Tender, ...]) -> None:
        card, answer = self._screen.card, self._screen.answer
        if card is None or answer is None:
            return
        asked = read_asked(self._screen.amount, card.currency) or Asked()
        self._send(
            SaleOrder(
                sale_id=self._sale_id,
                drn=card.meter.drn,
                amount=asked.amount,
                tenths=asked.tenths,
                tenders=tenders,
                operator_id=self._operator.id,
                repeat_allowed=False,
                expected_tenths=answer.quote.tenths,
            )
        )

    def _send(self, order: SaleOrder) -> None:
        self._order = order
        self._set(step=Step.COMMITTING, find="", problem=None, at_fault=None)
        self._run(lambda: self._desk.sell(order), self._sold, self._not_sold)

    def _sold(self, sale: Sale) -> None:
        self._show_sale(sale, 0)

    def _not_sold(self, error: BaseException) -> None:
        self._set(step=Step.TENDER, find=self._screen.card.meter.drn if self._screen.card else "")
        known = _known(error)
        if known.code == "duplicate-sale":
            self._set(step=Step.DUPLICATE, problem=known, at_fault=Place.CHOICE)
        elif known.code in _STEPS_BACK_TO_AMOUNT:
            self._refuse(known, Place.AMOUNT, Step.AMOUNT)
            self._ask_quote()
        else:
            self._refuse(known, Place.RECEIVED, Step.TENDER)
        self.changed()

    # after the sale

    def _show_sale(self, sale: Sale, copy: int) -> None:
        typed_meanwhile = self._screen.find if self._screen.step is Step.COMMITTING else ""
        self._sale_id, self._order = "", None
        self._put(
            TillScreen(
                step=Step.RESULT,
                find=typed_meanwhile,
                sale=sale,
                copy=copy,
                print_state=PrintState.QUEUED,
                slip=self._parts.slips.of(sale, copy),
            )
        )
        self.changed()

    def _copy_instead(self) -> None:
        problem = self._screen.problem
        if problem is not None:
            self._print_copy_of(str(problem.facts["receipt"]), ReprintReason.OTHER)

    def _print_copy_of(self, receipt: str, reason: ReprintReason) -> None:
        self._run(
            lambda: self._desk.reprint(receipt, reason, self._operator.id),
            lambda answer: self._show_sale(*answer),
            self._copy_failed,
        )

    def _copy_failed(self, error: BaseException) -> None:
        self._set(problem=_known(error), at_fault=Place.CHOICE)

    def _printed(self, receipt: str, rows: tuple[SaleRow, ...]) -> None:
        sale = self._screen.sale
        if sale is None or sale.receipt != receipt:
            return
        for row in rows:
            if row.receipt == receipt and row.print_state is not self._screen.print_state:
                self._set(print_state=row.print_state)

    # drawing

    def _bounced(self, key: str) -> bool:
        now = self._parts.seconds()
        before = self._pressed.get(key)
        self._pressed[key] = now
        return before is not None and now - before < BOUNCE_SECONDS

    def _refuse(self, error: BaseException, place: Place, step: Step) -> None:
        self._set(step=step, problem=_known(error), at_fault=place)
        self._view.mark(place)

    def _draw_draft(self, received: Money | None = None) -> None:
        card, answer = self._screen.card, self._screen.answer
        if card is not None and answer is not None:
            self._set(slip=self._parts.slips.draft(card, answer, received, self._operator))

    def _clear(self, find: str = "") -> None:
        self._enter_waits = False
        self._sale_id, self._order = "", None
        self._finding.drop()
        self._quoting.drop()
        self._put(TillScreen(find=find))

    def _set(self, **changes: Any) -> None:
        self._put(replace(self._screen, **changes))

    def _put(self, screen: TillScreen) -> None:
        self._screen = screen
        self._view.show_screen(screen)


def _known(error: BaseException) -> PosError:
    """Return a problem that has words; anything else is our bug and must be seen."""
    if isinstance(error, PosError):
        return error
    raise error


def _bug(error: BaseException) -> None:
    _known(error)
