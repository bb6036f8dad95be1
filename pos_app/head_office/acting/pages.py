"""A page of a list, and the text that asks for the one after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pos_app.head_office.errors import EntryUnfit

Row = dict[str, Any]
LARGEST: Final = (1 << 63) - 1
"""Whatever is counted in the database fits into this."""
ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Up to `ROWS` rows; `after` asks for what follows, empty at the end of the list."""

    rows: list[Row]
    after: str = ""

    @classmethod
    def of(cls, found: list[Row], *key: str) -> Page:
        """Return a page of what was found, one row more than it has if others follow."""
        rows = found[:ROWS]
        if len(found) <= ROWS:
            return cls(rows)
        return cls(rows, ":".join(str(rows[-1][name]) for name in key))


def key_of(after: str, *kinds: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """Return the values of a key, None for the list's beginning; raises `EntryUnfit`."""
    if not after:
        return None
    parts = after.split(":")
    try:
        return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except ValueError:
        raise EntryUnfit(field="after", typed=after[:40]) from None


def whole(text: str) -> int:
    """Return a number that may be below 0, as branches of rebuilt sales; raises `ValueError`."""
    return -number(text[1:]) if text.startswith("-") else number(text)


def number(text: str) -> int:
    """Return a number that the database can hold; raises `ValueError`."""
    if not text.isascii() or not text.isdecimal() or len(text) > 19 or int(text) > LARGEST:
        raise ValueError(text[:40])
    return int(text)
