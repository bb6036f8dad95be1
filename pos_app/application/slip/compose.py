"""From a sale to its slip; the token comes early, so a jam at the end costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pos_app.application.records import MeterCard, QuoteAnswer, ShopIdentity, ShopMode
from pos_app.application.sale import Sale, SaleLine, sale_line
from pos_app.application.shop_time import local
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
from pos_app.application.words import Words
from pos_app.domain.money import Money
from pos_app.domain.tariff.quote import LineKind, QuoteLine
from pos_app.domain.tender import cash_due


@dataclass(frozen=True, slots=True)
class SlipHead:
    """Who sells: printed at the top, `help_line` at the bottom."""

    utility: str
    address: str
    tax_reference: str
    help_line: str


@dataclass(frozen=True, slots=True)
class SlipWriter:
    """Writes slips of one shop in one language."""

    words: Words
    identity: ShopIdentity

    def of_sale(self, sale: Sale, head: SlipHead, copy: int, code: str) -> Slip:
        """Return the slip of a committed sale; `copy` 0 is the original."""
        blocks = [
            *self._banners(training=sale.training, copy=copy),
            *self._top(head, sale.meter.drn, sale.meter.name, sale.meter.address),
            *self._tokens(sale),
            *self._bought(sale),
            Rule(),
            *(block for line in sale.lines for block in self._line(line, sale)),
            *self._settled(sale),
            Rule(),
            *self._small_print(sale),
            Gap(0.5),
            Code(code, self.words("slip.code")),
            *self._foot(head, training=sale.training),
        ]
        return self._slip(f"{sale.receipt}", blocks)

    def of_quote(
        self, card: MeterCard, answer: QuoteAnswer | None, received: Money | None, head: SlipHead
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
            blocks += [
                Gap(0.5),
                Pair(self.words("slip.units"), self._units(quote.tenths, card.unit), bold=True),
                Rule(),
                *(block for line in quote.lines for block in self._quoted(line, card.unit)),
                Rule(),
                self._total(quote.total),
            ]
            due = cash_due(quote.total)
            if due != quote.total:
                blocks.append(self._amount("slip.rounding", due - quote.total))
            if received is not None:
                change = received - due
                blocks.append(self._amount("slip.received", received))
                if change.minor >= 0:
                    blocks.append(self._amount("slip.change", change))
        return self._slip(self.words("slip.draft"), blocks)

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
        several = len(sale.tokens) > 1
        for step, token in enumerate(sale.tokens, 1):
            yield Gap(0.5)
            yield TokenBlock(token.digits, step=step if several else None)
        yield Gap(0.5)

    def _bought(self, sale: Sale) -> Iterator[Block]:
        yield Pair(
            self.words("slip.units"),
            self._units(sale.tenths, sale.meter.unit),
            Size.BODY,
            bold=True,
        )

    def _line(self, line: SaleLine, sale: Sale) -> Iterator[Block]:
        yield Pair(self._what(line, sale.meter.unit), self.money(sale.money(line.amount_minor)))
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
            yield self._amount(f"slip.tender-{tender.kind}", sale.money(tender.amount_minor))
        yield self._amount("slip.change", sale.money(sale.change_minor))

    def _small_print(self, sale: Sale) -> Iterator[Block]:
        at = local(sale.at_ms, sale.offset_minutes).strftime("%Y-%m-%d %H:%M")
        meter, token = sale.meter, sale.tokens[-1]
        yield Pair(self.words("slip.receipt", receipt=sale.receipt), at, Size.FINE)
        operator = self.words("slip.operator", name=sale.operator_name)
        yield Pair(self.identity.shop, operator, Size.FINE)
        tariff = self.words("slip.tariff", name=sale.tariff_name, version=sale.tariff_version)
        yield Text(tariff, size=Size.FINE)
        keys = f"SGC {meter.sgc}  KRN {meter.krn}  TI {meter.ti:02d}  EA {meter.ea:02d}"
        yield Text(keys, size=Size.FINE)
        yield Text(f"TID {token.tid}  KCV {meter.kcv}", size=Size.FINE)

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
