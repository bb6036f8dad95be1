"""The money: counted with every key, taken in one way or several, and the one place that commits.

Cash is the way of paying until a key says otherwise; it settles the rest and ends the sale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pos_app.application.card_payment import CARD, Wanted
from pos_app.application.order import SaleOrder
from pos_app.application.records import MeterCard
from pos_app.application.sale import Sale
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import CASH, Tender
from pos_app.domain.tender_kind import CASH_KIND, TenderKind, kind_of, reference_of
from pos_app.domain.wallet import WALLET
from pos_app.ui.presenters.desk import TillParts
from pos_app.ui.presenters.till_board import Board, known
from pos_app.ui.presenters.till_card import CardTalk
from pos_app.ui.presenters.till_quote import Quoting
from pos_app.ui.presenters.till_screen import Place, Step
from pos_app.ui.presenters.till_ways import asks_reference, check, kept_of, next_kind, still_due
from pos_app.ui.presenters.typed import Asked, read_asked

_BACK_TO_THE_AMOUNT = frozenset(
    {"below-minimum", "above-maximum", "buys-nothing", "no-price-above", "quote-changed"}
)
_NOTHING_HANDED: dict[str, Any] = {
    "received": "",
    "reference": "",
    "change": None,
    "missing": None,
    "problem": None,
    "at_fault": None,
}


class Payment:
    """One commit at a time; one identity from the accepted quote to the sale on disk."""

    def __init__(
        self,
        board: Board,
        parts: TillParts,
        quoting: Quoting,
        sold: Callable[[Sale], None],
    ) -> None:
        self._board, self._parts = board, parts
        self._quoting, self._sold = quoting, sold
        self.card_moved: Callable[[], None] = lambda: None  # what is parked is other now
        self._sale_id = ""
        self._order: SaleOrder | None = None
        self.kinds: tuple[TenderKind, ...] = (CASH_KIND,)
        self.prepaid: tuple[Tender, ...] = ()  # what a card paid before the sale was called back
        self._card = CardTalk(board, parts, self._take, self._card_refused)

    def forget(self) -> None:
        """Give up the sale that was under way."""
        self._sale_id, self._order, self.prepaid = "", None, ()

    def begin(self) -> None:
        """Go to the money; the sale gets its identity here, once."""
        self._sale_id = self._sale_id or self._parts.new_id()
        self._to_tender(self.prepaid, CASH)
        self.learn()

    def learn(self) -> None:
        """Ask which ways of paying this operator may take."""
        self._parts.run(self._parts.desk.tenders, self._learned, _raise)

    def _learned(self, kinds: tuple[TenderKind, ...]) -> None:
        role = self._board.operator.role.value
        self.kinds = tuple(kind for kind in kinds if kind.open_to(role))
        screen = self._board.screen
        offered = self.offered(screen.card)
        if screen.kinds not in ((), offered):
            self._board.set(kinds=offered)
            paying = screen.step in (Step.TENDER, Step.REFERENCE)
            if paying and screen.kind not in {kind.code for kind in offered}:
                self._to_tender(screen.taken, CASH)

    def offered(self, card: MeterCard | None) -> tuple[TenderKind, ...]:
        """Return the ways of paying of this customer: a wallet only where there is money in it."""
        filled = card is not None and card.wallet is not None and card.wallet.minor > 0
        return tuple(kind for kind in self.kinds if filled or kind.code != WALLET)

    def keep_change(self) -> None:
        """Put the change into the customer's wallet, or give it back after all."""
        screen, desk, by = self._board.screen, self._parts.desk, self._board.operator.id
        card = screen.card
        if screen.step is not Step.TENDER or card is None or card.wallet_cap is None:
            return
        if card.wallet is not None:
            self._set_keep(card, keep=not screen.keep)
            return
        opened = replace(card, wallet=Money(0, card.currency))
        self._parts.run(
            lambda: desk.wallets.open(by, card.meter.drn),
            lambda _: self._set_keep(opened, keep=True),
            lambda error: self._board.refuse(error, Place.RECEIVED, Step.TENDER),
        )

    def _set_keep(self, card: MeterCard, *, keep: bool) -> None:
        screen = self._board.screen
        same = screen.card is not None and screen.card.meter.drn == card.meter.drn
        if screen.step is not Step.TENDER or not same:
            return  # the till went on meanwhile; the wallet is open all the same
        self._board.set(card=card, keep=keep)
        screen = self._board.screen
        if screen.due is not None and screen.change is not None:
            self._draft(screen.due + screen.change)

    def reconsider(self) -> None:
        """Go back to the amount; what is accepted next is another sale."""
        self._sale_id, self._order = "", None
        self._board.set(step=Step.AMOUNT, taken=(), kind=CASH, due=None, **_NOTHING_HANDED)
        self._quoting.draft(())
        self._board.mark(Place.AMOUNT)

    def back(self) -> None:
        """Undo one thing: the number, the way of paying, the last part, at last the quote."""
        screen = self._board.screen
        if screen.step is Step.REFERENCE:
            self._board.set(step=Step.TENDER, reference="", problem=None, at_fault=None)
        elif screen.kind != CASH:
            self._to_tender(screen.taken, CASH)
        elif len(screen.taken) > len(self.prepaid):
            self._to_tender(screen.taken[:-1], CASH)
        else:
            self.reconsider()

    def count(self, text: str) -> None:
        """Show what goes back, or what is missing."""
        due = self._board.screen.due
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
        self._board.set(received=text, change=change, missing=missing, problem=None, at_fault=None)
        self._draft(handed)

    def other(self) -> None:
        """Pay in the next of the shop's ways."""
        self.pay_by(next_kind(self._board.screen.kinds, self._board.screen.kind))

    def pay_by(self, code: str) -> None:
        """Pay the rest in this way; cash that is on the counter already stays taken."""
        screen = self._board.screen
        if screen.step is not Step.TENDER or code == screen.kind:
            return
        taken = screen.taken
        if screen.kind == CASH and screen.missing is not None and screen.due is not None:
            taken += (Tender(CASH, screen.due - screen.missing),)
        self._to_tender(taken, code)

    def enter(self) -> None:
        """Take exactly what is due, or what was typed."""
        text, due = self._board.screen.received, self._board.screen.due
        if due is None:
            return
        if due.minor <= 0 and self._board.screen.taken:
            self._commit(self._board.screen.taken)
            return
        try:
            handed = Money.parse(text, due.currency) if text.strip() else due
            kind = kind_of(self.kinds, self._board.screen.kind)
            check(self.kinds, kind, handed, due, self._board.operator.role.value)
        except PosError as error:
            self._board.refuse(error, Place.RECEIVED, Step.TENDER)
            return
        if kind.code == CASH and (handed - due).minor < 0:
            self._board.mark(Place.RECEIVED)
        elif kind.code == CARD and self._card.ready:
            self._charge(handed)
        elif asks_reference(kind):
            self._board.set(
                step=Step.REFERENCE, received=handed.plain(), problem=None, at_fault=None
            )
        else:
            self._take(Tender(kind.code, handed))

    def type_reference(self, text: str) -> None:
        """Remember the number of a payment with every key."""
        self._board.set(reference=text, problem=None, at_fault=None)

    def enter_reference(self) -> None:
        """Take the payment with its number."""
        screen = self._board.screen
        if screen.due is None:
            return
        try:
            kind = kind_of(self.kinds, screen.kind)
            reference = reference_of(kind, screen.reference)
            handed = Money.parse(screen.received, screen.due.currency)
        except PosError as error:
            self._board.refuse(error, Place.REFERENCE, Step.REFERENCE)
            return
        self._take(Tender(kind.code, handed, reference))

    def card_unclear(self) -> bool:
        """Note that nobody knows whether a card paid; False when no card is being asked."""
        screen = self._board.screen
        if screen.step is not Step.REFERENCE:
            return False
        wanted = self._wanted()
        if screen.kind == CARD and screen.due is not None and wanted is not None:
            self._card.unclear(wanted, Money.parse(screen.received, screen.due.currency))
        return True

    def _charge(self, amount: Money) -> None:
        wanted = self._wanted()
        if wanted is not None:
            self._card.charge(wanted, amount)

    def _wanted(self) -> Wanted | None:
        screen = self._board.screen
        if screen.card is None:
            return None
        asked = read_asked(screen.amount, screen.card.currency, screen.card.usage) or Asked()
        meter, currency = screen.card.meter, screen.card.currency
        return Wanted(meter.drn, currency, asked.amount, asked.tenths)

    def _card_refused(self, problem: PosError) -> None:
        """Offer cash: a card that said no, or nothing, pays for nothing here."""
        self._board.set(step=Step.TENDER)
        self._to_tender(self._board.screen.taken, CASH)
        self._board.refuse(problem, Place.RECEIVED, Step.TENDER)
        self.card_moved()

    def note(self, number: int) -> None:
        """Add a note to what was received; commit when that is enough."""
        screen = self._board.screen
        card, due = screen.card, screen.due
        if card is None or due is None or number >= len(card.note_keys) or screen.kind != CASH:
            return
        if self._board.bounced(f"note {number}"):
            return
        handed = card.note_keys[number]
        if screen.missing is not None:
            handed = due - screen.missing + handed
        self.count(handed.plain())
        if (handed - due).minor >= 0:
            self._take(Tender(CASH, handed))

    def repeat(self) -> None:
        """Sell once more on purpose, after the warning."""
        if self._order is not None:
            self._send(replace(self._order, repeat_allowed=True))

    def _to_tender(self, taken: tuple[Tender, ...], kind: str) -> None:
        """Ask for the rest in one way."""
        answer = self._board.screen.answer
        due = None if answer is None else still_due(answer.quote.total, taken, kind)
        card, again = self._board.screen.card, self._board.screen.step is Step.TENDER
        self._board.set(
            step=Step.TENDER,
            find=card.meter.drn if card else "",
            kinds=self.offered(card),
            taken=taken,
            kind=kind,
            due=due,
            **_NOTHING_HANDED,
        )
        if again:
            self._draft(None)
            self._fill_from_wallet(card, due)
            self._board.mark(Place.RECEIVED)

    def _fill_from_wallet(self, card: MeterCard | None, due: Money | None) -> None:
        """Offer what the wallet holds where that is less than what is due."""
        held = None if card is None else card.wallet
        if self._board.screen.kind == WALLET and held is not None and due is not None:
            self.count(min(held, due, key=lambda each: each.minor).plain())

    def _draft(self, handed: Money | None) -> None:
        screen = self._board.screen
        now = () if handed is None else (Tender(screen.kind, handed),)
        self._quoting.draft(screen.taken + now, kept_of(screen))

    def _take(self, tender: Tender) -> None:
        """Take a part of the payment; with the last one the sale is made."""
        screen = self._board.screen
        if screen.due is not None and (tender.amount - screen.due).minor >= 0:
            self._commit((*screen.taken, tender))
        else:
            self._board.set(step=Step.TENDER)
            self._to_tender((*screen.taken, tender), CASH)

    def _commit(self, tenders: tuple[Tender, ...]) -> None:
        card, answer = self._board.screen.card, self._board.screen.answer
        if card is None or answer is None:
            return
        asked = read_asked(self._board.screen.amount, card.currency, card.usage) or Asked()
        self._send(
            SaleOrder(
                sale_id=self._sale_id,
                drn=card.meter.drn,
                amount=asked.amount,
                tenths=asked.tenths,
                tenders=tenders,
                operator_id=self._board.operator.id,
                repeat_allowed=False,
                expected_tenths=answer.quote.tenths,
                keep_change=self._board.screen.keep,
            )
        )

    def _send(self, order: SaleOrder) -> None:
        self._order = order
        self._board.set(step=Step.COMMITTING, find="", problem=None, at_fault=None)
        self._parts.run(lambda: self._parts.desk.sell(order), self._sold, self._refused)

    def _refused(self, error: BaseException) -> None:
        card = self._board.screen.card
        self._board.set(step=Step.TENDER, find=card.meter.drn if card else "")
        problem = known(error)
        if problem.code == "duplicate-sale":
            self._board.set(step=Step.DUPLICATE, problem=problem, at_fault=Place.CHOICE)
        elif problem.code in _BACK_TO_THE_AMOUNT:
            self.reconsider()
            self._board.refuse(problem, Place.AMOUNT, Step.AMOUNT)
            self._quoting.ask()
        else:
            self._take_back(problem)
            self._board.refuse(problem, Place.RECEIVED, Step.TENDER)

    def _take_back(self, problem: PosError) -> None:
        """Forget a payment whose number was used; everything else stays as it was handed over."""
        screen = self._board.screen
        number = problem.facts.get("reference")
        if number is None or self._order is None:
            return
        kept = tuple(each for each in self._order.tenders if each.reference != number)
        self._to_tender(kept if kept != self._order.tenders else screen.taken, CASH)


def _raise(error: BaseException) -> None:
    raise error
