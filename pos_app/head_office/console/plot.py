"""Bars of a plot: where each begins and how high it is, from zero.

Units: widths in percent of the plot, heights in pixels, so that letters keep their size on every
screen. A template draws them as SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

HEIGHT: Final = 200
_TOP: Final = 24
_FOOT: Final = 28
_ROOM: Final = HEIGHT - _TOP - _FOOT
_LABELS: Final = 7
_MOST_SHARE: Final = 9.0
"""A single bar is no wall: at most this many percent wide."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `x`, `width` in percent, `y`, `height` in pixels; empty texts are not drawn."""

    x: float
    width: float
    y: int
    height: int
    middle: float
    best: bool
    label: str
    value: str
    full: str


@dataclass(frozen=True, slots=True)
class Point:
    """What a bar stands for: its label, its amount, the amount in short and in full."""

    label: str
    amount: int
    value: str
    full: str


def bars(points: Sequence[Point]) -> list[Bar]:
    """Return a bar for each point; the largest is the best, the first of equals."""
    most = max((each.amount for each in points), default=0)
    if most <= 0:
        return []
    best = next(at for at, each in enumerate(points) if each.amount == most)
    share = 100 / len(points)
    width = min(share * 0.7, _MOST_SHARE)
    each_label = ceil(len(points) / _LABELS)
    few = len(points) <= _LABELS
    made = []
    for at, point in enumerate(points):
        height = max(round(_ROOM * point.amount / most), 1 if point.amount else 0)
        middle = share * (at + 0.5)
        # Counted from the newest, so that today always has its name.
        named = (len(points) - 1 - at) % each_label == 0
        made.append(
            Bar(
                x=round(middle - width / 2, 3),
                width=round(width, 3),
                y=_TOP + _ROOM - height,
                height=height,
                middle=round(middle, 3),
                best=at == best,
                label=point.label if named else "",
                value=point.value if few or at == best else "",
                full=point.full,
            )
        )
    return made
