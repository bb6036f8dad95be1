"""The meters of a pack: the list's records, with the key that each meter is taken to hold.

A till has a meter's record for what the meter shall hold, and sells under it where it knows of
nothing else. So where the list is behind a change that another till gave, the pack says the new
key: a till that has the old one on file then gives the change again and credit under the new key,
which is right whether or not the customer typed the first one in; one without the new key sells
nothing. The till that gave the newest change itself knows better, and gets the list's word, which
by its own rule is nothing new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from pos_app.head_office.key_facts import read
from pos_app.head_office.records import TillRecord
from pos_app.head_office.store import key_facts, packs
from pos_app.head_office.store.engine import Act

_PIECE: Final = 1000

Listed = tuple[str, bool, str]
"""A meter's number, whether it was taken off the list, its record as JSON."""


def meters_for(act: Act, till: TillRecord) -> Iterator[dict[str, Any]]:
    """Yield the records of meters whose list or whose key changed since a till was told."""
    changed = packs.meters_after(act, till.meters_revision)
    while piece := list(islice(changed, _PIECE)):
        yield from _said(act, till, piece)
    yield from key_news(act, till)


def key_news(act: Act, till: TillRecord) -> Iterator[dict[str, Any]]:
    """Yield the records of meters that a till has, and that another till gave another key since.

    Nobody is asked: but for the key, which follows from booked entries, the till has them so.
    """
    after = ""
    while drns := key_facts.news(act, till.till, till.meters_revision, after):
        yield from _said(act, till, packs.meters_among(act, drns), behind=True)
        after = drns[-1]


def any_key_news(act: Act, till: TillRecord) -> bool:
    """Tell whether there is one."""
    return next(key_news(act, till), None) is not None


def _said(
    act: Act, till: TillRecord, listed: Iterable[Listed], *, behind: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield records as they are sent; `behind`: only those whose list is."""
    rows = list(listed)
    states = key_facts.of_meters(act, [row[0] for row in rows], till.mode)
    for drn, removed, text in rows:
        if removed:
            yield {"drn": drn, "remove": True}
            continue
        record, state = json.loads(text), states.get(drn)
        record.pop("pan", None)  # files taken before tills refused it; it follows from the number
        if state is not None and state.behind_for(till.till):
            yield record | read(state.key)
        elif not behind:
            yield record
