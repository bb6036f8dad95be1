"""Prices by time of use: the 24-hour strip of a day.

Only meters that count money use them: the token carries money, and the meter takes each hour's
price from it. The till shows the table and checks that every half hour of every kind of day has
exactly one price. Times are the meter's wall clock, in half hours from 0 to 48.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem

HALF_HOURS = 48
_RANGE = re.compile(r"(\d{1,2})(?::(00|30))?-(\d{1,2})(?::(00|30))?")


class DayKind(StrEnum):
    """What kind of day it is; holidays count as Sundays."""

    WEEKDAY = "weekday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True)
class Period:
    """A `price` per unit at certain half hours of certain days in certain months.

    No `half_hours`: every half hour that no other period takes.
    """

    name: str
    price: Decimal
    half_hours: frozenset[int] | None = None
    days: frozenset[DayKind] = frozenset(DayKind)
    months: frozenset[int] = frozenset(range(1, 13))

    def on(self, month: int, kind: DayKind) -> bool:
        """Say whether the period is part of such a day."""
        return month in self.months and kind in self.days


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a day at one price: from `start` to before `end`, as ``HH:MM`` up to ``24:00``."""

    start: str
    end: str
    name: str
    price: Decimal


def parse_hours(text: str) -> frozenset[int] | None:
    """Read ``06-09,17:30-19`` (or ``22-06`` over midnight) as half hours; None: not readable."""
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            return None
        start, end = _half_hour(match[1], match[2]), _half_hour(match[3], match[4])
        if max(start, end) > HALF_HOURS or start in (end, HALF_HOURS):
            return None
        past_midnight = {*range(start, HALF_HOURS), *range(end)}
        found |= set(range(start, end)) if start < end else past_midnight
    return frozenset(found)


def _half_hour(hour: str, minute: str | None) -> int:
    return int(hour) * 2 + (minute == "30")


def day_kind(day: date, holidays: Sequence[date]) -> DayKind:
    """Return the kind of a day."""
    if day in holidays or day.weekday() == 6:
        return DayKind.SUNDAY
    return DayKind.SATURDAY if day.weekday() == 5 else DayKind.WEEKDAY


def strip(periods: Sequence[Period], month: int, kind: DayKind) -> tuple[Stretch, ...]:
    """Return the prices of such a day from 00:00 to 24:00, neighbours of one price joined."""
    prices = _half_hour_prices(periods, month, kind)
    starts = [n for n in range(HALF_HOURS) if n == 0 or prices[n] is not prices[n - 1]]
    return tuple(
        Stretch(_clock(start), _clock(end), prices[start].name, prices[start].price)
        for start, end in zip(starts, [*starts[1:], HALF_HOURS], strict=True)
    )


def _clock(half_hour: int) -> str:
    return f"{half_hour // 2:02}:{half_hour % 2 * 30:02}"


def _half_hour_prices(periods: Sequence[Period], month: int, kind: DayKind) -> list[Period]:
    of_day = [period for period in periods if period.on(month, kind)]
    rest = [period for period in of_day if period.half_hours is None]
    prices: list[Period] = []
    for number in range(HALF_HOURS):
        taking = [p for p in of_day if p.half_hours is not None and number in p.half_hours] or rest
        if len(taking) != 1:
            problem = TariffProblem.HOURS_TWICE if taking else TariffProblem.HOURS_MISSING
            where = f"month {month}, {kind.value}, {_clock(number)}"
            raise TariffInvalid(field="period", problem=problem, detail=where)
        prices += taking
    return prices


def check_periods(periods: Sequence[Period]) -> None:
    """Raise `TariffInvalid` where a half hour of the year has no price, or two."""
    names = [period.name for period in periods]
    for number, period in enumerate(periods, 1):
        if period.price <= 0:
            problem = TariffProblem.NOT_POSITIVE
            field = f"period[{number}].price"
            raise TariffInvalid(field=field, problem=problem, detail=str(period.price))
        if names.index(period.name) != number - 1 and _same_name_other_price(periods, period):
            problem = TariffProblem.DUPLICATE
            raise TariffInvalid(field=f"period[{number}].name", problem=problem, detail=period.name)
    for month in range(1, 13):
        for kind in DayKind:
            _half_hour_prices(periods, month, kind)


def _same_name_other_price(periods: Sequence[Period], period: Period) -> bool:
    """Say whether the name has another price in the same months: one of them is a slip."""
    return any(
        other.name == period.name
        and other.price != period.price
        and other.months & period.months
        and other.days & period.days
        for other in periods
    )
