"""How much a till may still sell before head office has heard from it.

Units: money in minor units, commodity in tenths, tokens as a count, times in milliseconds since
1970, UTC. Bounds may be reached, not passed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from pos_app.domain.errors import PosError


@dataclass(frozen=True, slots=True)
class Allowance:
    """What head office granted; `sequence` rises with each grant."""

    sequence: int
    money_minor: int
    tenths: int
    count: int
    per_vend_minor: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What was used up of one allowance."""

    money_minor: int = 0
    tenths: int = 0
    count: int = 0

    def plus(self, wish: Wish) -> Spent:
        """Return what is used up once `wish` is granted."""
        return Spent(
            self.money_minor + wish.money_minor,
            self.tenths + wish.tenths,
            self.count + wish.count,
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """What one sale would use, and when; no figure is negative."""

    money_minor: int
    tenths: int
    at_ms: int
    count: int = 1


class Bound(StrEnum):
    """Which bound of an allowance stands in the way."""

    TIME = "time"
    PER_VEND = "per-vend"
    MONEY = "money"
    UNITS = "units"
    COUNT = "count"


class AllowanceUsedUp(PosError):
    """The allowance does not cover the sale: `what` (a `Bound`), `left`, `sequence`.

    `left` is in the bound's own unit: minor units, tenths, tokens; for time, when it ended (ms).
    """

    code: ClassVar[str] = "allowance-used-up"


def check(allowance: Allowance, spent: Spent, wish: Wish) -> None:
    """Raise `AllowanceUsedUp` for the first bound that `wish` would pass; else return."""
    bounds = (
        (Bound.TIME, allowance.not_after_ms, wish.at_ms, 0),
        (Bound.PER_VEND, allowance.per_vend_minor, wish.money_minor, 0),
        (Bound.MONEY, allowance.money_minor, wish.money_minor, spent.money_minor),
        (Bound.UNITS, allowance.tenths, wish.tenths, spent.tenths),
        (Bound.COUNT, allowance.count, wish.count, spent.count),
    )
    for what, granted, wanted, used in bounds:
        if wanted > granted - used:
            raise AllowanceUsedUp(
                what=what.value, left=max(granted - used, 0), sequence=allowance.sequence
            )


def raised(allowance: Allowance, by_minor: int, not_after_ms: int) -> Allowance:
    """Return an allowance with `by_minor` more money, and units and tokens in proportion.

    It lasts until `not_after_ms` if it ended sooner. An allowance without money is raised by
    money alone.
    """
    share = Fraction(by_minor, allowance.money_minor) if allowance.money_minor else Fraction(0)
    return replace(
        allowance,
        money_minor=allowance.money_minor + by_minor,
        tenths=allowance.tenths + int(allowance.tenths * share),
        count=allowance.count + int(allowance.count * share),
        not_after_ms=max(allowance.not_after_ms, not_after_ms),
    )


def percent_left(allowance: Allowance, spent: Spent) -> int:
    """Return what is left of the scarcest of money, units and count, 0 to 100, rounded down."""
    pairs = (
        (allowance.money_minor, spent.money_minor),
        (allowance.tenths, spent.tenths),
        (allowance.count, spent.count),
    )
    return min(_percent(granted, used) for granted, used in pairs)


def _percent(granted: int, used: int) -> int:
    return max(granted - used, 0) * 100 // granted if granted > 0 else 0
