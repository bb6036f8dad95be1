"""Which meters have which key-change set, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, delete, exists, select

from pos_app.head_office.store.bulk import add_rows
from pos_app.head_office.store.later_tables import key_set
from pos_app.head_office.store.tables import draft, entry, meter, sale, token

STATES: Final = ("todo", "made", "sent", "given", "done")
_PIECE: Final = 500

Place = tuple[str, int, int]
"""Supply group, revision and base date of the key that a set leads to."""


def add_sets(
    act: Connection, till: str, drns: Sequence[tuple[str, str, int, int]], number: int, now_ms: int
) -> None:
    """Note the sets of a draft: (DRN, supply group, revision, base date) each."""
    rows = [(till, drn, sgc, krn, base, number, now_ms) for drn, sgc, krn, base in drns]
    for start in range(0, len(rows), _PIECE):
        piece = rows[start : start + _PIECE]
        here = and_(
            key_set.c.till == till,
            key_set.c.drn.in_([row[1] for row in piece]),
            key_set.c.sgc == piece[0][2],
            key_set.c.krn == piece[0][3],
            key_set.c.base == piece[0][4],
        )
        act.execute(delete(key_set).where(here))
        add_rows(act, key_set, piece)


def meters_without_set(
    act: Connection, till: str, old: tuple[str, int], place: Place
) -> Iterator[dict[str, Any]]:
    """Yield the records under an old key for which a till has no set, by number.

    A set of a draft that was put away counts for nothing.
    """
    has = exists(
        select(key_set.c.drn)
        .join(draft, draft.c.id == key_set.c.draft)
        .where(
            key_set.c.till == till,
            key_set.c.drn == meter.c.drn,
            key_set.c.sgc == place[0],
            key_set.c.krn == place[1],
            key_set.c.base == place[2],
            draft.c.state != "refused",
        )
    )
    for row in _meters(act, "", ~has):
        record = json.loads(row.record)
        if (record.get("sgc"), record.get("krn")) == old and _given(act, row.drn, place) is None:
            yield record


def states(
    act: Connection, old: tuple[str, int], place: Place, after: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield the meters under an old key, by number after `after`, with their state."""
    for row in _meters(act, after):
        record = json.loads(row.record)
        if (record.get("sgc"), record.get("krn")) == old:
            names = {name: record.get(name, "") for name in ("drn", "name", "address")}
            yield names | {"state": _state(act, row.drn, place)}


def _state(act: Connection, drn: str, place: Place) -> str:
    given = _given(act, drn, place)
    if given is not None:
        later = select(sale.c.seq).where(sale.c.drn == drn, sale.c.at_ms > given)
        return "done" if act.execute(later.limit(1)).first() else "given"
    held = (
        select(draft.c.state)
        .join(key_set, draft.c.id == key_set.c.draft)
        .where(
            key_set.c.drn == drn,
            key_set.c.sgc == place[0],
            key_set.c.krn == place[1],
            key_set.c.base == place[2],
        )
    )
    found = set(act.execute(held).scalars())
    if "issued" in found:
        return "sent"
    return "made" if "waiting" in found else "todo"


def _given(act: Connection, drn: str, place: Place) -> int | None:
    """Return when a meter's customer got the tokens that lead to a key, None if never."""
    wanted = (
        select(entry.c.body)
        .join(
            token,
            and_(
                token.c.till == entry.c.till,
                token.c.seq == entry.c.seq,
                token.c.branch == entry.c.branch,
            ),
        )
        .where(token.c.drn == drn, token.c.minute == 0, token.c.kind == "key-change")
    )
    bodies = [json.loads(text) for text in act.execute(wanted).scalars()]
    given = [
        int(body["at_ms"])
        for body in bodies
        if (body["meter"]["sgc"], body["meter"]["krn"], body["meter"]["base"]) == place
    ]
    return max(given, default=None)


def _meters(act: Connection, after: str, *wanted: Any) -> Iterator[Row[str, str]]:
    while True:
        here = select(meter.c.drn, meter.c.record).where(
            meter.c.removed.is_(False), meter.c.drn > after, *wanted
        )
        rows = act.execute(here.order_by(meter.c.drn).limit(_PIECE)).all()
        yield from rows
        if len(rows) < _PIECE:
            return
        after = rows[-1].drn
