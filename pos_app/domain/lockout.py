"""How long a PIN stays shut after wrong tries.

Units: milliseconds; ``last_failure_ms`` since 1970, UTC, ``steady_ms`` by a clock that counts
from the start of the computer and that nobody can set. Four wrong tries cost nothing; from the
fifth on each one shuts the PIN for 30 s, 60 s, 120 s … up to an hour. A right PIN clears the
count. The state is small enough to be kept with the operator, so a restart does not open the
lock, and the till counts the delay by the steady clock, so that setting the clock does not either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from pos_app.domain.clock_guard import AHEAD_MS
from pos_app.domain.errors import PosError

FREE_TRIES: Final = 5
FIRST_DELAY_MS: Final = 30_000
LONGEST_DELAY_MS: Final = 3_600_000
NOT_KNOWN: Final = -1
"""The steady time of a try that was written down before steady times were."""


class PinLocked(PosError):
    """Too many wrong tries: `seconds` to wait, `failures` so far."""

    code: ClassVar[str] = "pin-locked"


@dataclass(frozen=True, slots=True)
class LockState:
    """Wrong tries since the last right one, and when the last of them was, by both clocks."""

    failures: int = 0
    last_failure_ms: int = 0
    steady_ms: int = NOT_KNOWN

    def failed(self, now_ms: int) -> LockState:
        """Return the state after one more wrong try; a clock set back does not move it back."""
        return LockState(self.failures + 1, max(self.last_failure_ms, now_ms))

    def succeeded(self) -> LockState:
        """Return the state after a right PIN."""
        return LockState()


def delay_ms(state: LockState) -> int:
    """Return how long the PIN stays shut after the last wrong try, 0 when it never shut."""
    if state.failures < FREE_TRIES:
        return 0
    doublings = min(state.failures - FREE_TRIES, 7)  # 2^7 * 30 s is already beyond an hour
    return min(FIRST_DELAY_MS << doublings, LONGEST_DELAY_MS)


def locked_until(state: LockState) -> int | None:
    """Return when the PIN opens again; None when it never shut. It is open at that very time.

    For a clock that only its owner sets, as head office's.
    """
    return state.last_failure_ms + delay_ms(state) if delay_ms(state) else None


def surely_gone_ms(state: LockState, steady_ms: int, begun_ms: int, vouched_ms: int) -> int:
    """Return how much time has gone by since the last wrong try at the very least.

    `steady_ms` is now and `begun_ms` when the program began, both by the steady clock. A steady
    clock below that of the try began anew with the computer: the try is as old as the computer
    runs, or older. Time that was vouched for since (`vouched_ms`, since 1970) counts as well, less
    the day by which the clock guard lets a clock be ahead: for that day nobody vouched. What the
    computer's own clock shows counts for nothing.
    """
    if state.steady_ms == NOT_KNOWN:
        run = steady_ms - begun_ms
    elif steady_ms < state.steady_ms:
        run = steady_ms
    else:
        run = steady_ms - state.steady_ms
    return max(run, vouched_ms - AHEAD_MS - state.last_failure_ms, 0)


def ensure_open(state: LockState, gone_ms: int) -> None:
    """Raise `PinLocked` while the PIN is shut, `gone_ms` after the last wrong try."""
    left = delay_ms(state) - gone_ms
    if left > 0:
        raise PinLocked(seconds=-(-left // 1000), failures=state.failures)
