"""A quote: what a sum of money buys, line by line, and the port every tariff engine fills.

Invariant: the amounts of the lines add up to `Quote.total`, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from pos_app.domain.money import Currency, Money


class LineKind(StrEnum):
    """What a line is for; the words are elsewhere (``line.<kind>``)."""

    ENERGY = "energy"
    TAX = "tax"


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line: energy of a block (`units` at `price` each, net of tax) or one tax (`percent`).

    `price` is per unit of the commodity in whole currency, exactly as the tariff states it;
    `price_includes_tax` says how the tariff states it. `amount` is net for energy.
    """

    kind: LineKind
    amount: Money
    name: str = ""
    units: Decimal | None = None
    price: Decimal | None = None
    price_includes_tax: bool = False
    percent: Decimal | None = None
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer of a tariff for one purchase.

    `units` is exact and unrounded (kWh, m³ …); `tenths` is what the token will carry, in 0.1
    unit, already a value that STS can encode (rounded by the tariff's rule).
    """

    tariff_id: str
    tariff_version: int
    total: Money
    lines: tuple[QuoteLine, ...]
    units: Decimal
    tenths: int
    bought_before: Decimal


class PriceList(Protocol):
    """What a sale needs of a tariff, whatever engine stands behind it."""

    id: str
    version: int
    name: str
    currency: Currency
    unit_name: str

    def for_money(self, total: Money, bought_this_month: Decimal) -> Quote:
        """Return what `total` (tax included) buys after `bought_this_month` units.

        Raises `BelowMinimum`, `AboveMaximum` (facts: the bound) or `BuysNothing`.
        """
        ...

    def for_units(self, tenths: int, bought_this_month: Decimal) -> Quote:
        """Return the smallest total whose `for_money` carries at least `tenths`."""
        ...
