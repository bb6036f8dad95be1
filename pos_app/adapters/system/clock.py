"""The computer's clock: the only place that reads it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

_THROUGH_SLEEP: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", None)
"""Linux: counts while the computer sleeps, which its monotonic clock does not."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """Implements `pos_app.application.ports.Clock`.

    `fixed_offset` (minutes ahead of UTC) is the shop's own time zone where it must not follow
    the computer's.
    """

    fixed_offset: int | None = None

    def now_ms(self) -> int:
        """Return the time of day in milliseconds UTC since 1970."""
        return time.time_ns() // 1_000_000

    def offset_minutes(self, at_ms: int) -> int:
        """Return how far local time is ahead of UTC at `at_ms`, daylight saving included."""
        if self.fixed_offset is not None:
            return self.fixed_offset
        local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone()
        offset = local.utcoffset()
        return 0 if offset is None else int(offset.total_seconds() // 60)

    def steady_ms(self) -> int:
        """Return a time that only counts on, through the computer's sleep where it can be had."""
        if _THROUGH_SLEEP is not None:
            return time.clock_gettime_ns(_THROUGH_SLEEP) // 1_000_000
        return time.monotonic_ns() // 1_000_000
