"""What a customer usually buys, and how long it lasts.

Units: tenths of the commodity's unit; calendar days. All lists have the newest purchase first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pos_app.domain.money import Money

_REMEMBERED = 6


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


def usage_per_day(recent: Sequence[PastPurchase]) -> int | None:
    """Return the tenths used per day, rounded half up, as far as purchases can tell.

    What was bought before the newest purchase is taken as used up between the oldest and the
    newest. None with fewer than two days of purchases.
    """
    used, days = _used(recent)
    return None if days == 0 else (2 * used + days) // (2 * days)


def days_lasting(tenths: int, recent: Sequence[PastPurchase]) -> int | None:
    """Return for how many whole days `tenths` last at that usage; None when it is unknown."""
    used, days = _used(recent)
    return None if days == 0 or used == 0 else tenths * days // used


def _used(recent: Sequence[PastPurchase]) -> tuple[int, int]:
    if len(recent) < 2:
        return 0, 0
    newest = recent[0].day
    used = sum(past.tenths for past in recent if past.day < newest)
    return used, (newest - recent[-1].day).days
