"""What the machine can do, to divide our own times by; a goal is a ratio, never seconds.

Subject and yardstick run interleaved in one process, block by block. The verdict is the median
of the block ratios; a goal is missed only when three blocks in four exceed it.
"""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

BLOCKS = 7
_SHARE_OF_BLOCKS = 0.75
_Y1_CALLS = 20_000
_Y1_INPUT = b"\x5a" * 64


def y1() -> float:
    """Return the seconds of one ``hashlib.sha256(64 bytes).digest()`` in a Python loop."""
    started = time.perf_counter()
    for _ in range(_Y1_CALLS):
        hashlib.sha256(_Y1_INPUT).digest()
    return (time.perf_counter() - started) / _Y1_CALLS


@dataclass(frozen=True, slots=True)
class Verdict:
    """Block ratios of one subject against one yardstick, and the seconds behind them."""

    name: str
    goal: float
    ratios: tuple[float, ...]
    seconds: tuple[float, ...]

    @property
    def missed(self) -> bool:
        """Return whether at least three blocks in four are over the goal."""
        over = sum(ratio > self.goal for ratio in self.ratios)
        return over >= _SHARE_OF_BLOCKS * len(self.ratios)

    def line(self) -> str:
        """Return the printed line: ratio first, seconds for information."""
        ratio, seconds = statistics.median(self.ratios), statistics.median(self.seconds)
        spread = f"{min(self.ratios):.1f} to {max(self.ratios):.1f}"
        verdict = "MISSED" if self.missed else "ok"
        return (
            f"{self.name:<28} {ratio:6.1f} x ({spread}), goal {self.goal:g} x: {verdict};"
            f" {seconds * 1e6:.2f} us, {1 / seconds:,.0f} a second"
        )


def compare(
    name: str,
    goal: float,
    subject: Callable[[], float],
    yardstick: Callable[[], float] = y1,
    slices: int = 1,
) -> Verdict:
    """Run `yardstick` and `subject` in turn; both return seconds per unit of work.

    Every block has so many `slices` of both. A short subject takes several: what else runs on
    the machine then falls on both alike.
    """
    ratios, seconds = [], []
    for _ in range(BLOCKS):
        took, measured = 0.0, 0.0
        for _ in range(slices):
            before = yardstick()
            took += subject()
            measured += (before + yardstick()) / 2
        ratios.append(took / measured)
        seconds.append(took / slices)
    return Verdict(name, goal, tuple(ratios), tuple(seconds))
