"""What was set aside of tills' journals, a page at a time, and one with its bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from pos_app.head_office.store.tables import quarantine

Row = dict[str, Any]
Place = tuple[int, str, str]
_SHOWN = (
    quarantine.c.till, quarantine.c.digest, quarantine.c.seq, quarantine.c.reason,
    quarantine.c.received_ms, quarantine.c.settled_ms, quarantine.c.settled_by,
    func.length(quarantine.c.raw).label("size"),
)  # fmt: skip


def page(act: Connection, after: Place | None, most: int, *, settled: bool) -> list[Row]:
    """Return what was set aside, the oldest first, and one row more than `most`."""
    done = quarantine.c.settled_ms.is_not(None) if settled else quarantine.c.settled_ms.is_(None)
    wanted = select(*_SHOWN).where(done)
    if after is not None:
        at_ms, till, digest = after
        later = and_(quarantine.c.till == till, quarantine.c.digest > digest)
        same = and_(quarantine.c.received_ms == at_ms, or_(quarantine.c.till > till, later))
        wanted = wanted.where(or_(quarantine.c.received_ms > at_ms, same))
    order = (quarantine.c.received_ms, quarantine.c.till, quarantine.c.digest)
    return [dict(row) for row in act.execute(wanted.order_by(*order).limit(most + 1)).mappings()]


def item(act: Connection, till: str, digest: str) -> Row | None:
    """Return one with its bytes (`raw`)."""
    wanted = select(quarantine).where(quarantine.c.till == till, quarantine.c.digest == digest)
    found = act.execute(wanted).mappings().one_or_none()
    return None if found is None else dict(found)


def settle(act: Connection, till: str, digest: str, by: str, now_ms: int) -> None:
    """Note that it was taken after all."""
    here = update(quarantine).where(quarantine.c.till == till, quarantine.c.digest == digest)
    act.execute(here.values(settled_ms=now_ms, settled_by=by))
