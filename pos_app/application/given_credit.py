"""Credit that an act gives: units, or money for a meter that counts money, as a token carries it.

What is typed is raised to the next value that a token can carry, in the customer's favour: that is
what is said, booked and printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from pos_app.application.act_plans import UNITS
from pos_app.application.engineering_records import Blank
from pos_app.application.pricing import Pricing
from pos_app.application.records import MeterRecord
from pos_app.application.sale import Sale
from pos_app.application.token_kinds import FINE_DECIMALS, fine_amount
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.parts import TokenKind
from pos_app.domain.tariff.units import parse_units
from pos_app.sts.amounts import encodable_currency, encodable_units
from pos_app.sts.tokens import SERVICES, CreditToken, CurrencyCreditToken


class CreditKindsDiffer(PosError):
    """One meter counts units and the other money, or another one: `old`, `new`, and both `in`."""

    code: ClassVar[str] = "credit-kinds-differ"


class ReplacementKindDiffers(PosError):
    """A sale's token was of another kind than its meter counts now: `receipt`, `drn`."""

    code: ClassVar[str] = "replacement-kind-differs"


@dataclass(frozen=True, slots=True)
class Credit:
    """`tenths` of a commodity's unit, or `fine` (0.00001 of `currency`); one of them is 0."""

    tenths: int = 0
    fine: int = 0
    currency: str = ""

    def text(self, unit: str) -> str:
        """Return it in figures with its unit, exact."""
        if self.currency:
            return f"{fine_text(self.fine)} {self.currency}"
        return f"{Decimal(self.tenths).scaleb(-1)} {unit}"

    def word(self, commodity: str) -> str:
        """Return it as the one word that a second person agrees to."""
        ascii_unit = UNITS.get(commodity, "").replace("\u00b3", "3")
        return self.text(ascii_unit).replace(" ", "")

    def above(self, other: Credit) -> bool:
        """Tell whether this is more than `other`, which is of the same kind."""
        return (self.tenths, self.fine) > (other.tenths, other.fine)

    def blank(self, meter: MeterRecord) -> Blank:
        """Return the token of it for a meter."""
        service = SERVICES.index(meter.commodity)
        if self.currency:
            sub = len(SERVICES) + service
            return lambda tid, _rnd: CurrencyCreditToken(sub, self.fine, tid)
        return lambda tid, rnd: CreditToken(service, self.tenths, tid, rnd)


def fine_text(fine: int) -> str:
    """Return 0.00001s of a currency with two decimals at least and no idle ones."""
    whole = f"{fine_amount(fine):.{FINE_DECIMALS}f}"
    return whole[:-3] + whole[-3:].rstrip("0")


def minor_of(fine: int, decimals: int) -> int:
    """Return the minor units that cover so many 0.00001s of a currency."""
    step: int = 10 ** (FINE_DECIMALS - decimals)
    return -(-fine // step)


def counts_money(pricing: Pricing, meter: MeterRecord) -> Currency | None:
    """Return the currency that a meter counts; None for units. Raises `TariffMissing`."""
    tariff = pricing.tariff(meter.tariff)
    return tariff.currency if tariff.token is TokenKind.MONEY else None


def counted_in(pricing: Pricing, meter: MeterRecord) -> str:
    """Return the unit or the currency that a meter counts."""
    currency = counts_money(pricing, meter)
    return UNITS.get(meter.commodity, "") if currency is None else currency.code


def credit_typed(pricing: Pricing, meter: MeterRecord, typed: str) -> Credit:
    """Return what was typed, in what the meter counts; of money, five decimals may be typed.

    Raises `UnitsInvalid`, `UnitsBeyondToken` or, of money, `AmountInvalid`.
    """
    currency = counts_money(pricing, meter)
    if currency is None:
        return Credit(encodable_units(parse_units(typed)))
    if len(typed.strip().partition(".")[2]) > currency.decimals:
        currency = Currency(currency.code, FINE_DECIMALS)
    money = Money.parse(typed, currency)
    fine = money.minor * 10 ** (FINE_DECIMALS - currency.decimals)
    return Credit(fine=encodable_currency(fine), currency=currency.code)


def credit_of_sale(sale: Sale) -> Credit:
    """Return what a sale's tokens carried, as one token carries it."""
    fine = sum(token.fine for token in sale.tokens)
    if fine:
        return Credit(fine=encodable_currency(fine), currency=sale.currency)
    return Credit(encodable_units(sum(token.tenths for token in sale.tokens)))
