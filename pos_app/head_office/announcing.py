"""What billing systems are told of a till's entries: sums and places, no customer and no token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pos_app.head_office.projecting import Followed
from pos_app.head_office.store.hooks import DAY, SALES, Told

_SEQ, _CURRENCY, _DECIMALS, _TOTAL, _TENTHS, _UNIT, _TRAINING = 0, 12, 13, 14, 15, 16, 17
_KIND: Final = ("currency", "decimals", "unit", "training")


def told(till: str, followed: Followed) -> Iterator[Told]:
    """Yield what followed from some entries: the sales that were booked, the days that closed."""
    if followed.sales:
        numbers = [row[_SEQ] for row in followed.sales]
        span = {"first_seq": min(numbers), "last_seq": max(numbers)}
        yield SALES, {"till": till, **span, "sums": _sums(followed.sales)}
    for body in followed.closed:
        yield DAY, {"till": till, **body}


def _sums(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = (row[_CURRENCY], row[_DECIMALS], row[_UNIT], row[_TRAINING])
        empty = dict(zip(_KIND, key, strict=True)) | {"sales": 0, "total_minor": 0, "tenths": 0}
        held = found.setdefault(key, empty)
        held["sales"] += 1
        held["total_minor"] += row[_TOTAL]
        held["tenths"] += row[_TENTHS]
    return list(found.values())
