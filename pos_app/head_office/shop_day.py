"""The shop's own day: of an instant, and of an entry that does not say its place's time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

_DAY_S: Final = 86_400
PLACE: Final = "place"
"""Where the books of a branch keep minutes ahead of UTC and whether the till trains."""
NOWHERE: Final = (0, False)
SAYING: Final = frozenset({
    "shop_created", "sale", "free_issue", "replacement", "engineering", "refund", "compensation",
    "shift_opened", "shift_closed", "batch_closed",
})  # fmt: skip
"""The kinds of entries that say it for those after them."""


def day_of(at_ms: int, offset_minutes: int) -> str:
    """Return the day (``YYYY-MM-DD``) of an instant in a place `offset_minutes` ahead of UTC."""
    return _day((at_ms // 1000 + offset_minutes * 60) // _DAY_S)


@lru_cache(1000)
def _day(number: int) -> str:
    return datetime.fromtimestamp(number * _DAY_S, UTC).date().isoformat()


def place_after(kind: str, body: Mapping[str, Any], books: dict[str, Any]) -> None:
    """Keep in the books of a branch what an entry says of its place."""
    if kind not in SAYING:
        return
    said, held = [body.get("offset_minutes"), body.get("training")], books.get(PLACE)
    if said == held:
        return
    offset, trains = held or NOWHERE
    training = body.get("mode") == "training" or trains if said[1] is None else said[1]
    books[PLACE] = [offset if said[0] is None else int(said[0]), bool(training)]
