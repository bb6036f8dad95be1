"""How long to wait between two rounds with head office."""

from __future__ import annotations

from typing import Final

CALM_S: Final = 300
"""So often head office is asked when there is nothing to send."""
FIRST_S: Final = 5
LONGEST_S: Final = 900


def wait_s(failures: int, chance: float) -> float:
    """Return how long to wait for the next round.

    After `failures` in a row the wait doubles from `FIRST_S` to `LONGEST_S`; `chance` (0 to 1)
    spreads it over its upper half, so that a thousand tills whose network comes back together do
    not call together.
    """
    longest = CALM_S if failures == 0 else min(FIRST_S << min(failures, 10), LONGEST_S)
    return longest * (0.5 + chance / 2)
