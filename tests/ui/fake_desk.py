"""A shop that behaves, without a disk: real tariffs, real tender rules, invented tokens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pos_app.application.errors import (
    DuplicateSale,
    MeterBlocked,
    MeterUnknown,
    PinWrong,
    QuoteChanged,
    ReceiptUnknown,
    RoleNeeded,
)
from pos_app.application.key_records import KeyDue
from pos_app.application.meter_card import CardFound, find_card
from pos_app.application.order import SaleOrder
from pos_app.application.printing import PrintState
from pos_app.application.records import (
    CurrencySum,
    MeterCard,
    MeterHit,
    MeterRecord,
    Operator,
    Purchase,
    QuoteAnswer,
    Role,
    SaleRow,
    TillStatus,
)
from pos_app.application.sale import Sale
from pos_app.application.tender_settings import standard_kinds
from pos_app.application.token_check import Diagnosis, TokenCheck, diagnose
from pos_app.domain.errors import PosError
from pos_app.domain.lockout import PinLocked
from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.explain import Edge
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.quote import Quote
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tender import note_keys
from pos_app.domain.tender_kind import CASH_KIND, TenderKind, givers
from pos_app.resources import resource
from tests.ui.fake_accounts import FakeAccounts
from tests.ui.fake_bulk import FakeBulk
from tests.ui.fake_cards import FakeCards
from tests.ui.fake_checks import fake_check
from tests.ui.fake_engineering import FakeEngineering
from tests.ui.fake_keys import FakeKeyChanges
from tests.ui.fake_meters import METERS
from tests.ui.fake_parked import FakeParked
from tests.ui.fake_proposals import FakeProposals
from tests.ui.fake_records import FakeRecords
from tests.ui.fake_redress import FakeRedress
from tests.ui.fake_rules import FakeRules
from tests.ui.fake_sales import Made
from tests.ui.fake_shifts import FakeShifts
from tests.ui.fake_wallets import FakeWallets

NOW_MS = 1_795_257_120_000  # 21 November 2026, 10:32 UTC
DAY_MS = 24 * 3_600_000
PINS = {"ama": "1234", "kofi": "4321", "thandi": "2468", "sipho": "1111"}
OPERATORS = (
    Operator("ama", "Ama Owusu", Role.CASHIER),
    Operator("kofi", "Kofi Mensah", Role.CASHIER),
    Operator("thandi", "Thandi Dlamini", Role.SUPERVISOR),
    Operator("sipho", "Sipho Nkosi", Role.ENGINEER),
)


@dataclass
class FakeDesk:
    """Records the thread of every call; `trouble` is raised by the next sale."""

    tariff: Tariff
    now_ms: int = NOW_MS
    sales: list[Sale] = field(default_factory=list)
    rows: dict[str, SaleRow] = field(default_factory=dict)
    history: dict[str, list[Purchase]] = field(default_factory=dict)
    trouble: list[PosError] = field(default_factory=list)
    clock_problem: str = ""
    allowance: int = 61
    printer_works: bool = True
    printer_slow: bool = False
    elsewhere: tuple[CurrencySum, ...] = ()  # sales in other currencies
    keys_due: tuple[KeyDue, ...] = ()
    tries: int = 5
    kinds: tuple[TenderKind, ...] = (CASH_KIND, *standard_kinds())
    threads: set[int] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    rules: FakeRules = field(default_factory=FakeRules)

    def _called(self, name: str) -> None:
        self.threads.add(threading.get_ident())
        self.calls.append(name)

    def operators(self) -> tuple[Operator, ...]:
        self._called("operators")
        return OPERATORS

    def sign_in(self, operator_id: str, pin: str, instead_of: str = "") -> Operator:
        self._called(f"sign_in instead of {instead_of}" if instead_of else "sign_in")
        if self.tries <= 0:
            raise PinLocked(seconds=30, failures=5)
        if PINS[operator_id] != pin:
            self.tries -= 1
            raise PinWrong(tries_left=self.tries)
        self.tries = 5
        return next(one for one in OPERATORS if one.id == operator_id)

    def find(self, text: str, limit: int = 20) -> tuple[MeterHit, ...]:
        self._called("find")
        wanted = text.strip().casefold().replace(" ", "")
        found = []
        for one in METERS:
            whole = f"{one.drn} {one.name} {one.phone} {one.address}".casefold().replace(" ", "")
            if wanted in whole:
                found.append(MeterHit(one.drn, one.name, one.address, one.phone, bool(one.blocked)))
        return tuple(found[:limit])

    def meter_number(self, typed: str) -> str:
        self._called("meter_number")
        compact = typed.replace(" ", "")
        if all(one.drn != compact for one in METERS):
            raise MeterUnknown(typed=compact)
        return compact

    def find_card(self, track: str) -> CardFound:
        """Find by the digits before the check digit: the invented numbers have wrong ones."""
        self._called("find_card")
        found = find_card(self, track)  # type: ignore[arg-type]
        known = self.meter(found.drn)
        return found if known is None else replace(found, drn=known.drn)

    def meter(self, drn: str) -> MeterRecord | None:
        return next((one for one in METERS if len(drn) == 11 and one.drn[:10] == drn[:10]), None)

    def _meter(self, drn: str) -> MeterRecord:
        for one in METERS:
            if one.drn == drn:
                life = self.meter_records.lives.get(drn)
                return one if life is None else replace(one, blocked=life.blocked)
        raise MeterUnknown(typed=drn)

    def card(self, drn: str) -> MeterCard:
        self._called("card")
        found = self._meter(drn)
        past = tuple(self.history.get(drn, ()))
        card = MeterCard(
            meter=found,
            tariff_name=self.tariff.name,
            unit="kWh",
            utility_name="City of Jacaranda",
            currency=self.tariff.currency,
            usual=past[0].total if past else None,
            bought_this_month=self._bought(drn),
            purchases=past,
            note_keys=note_keys(self.tariff.currency),
            minimum=self.tariff.minimum,
            maximum=self.tariff.maximum,
            wallet=self.wallets.held.get(drn),
            wallet_cap=self.wallets.cap,
            key_tokens=self.key_changes.ready.get(drn, 0),
        )
        return self.accounts.on(card)

    def free(self, drn: str) -> QuoteAnswer:
        self._called("free")
        return self.accounts.answer(self.tariff, drn)

    def _bought(self, drn: str) -> Decimal:
        return sum(
            (Decimal(past.tenths).scaleb(-1) for past in self.history.get(drn, ())), Decimal(0)
        )

    def _quote(self, drn: str, amount: Money | None, tenths: int | None) -> Quote:
        bought = self._bought(drn)
        if amount is not None:
            return self.tariff.for_money(amount, Account(bought=bought))
        assert tenths is not None
        return self.tariff.for_units(tenths, Account(bought=bought))

    def quote(self, drn: str, amount: Money | None, tenths: int | None) -> QuoteAnswer:
        self._called("quote")
        quote = self._quote(drn, amount, tenths)
        for past in self.history.get(drn, ()):
            if past.total == quote.total and past.tenths > quote.tenths:
                fewer = past.tenths - quote.tenths
                return QuoteAnswer(quote, 6, fewer, past.at_ms, ("block",), 2)
        near = Edge(1, Money(3200, self.tariff.currency), Decimal("3.248405"))
        edge = near if drn == METERS[2].drn else None
        return QuoteAnswer(quote, 6 if self.history.get(drn) else None, edge=edge)

    def sell(self, order: SaleOrder) -> Sale:
        self._called("sell")
        for known in self.sales:
            if known.sale_id == order.sale_id:
                return known
        if self.trouble:
            raise self.trouble.pop(0)
        found = self._meter(order.drn)
        if found.blocked:
            raise MeterBlocked(drn=found.drn, reason=found.blocked)
        if order.free_only:
            quote = self.accounts.quote(self.tariff, order.drn)
        else:
            quote = self._quote(order.drn, order.amount, order.tenths)
        if order.expected_tenths not in (None, quote.tenths):
            raise QuoteChanged(expected=order.expected_tenths, now=quote.tenths)
        self._refuse_repeat(order, quote)
        sale = self._sale(order, found, quote)
        self._keep(sale)
        self.accounts.free.pop(order.drn, None)
        return sale

    def _refuse_repeat(self, order: SaleOrder, quote: Quote) -> None:
        for past in self.sales:
            seconds = (self.now_ms - past.at_ms) // 1000
            same = past.meter.drn == order.drn and past.total_minor == quote.total.minor
            if same and seconds < 600 and not order.repeat_allowed:
                raise DuplicateSale(
                    receipt=past.receipt, seconds=seconds, operator=past.operator_name
                )

    def _sale(self, order: SaleOrder, found: MeterRecord, quote: Quote) -> Sale:
        operator = next(one for one in OPERATORS if one.id == order.operator_id)
        made = Made(order, found, quote, operator, self.now_ms, self.tariff.name)
        sale = made.sale(len(self.sales), givers(self.kinds))
        return replace(sale, key_change=self.key_changes.of_sale(found))

    def _keep(self, sale: Sale) -> None:
        self.sales.insert(0, sale)
        for tender in sale.tenders:
            self.cards.sold(tender.reference)
        total = sale.money(sale.total_minor)
        purchase = Purchase(sale.receipt, sale.at_ms, total, sale.tenths)
        self.history.setdefault(sale.meter.drn, []).insert(0, purchase)
        state = PrintState.PRINTED if self.printer_works else PrintState.FAILED
        state = PrintState.SENDING if self.printer_slow else state
        self.rows[sale.receipt] = SaleRow(
            sale.receipt,
            sale.at_ms,
            sale.meter.drn,
            sale.meter.name,
            total,
            sale.tenths,
            "kWh",
            sale.operator_name,
            0,
            state,
        )

    def tenders(self) -> tuple[TenderKind, ...]:
        self._called("tenders")
        return self.kinds

    def set_tenders(
        self, operator_id: str, kinds: tuple[TenderKind, ...], keep: Callable[[], None]
    ) -> None:
        self._called(f"set_tenders {operator_id}")
        keep()
        self.kinds = (CASH_KIND, *kinds)

    def reprint(self, receipt: str, reason: str, operator_id: str) -> tuple[Sale, int]:
        self._called(f"reprint {receipt} {reason}")
        sale = self.sale(receipt)
        row = self.rows[receipt]
        values = {name: getattr(row, name) for name in row.__slots__}
        values["copies"] = row.copies + 1
        self.rows[receipt] = SaleRow(**values)
        return sale, row.copies + 1

    def print_again(self, receipt: str) -> bool:
        self._called(f"print_again {receipt}")
        row = self.rows[receipt]
        values = {name: getattr(row, name) for name in row.__slots__}
        values["print_state"] = PrintState.PRINTED
        self.rows[receipt] = SaleRow(**values)
        return True

    def sales_today(self, text: str = "", limit: int = 200) -> tuple[SaleRow, ...]:
        self._called("sales_today")
        wanted = text.casefold()
        rows = sorted(self.rows.values(), key=lambda row: -row.at_ms)
        found = [r for r in rows if wanted in f"{r.receipt} {r.drn} {r.name}".casefold()]
        return tuple(found[:limit])

    def sale(self, receipt: str) -> Sale:
        self._called("sale")
        for known in self.sales:
            if known.receipt == receipt:
                return known
        raise ReceiptUnknown(receipt=receipt)

    def check_token(self, digits: str, typed_meter: str) -> TokenCheck:
        self._called("check_token")
        return fake_check(self._meter(self.meter_number(typed_meter)), digits, self.now_ms)

    def diagnose(
        self, typed_meter: str, digits: str, shows: str, maker: str = "", *, again: bool = False
    ) -> Diagnosis:
        self._called("diagnose")
        meter = self._meter(self.meter_number(typed_meter))
        check = fake_check(meter, digits, self.now_ms) if digits.strip() else None
        return diagnose(shows, maker, check, meter, again=again)

    def status(self) -> TillStatus:
        self._called("status")
        total = Money(sum(s.total_minor for s in self.sales), self.tariff.currency)
        own = (CurrencySum(len(self.sales), total),) if self.sales else ()
        sums = (*self.elsewhere, *own)
        oldest = min((s.at_ms for s in self.sales), default=None)
        failed = sum(row.print_state is PrintState.FAILED for row in self.rows.values())
        waiting = sum(
            row.print_state in {PrintState.QUEUED, PrintState.SENDING} for row in self.rows.values()
        )
        return TillStatus(
            today=sums,
            waiting=sums,
            waiting_oldest_ms=oldest,
            allowance_percent=self.allowance,
            keys_due=self.keys_due,
            tariff_age_days=3,
            slips_waiting=waiting,
            slips_failed=failed,
            clock_problem=self.clock_problem,
        )

    @property
    def shifts(self) -> FakeShifts:
        return self._shifts

    @property
    def wallets(self) -> FakeWallets:
        return self._wallets

    @property
    def cards(self) -> FakeCards:
        return self._cards

    @property
    def parked(self) -> FakeParked:
        return self._parked

    @property
    def redress(self) -> FakeRedress:
        return self._redress

    def __post_init__(self) -> None:
        self._parked = FakeParked(self._called, lambda: self.now_ms)
        self._cards = FakeCards(self._parked)
        self._wallets = FakeWallets()
        self._redress = FakeRedress(
            self._called, self.sale, self.sell, self.sign_in, lambda: self.now_ms
        )
        now = (self.operators, lambda: self.now_ms)
        self.engineering = FakeEngineering(self._called, self.meter, self.sale, self.sign_in, *now)
        self.bulk = FakeBulk(self.meter, self.quote, self.sell, self.tariff.currency)
        self.proposals = FakeProposals(self._meter, lambda: self.now_ms)
        self.meter_records = FakeRecords(self._meter, lambda: self.now_ms)
        self.key_changes = FakeKeyChanges(self._meter, lambda: self.sales)
        self._shifts = FakeShifts(self._called, lambda: self.sales, lambda: self.now_ms)

    def settle_clock(self, operator_id: str, pin: str) -> None:
        self._called("settle_clock")
        operator = self.sign_in(operator_id, pin)
        if operator.role is not Role.SUPERVISOR:
            raise RoleNeeded(role="supervisor")
        self.clock_problem = ""


def make_desk() -> FakeDesk:
    """A desk with a customer who buys 100 a week."""
    text = resource("tariffs", "jacaranda-standard.toml").read_text(encoding="utf-8")
    desk = FakeDesk(parse_tariff(text))
    rand = desk.tariff.currency
    for drn, days, minor, tenths in (
        ("07124482166", 7, 10_000, 360),
        ("07124482166", 15, 10_000, 360),
        ("02211340558", 3, 20_000, 720),
    ):
        past = Purchase(f"3-A{days:06d}", NOW_MS - days * DAY_MS, Money(minor, rand), tenths)
        desk.history.setdefault(drn, []).append(past)
    return desk
