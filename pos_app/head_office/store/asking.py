"""Questions to the store; every list is bounded and goes on after a key, never by counting."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import Connection, Select, func, literal_column, select, update

from pos_app.head_office.store.tables import (
    branch,
    entry,
    finding,
    meter,
    quarantine,
    sale,
    till,
    token,
)

MOST: Final = 1000
Row = dict[str, Any]


def _rows(act: Connection, wanted: Select[*tuple[Any, ...]]) -> list[Row]:
    return [dict(row) for row in act.execute(wanted).mappings()]


def till_health(act: Connection) -> list[Row]:
    """Return each till with its head, what waits, what is set aside and what is open."""
    newest = (
        select(branch.c.till, func.max(branch.c.head_seq).label("head_seq"),
               func.max(branch.c.head_at_ms).label("head_at_ms"), func.count().label("branches"))
        .group_by(branch.c.till).subquery()
    )  # fmt: skip
    waiting = _count(entry.c.till, entry.c.branch.is_(None))
    aside = _count(quarantine.c.till, quarantine.c.settled_ms.is_(None))
    opened = _count(finding.c.till, finding.c.settled_ms.is_(None))
    wanted = (
        select(
            till.c.till, till.c.shop, till.c.mode, till.c.state, till.c.enrolled_ms,
            till.c.seen_ms, till.c.pack_number, till.c.pack_asked,
            func.coalesce(newest.c.head_seq, 0).label("head_seq"),
            func.coalesce(newest.c.head_at_ms, 0).label("head_at_ms"),
            func.coalesce(newest.c.branches, 1).label("branches"),
            func.coalesce(waiting.c.number, 0).label("waiting"),
            func.coalesce(aside.c.number, 0).label("set_aside"),
            func.coalesce(opened.c.number, 0).label("findings"),
        )
        .outerjoin(newest, newest.c.till == till.c.till)
        .outerjoin(waiting, waiting.c.till == till.c.till)
        .outerjoin(aside, aside.c.till == till.c.till)
        .outerjoin(opened, opened.c.till == till.c.till)
        .order_by(till.c.till)
    )  # fmt: skip
    return _rows(act, wanted)


def _count(name: Any, condition: Any) -> Any:
    wanted = select(name.label("till"), func.count().label("number")).where(condition)
    return wanted.group_by(name).subquery()


def sums_by_day(act: Connection, first: str, last: str) -> list[Row]:
    """Return what each till sold on each day: number, money, tenths."""
    wanted = (
        select(sale.c.till, sale.c.day, sale.c.currency, sale.c.decimals, sale.c.unit,
               func.count().label("sales"), func.sum(sale.c.total_minor).label("total_minor"),
               func.sum(sale.c.tenths).label("tenths"))
        .where(sale.c.day.between(first, last))
        .group_by(sale.c.till, sale.c.day, sale.c.currency, sale.c.decimals, sale.c.unit)
        .order_by(sale.c.day, sale.c.till, sale.c.currency, sale.c.unit)
    )  # fmt: skip
    return [
        row | {"total_minor": int(row["total_minor"]), "tenths": int(row["tenths"])}
        for row in _rows(act, wanted)
    ]


def tokens_of_meter(act: Connection, drn: str, minute: int) -> list[Row]:
    """Return the tokens that a meter got with one identifier."""
    wanted = select(token).where(token.c.drn == drn, token.c.minute == minute)
    return _rows(act, wanted)


def body_of(act: Connection, name: str, seq: int, on: int) -> dict[str, Any] | None:
    """Return what an entry of a till says."""
    wanted = select(entry.c.body).where(
        entry.c.till == name, entry.c.seq == seq, entry.c.branch == on
    )
    found = act.execute(wanted).scalar_one_or_none()
    return None if found is None else dict(json.loads(found))


def meters_like(act: Connection, text: str, most: int) -> list[Row]:
    """Return meters whose number, name, address, telephone or account has `text` in it."""
    pattern = text.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    wanted = select(meter.c.record).where(
        meter.c.removed.is_(False), meter.c.found_by.like(f"%{pattern}%", escape="\\")
    )
    rows = act.execute(wanted.order_by(meter.c.drn).limit(min(most, MOST))).scalars()
    return [json.loads(text) for text in rows]


def findings_open(act: Connection, most: int) -> list[Row]:
    """Return open findings, the oldest first, with their evidence as values."""
    wanted = select(finding).where(finding.c.settled_ms.is_(None)).order_by(finding.c.id)
    return [
        row | {"evidence": json.loads(row["evidence"])}
        for row in _rows(act, wanted.limit(min(most, MOST)))
    ]


def settle_finding(act: Connection, number: int, by: str, note: str, now_ms: int) -> bool:
    """Settle an open finding; return whether there was one."""
    here = update(finding).where(finding.c.id == number, finding.c.settled_ms.is_(None))
    values = {"settled_ms": now_ms, "settled_by": by, "note": note}
    return bool(act.execute(here.values(values)).rowcount)


def aside_of(act: Connection, most: int) -> list[Row]:
    """Return what is set aside and not settled, without the bytes, the oldest first."""
    wanted = select(
        quarantine.c.till, quarantine.c.seq, quarantine.c.reason, quarantine.c.digest,
        quarantine.c.received_ms, func.length(quarantine.c.raw).label("size"),
    ).where(quarantine.c.settled_ms.is_(None))  # fmt: skip
    return _rows(act, wanted.order_by(quarantine.c.received_ms).limit(min(most, MOST)))


def one(act: Connection) -> bool:
    """Tell whether the database answers."""
    return bool(act.execute(select(literal_column("1"))).scalar_one())
