"""Token identifiers (TIDs): which minute the next token of a meter carries.

Units: whole minutes since 1 January 1993, 00:00 UTC, whatever base date the meter's key has; so
one number compares all tokens of a meter, across a change of base date. `to_base` gives the 24-bit
TID at the very end. Invariant: per meter strictly rising, and never minute 1 of a day, which is
reserved (both as the meter counts: UTC, no time zone). Source: IEC 62055-41, TID clause, and
STS 531-1, tests CTSA09.2 and CTSA09.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from pos_app.domain.errors import PosError

Minute1993 = int
"""Minutes since 1993-01-01T00:00Z."""

BASE_MINUTES: Final = {1993: 0, 2014: 11_044_800, 2035: 22_089_600}
"""The first minute of each base year; 7670 days lie between 1993 and 2014, and 2014 and 2035."""

LARGEST_TID: Final = 2**24 - 1
FURTHEST_AHEAD: Final = 60
_MINUTES_A_DAY = 1440
_RESERVED_MINUTE = 1
_UNIX_MS_1993 = 725_846_400_000


class TidTooFarAhead(PosError):
    """So many tokens were made for the meter that the next is over an hour ahead: `minutes`.

    `minutes` is how long to wait.
    """

    code: ClassVar[str] = "tid-too-far-ahead"


class TidOutOfRange(PosError):
    """The key's base date has no TID for this minute: `base` (a year), `minute`."""

    code: ClassVar[str] = "tid-out-of-range"


MOST_SLOTS: Final = 8
"""So many tills may share meters; the last of them is served a minute in eight."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Which minutes are a till's own where tills share meters: ``minute % modulus == residue``.

    Two tills with one modulus and different residues never give a meter the same TID, however
    long they do not hear of each other. `EVERY_MINUTE` is a till alone.
    """

    residue: int
    modulus: int

    def at_or_after(self, minute: Minute1993) -> Minute1993:
        """Return the first minute of this slot from `minute` on that is not reserved."""
        found = minute + (self.residue - minute) % self.modulus
        return found + self.modulus if is_reserved(found) else found


EVERY_MINUTE: Final = Slot(0, 1)


def minute_1993(unix_ms: int) -> Minute1993:
    """Return the minute that holds a time in milliseconds since 1970, UTC."""
    return (unix_ms - _UNIX_MS_1993) // 60_000


def unix_ms_of(minute: Minute1993) -> int:
    """Return when `minute` starts, in milliseconds since 1970, UTC."""
    return minute * 60_000 + _UNIX_MS_1993


def is_reserved(minute: Minute1993) -> bool:
    """Return whether `minute` is the one of each day that no ordinary token carries."""
    return minute % _MINUTES_A_DAY == _RESERVED_MINUTE


def next_tid_minute(
    now: Minute1993,
    last_issued: Minute1993 | None,
    floor: Minute1993 | None,
    known: Minute1993 | None = None,
    slot: Slot = EVERY_MINUTE,
) -> Minute1993:
    """Return the minute for the meter's next token.

    It is the latest of `now`, the minute after `last_issued` and `floor` (the lowest allowed, say
    after a restore), moved on to the till's `slot` and past a reserved minute.

    Raises `TidTooFarAhead` when that is more than an hour beyond `now`, `floor` and `known`, the
    highest minute the till's clock ever showed: a meter served while the clock was ahead is not
    punished once the clock is put right. A slot lengthens the hour by its modulus, so that it
    holds as many tokens.
    """
    start = now if floor is None else max(now, floor)
    minute = slot.at_or_after(start if last_issued is None else max(start, last_issued + 1))
    ahead = minute - max(start, known or start) - FURTHEST_AHEAD * slot.modulus
    if ahead > 0:
        raise TidTooFarAhead(minutes=ahead)
    return minute


def to_base(minute: Minute1993, base: int) -> int:
    """Return the 24-bit TID of `minute` under a base year of 1993, 2014 or 2035.

    Raises `TidOutOfRange` before the base date and after its 2^24 minutes.
    """
    tid = minute - BASE_MINUTES[base]
    if not 0 <= tid <= LARGEST_TID:
        raise TidOutOfRange(base=base, minute=minute)
    return tid


def from_base(tid: int, base: int) -> Minute1993:
    """Return the minute that a 24-bit TID means under a base year."""
    if not 0 <= tid <= LARGEST_TID:
        raise TidOutOfRange(base=base, minute=tid + BASE_MINUTES[base])
    return tid + BASE_MINUTES[base]
