"""Telling tills what their meters bought at other tills, without anybody's asking.

It needs no second person, because nobody says a figure and no value is made: it is the sum of sales
that tills signed and this office booked. It can only bring the end of a cheap block nearer. The
same records drafted by hand are value: somebody could say less than was bought.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from pos_app.exchange.pack import Section
from pos_app.head_office.office import HERE
from pos_app.head_office.records import TillRecord
from pos_app.head_office.store import elsewhere, packs
from pos_app.head_office.store.elsewhere import News
from pos_app.head_office.store.engine import Act

PAUSE_MS: Final = 10 * 60_000
"""So long after one such pack a till that asks gets no other; what was sold meanwhile waits.

A till that was away for longer gets its pack with its first question. A pack that a person asks
for (`pack elsewhere`), and one that brings something else too, waits for nothing.
"""
_WESTMOST: Final = timedelta(hours=12)
"""So far behind UTC is the last place where a month ends."""


class Unasked(NamedTuple):
    """A pack that nobody drafted, in place of a draft's row; no draft has the number 0."""

    till: str
    id: int = 0
    meters: bool = False
    active_from_ms: int = 0
    made_by: str = HERE


def news_of(act: Act, till: TillRecord, now_ms: int, *, meters: bool) -> News:
    """Return what there may be to tell a till; `meters`: this pack brings it all meters."""
    sent = packs.last_revision(act) if meters else till.meters_revision
    at = datetime.fromtimestamp(now_ms / 1000, UTC) - _WESTMOST
    return elsewhere.news_for(act, till, sent, at.strftime("%Y-%m-01"))


def told_lately(act: Act, till: str, now_ms: int) -> bool:
    """Tell whether the pause after a till's last pack of this kind is not over yet."""
    issued_ms = packs.last_with(act, till, Section.ELSEWHERE.value, HERE)
    return issued_ms is not None and 0 <= now_ms - issued_ms < PAUSE_MS
