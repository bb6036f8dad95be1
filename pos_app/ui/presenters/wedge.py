"""Telling a card reader that types from a person who types, key by key.

A reader sends a sentinel and the whole stripe faster than any hand, then one Enter. What it sent
is held back from the field with the focus and kept only until the swipe is over.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

OPENERS: Final = frozenset(";%?")
"""Sentinels a stream may begin with; a question mark begins one that runs backwards."""

GAP_MS: Final = 50
"""A reader is faster than this between two keys, a hand slower."""

QUIET_MS: Final = 120
"""So long after the last key a swipe is over."""

MACHINE: Final = 6
"""So many keys without a pause were no hand's: they never reach a field."""

LONGEST: Final = 400


class Heard(Enum):
    """What becomes of a key."""

    PASS = "pass"  # ordinary typing  # noqa: S105 - no password
    HOLD = "hold"  # kept back
    RELEASE = "release"  # what was held was typed by hand: give it back, then this key


class Wedge:
    """One stream at a time; `held` counts the keys that are kept back."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._last_ms = 0

    @property
    def held(self) -> int:
        """How many keys are kept back."""
        return len(self._text)

    def key(self, sign: str, at_ms: int) -> Heard:
        """Take a key that writes `sign` (a carriage return: Enter); times only count on."""
        slow = at_ms - self._last_ms > GAP_MS
        self._last_ms = at_ms
        if self._text and slow and len(self._text) < MACHINE:
            return Heard.RELEASE
        if not self._text and sign not in OPENERS:
            return Heard.PASS
        if len(self._text) < LONGEST:
            self._text.append(sign)
        return Heard.HOLD

    def end(self) -> str | None:
        """End the stream: return a swipe, or None when what was held was typed by hand."""
        text, self._text = "".join(self._text), []
        return text if len(text) >= MACHINE else None
