"""Ratios in blocks: subject and yardstick in turn, in one process, on one machine, at one time.

These machines are shared: an absolute time says little, the ratio to a yardstick measured in the
same moment says much. The verdict is the median of the blocks' ratios; a goal counts as missed
only when at least three quarters of the blocks miss it.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

BLOCKS = 7


@dataclass(frozen=True, slots=True)
class Verdict:
    """One comparison; times in seconds for one call."""

    name: str
    ratios: tuple[float, ...]
    subject: float
    yardstick: float
    goal: float

    @property
    def missed(self) -> bool:
        over = sum(1 for ratio in self.ratios if ratio > self.goal)
        return over * 4 >= len(self.ratios) * 3

    def line(self) -> str:
        """Return the result as one line of a table."""
        word = "MISSED" if self.missed else "ok"
        ratio = statistics.median(self.ratios)
        spread = f"{min(self.ratios):.2f}-{max(self.ratios):.2f}"
        return (
            f"{self.name:<44} {ratio:>7.2f}x  goal <= {self.goal:<5g} {word:<6} "
            f"({spread}; {_shown(self.subject)} against {_shown(self.yardstick)})"
        )


def _shown(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.2f} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def timed(call: Callable[[], object]) -> float:
    """Return the seconds of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def median_of(call: Callable[[], object], times: int) -> float:
    """Return the median seconds of `times` calls."""
    return statistics.median(timed(call) for _ in range(times))


def compare(
    name: str,
    subject: Callable[[], float],
    yardstick: Callable[[], float],
    goal: float,
    blocks: int = BLOCKS,
) -> Verdict:
    """Measure in turns; `subject` and `yardstick` return seconds of one call of theirs."""
    pairs = []
    for block in range(blocks):
        if block % 2:
            own = subject()
            unit = yardstick()
        else:
            unit = yardstick()
            own = subject()
        pairs.append((own, unit))
    return Verdict(
        name,
        tuple(own / unit for own, unit in pairs),
        statistics.median(own for own, _ in pairs),
        statistics.median(unit for _, unit in pairs),
        goal,
    )


def machine() -> str:
    """Return what the figures were taken on."""
    load = ", ".join(f"{each:.2f}" for each in os.getloadavg())
    return f"{os.cpu_count()} cores, load {load}"
