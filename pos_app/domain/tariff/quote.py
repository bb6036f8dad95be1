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

    `block` counts from 1; it is None where the tariff has a single price.
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

    `units` is what the money buys before the token's rounding (kWh, m³ …, to nine decimals, the
    sum of the lines' units); `tenths` is what the token will carry and what is booked, in 0.1
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

    @property
    def id(self) -> str:
        """The name that stays the same over all versions."""
        ...

    @property
    def version(self) -> int:
        """The version, rising; a quote names it."""
        ...

    @property
    def name(self) -> str:
        """The name that people read."""
        ...

    @property
    def currency(self) -> Currency:
        """The one currency of all its prices."""
        ...

    @property
    def unit_name(self) -> str:
        """The unit sold: ``kWh``, ``m³``."""
        ...

    def for_money(self, total: Money, bought_this_month: Decimal) -> Quote:
        """Return what `total` (tax included) buys after `bought_this_month` units.

        Raises `BelowMinimum`, `AboveMaximum` (facts: the bound), `BuysNothing`, `NoPriceAbove`
        or `UnitsBeyondToken`, all of `pos_app.domain.tariff.refusals`.
        """
        ...

    def for_units(self, tenths: int, bought_this_month: Decimal) -> Quote:
        """Return the quote of the smallest total whose `for_money` carries at least `tenths`.

        Raises what `for_money` raises for that total: asking for less than the minimum purchase
        is refused, not raised to the minimum.
        """
        ...
