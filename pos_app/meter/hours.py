"""The meter's calendar: local days, hours of the week, and the hours in which supply stays on.

Time is seconds UTC since 1970; a meter is a fixed number of minutes ahead of UTC, in quarters of
an hour, so that every rule begins and ends on a whole interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

INTERVAL_S = 900
"""The accounting interval: a quarter of an hour of local time."""
DAY_S = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EPOCH_WEEKDAY = date(1970, 1, 1).weekday()
ALL_DAYS = frozenset(range(7))


def local_day(local_s: int) -> int:
    """Return the number of the local day, 1 January 1970 being 0."""
    return local_s // DAY_S


def date_of_day(day: int) -> date:
    """Return the calendar date of a local day's number."""
    return date.fromordinal(_EPOCH_ORDINAL + day)


def day_of_date(on: date) -> int:
    """Return the number of a calendar date's day."""
    return on.toordinal() - _EPOCH_ORDINAL


def weekday_of(day: int) -> int:
    """Return the day of the week, Monday 0 to Sunday 6."""
    return (day + _EPOCH_WEEKDAY) % 7


def month_of(day: int) -> int:
    """Return months since the year 0, so that they can be compared and counted."""
    on = date_of_day(day)
    return on.year * 12 + on.month - 1


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of the day from `start` to before `end` on some weekdays; may pass midnight.

    What passes midnight belongs to the weekday it began on.
    """

    start: int
    end: int
    days: frozenset[int] = ALL_DAYS

    def __contains__(self, local_s: object) -> bool:
        """Tell whether a local time in seconds is inside."""
        if not isinstance(local_s, int):
            return False
        day, second = divmod(local_s, DAY_S)
        minute = second // 60
        if self.start < self.end:
            return self.start <= minute < self.end and weekday_of(day) in self.days
        evening = minute >= self.start and weekday_of(day) in self.days
        morning = minute < self.end and weekday_of(day - 1) in self.days
        return evening or morning


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hours of the week and whole days (holidays, by day number) that are treated alike."""

    hours: tuple[Hours, ...] = ()
    holidays: frozenset[int] = frozenset()

    def __contains__(self, local_s: object) -> bool:
        """Tell whether a local time in seconds is inside."""
        if not isinstance(local_s, int):
            return False
        return local_day(local_s) in self.holidays or any(local_s in each for each in self.hours)
