"""The memory of token identifiers: always 50, sorted; the smallest makes room for a new one.

At first all are the TID of the meter's making. Source: IEC 62055-41, TIDMemoryRegister: at least
50 entries, a token older than all of them is refused, one that is stored was used.
"""

from __future__ import annotations

from bisect import bisect_left, insort

from pos_app.meter.profile import TIDS_KEPT
from pos_app.meter.results import Result

KEN_UNIT_BITS = 16
"""KEN counts 2^16 minutes."""


def check(tids: tuple[int, ...], tid: int, ken: int) -> Result:
    """Return `ACCEPT`, or why a token of this TID is refused.

    Equal to the smallest is used, not old, so "used" is asked first.
    """
    if tid >> KEN_UNIT_BITS > ken:
        return Result.KEY_EXPIRED
    place = bisect_left(tids, tid)
    if place < len(tids) and tids[place] == tid:
        return Result.USED
    return Result.OLD if place == 0 else Result.ACCEPT


def remember(tids: tuple[int, ...], tid: int) -> tuple[int, ...]:
    """Return the memory with `tid` in it and the smallest forgotten."""
    kept = list(tids[1:])
    insort(kept, tid)
    return tuple(kept)


def rolled_over() -> tuple[int, ...]:
    """Return the memory after a change of base date: nothing but zeros."""
    return (0,) * TIDS_KEPT
