"""A quote: what a sum of money buys, line by line, and the port every tariff engine fills.

Invariant: the amounts of the lines add up to `Quote.total`, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.account import Account, Carried


class LineKind(StrEnum):
    """What a line is for; the words are elsewhere (``line.<kind>``)."""

    ENERGY = "energy"
    FREE = "free"
    LEVY = "levy"
    SUBSIDY = "subsidy"
    CHARGE = "charge"
    DEBT = "debt"
    ADJUSTMENT = "adjustment"
    STAMP = "stamp"
    TAX = "tax"


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line of a purchase.

    Energy: `units` at `price` each in `block` (from 1; None where the tariff has one price).
    Levies and subsidies: `units` at `price` each, or `percent`. Taxes: `percent`. Charges:
    `periods` (months, days) at `price` each. Debts, charges and adjustments: `left` is what
    remains to be settled after this purchase, `ref` the account's own number of a debt or an
    adjustment. Free units: `units` at no amount.
    `price` is in whole currency, exactly as the tariff states it; `price_includes_tax` says how
    the tariff states it. `amount` is always without the tariff's taxes, and below 0 where the
    customer gets something back.
    """

    kind: LineKind
    amount: Money
    name: str = ""
    units: Decimal | None = None
    price: Decimal | None = None
    price_includes_tax: bool = False
    percent: Decimal | None = None
    block: int | None = None
    periods: int | None = None
    left: Money | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer of a tariff for one purchase.

    `units` is what the money buys before the token's rounding (kWh, m³ …, to nine decimals, the
    sum of the energy lines' units); `tenths` is what the token will carry and what is booked, in
    0.1 unit, already a value that STS can encode (rounded by the tariff's rule). `free_tenths`
    rides on a token of its own. `energy` is the part of `total` that went to units, with their
    levies and taxes. `carried` is what stays due of charges. `credit` is the money on the token
    where the meter counts money and not units.
    """

    tariff_id: str
    tariff_version: int
    total: Money
    lines: tuple[QuoteLine, ...]
    units: Decimal
    tenths: int
    account: Account
    energy: Money
    free_tenths: int = 0
    carried: tuple[Carried, ...] = field(default=())
    credit: Money | None = None

    @property
    def bought_before(self) -> Decimal:
        """Return the units that counted in the month before this purchase."""
        return self.account.bought


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

    def for_money(self, total: Money, account: Account) -> Quote:
        """Return what `total` (all taxes included) buys on `account`.

        Raises `BelowMinimum`, `AboveMaximum` (facts: the bound), `BuysNothing`, `ChargesFirst`,
        `NoPriceAbove`, `NotInForce` or `UnitsBeyondToken`, all of
        `pos_app.domain.tariff.refusals`.
        """
        ...

    def for_units(self, tenths: int, account: Account) -> Quote:
        """Return the quote of the smallest total whose `for_money` carries at least `tenths`.

        Raises what `for_money` raises for that total: asking for less than the minimum purchase
        is refused, not raised to the minimum.
        """
        ...
