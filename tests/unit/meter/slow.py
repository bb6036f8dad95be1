"""Supply second by second: the rules of a meter as a customer would tell them, one tick at a time.

An oracle for `pos_app.meter.supply`, which cuts time into long pieces instead. Money is a
`Fraction` of the currency, energy a `Fraction` of a kWh; nothing is shared with the meter but its
settings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction


@dataclass
class Hours:
    """From hour to hour of some weekdays (Monday 0); past midnight when `start` is later."""

    start: int
    end: int
    days: tuple[int, ...] = tuple(range(7))

    def has(self, at: datetime) -> bool:
        if self.start < self.end:
            return self.start <= at.hour < self.end and at.weekday() in self.days
        yesterday = (at - timedelta(days=1)).weekday()
        if at.hour >= self.start:
            return at.weekday() in self.days
        return at.hour < self.end and yesterday in self.days


@dataclass
class SlowMeter:
    """Balance and switch of a meter; `prices` None means that it counts kWh."""

    at: datetime
    balance: Fraction
    emergency_limit: Fraction = Fraction(0)
    friendly: Hours | None = None
    steps: tuple[int, ...] = ()
    prices: dict[str, tuple[Fraction, ...]] | None = None
    peak: Hours | None = None
    limit_w: int = 0
    after_s: int = 60
    reclose_s: int = 60
    lock_trips: int = 5
    window_s: int = 1800
    on: bool = True
    emergency: bool = False
    month_kwh: Fraction = Fraction(0)
    total_kwh: Fraction = Fraction(0)
    over: int = 0
    tripped_until: datetime | None = None
    locked: bool = False
    trip_times: list[datetime] = field(default_factory=list)
    no_credit: bool = False

    def tick(self, watts: int) -> None:
        """Live one second."""
        flowing = watts if self.on else 0
        used = Fraction(flowing, 3_600_000)
        self.balance -= self._cost(used)
        self.total_kwh += used
        self.month_kwh += used
        before = self.at
        self.at += timedelta(seconds=1)
        if self.at.month != before.month:
            self.month_kwh = Fraction(0)
        self._protect(flowing)
        self._credit_rule()
        self.on = not (self.no_credit or self.locked or self.tripped_until)

    def _cost(self, used: Fraction) -> Fraction:
        if self.prices is None:
            return used
        prices = self.prices["peak" if self.peak and self.peak.has(self.at) else "base"]
        bounds = [Fraction(0), *map(Fraction, self.steps), Fraction(10**9)]
        low, high = self.month_kwh, self.month_kwh + used
        return sum(
            (
                max(min(high, bounds[n + 1]) - max(low, bounds[n]), Fraction(0)) * price
                for n, price in enumerate(prices)
            ),
            Fraction(0),
        )

    def _protect(self, flowing: int) -> None:
        if self.tripped_until and self.at >= self.tripped_until:
            self.tripped_until = None
        self.over = self.over + 1 if self.limit_w and flowing > self.limit_w else 0
        if self.over >= self.after_s:
            self.over = 0
            self.trip_times.append(self.at)
            recent = [
                at for at in self.trip_times if (self.at - at).total_seconds() <= self.window_s
            ]
            if len(recent) >= self.lock_trips:
                self.locked = True
            else:
                self.tripped_until = self.at + timedelta(seconds=self.reclose_s)

    def _credit_rule(self) -> None:
        if self.emergency and self.balance <= -self.emergency_limit:
            self.emergency = False
        floor = -self.emergency_limit if self.emergency else Fraction(0)
        if self.balance > floor:
            self.no_credit = False
        elif not (self.friendly and self.friendly.has(self.at)):
            self.no_credit = True


def at_utc(seconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
