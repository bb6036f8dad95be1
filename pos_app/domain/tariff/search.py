"""The least money that reaches a number of units, whatever stands between the two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pos_app.domain.money import LARGEST_MINOR


def least_total(carried: Callable[[int], int], wanted: int, edges: Sequence[int]) -> int:
    """Return the least minor units for which `carried` is at least `wanted`.

    `carried` never falls as money grows, but for the step past each of `edges`: a duty may begin
    there. The answer is the largest amount there is when nothing is enough.
    """
    low = 0
    for high in [*sorted({edge for edge in edges if 0 < edge < LARGEST_MINOR}), LARGEST_MINOR]:
        if carried(high) >= wanted:
            return _bisect(carried, wanted, low, high)
        low = high
    return LARGEST_MINOR


def _bisect(carried: Callable[[int], int], wanted: int, low: int, high: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        if carried(middle) >= wanted:
            high = middle
        else:
            low = middle
    return high
