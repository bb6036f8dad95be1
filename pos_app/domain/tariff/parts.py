"""The parts of a tariff as its file states them: amounts in whole currency, percents as written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class CountBy(StrEnum):
    """What decides the block a unit falls into.

    Units or energy money of the calendar month, the account's average month (one block for the
    whole purchase), or nothing but the purchase itself.
    """

    UNITS = "units"
    MONEY = "money"
    AVERAGE = "average"
    PURCHASE = "purchase"


class Per(StrEnum):
    """How often a charge falls due."""

    MONTH = "month"
    DAY = "day"
    PURCHASE = "purchase"


class TokenKind(StrEnum):
    """What the token carries: units of the commodity, or money that the meter counts down."""

    UNITS = "units"
    MONEY = "money"


class CapBase(StrEnum):
    """Whether a charge counts with its taxes (gross) or without (net) against its cap."""

    GROSS = "gross"
    NET = "net"


class PercentOf(StrEnum):
    """What a debt's percent is of: the tender, what earlier deductions left, or the debt."""

    TENDER = "tender"
    REST = "rest"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class Block:
    """A `price` per unit, up to `up_to` (units or money a month; None: no end)."""

    price: Decimal
    up_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax of `percent` of the components named in `on`, under the name that slips print.

    `above` and `up_to` as for a levy; with one of them the tax is on units only.
    """

    name: str
    percent: Decimal
    on: tuple[str, ...] = ("all",)
    above: Decimal = Decimal(0)
    up_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Levy:
    """A `price` per unit, or a `percent` of `on` (components, the tender, or its rest).

    Only units of the month above `above` and up to `up_to` bear it. `includes_tax` None: as the
    tariff states its prices.
    """

    name: str
    price: Decimal | None = None
    percent: Decimal | None = None
    on: tuple[str, ...] = ("energy",)
    above: Decimal = Decimal(0)
    up_to: Decimal | None = None
    includes_tax: bool | None = None


@dataclass(frozen=True, slots=True)
class Subsidy:
    """Money off: `price` per unit, `percent` of `on`, or an `amount` a month.

    The first two lower the price of the month's units above `above` and up to `up_to`.
    """

    name: str
    price: Decimal | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    on: tuple[str, ...] = ("energy",)
    above: Decimal = Decimal(0)
    up_to: Decimal | None = None
    includes_tax: bool | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A fixed `amount` for each period; `cap_percent` of the tender is the most one sale takes.

    Without `accrues` at most one period is due, with `at_most` at most that many.
    """

    name: str
    amount: Decimal
    per: Per = Per.MONTH
    includes_tax: bool | None = None
    accrues: bool = True
    at_most: int | None = None
    cap_percent: Decimal | None = None
    cap_base: CapBase = CapBase.GROSS


@dataclass(frozen=True, slots=True)
class Stamp:
    """A duty when the tender is above `above` (and not above `up_to`): an amount or a percent."""

    name: str
    above: Decimal = Decimal(0)
    up_to: Decimal | None = None
    amount: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DebtRule:
    """How debts of this `name` are recovered (``*``: any other); nothing given: all at once.

    The smallest of balance, `instalment` for each `per` due, and `percent` of `of` is taken.
    """

    name: str
    percent: Decimal | None = None
    of: PercentOf = PercentOf.TENDER
    instalment: Decimal | None = None
    per: Per = Per.PURCHASE


@dataclass(frozen=True, slots=True)
class FreeUnits:
    """`units` a calendar month at no price, given with the month's first purchase.

    `counts`: they fill the blocks before bought units do. `own_token`: they are a token of their
    own, else they ride on the bought one.
    """

    units: Decimal
    counts: bool = False
    own_token: bool = True
