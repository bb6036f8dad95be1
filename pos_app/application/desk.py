"""The counter's desk: everything a signed-in operator can ask of an open shop.

The window and the command line use this one door. Every method runs on the thread that owns
the ledger, takes and returns frozen values only, and raises `PosError` for what a user, a shop
or a file can cause; after an error nothing has happened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pos_app.application import lookup
from pos_app.application.approvals import ApprovalDesk
from pos_app.application.card_payment import CardDesk
from pos_app.application.card_ports import CardTerminal
from pos_app.application.engineering import EngineeringDesk
from pos_app.application.errors import ReceiptUnknown
from pos_app.application.grants import Grants
from pos_app.application.key_asked import wished_key
from pos_app.application.key_ports import KeySafe
from pos_app.application.keys import KeyDesk
from pos_app.application.lock_watch import LockWatch
from pos_app.application.meter_card import CardFound, find_card
from pos_app.application.meter_life import MeterRecords
from pos_app.application.money_rules import RulesDesk
from pos_app.application.office_ports import OfficeSeal
from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.order import SaleOrder
from pos_app.application.parked import ParkedDesk
from pos_app.application.ports import Clock, Ledger, PinBook
from pos_app.application.pricing import Pricing
from pos_app.application.proposals import ProposalDesk
from pos_app.application.records import (
    MeterCard,
    MeterHit,
    Operator,
    QuoteAnswer,
    SaleRow,
    ShopIdentity,
    TillStatus,
)
from pos_app.application.reprint import Reprint, ReprintReason
from pos_app.application.sale import Sale
from pos_app.application.sell import Sell
from pos_app.application.settings import TenderSettings
from pos_app.application.shift_open import ShiftOfSale
from pos_app.application.shift_settings import ShiftSettings
from pos_app.application.shop_time import day_bounds
from pos_app.application.sign_in import SettleClock, SignIn
from pos_app.application.status import till_status
from pos_app.application.tender_settings import kinds_to
from pos_app.application.time_guard import TimeGuard
from pos_app.application.token_ports import TokenEngine
from pos_app.application.wallets import WalletDesk, cap_of
from pos_app.domain.cash_rules import CashRules
from pos_app.domain.money import Currency, Money
from pos_app.domain.redress import COMPENSATION_KIND
from pos_app.domain.tender_kind import TenderKind

if TYPE_CHECKING:
    from pos_app.application.accounts import AccountDesk
    from pos_app.application.bulk import BulkDesk
    from pos_app.application.key_changes import KeyChangeDesk
    from pos_app.application.key_moves import KeyMoves
    from pos_app.application.key_papers import KeyPapers
    from pos_app.application.office import OfficeDesk
    from pos_app.application.redress import RedressDesk
    from pos_app.application.shifts import ShiftDesk
    from pos_app.application.staff import Staff
    from pos_app.application.tariffs import TariffDesk
    from pos_app.application.token_check import Diagnosis, TokenCheck
    from pos_app.application.token_reading import TokenReading


def _nothing(_: Sale) -> None:
    """Hear nothing."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The use cases of one open shop.

    `after_sale` hears of every committed sale, on the ledger's thread; it must return at once.
    `shift_settings` and `tender_settings` are asked at every sale: a change counts at once.
    """

    identity: ShopIdentity
    ledger: Ledger
    clock: Clock
    guard: TimeGuard
    engine: TokenEngine
    pins: PinBook
    pricing: Pricing
    safe: KeySafe
    seal: OfficeSeal
    after_sale: Callable[[Sale], None] = _nothing
    shift_settings: Callable[[], ShiftSettings] = ShiftSettings
    tender_settings: Callable[[], TenderSettings] = TenderSettings
    rules_outside: Callable[[], bool] = lambda: False
    terminal: CardTerminal | None = None

    @property
    def shifts(self) -> ShiftDesk:
        """Return the door to shifts, batches and the cash between sales."""
        from pos_app.application.shifts import ShiftDesk  # noqa: PLC0415 - off the way to a sale

        shop = (self.identity, self.ledger, self.clock, self.pricing)
        return ShiftDesk(*shop, self._sign_in, self.shift_settings().cash)

    @property
    def rules(self) -> RulesDesk:
        """Return the door to the shop's rules for money."""
        return RulesDesk(self.ledger, self.clock, self.shifts.currencies())

    @property
    def redress(self) -> RedressDesk:
        """Return the door to refunds and to selling again on the right meter."""
        from pos_app.application.redress import RedressDesk  # noqa: PLC0415 - off the way to a sale

        return RedressDesk(
            self.identity,
            self.ledger,
            self.clock,
            self.approvals,
            self._seller(replace(self.shift_settings(), cash=CashRules()), COMPENSATION_KIND),
        )

    @property
    def accounts(self) -> AccountDesk:
        """Return the door to the meters' accounts: debts, adjustments, free units."""
        from pos_app.application.accounts import AccountDesk  # noqa: PLC0415 - off the way to a sale

        return AccountDesk(self.identity, self.ledger, self.clock, self.pricing)

    @property
    def tariffs(self) -> TariffDesk:
        """Return the door to tariffs and to whose word counts for them."""
        from pos_app.application.tariffs import TariffDesk  # noqa: PLC0415 - off the way to a sale

        return TariffDesk(self.identity, self.ledger, self.clock, self.pricing)

    @property
    def parked(self) -> ParkedDesk:
        """Return the door to parked sales."""
        return ParkedDesk(self.ledger, self.clock)

    @property
    def cards(self) -> CardDesk:
        """Return the door to card payments."""
        return CardDesk(self.ledger, self.clock, self.terminal)

    @property
    def wallets(self) -> WalletDesk:
        """Return the door to customers' wallets."""
        return WalletDesk(self.ledger, self.clock, self.tender_settings().wallet)

    @property
    def office(self) -> OfficeDesk:
        """Return the door to head office."""
        from pos_app.application.office import OfficeDesk  # noqa: PLC0415 - off the way to a sale

        sides = (self.seal, self.tariffs, self.accounts, self._locks)
        return OfficeDesk(self.identity, self.ledger, self.clock, *sides)

    @property
    def keys(self) -> KeyDesk:
        """Return the door to the keys: in, out of date, out of existence."""
        shop = (self.identity, self.ledger, self.clock)
        return KeyDesk(*shop, self._sign_in, self.safe, self.approvals)

    @property
    def key_moves(self) -> KeyMoves:
        """Return the door to where the keys are, and into the module."""
        from pos_app.application.key_moves import KeyMoves  # noqa: PLC0415 - off the way to a sale

        return KeyMoves(self.keys)

    @property
    def key_papers(self) -> KeyPapers:
        """Return the door to receipts of keys, to print one again."""
        from pos_app.application.key_papers import KeyPapers  # noqa: PLC0415 - off the way to a sale

        return KeyPapers(self.ledger, self.clock)

    @property
    def key_changes(self) -> KeyChangeDesk:
        """Return the door to key changes: what is asked, what was given, giving it again."""
        from pos_app.application.key_changes import KeyChangeDesk  # noqa: PLC0415 - off the way to a sale

        return KeyChangeDesk(self.ledger, self.clock)

    @property
    def approvals(self) -> ApprovalDesk:
        """Return the door to second persons, here and elsewhere."""
        return ApprovalDesk(self.identity, self.ledger, self.clock, self._sign_in, self.safe)

    @property
    def bulk(self) -> BulkDesk:
        """Return the door to bulk vending."""
        from pos_app.application.bulk import BulkDesk  # noqa: PLC0415 - off the way to a sale

        quietly = replace(self, after_sale=_nothing)  # a drawer must not open for every row
        return BulkDesk(self.ledger, self.clock, self.pricing, self.tenders(), quietly.sell)

    @property
    def engineering(self) -> EngineeringDesk:
        """Return the door to every token that is not a sale."""
        grants = Grants(self.ledger, self.pricing, self.meter_records)
        shop = (self.identity, self.ledger, self.clock, self.engine, self.pricing)
        return EngineeringDesk(*shop, self.approvals, grants)

    @property
    def proposals(self) -> ProposalDesk:
        """Return the door to corrections that head office is asked for."""
        return ProposalDesk(self.ledger, self.clock)

    @property
    def staff(self) -> Staff:
        """Return the door to who may sign in."""
        from pos_app.application.staff import Staff  # noqa: PLC0415 - off the way to a sale

        return Staff(self.ledger, self.pins, self.clock)

    def import_meters(self, raw: bytes, operator_id: str) -> int:
        """Take a file of meters; see `ImportMeters`."""
        from pos_app.application.meter_import import ImportMeters  # noqa: PLC0415 - off the way to a sale

        return ImportMeters(self.ledger, self.clock)(raw, operator_id)

    @property
    def meter_records(self) -> MeterRecords:
        """Return the door to what is done to a meter over its life."""
        return MeterRecords(self.ledger, self.clock, self.identity)

    def operators(self) -> tuple[Operator, ...]:
        """Return who may sign in."""
        return tuple(record.operator for record in self.ledger.operators())

    def sign_in(self, operator_id: str, pin: str, instead_of: str = "") -> Operator:
        """Sign an operator in; see `SignIn`."""
        return self._sign_in(operator_id, pin, instead_of)

    def settle_clock(self, operator_id: str, pin: str) -> None:
        """Take the present time as the truth, on a supervisor's word."""
        SettleClock(self.ledger, self._sign_in, self.clock)(operator_id, pin)
        self.guard.note()

    @property
    def _sign_in(self) -> SignIn:
        return SignIn(self.ledger, self.pins, self.clock, self._locks)

    @property
    def _locks(self) -> LockWatch:
        return LockWatch(self.ledger, self.clock, self.guard)

    def find(self, text: str, limit: int = 20) -> tuple[MeterHit, ...]:
        """Return meters for any fragment of number, name, phone, address or account."""
        return lookup.find(self.ledger, text, limit)

    def meter_number(self, typed: str) -> str:
        """Return the DRN of what was typed, or say what is wrong with it."""
        return lookup.meter_number(self.ledger, typed)

    def find_card(self, track: str) -> CardFound:
        """Return the meter of a swiped card; see `meter_card.find_card`."""
        return find_card(self.ledger, track)

    def card(self, drn: str) -> MeterCard:
        """Return all a cashier needs of a meter."""
        card = lookup.card(self.ledger, self.pricing, drn)
        change = wished_key(self.ledger, card.meter, self.clock.now_ms())
        if change is not None:
            card = replace(card, key_tokens=change.steps)
        card = replace(card, carry=self.engineering.waiting(card.meter.drn))
        caps, currency = self.tender_settings().wallet, card.currency
        if not caps:
            return card
        held = self.ledger.tenders.wallet(card.meter.drn, currency)
        return replace(card, wallet=held, wallet_cap=cap_of(caps, currency))

    def currency_of(self, drn: str) -> Currency:
        """Return the currency a meter is sold in."""
        return self.card(drn).currency

    def quote(self, drn: str, amount: Money | None, tenths: int | None) -> QuoteAnswer:
        """Return what money buys or what units cost; exactly one is given."""
        return self.pricing.answer(self.card(drn).meter, amount, tenths)

    def free(self, drn: str) -> QuoteAnswer:
        """Return the month's free units alone; raises `NoFreeUnits` or `FreeWithPurchase`."""
        return QuoteAnswer(self.pricing.free(self.card(drn).meter))

    def tenders(self) -> tuple[TenderKind, ...]:
        """Return every way of paying that the shop takes, cash first."""
        return self.tender_settings().in_force(self.identity.mode)

    def set_tenders(
        self, operator_id: str, kinds: tuple[TenderKind, ...], keep: Callable[[], None]
    ) -> None:
        """Journal a supervisor's new list of ways of paying beside cash and `keep` it."""
        operator = operator_of(self.ledger, operator_id)
        need_supervisor(operator)
        body = {"operator": operator.id, "kinds": kinds_to(kinds)}
        with self.ledger.writing() as transaction:
            transaction.append("tenders_set", body, self.clock.now_ms())
            keep()  # what cannot be kept is not journalled either

    def sell(self, order: SaleOrder) -> Sale:
        """Sell; see `Sell`."""
        operator = operator_of(self.ledger, order.operator_id)
        return self._seller(self.shift_settings())(order, operator)

    def _seller(self, settings: ShiftSettings, *besides: TenderKind) -> Sell:
        shift = ShiftOfSale(self.ledger, self.clock, self.identity.mode, settings)
        return Sell(
            self.ledger,
            self.engine,
            self.pricing,
            self.clock,
            self.identity,
            shift,
            self.after_sale,
            (*self.tenders(), *besides),
            self.tender_settings().wallet,
        )

    def reprint(self, receipt: str, reason: str, operator_id: str) -> tuple[Sale, int]:
        """Make a copy; see `Reprint`."""
        operator = operator_of(self.ledger, operator_id)
        return Reprint(self.ledger, self.clock)(receipt, ReprintReason(reason), operator)

    def print_again(self, receipt: str) -> bool:
        """Queue a slip that did not come out again, not as a copy; False if it is on its way."""
        found = self.ledger.sale_by_receipt(receipt)
        if found is None:
            raise ReceiptUnknown(receipt=receipt[:40])
        return self.ledger.requeue(found[0])

    def explain_token(self, digits: str, typed_meter: str) -> TokenReading:
        """Return what a token says to a meter; see `read_token`."""
        from pos_app.application.token_reading import read_token  # noqa: PLC0415 - off the way to a sale

        meter = self.card(self.meter_number(typed_meter)).meter
        return read_token(self.ledger, self.engine, meter, digits)

    def check_token(self, digits: str, typed_meter: str) -> TokenCheck:
        """Return all this till knows of a token and a meter; see `token_check.check_token`."""
        from pos_app.application.token_check import check_token  # noqa: PLC0415 - off the way to a sale

        meter = self.card(self.meter_number(typed_meter)).meter
        return check_token(self.ledger, self.engine, self.clock, meter, digits)

    def diagnose(
        self, typed_meter: str, digits: str, shows: str, maker: str = "", *, again: bool = False
    ) -> Diagnosis:
        """Return the one thing to do about what a meter shows; `digits` may be empty."""
        from pos_app.application.token_check import check_token, diagnose  # noqa: PLC0415 - off the way to a sale

        meter = self.card(self.meter_number(typed_meter)).meter
        check = None
        if digits.strip():
            check = check_token(self.ledger, self.engine, self.clock, meter, digits)
        changing = any(not row.settled for row in self.key_changes.changes(meter.drn, 1))
        return diagnose(shows, maker, check, meter, again=again, changing=changing)

    def sales_today(self, text: str = "", limit: int = 200) -> tuple[SaleRow, ...]:
        """Return today's sales, newest first, filtered by any fragment."""
        now = self.clock.now_ms()
        start, end = day_bounds(now, self.clock.offset_minutes(now))
        return self.ledger.sales_between(start, max(end, now + 1), lookup.storable(text), limit)

    def sale(self, receipt: str) -> Sale:
        """Return a sale by its receipt number."""
        found = self.ledger.sale_by_receipt(receipt)
        if found is None:
            raise ReceiptUnknown(receipt=receipt[:40])
        return found[1]

    def status(self) -> TillStatus:
        """Return the true numbers of the status bar."""
        status = till_status(self.ledger, self.clock, self.guard, self.shift_settings().cash)
        return replace(status, rules_outside=self.rules_outside())
