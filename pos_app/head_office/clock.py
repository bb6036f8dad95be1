"""The server's clock: the only place of head office that reads it."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Whoever knows the time."""

    def now_ms(self) -> int:
        """Return the time of day in milliseconds UTC since 1970."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now_ms(self) -> int:
        """Return the time of day in milliseconds UTC since 1970."""
        return time.time_ns() // 1_000_000
