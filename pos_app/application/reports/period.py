"""The days a report is about, in the shop's own calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from pos_app.domain.errors import PosError

_TYPED = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_EARLIEST_YEAR, _LATEST_YEAR = 2000, 2999
_DAY = timedelta(days=1)
_FARTHEST_HOURS = 14
"""No place is farther from UTC (Kiribati is ahead by so much)."""


class DayInvalid(PosError):
    """What was typed is not a day: `typed`."""

    code: ClassVar[str] = "day-invalid"


class PeriodBackwards(PosError):
    """A period ends before it begins: `first`, `last`."""

    code: ClassVar[str] = "period-backwards"


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included; of one shift's sales only where `shift` is not 0."""

    first: date
    last: date
    shift: int = 0

    @classmethod
    def of(cls, first: date, last: date) -> Period:
        """Return a free range; raises `PeriodBackwards`."""
        if last < first:
            raise PeriodBackwards(first=first.isoformat(), last=last.isoformat())
        return cls(first, last)

    @classmethod
    def week(cls, day: date) -> Period:
        """Return Monday to Sunday around `day` (ISO 8601)."""
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + 6 * _DAY)

    @classmethod
    def month(cls, day: date) -> Period:
        """Return the calendar month of `day`."""
        first = day.replace(day=1)
        return cls(first, (first + 31 * _DAY).replace(day=1) - _DAY)

    @classmethod
    def year(cls, day: date) -> Period:
        """Return the calendar year of `day`."""
        return cls(day.replace(month=1, day=1), day.replace(month=12, day=31))

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def days(self) -> Iterator[date]:
        """Yield every day."""
        for number in range(len(self)):
            yield self.first + number * _DAY

    def span_ms(self) -> tuple[int, int]:
        """Return instants around the period that hold it wherever the shop is, the end excluded.

        A sale knows its own local day; this only narrows the search.
        """
        far = timedelta(hours=_FARTHEST_HOURS)
        start = datetime.combine(self.first, datetime.min.time(), UTC) - far
        end = datetime.combine(self.last + _DAY, datetime.min.time(), UTC) + far
        return int(start.timestamp()) * 1000, int(end.timestamp()) * 1000


def parse_day(typed: str) -> date:
    """Read ``YYYY-MM-DD``; raises `DayInvalid`, also for a day no calendar has."""
    match = _TYPED.fullmatch(typed.strip())
    if match is None or not _EARLIEST_YEAR <= int(match[1]) <= _LATEST_YEAR:
        raise DayInvalid(typed=typed[:40])
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise DayInvalid(typed=typed[:40]) from None
