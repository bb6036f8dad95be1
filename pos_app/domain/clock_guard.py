"""Whether the wall clock may be believed, judged by the highest time ever seen.

Units: milliseconds since 1970, UTC. A clock set back would repeat token identifiers; a clock set
ahead makes a meter refuse later tokens as old.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from pos_app.domain.errors import PosError

BEHIND_MS: Final = 2 * 60_000
AHEAD_MS: Final = 24 * 3_600_000
VOUCHED: Final = frozenset({"shop_created", "restored", "clock_settled", "sale"})
"""The kinds of entry whose time was vouched for: by a supervisor, or by this guard itself."""


class ClockVerdict(StrEnum):
    """What to think of the clock."""

    OK = "ok"
    BEHIND = "behind"
    AHEAD = "ahead"


class ClockStopped(PosError):
    """Selling stops until the clock is settled: `reason` (a verdict), `now`, `highest` (ms)."""

    code: ClassVar[str] = "clock-stopped"


def judge(now_ms: int, highest_ms: int, known_ms: int) -> ClockVerdict:
    """Return the verdict on `now_ms`.

    `highest_ms` is the time of the journal's newest entry. `known_ms` is the newest time that
    somebody vouched for (`VOUCHED`), and what has run since by a clock that nobody can set, so
    that a till which idled over a holiday is not suspected. Behind is more than 2 minutes below
    `highest_ms`, ahead more than 24 hours above `known_ms`.
    """
    if now_ms < highest_ms - BEHIND_MS:
        return ClockVerdict.BEHIND
    return ClockVerdict.AHEAD if now_ms > known_ms + AHEAD_MS else ClockVerdict.OK


def stamp(now_ms: int, highest_ms: int) -> int:
    """Return the time to write: now, but never below the highest time seen."""
    return max(now_ms, highest_ms)
