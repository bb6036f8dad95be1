"""What is known of meters' keys: kept with the entries that say it, asked by meter.

An entry whose key change is not what its tokens say counts for nothing. Training and earnest are
never mixed: an entry has the mode of its till.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, delete, exists, func, or_, select, tuple_

from pos_app.head_office.key_facts import SHOWN, written_or_empty
from pos_app.head_office.key_state import KeyState
from pos_app.head_office.store.bulk import add_rows
from pos_app.head_office.store.key_tables import key_fact, key_head, keys_told, list_key
from pos_app.head_office.store.tables import meter, sale, till

MOST_OF_METER: Final = 40
"""So many entries about one meter's key are looked at: its revisions are nine."""
MANY: Final = 500
"""So many entries are not looked through again at every sync."""
_PIECE: Final = 1000
_LIVE: Final = "live"
_NEWEST: Final = (key_fact.c.at_ms, key_fact.c.till, key_fact.c.seq, key_fact.c.branch)
_TRAINING: Final = "training"

Row = dict[str, Any]
Heads = list[tuple[str, int, int]]
"""Till, branch, the last of its entries that says something of a key."""


def add(act: Connection, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep what entries of a till say, each in the columns after the till's name."""
    if not rows:
        return
    add_rows(act, key_fact, [(name, *row) for row in rows])
    ends: dict[int, int] = {}
    for row in rows:
        ends[row[1]] = max(row[0], ends.get(row[1], 0))
    here = and_(key_head.c.till == name, key_head.c.branch.in_(list(ends)))
    for held in act.execute(select(key_head).where(here)).all():
        ends[held.branch] = max(held.seq, ends[held.branch])
    act.execute(delete(key_head).where(here))
    add_rows(act, key_head, [(name, branch, seq) for branch, seq in ends.items()])


def replace(act: Connection, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep them in place of what the same entries said before."""
    places = [(row[0], row[1]) for row in rows]
    if places:
        here = tuple_(key_fact.c.seq, key_fact.c.branch).in_(places)
        act.execute(delete(key_fact).where(key_fact.c.till == name, here))
        add(act, name, rows)


def mode_here(act: Connection) -> str:
    """Return the mode that counts where no till is asked for: earnest, once any till is."""
    live = select(till.c.till).where(till.c.mode == _LIVE).limit(1)
    return _TRAINING if act.execute(live).first() is None else _LIVE


def note_list(act: Connection, records: Sequence[Row], now_ms: int) -> None:
    """Note the keys that a list names, beside those it named before."""
    rows = {each["drn"]: _list_row(each) for each in records}
    wanted = select(list_key).where(list_key.c.drn.in_(list(rows)))
    before = {held.drn: held for held in act.execute(wanted).all()}
    fresh = []
    for drn, row in rows.items():
        held = before.get(drn)
        if held is None or tuple(held)[:-1] != row:  # most lists say of most meters what they said
            fresh.append((*row, now_ms if held is not None and held.key else 0))
    changed = [row[0] for row in fresh if row[0] in before]
    if changed:
        act.execute(delete(list_key).where(list_key.c.drn.in_(changed)))
    add_rows(act, list_key, fresh)


def forget_list(act: Connection, drn: str) -> None:
    """Note that a meter is in the list no more."""
    act.execute(delete(list_key).where(list_key.c.drn == drn))


def _list_row(record: Row) -> tuple[str, str, int, str]:
    sgc, krn = record.get("sgc"), record.get("krn")
    named = isinstance(sgc, str) and len(sgc) <= 6 and type(krn) is int and 0 <= krn <= 9
    place = (str(sgc), int(krn or 0)) if named else ("", 0)
    return (record["drn"], *place, written_or_empty(record))


def of_meters(act: Connection, drns: Sequence[str], mode: str) -> dict[str, KeyState]:
    """Return what is known of the keys of some meters, of those of which anything is."""
    wanted = select(list_key).where(list_key.c.drn.in_(drns))
    listed = {row.drn: (row.key, row.changed_ms) for row in act.execute(wanted)}
    wanted_facts = select(key_fact).join(till, till.c.till == key_fact.c.till)
    wanted_facts = wanted_facts.where(key_fact.c.drn.in_(drns), till.c.mode == mode)
    found: dict[str, list[Row]] = {}
    for row in act.execute(wanted_facts.order_by(*(each.desc() for each in _NEWEST))).mappings():
        found.setdefault(row["drn"], []).append(dict(row))
    return {
        drn: KeyState(drn, *listed.get(drn, ("", 0)), tuple(found.get(drn, ())[:MOST_OF_METER]))
        for drn in listed.keys() | found.keys()
    }


def of_meter(act: Connection, drn: str, mode: str) -> KeyState:
    """Return what is known of one meter's key."""
    return of_meters(act, [drn], mode).get(drn, KeyState(drn))


def behind(act: Connection, mode: str, after: str, most: int) -> list[KeyState]:
    """Return meters whose list is behind what tills' entries say, by number after one."""
    found: list[KeyState] = []
    while len(found) < most:
        wanted = select(key_fact.c.drn).join(list_key, list_key.c.drn == key_fact.c.drn)
        wanted = wanted.where(key_fact.c.drn > after, key_fact.c.key != list_key.c.key)
        page = wanted.distinct().order_by(key_fact.c.drn).limit(_PIECE)
        drns = list(act.execute(page).scalars())
        states = of_meters(act, drns, mode)
        found += [states[drn] for drn in drns if states[drn].behind]
        if len(drns) < _PIECE:
            break
        after = drns[-1]
    return found[:most]


def confirmed(act: Connection, drns: Sequence[str]) -> set[tuple[str, int, int]]:
    """Return which entries (till, number, branch) about some meters' keys the meters bore out.

    The meter showed its key, or bought again at the till that gave it the change.
    """
    again = select(sale.c.seq).where(
        sale.c.drn == key_fact.c.drn, sale.c.till == key_fact.c.till, sale.c.seq > key_fact.c.seq
    )
    wanted = select(key_fact.c.till, key_fact.c.seq, key_fact.c.branch).where(
        key_fact.c.drn.in_(drns), or_(key_fact.c.how == SHOWN, exists(again))
    )
    return {(row.till, row.seq, row.branch) for row in act.execute(wanted)}


def heads(act: Connection) -> Heads:
    """Return how far each journal says something of keys."""
    return [(row.till, row.branch, row.seq) for row in act.execute(select(key_head))]


def news(act: Connection, name: str, revision: int, after: str) -> list[str]:
    """Return meters, by number, whose key is news to a till that has their very records.

    Those are the meters that last changed up to `revision`.
    """
    wanted = _untold(select(key_fact.c.drn), name).join(meter, meter.c.drn == key_fact.c.drn)
    here = wanted.where(
        key_fact.c.drn > after, meter.c.removed.is_(False), meter.c.revision <= revision
    )
    return list(act.execute(here.distinct().order_by(key_fact.c.drn).limit(_PIECE)).scalars())


def many_untold(act: Connection, name: str) -> bool:
    """Tell whether so many entries are news to a till that they are not looked through again."""
    some = _untold(select(key_fact.c.seq), name).limit(MANY).subquery()
    return act.execute(select(func.count()).select_from(some)).scalar_one() == MANY


def _untold(wanted: Select[tuple[Any]], name: str) -> Select[tuple[Any]]:
    """Return a question about what a till was not told, of other tills only."""
    known = and_(
        keys_told.c.till == name,
        keys_told.c.other == key_head.c.till,
        keys_told.c.branch == key_head.c.branch,
    )
    told = func.coalesce(keys_told.c.seq, 0)
    of_head = and_(
        key_fact.c.till == key_head.c.till,
        key_fact.c.branch == key_head.c.branch,
        key_fact.c.seq > told,
    )
    joined = wanted.select_from(key_head).outerjoin(keys_told, known).join(key_fact, of_head)
    return joined.where(key_head.c.till != name, key_head.c.seq > told)


def note(act: Connection, name: str, told: Heads) -> None:
    """Note how far a till was told; nothing where that is not known."""
    if not told:
        return
    act.execute(delete(keys_told).where(keys_told.c.till == name))
    add_rows(act, keys_told, [(name, *head) for head in told])
