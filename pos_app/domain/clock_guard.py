"""Whether the wall clock may be believed, judged by the highest time ever seen.

Units: milliseconds since 1970, UTC. The highest time seen is the latest of the journal and of head
office's acknowledgements. A clock set back would repeat token identifiers; a clock set ahead
makes a meter refuse later tokens as old.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from pos_app.domain.errors import PosError

BEHIND_MS: Final = 2 * 60_000
AHEAD_MS: Final = 24 * 3_600_000


class ClockVerdict(StrEnum):
    """What to think of the clock."""

    OK = "ok"
    BEHIND = "behind"
    AHEAD = "ahead"


class ClockStopped(PosError):
    """Selling stops until the clock is settled: `reason` (a verdict), `now`, `highest` (ms)."""

    code: ClassVar[str] = "clock-stopped"


def judge(
    now_ms: int, highest_ms: int | None, *, run_ms: int = 0, confirmed_ms: int | None = None
) -> ClockVerdict:
    """Return the verdict on `now_ms`.

    `highest_ms` is None for a till that has seen no time yet. `run_ms` is how long a clock that
    nobody can set (monotonic) has run since `highest_ms` was seen, so that a till which idled over
    a holiday is not suspected; 0 after a start. `confirmed_ms` is a time that a supervisor
    has confirmed. Behind is more than 2 minutes below `highest_ms`, ahead more than 24 hours above
    what is known.
    """
    if highest_ms is None:
        return ClockVerdict.OK
    if now_ms < highest_ms - BEHIND_MS:
        return ClockVerdict.BEHIND
    known = highest_ms + max(run_ms, 0)
    if confirmed_ms is not None:
        known = max(known, confirmed_ms)
    return ClockVerdict.AHEAD if now_ms > known + AHEAD_MS else ClockVerdict.OK


def ensure_sane(
    now_ms: int, highest_ms: int | None, *, run_ms: int = 0, confirmed_ms: int | None = None
) -> None:
    """Raise `ClockStopped` unless `judge` says that the clock may be believed."""
    verdict = judge(now_ms, highest_ms, run_ms=run_ms, confirmed_ms=confirmed_ms)
    if verdict is not ClockVerdict.OK:
        raise ClockStopped(reason=verdict.value, now=now_ms, highest=highest_ms)


def stamp(now_ms: int, highest_ms: int | None) -> int:
    """Return the time to write: now, but never below the highest time seen."""
    return now_ms if highest_ms is None else max(now_ms, highest_ms)
