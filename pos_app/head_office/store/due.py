"""Entries that the chain proves and whose own signatures are still to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from pos_app.exchange.chain import Entry
from pos_app.head_office.store.journals import entry_of
from pos_app.head_office.store.tables import entry, signature_due, till


@dataclass(frozen=True, slots=True)
class Due:
    """Entries `first` to `last` of a till, whose public key is `public`."""

    till: str
    first: int
    last: int
    public: bytes


def add(act: Connection, name: str, first: int, last: int) -> None:
    """Note that entries of a till are to be looked at; the caller holds the till's turn."""
    here = (signature_due.c.till == name, signature_due.c.first == first)
    held = act.execute(select(signature_due.c.last).where(*here)).scalar_one_or_none()
    if held is None:
        act.execute(insert(signature_due).values(till=name, first=first, last=last))
    elif held < last:
        act.execute(update(signature_due).where(*here).values(last=last))


def next_due(act: Connection) -> Due | None:
    """Return what is to be looked at next, None when nothing is."""
    wanted = (
        select(signature_due, till.c.public)
        .join(till, till.c.till == signature_due.c.till)
        .order_by(signature_due.c.till, signature_due.c.first)
        .limit(1)
    )
    row = act.execute(wanted).one_or_none()
    return None if row is None else Due(row.till, row.first, row.last, bytes(row.public))


def count(act: Connection) -> int:
    """Return how many stretches are to be looked at."""
    return act.execute(select(func.count()).select_from(signature_due)).scalar_one()


def entries_due(act: Connection, due: Due, most: int) -> list[Entry]:
    """Return the first `most` entries of a stretch, on every branch."""
    wanted = (
        select(entry)
        .where(entry.c.till == due.till, entry.c.seq.between(due.first, due.last))
        .order_by(entry.c.seq)
        .limit(most)
    )
    return [entry_of(row) for row in act.execute(wanted)]


def done(act: Connection, due: Due, seen: Sequence[Entry], most: int) -> None:
    """Note that the first entries of a stretch were looked at; the rest stays due."""
    here = (signature_due.c.till == due.till, signature_due.c.first == due.first)
    act.execute(delete(signature_due).where(*here))
    if len(seen) == most and seen[-1].seq < due.last:
        add(act, due.till, seen[-1].seq, due.last)
