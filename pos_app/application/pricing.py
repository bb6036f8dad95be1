"""From a meter to what its money buys now: tariff, month-to-date, quote, comparison."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pos_app.application.account_pricing import AccountNow, account_of
from pos_app.application.errors import TariffMissing
from pos_app.application.ports import Clock, Ledger, TariffRecord
from pos_app.application.records import MeterRecord, Purchase, QuoteAnswer
from pos_app.application.sale import Sale
from pos_app.application.shop_time import local, month_of
from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.explain import (
    BlockReached,
    DuesTaken,
    EarlierPurchase,
    Edge,
    PaidBlock,
    PriceChanged,
    before_units,
    next_edge,
    reasons_for_fewer,
)
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.parts import CountBy
from pos_app.domain.tariff.quote import LineKind, Quote
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.usual import PastPurchase, Usage, usage_of, usual_amount

HISTORY = 12
MONTH = 1000
"""More purchases than one meter makes in a month."""


class Pricing:
    """Quotes for one open shop; parsed tariffs are kept until a newer version is imported."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._parsed: dict[tuple[str, int], tuple[str, Tariff]] = {}

    def tariff(self, tariff_id: str) -> Tariff:
        """Return the version in force today; raises `TariffMissing`.

        Where none has begun it is the first one, which refuses every purchase by itself.
        """
        today = self._day(self._clock.now_ms())
        found = None
        for version, sha256 in self._ledger.tariff_versions(tariff_id):
            found = self._of(tariff_id, version, sha256)
            if found.valid_from is None or found.valid_from <= today:
                break
        if found is None:
            raise TariffMissing(tariff=tariff_id)
        return found

    def version(self, tariff_id: str, version: int) -> Tariff:
        """Return one version, in force or not; raises `TariffMissing`."""
        record = self._ledger.tariff_version(tariff_id, version)
        if record is None:
            raise TariffMissing(tariff=tariff_id)
        return self.read(record)

    def _of(self, tariff_id: str, version: int, sha256: str) -> Tariff:
        held = self._parsed.get((tariff_id, version))
        if held is None or held[0] != sha256:
            return self.version(tariff_id, version)
        return held[1]

    def read(self, record: TariffRecord) -> Tariff:
        """Return the tariff of a record, parsed once."""
        held = self._parsed.get((record.id, record.version))
        if held is None or held[0] != record.sha256:
            held = (record.sha256, parse_tariff(record.text))
            self._parsed[record.id, record.version] = held
        return held[1]

    def bought_this_month(self, drn: str) -> Decimal:
        """Return the units a meter bought in the shop's present calendar month."""
        now = self._clock.now_ms()
        month = month_of(now, self._clock.offset_minutes(now))
        return Decimal(self._ledger.month_tenths(drn, month)).scaleb(-1)

    def quote(self, meter: MeterRecord, amount: Money | None, tenths: int | None) -> Quote:
        """Return the quote for money or for units; exactly one of them is given."""
        tariff = self.tariff(meter.tariff)
        account = self.account(meter.drn, tariff)
        if amount is not None:
            return tariff.for_money(_in_coins_of(tariff, amount), account)
        if tenths is None:
            raise ValueError("neither money nor units")
        return tariff.for_units(tenths, account)

    def free(self, meter: MeterRecord) -> Quote:
        """Return the quote for the month's free units alone; see `Tariff.for_free`."""
        tariff = self.tariff(meter.tariff)
        return tariff.for_free(self.account(meter.drn, tariff))

    def account(self, drn: str, tariff: Tariff) -> Account:
        """Return the state of a meter's account as this till's own ledger tells it.

        What stays due of charges is on the last sale, or in a later import; debts, adjustments
        and free units are what imports stated and sales settled since.
        """
        now = self._clock.now_ms()
        month = month_of(now, self._clock.offset_minutes(now))
        last = self._ledger.purchases(drn, 1)
        by_money = tariff.blocks_by is CountBy.MONEY
        now_is = AccountNow(
            state=self._ledger.accounts.state(drn, month),
            day=self._day(now),
            on_tokens=self.bought_this_month(drn),
            spent=self._spent(drn, tariff) if by_money else None,
            last=self._ledger.sale_by_receipt(last[0].receipt) if last else None,
            last_day=self._day(last[0].at_ms) if last else None,
        )
        return account_of(now_is, tariff)

    def _day(self, at_ms: int) -> date:
        return local(at_ms, self._clock.offset_minutes(at_ms)).date()

    def _spent(self, drn: str, tariff: Tariff) -> Money:
        """Return the money that went to units in the shop's present month."""
        today = self._day(self._clock.now_ms())
        minor = 0
        for past in self._ledger.purchases(drn, MONTH):
            if self._day(past.at_ms).replace(day=1) != today.replace(day=1):
                break
            found = self._ledger.sale_by_receipt(past.receipt)
            minor += found[1].energy_minor if found else 0
        return Money(minor, tariff.currency)

    def answer(self, meter: MeterRecord, amount: Money | None, tenths: int | None) -> QuoteAnswer:
        """Return the quote with days of use and why it buys fewer units than last time."""
        quote = self.quote(meter, amount, tenths)
        purchases = self._ledger.purchases(meter.drn, HISTORY)
        usage = self.usage(purchases)
        days = None if usage is None else usage.days_of(quote.tenths)
        earlier = next((past for past in purchases if past.total == quote.total), None)
        hours = self.tariff(meter.tariff).hours(self._day(self._clock.now_ms()))
        edge = _edge(self.tariff(meter.tariff), quote)
        if earlier is None or earlier.tenths <= quote.tenths:
            return QuoteAnswer(quote, days, hours=hours, edge=edge)
        found = self._ledger.sale_by_receipt(earlier.receipt)
        reasons = reasons_for_fewer(quote, _as_earlier(found[1])) if found else ()
        codes = {BlockReached: "block", PriceChanged: "price", DuesTaken: "charges"}
        return QuoteAnswer(
            quote,
            days,
            fewer=earlier.tenths - quote.tenths,
            compared_at_ms=earlier.at_ms,
            why=tuple(codes.get(type(reason), "tax") for reason in reasons),
            block=next((r.block for r in reasons if isinstance(r, BlockReached)), None),
            hours=hours,
            edge=edge,
        )

    def usual(self, tariff: Tariff, purchases: tuple[Purchase, ...]) -> Money | None:
        """Return what the customer usually pays."""
        amount = usual_amount(self._past(purchases))
        return None if amount is None else _in_coins_of(tariff, amount)

    def usage(self, purchases: tuple[Purchase, ...]) -> Usage | None:
        """Return what the customer uses, None where the purchases do not tell."""
        return usage_of(self._past(purchases))

    def _past(self, purchases: tuple[Purchase, ...]) -> list[PastPurchase]:
        return [PastPurchase(self._day(past.at_ms), past.total, past.tenths) for past in purchases]


def _edge(tariff: Tariff, quote: Quote) -> Edge | None:
    """Return the end of the block that the month stands in, where the same money would pass it."""
    if tariff.blocks_by not in {CountBy.UNITS, CountBy.MONEY}:
        return None  # the next purchase does not go on where this one ends
    edge = next_edge(tariff, quote)
    near = edge is not None and 0 < edge.left.minor <= quote.total.minor
    return edge if near else None


def _in_coins_of(tariff: Tariff, amount: Money) -> Money:
    """Return `amount` with the tariff's own coin; another currency is left for it to refuse."""
    same = amount.currency == tariff.currency
    return Money(amount.minor, tariff.currency) if same else amount


def _as_earlier(sale: Sale) -> EarlierPurchase:
    blocks = tuple(
        PaidBlock(line.block or 1, Decimal(line.units), Decimal(line.price))
        for line in sale.lines
        if line.kind == LineKind.ENERGY.value
    )
    taxes = (line for line in sale.lines if line.kind == LineKind.TAX.value and line.percent)
    other = sum(
        line.amount_minor
        for line in sale.lines
        if before_units(line.kind, by_use=bool(line.units or line.percent))
    )
    return EarlierPurchase(
        sale.money(sale.total_minor),
        sale.tenths,
        blocks,
        sum((Decimal(tax.percent) for tax in taxes), Decimal(0)),
        sale.money(other),
    )
