"""Proof of a ledger: every entry, every signature, every projection, and the anchor outside.

A hash chain alone does not see its tail cut off nor edits of the tables beside it; so the head
is compared with an anchor kept outside the file, and all projections are rebuilt and compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlcipher3
from sqlcipher3 import dbapi2 as sqlite
from sqlite_utils import Database

from pos_app.adapters.ledger.migrations import migrate
from pos_app.adapters.ledger.projections import project
from pos_app.adapters.ledger.queries import entries
from pos_app.exchange.chain import EMPTY, Fault, FaultKind, Head, verify
from pos_app.exchange.errors import NotCanonical

_CONTENT: Final = {
    "sale": "select * from sale order by seq",
    "token": "select * from token order by drn, minute",
    "meter_state": "select * from meter_state order by drn",
    "sales_sum": "select * from sales_sum order by scope, currency",
    "reprint": "select * from reprint order by seq",
    "lock_out": "select * from lock_out order by operator",
    "allowance": "select * from allowance order by currency",
    "mark": "select * from mark order by name",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """`head` is the last good entry; `fault` the first bad place, None when all is well."""

    head: Head
    fault: Fault | None


def verify_ledger(
    db: Database, public: bytes, anchor: Head, progress: Callable[[int], None] | None = None
) -> Proof:
    """Verify the whole ledger against `public` and the anchor; stop at the first bad place."""
    proof = _verify_chain(db, public, anchor, progress)
    if proof.fault is not None:
        return proof
    if proof.head.seq < anchor.seq:
        cut = Fault(proof.head.seq + 1, FaultKind.CUT_OFF, f"anchored at {anchor.seq}")
        return Proof(proof.head, cut)
    return Proof(proof.head, _projection_fault(db, proof.head))


def _verify_chain(
    db: Database, public: bytes, anchor: Head, progress: Callable[[int], None] | None
) -> Proof:
    head = EMPTY
    try:
        for found in verify(entries(db, 0), public):
            if isinstance(found, Fault):
                return Proof(head, found)
            head = found
            if head.seq == anchor.seq and head.hash != anchor.hash:
                return Proof(head, Fault(head.seq, FaultKind.CONTENT, "anchor"))
            if progress is not None and head.seq % 1000 == 0:
                progress(head.seq)
    except sqlite.DatabaseError as problem:
        return Proof(head, Fault(head.seq + 1, FaultKind.UNREADABLE, str(problem)))
    except (NotCanonical, UnicodeError, TypeError):
        return Proof(head, Fault(head.seq + 1, FaultKind.CONTENT))
    return Proof(head, None)


def _projection_fault(db: Database, head: Head) -> Fault | None:
    """Rebuild every projection from the journal in memory; name the first table that differs."""
    twin = Database(sqlite.connect(":memory:", isolation_level=None))
    try:
        migrate(twin)
        twin.execute("pragma foreign_keys = off")
        twin.execute("begin")
        for entry in entries(db, 0):
            for statement, values in project(entry, entry.reading()):
                twin.execute(statement, values)
        for table in _CONTENT:
            if _rows(db, table) != _rows(twin, table):
                return Fault(_first_difference(db, twin, table, head), FaultKind.PROJECTION, table)
    except sqlite.DatabaseError as problem:
        return Fault(head.seq, FaultKind.UNREADABLE, str(problem))
    finally:
        twin.close()
    return None


def _rows(db: Database, table: str) -> list[tuple[object, ...]]:
    return list(db.execute(_CONTENT[table]).fetchall())


def _first_difference(db: Database, twin: Database, table: str, head: Head) -> int:
    """Return the entry a differing row belongs to where the table says it, else the head."""
    if table not in ("sale", "reprint"):
        return head.seq
    differing = set(_rows(db, table)) ^ set(_rows(twin, table))
    return min((int(str(row[0])) for row in differing), default=head.seq)


def quick_check(path: Path, db: Database) -> str:
    """Return SQLite's own word on the file, ``ok`` when sound."""
    try:
        return str(db.execute("pragma quick_check(1)").fetchone()[0])
    except sqlcipher3.dbapi2.DatabaseError as problem:
        return f"{path.name}: {problem}"
