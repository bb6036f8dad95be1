"""Token identifier (TID): when a token was made, as the meter counts it.

Units: whole minutes of UTC since 00:00 on 1 January of the base year of the meter's key.
Range: 24 bits, so 1993 ends on 2024-11-24 20:15, 2014 on 2045-11-24, 2035 on 2066-11-24.
Invariant of the till: per meter strictly increasing; a meter refuses a TID it has seen.
00:01 of every day is reserved: an ordinary token of that minute takes the next TID.
Source: IEC 62055-41, TID; STS 531 CTSA09.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pos_app.sts.errors import KeyAttributeInvalid, KeyExpired, TidOutOfRange

BASES = (1993, 2014, 2035)
LARGEST_TID = 0xFFFFFF
_MINUTES_PER_DAY = 1440
_RESERVED_MINUTE = 1
_MINUTE = timedelta(minutes=1)


def _start(base: int) -> datetime:
    if base not in BASES:
        raise KeyAttributeInvalid(field="base", value=base)
    return datetime(base, 1, 1, tzinfo=UTC)


def tid_of(at_utc: datetime, base: int) -> int:
    """Return the TID of an aware instant, reserved or not; seconds are dropped.

    Raises `TidOutOfRange` before the base date and after the last of the 24 bits.
    """
    if at_utc.tzinfo is None:
        raise ValueError("a TID needs an instant with a time zone")
    tid = (at_utc - _start(base)) // _MINUTE
    if not 0 <= tid <= LARGEST_TID:
        raise TidOutOfRange(tid=tid, base=base)
    return tid


def minute_of_tid(tid: int, base: int) -> datetime:
    """Return the UTC minute that `tid` stands for under a key of this base date."""
    if not 0 <= tid <= LARGEST_TID:
        raise TidOutOfRange(tid=tid, base=base)
    return _start(base) + tid * _MINUTE


def is_reserved(tid: int) -> bool:
    """Return whether `tid` is a 00:01, kept for tokens of fixed function."""
    return tid % _MINUTES_PER_DAY == _RESERVED_MINUTE


def usable_tid(earliest: int, base: int | None = None) -> int:
    """Return the first TID from `earliest` on that an ordinary token may carry.

    Raises `TidOutOfRange` when the 24 bits are used up; `base` is for its sentence only.
    """
    tid = earliest + 1 if is_reserved(earliest) else earliest
    if not 0 <= tid <= LARGEST_TID:
        raise TidOutOfRange(tid=tid, base=base or "?")
    return tid


def key_expired(tid: int, ken: int) -> bool:
    """Return whether a key of expiry number `ken` (0..255) is too old for a token of `tid`.

    The unit of KEN is 2**16 minutes (about 45.5 days) since the base date; 255 never expires.
    """
    return tid >> 16 > ken


def refuse_expired(tid: int, ken: int) -> None:
    """Raise `KeyExpired` where `key_expired`; a change away from the old key is exempt."""
    if key_expired(tid, ken):
        raise KeyExpired(ken=ken, period=tid >> 16)
