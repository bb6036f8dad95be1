"""The shop's own calendar: which day and month an instant belongs to.

Times are milliseconds UTC since 1970; offsets are minutes ahead of UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

DAY_MS = 86_400_000


def local(at_ms: int, offset_minutes: int) -> datetime:
    """Return the wall clock of the shop at `at_ms` (a naive reading marked as UTC)."""
    return datetime.fromtimestamp(at_ms // 1000, UTC) + timedelta(minutes=offset_minutes)


def month_of(at_ms: int, offset_minutes: int) -> str:
    """Return ``YYYY-MM``."""
    return local(at_ms, offset_minutes).strftime("%Y-%m")


def day_of(at_ms: int, offset_minutes: int) -> str:
    """Return ``YYYY-MM-DD``."""
    return local(at_ms, offset_minutes).strftime("%Y-%m-%d")


def day_bounds(at_ms: int, offset_minutes: int) -> tuple[int, int]:
    """Return the first instant of the local day of `at_ms` and the first one after it."""
    shifted = at_ms + offset_minutes * 60_000
    start = shifted - shifted % DAY_MS - offset_minutes * 60_000
    return start, start + DAY_MS
