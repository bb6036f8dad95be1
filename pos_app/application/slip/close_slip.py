"""X, Z and batch slips: what was sold, how it was paid, what the drawer held, where the journal is.

Pure: a report in, a slip out. What has no word of its own is printed by its code name, so that a
new way of paying is never left out of a close.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pos_app.application.records import ShopIdentity
from pos_app.application.shift_records import (
    BatchReport,
    Deposit,
    DrawerLine,
    Grand,
    ShiftReport,
)
from pos_app.application.shop_time import local
from pos_app.application.slip.compose import SlipWriter
from pos_app.application.slip.heading import heading
from pos_app.application.slip.layout import (
    Banner,
    Block,
    Code,
    Gap,
    Pair,
    Rule,
    Size,
    Slip,
    Text,
)
from pos_app.application.slip.put_right import put_right
from pos_app.application.words import Words
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import (
    COMMISSION,
    COUNTERS,
    DESK_COUNTERS,
    HELD,
    LINE,
    ROUNDING,
    SALE,
    TENDER,
    TOKEN,
    UNITS,
    WALLET_BACK,
    WALLET_IN,
    Level,
    Tally,
    currencies,
    times_of,
)

_HASH_SHOWN = 16
_GROUPS = {TENDER: "zslip.paid", HELD: "zslip.held", UNITS: "zslip.units"}


@dataclass(frozen=True, slots=True)
class CloseSlipWriter:
    """Writes the closes of one shop in one language."""

    words: Words
    identity: ShopIdentity

    def of_shift(self, report: ShiftReport, copy: int = 0) -> Slip:
        """Return the X or Z slip of a shift; `copy` 0 is the original."""
        title = self.words("zslip.z" if report.closed else "zslip.x", number=report.shift)
        batches = self.words("zslip.batches", sales=report.sales_batch, bank=report.bank_batch)
        blocks = [
            *self._top(title, report, copy),
            Text(self.words("zslip.operator", name=report.operator_name), bold=True),
            Text(batches, size=Size.FINE),
            *self._sums(report.tallies),
            *put_right(self.words, report.tallies, self._money),
            *(block for line in report.drawer for block in self._drawer(line)),
            *self._wallets(report),
            *self._over_limit(report),
            *self._counters(report.tallies, "zslip.counters"),
            *self._receipts(report),
            *self._for_ever(report.grand, report.ever),
            *self._journal(report),
        ]
        return self._slip(title, blocks)

    def of_batch(self, report: BatchReport, copy: int = 0) -> Slip:
        """Return the slip of a sales batch, or of a bank batch with its deposit."""
        bank = report.level is Level.BANK
        title = self.words("zslip.bank" if bank else "zslip.sales", number=report.number)
        first, last = report.first_inner, report.last_inner
        one = "zslip.sales-batch" if bank else "zslip.shift"
        several = "zslip.sales-batches" if bank else "zslip.shifts"
        inner = self.words(one if first == last else several, first=first, last=last)
        blocks = [
            *self._top(title, report, copy),
            Text(inner, size=Size.FINE),
            *self._sums(report.tallies),
            *put_right(self.words, report.tallies, self._money),
            *self._deposits(report),
            *self._counters(report.tallies, "zslip.counters"),
            *self._for_ever(report.grand, ()),
            *self._journal(report),
        ]
        return self._slip(title, blocks)

    def _slip(self, title: str, blocks: list[Block]) -> Slip:
        return Slip(title, tuple(blocks), self.words.language, self.words.right_to_left)

    def _top(self, title: str, report: ShiftReport | BatchReport, copy: int) -> Iterator[Block]:
        yield from heading(self.words, self.identity, title, copy, training=report.training)
        for key, at_ms in (("zslip.from", report.opened_ms), ("zslip.to", report.at_ms)):
            at = local(at_ms, report.offset_minutes).strftime("%Y-%m-%d %H:%M")
            yield Pair(self.words(key), at)
        yield Text(self.words("zslip.by", name=report.by_name), size=Size.FINE)

    def _sums(self, tallies: tuple[Tally, ...]) -> Iterator[Block]:
        if not times_of(tallies, SALE):
            yield Rule()
            yield Text(self.words("zslip.nothing-sold"))
        for currency in currencies(tallies):
            own = [tally for tally in tallies if tally.currency == currency.code]
            yield from self._sums_in(currency, own)

    def _sums_in(self, currency: Currency, own: list[Tally]) -> Iterator[Block]:
        named = {tally.name: tally for tally in own}
        sale = named.get(SALE)
        if sale is None:
            return
        yield Rule()
        label = self.words("zslip.sold", n=sale.times, currency=currency.code)
        yield Pair(label, self._amount(sale, currency), bold=True)
        for tally in own:
            if tally.name.startswith(LINE) or tally.name in {
                ROUNDING,
                COMMISSION,
                WALLET_IN,
                WALLET_BACK,
            }:
                yield Pair(self._name(tally.name), self._amount(tally, currency))
        yield from self._group(own, TENDER, currency)
        yield from self._group(own, HELD, currency)
        yield from self._group(own, UNITS, currency)
        for tally in own:
            if tally.name.startswith(TOKEN):
                yield Pair(self._name(tally.name), str(tally.times), Size.FINE)

    def _group(self, own: list[Tally], start: str, currency: Currency) -> Iterator[Block]:
        part = [tally for tally in own if tally.name.startswith(start)]
        if part:
            yield Text(self.words(_GROUPS[start]), size=Size.FINE)
        for tally in part:
            yield Pair(f"{self._name(tally.name)} ({tally.times})", self._sum(tally, currency))

    def _drawer(self, line: DrawerLine) -> Iterator[Block]:
        code = line.expected.currency.code
        yield Rule()
        yield Text(self.words("zslip.drawer", currency=code), bold=True)
        rows = (
            ("zslip.float", line.opening),
            ("zslip.taken", line.taken),
            ("zslip.in", line.cash_in),
            ("zslip.out", Money(-line.cash_out.minor, line.cash_out.currency)),
            ("zslip.dropped", Money(-line.dropped.minor, line.dropped.currency)),
            ("zslip.cash-back", Money(-line.refunded.minor, line.refunded.currency)),
        )
        for key, amount in rows:
            if amount.minor or key == "zslip.taken":
                yield Pair(self.words(key), self._money(amount))
        yield Pair(self.words("zslip.expected"), self._money(line.expected), bold=True)
        if line.counted is None or line.variance is None:
            yield Text(self.words("zslip.not-counted"))
            return
        for value, many in line.counted.pieces:
            piece = Money(value, line.expected.currency)
            total = Money(value * many, line.expected.currency)
            yield Pair(f"{self._money(piece)} x {many}", self._money(total), Size.FINE)
        yield Pair(self.words("zslip.counted"), self._money(line.counted.total), bold=True)
        yield Pair(self.words("zslip.variance"), self._money(line.variance), bold=True)

    def _over_limit(self, report: ShiftReport) -> Iterator[Block]:
        """Say that a count was off by too much; leave room to sign until somebody approved."""
        if not report.over_limit:
            return
        yield Rule()
        codes = ", ".join(report.over_limit)
        yield Text(self.words("zslip.over-limit", currencies=codes), bold=True)
        if report.approved_by:
            facts = {"name": report.approved_by, "reason": report.approval}
            yield Text(self.words("zslip.approved", **facts))
            return
        yield Gap(1.5)
        yield Rule()
        yield Text(self.words("zslip.supervisor"), size=Size.FINE)

    def _deposits(self, report: BatchReport) -> Iterator[Block]:
        if report.level is not Level.BANK:
            return
        yield Rule()
        yield Text(self.words("zslip.deposit"), bold=True)
        yield Pair(self.words("zslip.reference"), report.reference)
        for deposit in report.deposits:
            yield from self._deposit(deposit)
        yield Gap(1.5)
        yield Rule()
        yield Text(self.words("zslip.signature"), size=Size.FINE)

    def _deposit(self, deposit: Deposit) -> Iterator[Block]:
        code = deposit.amount.currency.code
        yield Pair(self.words("zslip.by-books", currency=code), self._money(deposit.expected))
        yield Pair(self.words("zslip.by-counts", currency=code), self._money(deposit.found))
        label = self.words("zslip.banked", currency=code)
        yield Pair(label, self._money(deposit.amount), bold=True)
        if deposit.kept.minor:
            yield Pair(self.words("zslip.kept", currency=code), self._money(deposit.kept))

    def _counters(self, tallies: tuple[Tally, ...], key: str) -> Iterator[Block]:
        yield Rule()
        yield Text(self.words(key), size=Size.FINE)
        for name in COUNTERS[:-1]:
            times = str(times_of(tallies, name))
            yield Pair(self.words(f"zslip.{name}"), times, Size.FINE)
        for name in (each for each in DESK_COUNTERS if times_of(tallies, each)):
            times = str(times_of(tallies, name))
            yield Pair(self.words(f"zslip.{name}"), times, Size.FINE)

    def _wallets(self, report: ShiftReport) -> Iterator[Block]:
        if not report.wallets:
            return
        yield Rule()
        for each in report.wallets:
            label = self.words("zslip.wallets", n=each.wallets, currency=each.owed.currency.code)
            yield Pair(label, self._money(each.owed), bold=True)

    def _receipts(self, report: ShiftReport) -> Iterator[Block]:
        if report.first_receipt:
            yield Pair(self.words("zslip.first"), report.first_receipt, Size.FINE)
            yield Pair(self.words("zslip.last"), report.last_receipt, Size.FINE)

    def _for_ever(self, grand: tuple[Grand, ...], ever: tuple[Tally, ...]) -> Iterator[Block]:
        yield Rule()
        yield Text(self.words("zslip.ever"), size=Size.FINE)
        for each in grand:
            label = self.words("zslip.sold", n=each.sales, currency=each.total.currency.code)
            yield Pair(label, self._money(each.total), Size.FINE)
        for tally in ever:
            yield Pair(self.words(f"zslip.{tally.name}"), str(tally.times), Size.FINE)

    def _journal(self, report: ShiftReport | BatchReport) -> Iterator[Block]:
        facts = {"seq": report.head_seq, "hash": report.head_hash[:_HASH_SHOWN]}
        yield Text(self.words("zslip.journal", **facts), size=Size.FINE)
        if isinstance(report, ShiftReport) and report.day_seal:
            yield Text(self.words("zslip.day-seal", number=report.day_seal), size=Size.FINE)
        if report.seal:
            yield Gap(0.5)
            yield Code(report.seal, self.words("zslip.code"))
        if report.training:
            yield Banner(self.words("slip.training"))

    def _name(self, name: str) -> str:
        """Return the words of a tally; a kind that has none goes by its own name."""
        key = f"zslip.{name.replace(':', '-')}"
        return self.words(key) if self.words.has(key) else name.partition(":")[2]

    def _sum(self, tally: Tally, currency: Currency) -> str:
        if tally.name.startswith(UNITS):
            return self._writer().number(Decimal(tally.amount).scaleb(-1))
        return self._amount(tally, currency)

    def _amount(self, tally: Tally, currency: Currency) -> str:
        return self._money(Money(tally.amount, currency))

    def _money(self, amount: Money) -> str:
        return self._writer().money(amount)

    def _writer(self) -> SlipWriter:
        return SlipWriter(self.words, self.identity)
