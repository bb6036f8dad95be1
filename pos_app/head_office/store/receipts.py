"""Sales that were rebuilt from receipts, as long as their entries have not come.

A rebuilt sale counts while no booked entry of its till has its number and begins its hash with its
seal, so that a sale can never count twice, whatever came first.
"""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import Connection, and_, exists, func, insert, or_, select, true, update

from pos_app.head_office.store.later_tables import rebuilt
from pos_app.head_office.store.tables import entry, sale

SEAL_BYTES: Final = 8

Row = dict[str, Any]
_BOOKED: Final = exists(
    select(sale.c.seq)
    .join(
        entry,
        and_(
            entry.c.till == sale.c.till,
            entry.c.seq == sale.c.seq,
            entry.c.branch == sale.c.branch,
        ),
    )
    .where(
        sale.c.till == rebuilt.c.till,
        sale.c.seq == rebuilt.c.seq,
        func.substr(entry.c.hash, 1, SEAL_BYTES) == rebuilt.c.seal,
    )
)
COUNTS: Final = and_(rebuilt.c.settled_ms.is_(None), ~_BOOKED)
"""A rebuilt sale that counts; `settled_ms` is set after its entry came, and lets an index help."""


def add(act: Connection, row: Row) -> bool:
    """Keep a rebuilt sale; return whether it was not there. The caller holds the till's turn."""
    here = [rebuilt.c[name] == row[name] for name in ("till", "seq")]
    seals = act.execute(select(rebuilt.c.seal).where(*here)).scalars().all()
    if row["seal"] in seals:
        return False
    act.execute(insert(rebuilt).values(row | {"branch": -1 - len(seals)}))
    return True


def booked(act: Connection, name: str, seq: int, seal: bytes) -> Row | None:
    """Return the sale whose entry a receipt is of, None while the entry has not come."""
    wanted = (
        select(sale)
        .join(
            entry,
            and_(
                entry.c.till == sale.c.till,
                entry.c.seq == sale.c.seq,
                entry.c.branch == sale.c.branch,
            ),
        )
        .where(
            sale.c.till == name,
            sale.c.seq == seq,
            func.substr(entry.c.hash, 1, SEAL_BYTES) == seal,
        )
    )
    found = act.execute(wanted.limit(1)).mappings().one_or_none()
    return None if found is None else dict(found)


def another_there(act: Connection, name: str, seq: int, seal: bytes) -> bool:
    """Tell whether a till's journal has another entry where a receipt's own should be."""
    wanted = select(entry.c.seq).where(
        entry.c.till == name,
        entry.c.seq == seq,
        entry.c.branch.is_not(None),
        func.substr(entry.c.hash, 1, SEAL_BYTES) != seal,
    )
    return act.execute(wanted.limit(1)).first() is not None


def open_of(act: Connection, name: str) -> list[Row]:
    """Return a till's rebuilt sales that are not settled."""
    wanted = select(rebuilt).where(rebuilt.c.till == name, rebuilt.c.settled_ms.is_(None))
    return [dict(row) for row in act.execute(wanted).mappings()]


def settle(act: Connection, row: Row, now_ms: int) -> None:
    """Note that the entry of a rebuilt sale came."""
    here = [rebuilt.c[name] == row[name] for name in ("till", "seq", "seal")]
    act.execute(update(rebuilt).where(*here).values(settled_ms=now_ms))


def sums(act: Connection, first: str, last: str, of: str) -> list[Row]:
    """Return what was rebuilt and counts, by till, day and kind of money and units."""
    kind = [rebuilt.c[name] for name in ("till", "day", "currency", "decimals", "unit", "training")]
    wanted = (
        select(
            *kind,
            func.count().label("sales"),
            func.sum(rebuilt.c.total_minor).label("total_minor"),
            func.sum(rebuilt.c.tenths).label("tenths"),
        )
        .where(
            rebuilt.c.day.between(first, last), (rebuilt.c.till == of) if of else true(), ~_BOOKED
        )
        .group_by(*kind)
    )
    return [
        {**row, "total_minor": int(row["total_minor"]), "tenths": int(row["tenths"])}
        for row in act.execute(wanted).mappings()
    ]


def last_day(act: Connection) -> str | None:
    """Return the newest day of a rebuilt sale."""
    found: str | None = act.execute(select(func.max(rebuilt.c.day))).scalar_one()
    return found


def page(act: Connection, after: tuple[Any, ...] | None, most: int) -> list[Row]:
    """Return rebuilt sales, the last that were scanned first, after a key, `most` and one."""
    beyond: Any = true()
    if after is not None:
        scanned, name, seq = after
        same = rebuilt.c.scanned_ms == scanned
        beyond = or_(
            rebuilt.c.scanned_ms < scanned,
            same & (rebuilt.c.till > name),
            same & (rebuilt.c.till == name) & (rebuilt.c.seq > seq),
        )
    order = (rebuilt.c.scanned_ms.desc(), rebuilt.c.till, rebuilt.c.seq)
    wanted = select(rebuilt, _BOOKED.label("booked")).where(beyond).order_by(*order)
    return [dict(row) for row in act.execute(wanted.limit(most + 1)).mappings()]


def of_token(act: Connection, drn: str, tid: int) -> list[Row]:
    """Return the rebuilt sales that gave a meter a token of this identifier."""
    wanted = select(rebuilt).where(rebuilt.c.drn == drn, rebuilt.c.tid == tid)
    return [dict(row) for row in act.execute(wanted).mappings()]


def offset_of(act: Connection, name: str) -> int:
    """Return how far (minutes) the newest sale of a till was ahead of UTC; 0 without one."""
    newest = select(entry.c.body).where(entry.c.till == name, entry.c.kind == "sale")
    body = act.execute(newest.order_by(entry.c.seq.desc()).limit(1)).scalar_one_or_none()
    return 0 if body is None else int(json.loads(body).get("offset_minutes", 0))


def like(act: Connection, drn: str, currency: str) -> tuple[str | None, int | None]:
    """Return the unit of another sale to a meter, and the decimals of one in a currency."""
    unit = select(sale.c.unit).where(sale.c.drn == drn).limit(1)
    places = select(sale.c.decimals).where(sale.c.currency == currency).limit(1)
    return (
        act.execute(unit).scalar_one_or_none(),
        act.execute(places).scalar_one_or_none(),
    )
