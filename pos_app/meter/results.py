"""What a meter answers to a token, and what it notes.

Numbers 1 to 16 are those of a public status register (Conlog, short code 078); the groups of the
meaning are those of IEC 62055-41, token result. 17 and 18 are ours: that register ends at a set
of two.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Result(IntEnum):
    """The one answer of a token entry."""

    ACCEPT = 1
    FIRST_KCT = 2
    SECOND_KCT = 3
    OVERFLOW = 4
    KEY_TYPE = 5
    FORMAT = 6
    RANGE = 7
    FUNCTION = 8
    OLD = 9
    USED = 10
    KEY_EXPIRED = 11
    DEFAULT_KEY = 12
    CRC = 13
    MANUFACTURER = 14
    LOCKOUT = 15
    NOT_READY = 16
    THIRD_KCT = 17
    FOURTH_KCT = 18

    @property
    def taken(self) -> bool:
        """Tell whether the meter kept something of the token."""
        return self in _TAKEN


_TAKEN = frozenset(
    {
        Result.ACCEPT,
        Result.FIRST_KCT,
        Result.SECOND_KCT,
        Result.THIRD_KCT,
        Result.FOURTH_KCT,
    }
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A value on the display; `name` chooses the words and the unit."""

    name: str
    value: int | str


@dataclass(frozen=True, slots=True)
class Event:
    """Something the meter noted: when (seconds UTC since 1970), what, and a number to it."""

    at_s: int
    code: str
    value: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What an act led to.

    `result` for a token, `note` for a pressed button; `wait_s` seconds until the next token while
    locked; `events` that this act caused, oldest first.
    """

    result: Result | None = None
    shown: tuple[Shown, ...] = ()
    wait_s: int = 0
    note: str = ""
    events: tuple[Event, ...] = ()
