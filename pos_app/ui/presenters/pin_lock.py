"""A locked PIN opens by itself: how many seconds are left, by a clock that nobody can set."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from pos_app.domain.errors import PosError
from pos_app.domain.lockout import PinLocked


class PinLockCount:
    """Turn ``pin-locked`` into what is still true of it."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._opens = 0.0

    def begin(self, problem: PosError) -> None:
        """Count from now on if `problem` is a locked PIN."""
        lasts = problem.facts.get("seconds")
        if isinstance(problem, PinLocked) and isinstance(lasts, int):
            self._opens = self._seconds() + lasts

    def left_of(self, problem: PosError | None) -> PosError | None:
        """Return `problem` with the seconds that are left; None once the PIN is open."""
        if not isinstance(problem, PinLocked):
            return problem
        left = ceil(self._opens - self._seconds())
        if left <= 0:
            return None
        if left == problem.facts.get("seconds"):
            return problem
        return PinLocked(**{**problem.facts, "seconds": left})
