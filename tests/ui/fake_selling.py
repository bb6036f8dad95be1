"""The half of a shop without a disk that finds meters, prices and sells."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pos_app.application.errors import (
    DuplicateSale,
    MeterBlocked,
    MeterUnknown,
    QuoteChanged,
)
from pos_app.application.meter_card import CardFound, find_card
from pos_app.application.order import SaleOrder
from pos_app.application.printing import PrintState
from pos_app.application.records import (
    MeterCard,
    MeterHit,
    MeterRecord,
    Operator,
    Purchase,
    QuoteAnswer,
    Role,
    SaleRow,
)
from pos_app.application.sale import Sale
from pos_app.application.tender_settings import standard_kinds
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.explain import Edge
from pos_app.domain.tariff.quote import Quote
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tender import note_keys
from pos_app.domain.tender_kind import CASH_KIND, TenderKind, givers
from tests.ui.fake_accounts import FakeAccounts
from tests.ui.fake_cards import FakeCards
from tests.ui.fake_engineering import FakeEngineering
from tests.ui.fake_keys import FakeKeyChanges
from tests.ui.fake_meters import METERS
from tests.ui.fake_records import FakeRecords
from tests.ui.fake_sales import Made
from tests.ui.fake_wallets import FakeWallets

NOW_MS = 1_795_257_120_000  # 21 November 2026, 10:32 UTC
DAY_MS = 24 * 3_600_000
OPERATORS = (
    Operator("ama", "Ama Owusu", Role.CASHIER),
    Operator("kofi", "Kofi Mensah", Role.CASHIER),
    Operator("thandi", "Thandi Dlamini", Role.SUPERVISOR),
    Operator("sipho", "Sipho Nkosi", Role.ENGINEER),
)


@dataclass
class FakeSelling:
    """Records the thread of every call; `trouble` is raised by the next sale."""

    tariff: Tariff
    now_ms: int = NOW_MS
    sales: list[Sale] = field(default_factory=list)
    rows: dict[str, SaleRow] = field(default_factory=dict)
    history: dict[str, list[Purchase]] = field(default_factory=dict)
    trouble: list[PosError] = field(default_factory=list)
    printer_works: bool = True
    printer_slow: bool = False
    kinds: tuple[TenderKind, ...] = (CASH_KIND, *standard_kinds())
    threads: set[int] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    meter_records: FakeRecords = field(init=False)
    key_changes: FakeKeyChanges = field(init=False)
    engineering: FakeEngineering = field(init=False)
    _wallets: FakeWallets = field(init=False)
    _cards: FakeCards = field(init=False)

    def _called(self, name: str) -> None:
        self.threads.add(threading.get_ident())
        self.calls.append(name)

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
            wallet=self._wallets.held.get(drn),
            wallet_cap=self._wallets.cap,
            carry=self.engineering.waiting(drn),
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
            self._cards.sold(tender.reference)
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
