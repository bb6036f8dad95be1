"""How long a key still serves: from its first day to the earlier of its two ends.

A key ends when its issuer says so (issued until) and when its expiry number KEN runs out, because
a meter refuses a token whose TID has more in its upper eight bits than KEN (IEC 62055-41). KEN
counts steps of 65,536 minutes from the base date; the end of 255 is the end of the 24-bit TID.
Times are milliseconds UTC since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

DAY_MS: Final = 86_400_000
WARN_DAYS: Final = (7, 30, 90)
"""People are told this many days before a key ends, and told more urgently each time."""
_STEP_MS: Final = 65_536 * 60_000


class KeyState(StrEnum):
    """What may be done with a key today."""

    WAITING = "waiting"
    IN_FORCE = "in-force"
    ENDING = "ending"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class KeyLife:
    """`days` to the end, begun ones counted, 0 at and after it; `band` of `WARN_DAYS`, else 0."""

    state: KeyState
    ends_ms: int
    days: int
    band: int = 0


def ken_ends_ms(base: int, ken: int) -> int:
    """Return the first instant whose TID a meter with this base date and KEN refuses."""
    start = datetime(base, 1, 1, tzinfo=UTC)
    return int(start.timestamp()) * 1000 + (ken + 1) * _STEP_MS


def ends_ms(base: int, ken: int, issue_until_ms: int) -> int:
    """Return the first instant at which a key makes no token any more."""
    return min(issue_until_ms, ken_ends_ms(base, ken))


def key_life(active_from_ms: int, end_ms: int, now_ms: int) -> KeyLife:
    """Return where a key stands at `now_ms`."""
    if now_ms >= end_ms:
        return KeyLife(KeyState.ENDED, end_ms, 0)
    days = -((now_ms - end_ms) // DAY_MS)
    if now_ms < active_from_ms:
        return KeyLife(KeyState.WAITING, end_ms, days)
    band = next((bound for bound in WARN_DAYS if days <= bound), 0)
    return KeyLife(KeyState.ENDING if band else KeyState.IN_FORCE, end_ms, days, band)
