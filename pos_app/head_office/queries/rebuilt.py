"""Sums that say how much of them was rebuilt from receipts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

_KIND: Final = ("till", "day", "currency", "decimals", "unit", "training")
_SUMS: Final = ("sales", "total_minor", "tenths")

Row = dict[str, Any]


def with_rebuilt(
    booked: Iterable[Row], rebuilt: Iterable[Row], kind: tuple[str, ...] = _KIND
) -> list[Row]:
    """Return sums by `kind` in their order, those of rebuilt sales added to those of the journal.

    Each has `rebuilt`, how many of its sales came as receipts only, and `rebuilt_minor`.
    """
    none = {"rebuilt": 0, "rebuilt_minor": 0}
    found = {tuple(row[name] for name in kind): {**row, **none} for row in booked}
    for row in rebuilt:
        key = tuple(row[name] for name in kind)
        empty = dict(zip(kind, key, strict=True)) | dict.fromkeys(_SUMS, 0) | none
        held = found.setdefault(key, empty)
        for name in _SUMS:
            held[name] += row[name]
        held["rebuilt"] += row["sales"]
        held["rebuilt_minor"] += row["total_minor"]
    return list(found.values())
