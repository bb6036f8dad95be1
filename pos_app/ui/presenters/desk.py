"""The door between the window and the shop, as the window needs it.

Every method of `Desk` runs on the ledger's thread and takes and returns frozen values; it raises
`PosError` for what a cashier can cause or must be told, anything else is a bug.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from decimal import Decimal

    from pos_app.application.card_payment import CardHow, Wanted
    from pos_app.application.card_ports import CardAnswer, CardRequest, CardTerminal
    from pos_app.application.meter_card import CardFound
    from pos_app.application.money_rules import RulesAbout
    from pos_app.application.order import SaleOrder
    from pos_app.application.parked import ParkedSale
    from pos_app.application.printing import PrinterSettings, PrintOutcome
    from pos_app.application.records import (
        MeterCard,
        MeterHit,
        Operator,
        QuoteAnswer,
        SaleRow,
        TillStatus,
    )
    from pos_app.application.sale import Sale
    from pos_app.application.settings import Settings
    from pos_app.application.shift_settings import ShiftSettings
    from pos_app.application.slip.layout import Slip
    from pos_app.application.token_check import Diagnosis, TokenCheck
    from pos_app.domain.money import Currency, Money
    from pos_app.domain.tender import Tender
    from pos_app.domain.tender_kind import TenderKind
    from pos_app.ui.presenters.bulk import BulkDoor
    from pos_app.ui.presenters.engineer_screen import EngineerDoor
    from pos_app.ui.presenters.keys_screen import KeyDoor, KeyPapers, KeyPlaces
    from pos_app.ui.presenters.record import KeyChanges, Proposals, Records
    from pos_app.ui.presenters.redress_screen import RedressDoor
    from pos_app.ui.presenters.shift_desk import Shifts


T = TypeVar("T")


class Parked(Protocol):
    """What may be done with parked sales; they hold no money and no token."""

    def all(self) -> tuple[ParkedSale, ...]:
        """Return every parked sale, the oldest first."""
        ...

    def park(
        self, operator_id: str, drn: str, currency: Currency, wanted: Money | int | None
    ) -> ParkedSale:
        """Park what a customer wanted; raise ``parked-full`` …."""
        ...

    def recall(self, operator_id: str, number: int) -> ParkedSale:
        """Take a sale from the list to go on with it; raise ``parked-unknown`` …."""
        ...

    def drop(self, operator_id: str, number: int) -> ParkedSale:
        """Forget a sale; another operator's needs a supervisor."""
        ...


class Cards(Protocol):
    """The ledger's side of card payments."""

    @property
    def terminal(self) -> CardTerminal | None:
        """Return the terminal, None where the till has none."""
        ...

    def ask(self, operator_id: str, wanted: Wanted, charge: Money) -> ParkedSale:
        """Journal that a card is about to be asked."""
        ...

    def request(self, asked: ParkedSale) -> CardRequest:
        """Return the question for the terminal."""
        ...

    def answered(
        self, operator_id: str, number: int, answer: CardAnswer, how: CardHow = ...
    ) -> ParkedSale | None:
        """Journal an answer."""
        ...

    def resolve(
        self, operator_id: str, number: int, answer: CardAnswer, kind: TenderKind, reason: str
    ) -> ParkedSale | None:
        """Settle an unclear card on a supervisor's word; raise ``role-needed`` …."""
        ...

    def refunded(self, operator_id: str, number: int, reason: str) -> ParkedSale:
        """Note that a supervisor gave back what a card paid without a sale."""
        ...


class Rules(Protocol):
    """The shop's rules for money."""

    def about(self) -> RulesAbout:
        """Return what rules can be about."""
        ...

    def in_force(self, file: Settings) -> Settings:
        """Return the settings of a file with the rules that the journal knows."""
        ...

    def set(self, operator_id: str, rules: ShiftSettings, keep: Callable[[], None]) -> None:
        """Journal and keep new rules; raise ``role-needed``."""
        ...


class Wallets(Protocol):
    """Customers' wallets."""

    def set_caps(
        self, operator_id: str, caps: Mapping[str, Decimal], keep_them: Callable[[], None]
    ) -> None:
        """Journal and keep how much a wallet may hold, by currency; raise ``role-needed``."""
        ...

    def open(self, operator_id: str, drn: str) -> None:
        """Open a wallet because the customer of a meter asked."""
        ...


class Desk(Protocol):
    """All a signed-in operator can ask of an open shop."""

    def operators(self) -> tuple[Operator, ...]:
        """Return who may sign in, in the order of the list."""
        ...

    def sign_in(self, operator_id: str, pin: str, instead_of: str = "") -> Operator:
        """Raise ``pin-wrong`` (tries_left) or ``pin-locked`` (seconds)."""
        ...

    def find(self, text: str, limit: int = 20) -> tuple[MeterHit, ...]:
        """Return meters by any fragment of number, name, phone, address."""
        ...

    def meter_number(self, typed: str) -> str:
        """Return the DRN of a whole number as typed; raise ``drn-check-digit`` …."""
        ...

    def find_card(self, track: str) -> CardFound:
        """Return the meter of a swiped card; raise ``card-of-payment``, ``card-unread`` …."""
        ...

    def card(self, drn: str) -> MeterCard:
        """Return all a cashier needs of a meter; raise ``meter-unknown`` …."""
        ...

    def quote(self, drn: str, amount: Money | None, tenths: int | None) -> QuoteAnswer:
        """Answer one of a sum of money or a number of 0.1 units; raise ``below-minimum`` …."""
        ...

    def free(self, drn: str) -> QuoteAnswer:
        """Return the month's free units alone; raise ``no-free-units`` …."""
        ...

    def tenders(self) -> tuple[TenderKind, ...]:
        """Return every way of paying that the shop takes, cash first."""
        ...

    def set_tenders(
        self, operator_id: str, kinds: tuple[TenderKind, ...], keep: Callable[[], None]
    ) -> None:
        """Journal and keep another list of ways of paying beside cash; raise ``role-needed``."""
        ...

    def sell(self, order: SaleOrder) -> Sale:
        """Return the committed sale; an order that was committed before returns that sale."""
        ...

    def reprint(self, receipt: str, reason: str, operator_id: str) -> tuple[Sale, int]:
        """Queue a copy; return the sale and the number of the copy."""
        ...

    def sales_today(self, text: str = "", limit: int = 200) -> tuple[SaleRow, ...]:
        """Return today's sales, newest first, that contain `text`."""
        ...

    def sale(self, receipt: str) -> Sale:
        """Return one sale; raise ``receipt-unknown``."""
        ...

    def status(self) -> TillStatus:
        """Return the numbers of the status bar."""
        ...

    def settle_clock(self, operator_id: str, pin: str) -> None:
        """Accept the computer's time in a supervisor's name."""
        ...

    def print_again(self, receipt: str) -> bool:
        """Try a failed print job again; this is no copy. False when it is on its way."""
        ...

    def check_token(self, digits: str, typed_meter: str) -> TokenCheck:
        """Return all this till knows of a token and a meter; raise ``token-format`` …."""
        ...

    def diagnose(
        self, typed_meter: str, digits: str, shows: str, maker: str = "", *, again: bool = False
    ) -> Diagnosis:
        """Return the one thing to do about what a meter shows."""
        ...

    @property
    def keys(self) -> KeyDoor:
        """Return the door to the till's own keys."""
        ...

    @property
    def key_moves(self) -> KeyPlaces:
        """Return the door to where they are."""
        ...

    @property
    def key_papers(self) -> KeyPapers:
        """Return the door to receipts of keys."""
        ...

    @property
    def key_changes(self) -> KeyChanges:
        """Return the door to the keys of meters."""
        ...

    @property
    def bulk(self) -> BulkDoor:
        """Return the door to bulk vending."""
        ...

    @property
    def engineering(self) -> EngineerDoor:
        """Return the door to every token that is not a sale."""
        ...

    @property
    def meter_records(self) -> Records:
        """Return the door to what is done to a meter over its life."""
        ...

    @property
    def proposals(self) -> Proposals:
        """Return the door to corrections that head office is asked for."""
        ...

    @property
    def parked(self) -> Parked:
        """Return the door to parked sales."""
        ...

    @property
    def cards(self) -> Cards:
        """Return the door to card payments."""
        ...

    @property
    def wallets(self) -> Wallets:
        """Return the door to customers' wallets."""
        ...

    @property
    def rules(self) -> Rules:
        """Return the door to the rules for money."""
        ...

    @property
    def shifts(self) -> Shifts:
        """Return the door to shifts."""
        ...

    @property
    def redress(self) -> RedressDoor:
        """Return the door to refunds."""
        ...


@dataclass(frozen=True, slots=True)
class Slips:
    """How the screens get their paper: a draft while typing, the slip of a sale after it.

    A draft takes what was handed over so far and how much of the change the customer keeps here.

    Both are called on the ledger's thread. A draft without a quote names the customer; `of` takes
    the number of the copy, 0 for the original.
    """

    draft: Callable[[MeterCard, QuoteAnswer | None, tuple[Tender, ...], Money | None], Slip]
    of: Callable[[Sale, int], Slip]


class Choices(Protocol):
    """Where the settings of this counter live, and a way to ask a printer."""

    def load(self) -> Settings:
        """Return what is set now; quick, called on the GUI thread."""
        ...

    def save(self, settings: Settings) -> None:
        """Keep and apply; quick, called on the GUI thread."""
        ...

    def probe(self, printer: PrinterSettings) -> PrintOutcome:
        """Ask the printer whether it is ready; called on an I/O thread."""
        ...

    def print_test(self, printer: PrinterSettings) -> PrintOutcome:
        """Print a test slip; called on an I/O thread."""
        ...


@dataclass(frozen=True, slots=True)
class TillParts:
    """What a till needs: the door, a way to run there, paper, a steady clock, new identities.

    `io` runs what waits for the world outside, such as a card terminal.
    """

    desk: Desk
    run: Run
    slips: Slips
    seconds: Callable[[], float]
    new_id: Callable[[], str]
    io: Run


class Run(Protocol):
    """Run `job` elsewhere, then `done` or `failed` here."""

    def __call__(
        self,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Return at once."""
        ...


class Latest:
    """Ask again with every keystroke, hear only the last answer.

    A question that was overtaken before its turn is not asked at all.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._asked = 0
        self._turn = 0  # the open question, 0 when none is

    @property
    def waiting(self) -> bool:
        """Tell whether the newest question is still open."""
        return self._turn != 0

    def drop(self) -> None:
        """Forget the open question; its answer will not be heard."""
        self._turn = 0

    def ask(
        self,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Replace the open question."""
        self._asked += 1
        turn = self._turn = self._asked

        def current() -> T | None:
            return job() if turn == self._turn else None

        def land(answer: T | None) -> None:
            if turn == self._turn:
                self._turn = 0
                done(answer)  # type: ignore[arg-type]  # None only when T allows it

        def fail(error: BaseException) -> None:
            if turn == self._turn:
                self._turn = 0
                failed(error)

        self._run(current, land, fail)
