"""How long a PIN stays shut after wrong tries.

Units: milliseconds since 1970, UTC. Four wrong tries cost nothing; from the fifth on each one
shuts the PIN for 30 s, 60 s, 120 s … up to an hour. A right PIN clears the count. The state
is small enough to be kept with the operator, so a restart does not open the lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from pos_app.domain.errors import PosError

FREE_TRIES: Final = 5
FIRST_DELAY_MS: Final = 30_000
LONGEST_DELAY_MS: Final = 3_600_000


class PinLocked(PosError):
    """Too many wrong tries: `seconds` to wait, `failures` so far."""

    code: ClassVar[str] = "pin-locked"


@dataclass(frozen=True, slots=True)
class LockState:
    """Wrong tries since the last right one, and when the last of them was."""

    failures: int = 0
    last_failure_ms: int = 0

    def failed(self, now_ms: int) -> LockState:
        """Return the state after one more wrong try; a clock set back does not move it back."""
        return LockState(self.failures + 1, max(self.last_failure_ms, now_ms))

    def succeeded(self) -> LockState:
        """Return the state after a right PIN."""
        return LockState()


def locked_until(state: LockState) -> int | None:
    """Return when the PIN opens again; None when it never shut. It is open at that very time."""
    if state.failures < FREE_TRIES:
        return None
    doublings = min(state.failures - FREE_TRIES, 7)  # 2^7 * 30 s is already beyond an hour
    return state.last_failure_ms + min(FIRST_DELAY_MS << doublings, LONGEST_DELAY_MS)


def ensure_open(state: LockState, now_ms: int) -> None:
    """Raise `PinLocked` while the PIN is shut."""
    until = locked_until(state)
    if until is not None and now_ms < until:
        raise PinLocked(seconds=-((now_ms - until) // 1000), failures=state.failures)
