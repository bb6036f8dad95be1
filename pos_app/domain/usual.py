"""What a customer usually buys, and how long it lasts.

Units: tenths of the commodity's unit; calendar days. All lists have the newest purchase first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tariff.units import parse_units

MOST_DAYS: Final = 366
"""The longest time that can be asked for at once."""

_REMEMBERED = 6


class DaysInvalid(PosError):
    """This is no number of days. Facts: `typed`, `most`."""

    code: ClassVar[str] = "days-invalid"


class UsageUnknown(PosError):
    """Nobody knows what this meter uses in a day. Fact: `days`."""

    code: ClassVar[str] = "usage-unknown"


@dataclass(frozen=True, slots=True)
class Usage:
    """`tenths` are used in `days`, both above 0; exact, so that nothing is lost on the way."""

    tenths: int
    days: int

    def per_day(self) -> int:
        """Return the tenths used in one day, rounded half up."""
        return (2 * self.tenths + self.days) // (2 * self.days)

    def days_of(self, tenths: int) -> int:
        """Return for how many whole days so many tenths last."""
        return tenths * self.days // self.tenths

    def tenths_for(self, days: int) -> int:
        """Return the fewest tenths that last for so many days."""
        return -(-days * self.tenths // self.days)


@dataclass(frozen=True, slots=True)
class PastPurchase:
    """The day of a purchase, what it cost and what its token carried."""

    day: date
    total: Money
    tenths: int


def usual_amount(recent: Sequence[PastPurchase]) -> Money | None:
    """Return the most frequent total of the last six purchases, the newer one among equals.

    None without a history.
    """
    ranked = Counter(past.total for past in recent[:_REMEMBERED]).most_common(1)
    return ranked[0][0] if ranked else None


def usage_of(recent: Sequence[PastPurchase]) -> Usage | None:
    """Return what is used, as far as purchases can tell; None where they cannot.

    What was bought before the newest purchase is taken as used up between the oldest and the
    newest. So it takes two purchases on two days.
    """
    if len(recent) < 2:
        return None
    newest = recent[0].day
    used = sum(past.tenths for past in recent if past.day < newest)
    days = (newest - recent[-1].day).days
    return Usage(used, days) if used and days else None


def parse_days(typed: str) -> tuple[int, Usage | None]:
    """Read ``"30"`` or, with a stated use, ``"30/5.5"``: days, and 5.5 units a day.

    Raises `DaysInvalid` for anything but 1 to 366 whole days, `UnitsInvalid` or
    `UnitsBeyondToken` for the use.
    """
    number, stated, use = typed.partition("/")
    text = number.strip()
    days = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0
    if not 0 < days <= MOST_DAYS:
        raise DaysInvalid(typed=typed[:40], most=MOST_DAYS)
    return days, Usage(parse_units(use), 1) if stated else None


def units_of_days(typed: str, known: Usage | None) -> tuple[int, Usage]:
    """Return the tenths that last for the days typed, and the use that was taken.

    A stated use goes before the `known` one. Raises what `parse_days` raises, or `UsageUnknown`.
    """
    days, stated = parse_days(typed)
    usage = stated or known
    if usage is None:
        raise UsageUnknown(days=days)
    return usage.tenths_for(days), usage
