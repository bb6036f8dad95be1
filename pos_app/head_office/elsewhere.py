"""Telling tills what their meters bought at other tills, without anybody's asking.

It needs no second person, because nobody says a figure and no value is made: it is the sum of sales
that tills signed and this office booked. It can only bring the end of a cheap block nearer. The
same records drafted by hand are value: somebody could say less than was bought.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from pos_app.head_office.office import HERE
from pos_app.head_office.records import TillRecord
from pos_app.head_office.store import elsewhere, packs
from pos_app.head_office.store.elsewhere import News
from pos_app.head_office.store.engine import Act

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
