"""Prices inside a currency meter: steps by the month's consumption, bands by the time of day.

Exact without rounding: a price is in millionths of the currency per kWh (or m3), consumption in
W s (or l/h s), and credit in grains of a millionth / 3,600,000, so that
grains = consumption * price. Nothing is ever left over.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.meter.hours import Calendar

GRAINS_PER_UNIT = 3_600_000
"""W s in a kWh; also l/h s in a m3."""
MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class Band:
    """The prices of some hours, one per step; `hours` None is the band of all the other hours."""

    name: str
    prices: tuple[int, ...]
    hours: Calendar | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """Steps end at `limits` (W s in a month), the last is open; later bands win over earlier."""

    limits: tuple[int, ...]
    bands: tuple[Band, ...]

    def band(self, local_s: int) -> Band:
        """Return the band in force at a local time."""
        for each in reversed(self.bands):
            if each.hours is None or local_s in each.hours:
                return each
        return self.bands[0]

    def step(self, month_use: int) -> int:
        """Return the index of the step that the next bit of consumption falls into."""
        return sum(limit <= month_use for limit in self.limits)

    def cost(self, local_s: int, month_use: int, use: int) -> int:
        """Return the grains that `use` costs after `month_use`, each part at its own step."""
        prices, total, left = self.band(local_s).prices, 0, use
        for index in range(self.step(month_use), len(prices)):
            last = index == len(self.limits)
            part = left if last else min(left, self.limits[index] - month_use)
            total += part * prices[index]
            month_use, left = month_use + part, left - part
            if not left:
                break
        return total

    def until_next_step(self, month_use: int) -> int | None:
        """Return how much may still be used in this step; None in the last one."""
        index = self.step(month_use)
        return None if index == len(self.limits) else self.limits[index] - month_use
