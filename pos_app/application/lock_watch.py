"""Whether a lock after wrong PINs or codes is open, by time that nobody can set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pos_app.application.ports import Clock, Ledger
from pos_app.application.time_guard import TimeGuard
from pos_app.domain.lockout import LockState, ensure_open, surely_gone_ms


@dataclass(frozen=True, slots=True)
class LockWatch:
    """The locks of one open shop, each under a name: an operator's, or that of a kind of code.

    A wrong try is written down with the steady clock of the computer, which runs on while the
    program is closed: a restart of the program takes nothing from a lock, a restart of the
    computer at most begins it anew.
    """

    ledger: Ledger
    clock: Clock
    guard: TimeGuard

    def ensure_open(self, name: str) -> LockState:
        """Return the wrong tries under `name`; raises `PinLocked` while they shut it."""
        state = self.ledger.lock_state(name)
        steady, vouched = self.clock.steady_ms(), self.ledger.believed_ms()
        ensure_open(state, surely_gone_ms(state, steady, self.guard.begun_ms, vouched))
        return state

    def stamped(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the body of an entry about a wrong try with the steady time of it."""
        return {**body, "steady_ms": self.clock.steady_ms()}
