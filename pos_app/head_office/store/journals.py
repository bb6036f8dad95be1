"""The journals of the tills: entries once each, the branches they make, and what was set aside.

Whoever adds to a till's journal holds its turn first (`take_turn`), so two connections with the
same bundle come one after the other, and the second finds everything there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, func, insert, select, tuple_, update

from pos_app.exchange.chain import EMPTY, Entry, Head
from pos_app.exchange.digest import sha256_hex
from pos_app.head_office.store.bulk import Rows, add_rows, pack
from pos_app.head_office.store.tables import branch, entry, quarantine, till

_PIECE: Final = 500
MOST_BUNDLES: Final = 20
"""Bundles of one till that cannot be read and are kept until somebody has looked."""


@dataclass(slots=True)
class Branch:
    """One end of a till's journal; it left `parent` after entry `fork_seq` (0: the beginning).

    `books` is what detection counted up to `head`.
    """

    number: int
    parent: int
    fork_seq: int
    head: Head
    grown_ms: int
    books: dict[str, Any] = field(default_factory=dict)
    changed: bool = False


def take_turn(act: Connection, name: str) -> None:
    """Let nobody else add to a till's journal until this transaction ends."""
    act.execute(select(till.c.till).where(till.c.till == name).with_for_update())


def branches_of(act: Connection, name: str) -> list[Branch]:
    """Return the branches of a till's journal; a till that sent nothing has one, empty."""
    rows = act.execute(select(branch).where(branch.c.till == name).order_by(branch.c.branch)).all()
    first = [] if rows and rows[0].branch == 0 else [Branch(0, 0, 0, EMPTY, 0)]
    return first + [_branch(row) for row in rows]


def _branch(row: Row[Any]) -> Branch:
    head = Head(row.head_seq, row.head_hash, row.head_at_ms)
    books = json.loads(row.books)
    return Branch(row.branch, row.parent, row.fork_seq, head, row.grown_ms, books)


def keep_branch(act: Connection, name: str, held: Branch) -> None:
    """Write down where a branch ends now."""
    key = {"till": name, "branch": held.number}
    values = {
        "parent": held.parent,
        "fork_seq": held.fork_seq,
        "head_seq": held.head.seq,
        "head_hash": held.head.hash,
        "head_at_ms": held.head.at_ms,
        "grown_ms": held.grown_ms,
        "books": json.dumps(held.books, sort_keys=True),
    }
    here = and_(branch.c.till == name, branch.c.branch == held.number)
    if not act.execute(update(branch).where(here).values(values)).rowcount:
        act.execute(insert(branch).values(key | values))


def known_in(act: Connection, name: str, first: int, last: int) -> dict[tuple[int, bytes], Any]:
    """Return what is held of entries `first` to `last`: (number, hash) -> branch or None."""
    wanted = select(entry.c.seq, entry.c.hash, entry.c.branch).where(
        entry.c.till == name, entry.c.seq.between(first, last)
    )
    return {(row.seq, row.hash): row.branch for row in act.execute(wanted)}


def set_aside_in(act: Connection, name: str, first: int, last: int) -> dict[tuple[int, bytes], str]:
    """Return what is in quarantine of entries `first` to `last`: (number, hash) -> reason."""
    wanted = select(quarantine.c.seq, quarantine.c.hash, quarantine.c.reason).where(
        quarantine.c.till == name, quarantine.c.seq.between(first, last)
    )
    return {(row.seq, row.hash): row.reason for row in act.execute(wanted)}


def entry_row(name: str, held: Entry, on: int | None, now_ms: int) -> tuple[Any, ...]:
    """Return the row of an entry on a branch (None: its past is missing) that came at `now_ms`."""
    place = name, held.seq, held.hash, held.prev_hash
    return *place, held.at_ms, held.kind, held.body, held.signature, on, now_ms


def packed(rows: Sequence[tuple[Any, ...]]) -> bytes:
    """Return rows of entries as `add_entries` takes them for PostgreSQL."""
    return pack(entry, rows)


def add_entries(act: Connection, rows: Rows) -> None:
    """Keep entries that are not there yet."""
    add_rows(act, entry, rows)


def waiting_after(act: Connection, name: str, head: Head) -> Entry | None:
    """Return the entry that waits for exactly this past, if there is one."""
    wanted = select(entry).where(
        entry.c.till == name,
        entry.c.seq == head.seq + 1,
        entry.c.prev_hash == head.hash,
        entry.c.branch.is_(None),
    )
    row = act.execute(wanted.limit(1)).one_or_none()
    return None if row is None else entry_of(row)


def first_waiting(act: Connection, name: str) -> int | None:
    """Return the number of the first entry whose past is missing."""
    wanted = select(entry.c.seq).where(entry.c.till == name, entry.c.branch.is_(None))
    return act.execute(wanted.order_by(entry.c.seq).limit(1)).scalar_one_or_none()


def put_on_branch(act: Connection, name: str, places: Sequence[tuple[int, bytes]], on: int) -> None:
    """Let entries that waited join a branch."""
    for start in range(0, len(places), _PIECE):
        piece = places[start : start + _PIECE]
        here = and_(entry.c.till == name, tuple_(entry.c.seq, entry.c.hash).in_(piece))
        act.execute(update(entry).where(here).values(branch=on))


def entry_of(row: Row[Any]) -> Entry:
    """Return a stored entry as it came."""
    return Entry(row.seq, row.prev_hash, row.at_ms, row.kind, row.body, row.hash, row.signature)


def entries_of(act: Connection, name: str, on: int = 0, after: int = 0) -> Iterator[Entry]:
    """Yield the entries of one branch in order, a few at a time in memory."""
    while True:
        wanted = (
            select(entry)
            .where(entry.c.till == name, entry.c.branch == on, entry.c.seq > after)
            .order_by(entry.c.seq)
            .limit(_PIECE)
        )
        rows = act.execute(wanted).all()
        yield from map(entry_of, rows)
        if len(rows) < _PIECE:
            return
        after = rows[-1].seq


def set_aside(act: Connection, row: dict[str, Any]) -> bool:
    """Keep a line that could not be taken, once; return whether it is new."""
    there = and_(quarantine.c.till == row["till"], quarantine.c.digest == row["digest"])
    if act.execute(select(quarantine.c.till).where(there)).first() is not None:
        return False
    act.execute(insert(quarantine).values(row))
    return True


def settle_aside(act: Connection, name: str, seq: int, digest: bytes, now_ms: int) -> None:
    """Note that what was set aside came again as it should be."""
    here = and_(
        quarantine.c.till == name, quarantine.c.seq == seq, quarantine.c.hash == digest,
        quarantine.c.settled_ms.is_(None),
    )  # fmt: skip
    act.execute(update(quarantine).where(here).values(settled_ms=now_ms, settled_by="till"))


def keep_bundle(act: Connection, name: str, raw: bytes, problem: str, now_ms: int) -> None:
    """Keep the bytes of a bundle that cannot be read, once, and not more than `MOST_BUNDLES`."""
    here = quarantine.c.till == name, quarantine.c.seq.is_(None), quarantine.c.settled_ms.is_(None)
    held = act.execute(select(func.count()).select_from(quarantine).where(*here)).scalar_one()
    if held >= MOST_BUNDLES:
        return  # whoever sends so many is not keeping anything safe with us
    row = {
        "till": name,
        "digest": sha256_hex(raw),
        "reason": f"bundle-{problem}"[:40],
        "raw": raw,
        "received_ms": now_ms,
        "settled_by": "",
    }
    set_aside(act, row)
