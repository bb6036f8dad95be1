"""The computer's clock, judged by what the journal knows and by how long this program runs."""

from __future__ import annotations

from pos_app.application.ports import Clock, Ledger
from pos_app.domain.clock_guard import ClockStopped, ClockVerdict, judge


class TimeGuard:
    """Says whether tokens may be made at the time the computer shows.

    Going back is measured from the newest entry of the journal, a jump ahead from the newest time
    that somebody vouched for: signing in or counting the drawer under a wrong clock must not make
    the wrong time the right one. A program that keeps running knows by a steady clock how much
    time has really gone by, so that a long weekend with the till left on is no jump.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger, self._clock = ledger, clock
        self._believed_ms = ledger.believed_ms()
        self.begun_ms = self._believed_at = clock.steady_ms()
        """When this program began to watch, by the steady clock."""

    def now_ms(self) -> int:
        """Return what the computer's clock shows, right or wrong."""
        return self._clock.now_ms()

    def note(self) -> None:
        """Take note of the newest time that was vouched for; call it after a commit."""
        believed = self._ledger.believed_ms()
        if believed != self._believed_ms:
            self._believed_ms, self._believed_at = believed, self._clock.steady_ms()

    def verdict(self, now_ms: int) -> ClockVerdict:
        """Return what to think of `now_ms`."""
        run = self._clock.steady_ms() - self._believed_at
        return judge(now_ms, self._ledger.clock_floor_ms(), self._believed_ms + max(run, 0))

    def ensure(self, now_ms: int) -> None:
        """Raise `ClockStopped` unless the clock may be believed."""
        verdict = self.verdict(now_ms)
        if verdict is not ClockVerdict.OK:
            highest = self._ledger.clock_floor_ms()
            raise ClockStopped(reason=verdict.value, now=now_ms, highest=highest)
