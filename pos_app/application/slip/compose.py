"""From a sale to its slip; the token comes early, so a jam at the end costs nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pos_app.application.key_change_records import key_of
from pos_app.application.records import MeterCard, QuoteAnswer, ShopIdentity, ShopMode
from pos_app.application.sale import Sale, SaleLine, SaleToken, sale_line
from pos_app.application.shop_time import local
from pos_app.application.slip.key_steps import key_line, key_steps
from pos_app.application.slip.layout import (
    Align,
    Banner,
    Block,
    Code,
    Gap,
    Pair,
    Rule,
    Size,
    Slip,
    Text,
    TokenBlock,
)
from pos_app.application.tender_settings import tender_name
from pos_app.application.token_kinds import FREE, MONEY, fine_amount
from pos_app.application.token_wishes import credit_of
from pos_app.application.words import Words
from pos_app.domain.money import Money
from pos_app.domain.tariff.hours import Stretch
from pos_app.domain.tariff.quote import LineKind, Quote, QuoteLine
from pos_app.domain.tender import (
    CASH,
    CashNotInCoins,
    Settlement,
    Tender,
    TenderShort,
    TenderTooMuch,
    cash_due,
    settle,
)


@dataclass(frozen=True, slots=True)
class SlipHead:
    """Who sells: printed at the top, `help_line` at the bottom."""

    utility: str
    address: str
    tax_reference: str
    help_line: str


@dataclass(frozen=True, slots=True)
class SlipWriter:
    """Writes slips of one shop in one language; a draft knows which ways of paying give change."""

    words: Words
    identity: ShopIdentity
    givers: Collection[str] = frozenset({CASH})

    def of_sale(
        self, sale: Sale, head: SlipHead, copy: int, code: str, hours: Sequence[Stretch] = ()
    ) -> Slip:
        """Return the slip of a committed sale; `copy` 0 is the original.

        `hours` are the day's prices where the meter takes another each hour.
        """
        blocks = [
            *self._banners(training=sale.training, copy=copy),
            *self._top(head, sale.meter.drn, sale.meter.name, sale.meter.address),
            *self._tokens(sale),
            *self._bought(sale),
            Rule(),
            *(block for line in sale.lines for block in self._line(line, sale)),
            *self._settled(sale),
            *self._hours(hours, local(sale.at_ms, sale.offset_minutes).date()),
            Rule(),
            *self._small_print(sale),
            Gap(0.5),
            Code(code, self.words("slip.code")),
            *self._foot(head, training=sale.training),
        ]
        return self._slip(f"{sale.receipt}", blocks)

    def of_quote(
        self,
        card: MeterCard,
        answer: QuoteAnswer | None,
        tenders: Sequence[Tender],
        kept: Money | None,
        head: SlipHead,
    ) -> Slip:
        """Return the slip as it would print if the sale were made now; no token yet."""
        training = self.identity.mode is ShopMode.TRAINING
        meter = card.meter
        blocks: list[Block] = [
            *self._banners(training=training, copy=0),
            *self._top(head, meter.drn, meter.name, meter.address),
        ]
        if answer is not None:
            quote = answer.quote
            unit = card.unit if quote.credit is None else ""
            blocks += [
                Gap(0.5),
                *self._key_change(card),
                *self._to_come(quote, card.unit),
                Rule(),
                *(block for line in quote.lines for block in self._quoted(line, unit)),
                Rule(),
                self._total(quote.total),
            ]
            blocks += self._handed(quote.total, tenders, kept)
            blocks += self._hours(answer.hours, quote.account.on)
        return self._slip(self.words("slip.draft"), blocks)

    def _key_change(self, card: MeterCard) -> Iterator[Block]:
        """Say that tokens of a key change will come first."""
        if card.key_tokens:
            yield Text(self.words("keyslip.to-come", n=card.key_tokens), bold=True)

    def _to_come(self, quote: Quote, unit: str) -> Iterator[Block]:
        """Return what the tokens of a quote will carry."""
        credit = credit_of(quote)
        if credit is None:
            tenths = quote.tenths or quote.free_tenths
            yield Pair(self.words("slip.units"), self._units(tenths, unit), bold=True)
        else:
            value = f"{quote.total.currency.code} {self.number(credit)}"
            yield Pair(self.words("slip.credit"), value, bold=True)

    def _hours(self, hours: Sequence[Stretch], day: date | None) -> Iterator[Block]:
        """Return the day's prices by the hour, from 00:00 to 24:00."""
        if hours:
            yield Rule()
            yield Text(self.words("slip.hours", day="" if day is None else day.isoformat()))
        for part in hours:
            span = f"{part.start}-{part.end}  {part.name}"
            yield Pair(span, self.number(part.price), Size.FINE)

    def _handed(
        self, total: Money, tenders: Sequence[Tender], kept: Money | None
    ) -> Iterator[Block]:
        """Say what was handed over so far, and what goes back once it is enough."""
        alone = [tender.kind for tender in tenders] == [CASH]
        other = sum(tender.amount.minor for tender in tenders if tender.kind != CASH)
        rest = Money(total.minor - other, total.currency)
        rounding = Money(0, total.currency)
        if rest.minor > 0 and (not tenders or any(each.kind == CASH for each in tenders)):
            rounding = cash_due(rest) - rest
        paid = self._paid(total, tenders)
        rounding = rounding if paid is None else paid.rounding
        if rounding.minor:
            yield self._amount("slip.rounding", rounding)
        for tender in tenders:
            name = tender_name(self.words, tender.kind)
            label = self.words("slip.received") if alone else name
            yield Pair(label, self.money(tender.amount))
        if paid is None:
            return
        if kept is None or not kept.minor:
            yield self._amount("slip.change", paid.change)
        else:
            yield self._amount("slip.change", paid.change - kept)
            yield self._amount("slip.wallet-in", kept)

    def _paid(self, total: Money, tenders: Sequence[Tender]) -> Settlement | None:
        """Return how `tenders` pay for all of it, None while they do not."""
        try:
            return settle(total, tenders, self.givers)
        except (TenderShort, TenderTooMuch, CashNotInCoins):
            return None

    def _slip(self, title: str, blocks: list[Block]) -> Slip:
        return Slip(title, tuple(blocks), self.words.language, self.words.right_to_left)

    def _banners(self, *, training: bool, copy: int) -> Iterator[Block]:
        if training:
            yield Banner(self.words("slip.training"))
        if copy:
            yield Banner(self.words("slip.copy", number=copy))

    def _top(self, head: SlipHead, drn: str, name: str, address: str) -> Iterator[Block]:
        yield Text(head.utility, Align.CENTRE, bold=True)
        for line in (head.address, head.tax_reference and self._tax_reference(head)):
            if line:
                yield Text(line, Align.CENTRE, Size.FINE)
        yield Text(self.words("slip.title"), Align.CENTRE)
        yield Gap(0.5)
        yield Pair(self.words("slip.meter"), grouped(drn), bold=True)
        yield Text(name)
        yield Text(address, size=Size.FINE)

    def _tax_reference(self, head: SlipHead) -> str:
        return self.words("slip.tax-reference", number=self._apart(head.tax_reference))

    def _apart(self, text: str) -> str:
        """Keep the order of digit groups amid words that run leftwards (UAX 9, isolates)."""
        return f"\u2068{text}\u2069" if self.words.right_to_left else text

    def _tokens(self, sale: Sale) -> Iterator[Block]:
        several = len(sale.digits) > 1
        if sale.key_change:
            yield from key_steps(self.words, sale.key_change)
        before = len(sale.digits) - len(sale.tokens)
        for step, token in enumerate(sale.tokens, before + 1):
            yield Gap(0.5)
            if several:
                yield TokenBlock(token.digits, self._token_caption(token, sale), step)
            else:
                yield TokenBlock(token.digits)
        yield Gap(0.5)

    def _token_caption(self, token: SaleToken, sale: Sale) -> str:
        unit = sale.meter.unit
        if token.kind == FREE:
            units = self.number(Decimal(token.tenths).scaleb(-1))
            return self.words("slip.line-free", units=units, unit=unit)
        label, value = self._credit(sale)
        return f"{label} {value}"

    def _credit(self, sale: Sale) -> tuple[str, str]:
        """Return what the bought token carries: units, or money where the meter counts money."""
        token = sale.tokens[-1]
        if token.kind == FREE:
            return self.words("slip.units"), self._units(token.tenths, sale.meter.unit)
        if token.kind != MONEY:
            return self.words("slip.units"), self._units(sale.tenths, sale.meter.unit)
        exact = self.number(fine_amount(token.fine))
        return self.words("slip.credit"), f"{sale.currency} {exact}"

    def _bought(self, sale: Sale) -> Iterator[Block]:
        yield Pair(*self._credit(sale), Size.BODY, bold=True)

    def _line(self, line: SaleLine, sale: Sale) -> Iterator[Block]:
        unit = "" if sale.tokens[-1].kind == MONEY else sale.meter.unit
        yield Pair(self._what(line, unit), self.money(sale.money(line.amount_minor)))
        if line.left_minor:
            left = self.money(sale.money(line.left_minor))
            yield Text(self.words("slip.line-left", amount=left), size=Size.FINE)

    def _quoted(self, line: QuoteLine, unit: str) -> Iterator[Block]:
        yield Pair(self._what(sale_line(line), unit), self.money(line.amount))
        if line.left is not None and line.left.minor:
            left = self.money(line.left)
            yield Text(self.words("slip.line-left", amount=left), size=Size.FINE)

    def _what(self, line: SaleLine, unit: str) -> str:
        """Return what a line is for, with its figures."""
        if line.kind == LineKind.ENERGY.value:
            return self._energy(line, unit)
        if line.kind == LineKind.FREE.value:
            return self.words("slip.line-free", units=self._two(line.units), unit=unit)
        if line.percent:
            return f"{line.name} {self.number(Decimal(line.percent))} %"
        if line.units:
            facts = {"units": self._two(line.units), "unit": unit, "name": line.name}
            price = self.number(Decimal(line.price))
            return self.words("slip.line-per-unit", price=price, **facts)
        if line.periods > 1:
            price = self.number(Decimal(line.price))
            return self.words("slip.line-periods", name=line.name, n=line.periods, price=price)
        return line.name

    def _energy(self, line: SaleLine, unit: str) -> str:
        """Return what an energy line is for; without a `unit` the meter counts money."""
        if not unit:
            return self.words("slip.line-credit")
        price = self.number(Decimal(line.price))
        facts = {"units": self._two(line.units), "unit": unit, "price": price, "block": line.block}
        return self.words("slip.line-block" if line.block else "slip.line-energy", **facts)

    def _two(self, units: str) -> str:
        return self.number(Decimal(units).quantize(Decimal("0.01")))

    def _settled(self, sale: Sale) -> Iterator[Block]:
        yield Rule()
        yield self._total(sale.money(sale.total_minor))
        if sale.rounding_minor:
            yield self._amount("slip.rounding", sale.money(sale.rounding_minor))
        for tender in sale.tenders:
            amount = self.money(sale.money(tender.amount_minor))
            yield Pair(tender_name(self.words, tender.kind), amount)
            if tender.reference:
                said = self.words("slip.tender-reference", reference=tender.reference)
                yield Text(said, size=Size.FINE)
        yield self._amount("slip.change", sale.money(sale.change_minor))
        if sale.wallet_in_minor:
            yield self._amount("slip.wallet-in", sale.money(sale.wallet_in_minor))
        if sale.wallet_after_minor is not None:
            yield self._amount("slip.wallet", sale.money(sale.wallet_after_minor))

    def _small_print(self, sale: Sale) -> Iterator[Block]:
        at = local(sale.at_ms, sale.offset_minutes).strftime("%Y-%m-%d %H:%M")
        meter = sale.meter
        tids = ", ".join(str(token.tid) for token in sale.tokens)
        yield Pair(self.words("slip.receipt", receipt=sale.receipt), at, Size.FINE)
        operator = self.words("slip.operator", name=sale.operator_name)
        yield Pair(self.identity.shop, operator, Size.FINE)
        tariff = self.words("slip.tariff", name=sale.tariff_name, version=sale.tariff_version)
        yield Text(tariff, size=Size.FINE)
        keys = f"SGC {meter.sgc}  KRN {meter.krn}  TI {meter.ti:02d}  EA {meter.ea:02d}"
        yield Text(keys, size=Size.FINE)
        yield Text(f"TID {tids}  KCV {meter.kcv}", size=Size.FINE)
        if sale.key_change:
            changed = key_line(self.words, sale.key_change.old, key_of(meter))
            yield Text(changed, size=Size.FINE)

    def _foot(self, head: SlipHead, *, training: bool) -> Iterator[Block]:
        if head.help_line:
            line = self._apart(head.help_line)
            yield Text(self.words("slip.help", line=line), Align.CENTRE, Size.FINE)
        if training:
            yield Gap(0.5)
            yield Banner(self.words("slip.training"))

    def _total(self, total: Money) -> Block:
        label = self.words("slip.total", currency=total.currency.code)
        return Pair(label, self.money(total), bold=True)

    def _amount(self, key: str, amount: Money) -> Block:
        return Pair(self.words(key), self.money(amount))

    def _units(self, tenths: int, unit: str) -> str:
        return f"{self.number(Decimal(tenths).scaleb(-1))} {unit}"

    def money(self, amount: Money) -> str:
        """Return an amount with the language's signs: ``1,250.00``."""
        return self.number(amount.amount().quantize(amount.currency.quantum()))

    def number(self, value: Decimal) -> str:
        """Return a number with the language's grouping and decimal sign."""
        plain = f"{value:,f}"
        signs = {",": self.words("slip.group"), ".": self.words("slip.decimal")}
        return "".join(signs.get(character, character) for character in plain)


def grouped(drn: str) -> str:
    """Return a meter number in groups of four for the eye."""
    return " ".join(drn[at : at + 4] for at in range(0, len(drn), 4))
