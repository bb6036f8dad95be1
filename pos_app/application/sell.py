"""The sale: from an order to a committed sale with its token, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from pos_app.application.errors import (
    DuplicateSale,
    MeterBlocked,
    MeterUnknown,
    QuoteChanged,
    SaleIdReused,
)
from pos_app.application.key_asked import KeyWish, checked
from pos_app.application.key_change_records import KEY_CHANGE, SaleKeyChange, key_of
from pos_app.application.operators import need_cash_hand
from pos_app.application.order import SaleOrder
from pos_app.application.ports import (
    Clock,
    Ledger,
    LedgerTransaction,
    ReceiptNumber,
)
from pos_app.application.pricing import Pricing
from pos_app.application.records import MeterRecord, Operator, ShopIdentity, ShopMode
from pos_app.application.sale import Sale, SaleMeter, SaleTender, SaleToken, sale_line
from pos_app.application.shift_open import ShiftOfSale
from pos_app.application.shop_time import month_of
from pos_app.application.token_ports import IssuedToken, SaleIntent, TokenEngine
from pos_app.application.token_wishes import free_tenths, wishes
from pos_app.application.wallets import Caps, PurseOfSale
from pos_app.domain.cash_rules import commission
from pos_app.domain.tariff.account_values import account_values
from pos_app.domain.tariff.quote import Quote
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tender import Settlement, Tender, cash_kept, settle
from pos_app.domain.tender_kind import (
    CASH_KIND,
    NO_SHAPE,
    ReferenceUsed,
    TenderKind,
    accepted,
    givers,
    kind_of,
)
from pos_app.domain.wallet import Purse, with_kept

REPEAT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Sell:
    """Commit a sale, then return it. Nothing leaves here that is not on disk.

    The same `sale_id` again returns the first sale and sells nothing; `committed` hears of new
    sales only.
    """

    ledger: Ledger
    engine: TokenEngine
    pricing: Pricing
    clock: Clock
    identity: ShopIdentity
    shift: ShiftOfSale
    committed: Callable[[Sale], None]
    kinds: tuple[TenderKind, ...] = (CASH_KIND,)
    wallet_caps: Caps = field(default_factory=dict)

    def __call__(self, order: SaleOrder, operator: Operator) -> Sale:
        """Sell, or raise a `PosError` after which nothing has happened."""
        known = self.ledger.sale_by_id(order.sale_id)
        if known is not None:
            return _same_sale(known[1], order)
        sale = self.engine.issue(lambda act: self.prepare(act, order, operator))
        self.committed(sale)
        return sale

    def prepare(self, act: LedgerTransaction, order: SaleOrder, operator: Operator) -> SaleIntent:
        """Price an order inside the transaction that will hold its sale."""
        need_cash_hand(operator)
        meter = self.ledger.meter(order.drn)
        if meter is None:
            raise MeterUnknown(typed=order.drn[:40])
        if meter.blocked:
            raise MeterBlocked(drn=meter.drn, reason=meter.blocked)
        change = checked(self.ledger, meter, self.clock.now_ms())
        tariff = self.pricing.tariff(meter.tariff)
        if order.free_only:
            quote = self.pricing.free(meter)
        else:
            quote = self.pricing.quote(meter, order.amount, order.tenths)
        if order.expected_tenths is not None and quote.tenths != order.expected_tenths:
            raise QuoteChanged(expected=order.expected_tenths, now=quote.tenths)
        if not order.repeat_allowed:
            self._refuse_repeat(meter, quote)
        utility = self.ledger.utility(meter.utility)
        tenders = accepted(self.kinds, order.tenders, operator.role.value)
        settlement = settle(quote.total, tenders, givers(self.kinds))
        self._refuse_used(tenders)
        wallet = PurseOfSale(self.ledger, self.wallet_caps)
        purse = wallet(meter.drn, tenders, settlement, keep_change=order.keep_change)
        if purse is not None:
            settlement = with_kept(settlement, purse.kept)
        percent = self.shift.settings.cash.commission.get(meter.utility, Decimal(0))
        priced = _Priced(
            order=order,
            operator=operator,
            meter=meter,
            tariff=tariff,
            quote=quote,
            settlement=settlement,
            purse=purse,
            tenders=tuple(self._handed(tender) for tender in tenders),
            shift=self.shift(act, operator, cash_kept(tenders, settlement), quote.total),
            commission_percent=percent,
            utility_name=utility.name if utility else meter.utility,
            training=self.identity.mode is ShopMode.TRAINING,
            change=change,
        )

        def body(tokens: tuple[IssuedToken, ...], receipt: ReceiptNumber, at_ms: int) -> Sale:
            return priced.sale(tokens, receipt, at_ms, self.clock.offset_minutes(at_ms))

        holding = change.meter if change else meter
        parts = (order.sale_id, holding, operator, wishes(quote), quote.total, body)
        return SaleIntent(*parts, change, order.paper)

    def _handed(self, tender: Tender) -> SaleTender:
        kind = kind_of(self.kinds, tender.kind)
        held = kind.in_drawer and kind is not CASH_KIND
        return SaleTender(
            tender.kind, tender.amount.minor, tender.reference, held, kind.gives_change
        )

    def _refuse_used(self, tenders: tuple[Tender, ...]) -> None:
        """Raise `ReferenceUsed` for a number that paid before, or twice here."""
        seen = set()
        for tender in tenders:
            named = (tender.kind, tender.reference)
            if not tender.reference or not kind_of(self.kinds, tender.kind).once:
                continue
            receipt = self.ledger.tenders.receipt_of(*named)
            if receipt or named in seen:
                raise ReferenceUsed(
                    tender=tender.kind, reference=tender.reference, receipt=receipt or NO_SHAPE
                )
            seen.add(named)

    def _refuse_repeat(self, meter: MeterRecord, quote: Quote) -> None:
        """Raise `DuplicateSale` for the same meter and money within ten minutes."""
        now = self.clock.now_ms()
        for past in self.ledger.purchases(meter.drn, 1):
            seconds = max(now - past.at_ms, 0) // 1000
            if past.total == quote.total and seconds < REPEAT_SECONDS:
                found = self.ledger.sale_by_receipt(past.receipt)
                by = found[1].operator_name if found else ""
                raise DuplicateSale(receipt=past.receipt, seconds=seconds, operator=by)


def _same_sale(sale: Sale, order: SaleOrder) -> Sale:
    if order.free_only:
        same_amount = sale.asked == "free"
    elif order.amount is not None:
        same_amount = order.amount.minor == sale.total_minor
    else:  # units are raised to what a token can carry
        same_amount = sale.asked == "units" and (order.tenths or 0) <= sale.tenths
    if sale.meter.drn != order.drn or not same_amount:
        raise SaleIdReused(sale_id=order.sale_id[:40])
    return sale


@dataclass(frozen=True, slots=True)
class _Priced:
    order: SaleOrder
    operator: Operator
    meter: MeterRecord
    tariff: Tariff
    quote: Quote
    settlement: Settlement
    purse: Purse | None
    tenders: tuple[SaleTender, ...]
    shift: int
    commission_percent: Decimal
    utility_name: str
    training: bool
    change: KeyWish | None

    def _asked(self) -> str:
        if self.order.free_only:
            return "free"
        return "units" if self.order.amount is None else "money"

    def sale(
        self,
        tokens: tuple[IssuedToken, ...],
        receipt: ReceiptNumber,
        at_ms: int,
        offset_minutes: int,
    ) -> Sale:
        """Return the sale as it will stand in the journal."""
        quote, paid = self.quote, self.settlement
        meter = self.change.meter if self.change else self.meter
        credit = [each for each in tokens if each.kind != KEY_CHANGE]
        return Sale(
            sale_id=self.order.sale_id,
            receipt=str(receipt),
            series=receipt.series,
            number=receipt.number,
            at_ms=at_ms,
            offset_minutes=offset_minutes,
            month=month_of(at_ms, offset_minutes),
            operator=self.operator.id,
            operator_name=self.operator.name,
            meter=_meter(meter, self.tariff.unit_name, self.utility_name, tokens[-1].kcv),
            tariff=quote.tariff_id,
            tariff_version=quote.tariff_version,
            tariff_name=self.tariff.name,
            bought_before=int(quote.bought_before.scaleb(1)),
            asked=self._asked(),
            currency=quote.total.currency.code,
            decimals=quote.total.currency.decimals,
            total_minor=quote.total.minor,
            rounding_minor=paid.rounding.minor,
            due_minor=paid.due.minor,
            change_minor=paid.change.minor,
            tenths=quote.tenths,
            units_exact=str(quote.units),
            lines=tuple(sale_line(line) for line in quote.lines),
            tenders=self.tenders,
            tokens=tuple(
                SaleToken(each.digits, each.kind, each.tid, each.minute, each.tenths, each.fine)
                for each in credit
            ),
            training=self.training,
            energy_minor=quote.energy.minor,
            account=account_values(quote.account),
            free_tenths=free_tenths(quote),
            shift=self.shift,
            commission_percent=str(self.commission_percent) if self.commission_percent else "",
            commission_minor=commission(quote.total, self.commission_percent).minor,
            wallet_in_minor=self.purse.kept.minor if self.purse else 0,
            wallet_after_minor=self.purse.after.minor if self.purse else None,
            key_change=self._key_change(tokens),
        )

    def _key_change(self, tokens: tuple[IssuedToken, ...]) -> SaleKeyChange | None:
        if self.change is None:
            return None
        digits = tuple(each.digits for each in tokens if each.kind == KEY_CHANGE)
        old, kcv = key_of(self.change.held), tokens[0].kcv
        return SaleKeyChange(digits, old, self.change.record, kcv)


def _meter(meter: MeterRecord, unit: str, utility_name: str, kcv: str) -> SaleMeter:
    return SaleMeter(
        drn=meter.drn,
        pan=meter.pan,
        name=meter.name,
        address=meter.address,
        utility=meter.utility,
        utility_name=utility_name,
        commodity=meter.commodity,
        unit=unit,
        sgc=meter.sgc,
        krn=meter.krn,
        ti=meter.ti,
        ken=meter.ken,
        kt=meter.kt,
        ea=meter.ea,
        dkga=meter.dkga,
        base=meter.base,
        kcv=kcv,
    )
