"""Proof of a ledger: every entry, every signature, every table, the file, and the anchor outside.

A hash chain alone does not see its tail cut off nor edits of the tables beside it; so the head
is compared with an anchor kept outside the file, and whatever follows from the journal is built
a second time and compared (`pos_app.adapters.ledger.twin`). Nothing here writes to the ledger:
a file at rest is opened read-only, one with a write-ahead log is copied away first.
Memory does not grow with the journal.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlcipher3 import dbapi2 as sqlite
from sqlite_utils import Database

from pos_app.adapters.ledger import queries
from pos_app.adapters.ledger.engine import connect, connect_to_read, shop_problems
from pos_app.adapters.ledger.errors import LedgerDamaged, LedgerMissing
from pos_app.adapters.ledger.migrations import migrate, pending, refuse_newer
from pos_app.adapters.ledger.twin import twin_fault
from pos_app.exchange.chain import EMPTY, Fault, FaultKind, Head, Owner, belongs_to, verify
from pos_app.exchange.errors import NotCanonical

_TAMPERED: Final = (NotCanonical, UnicodeError, TypeError, AttributeError)
"""What values of another type than the tables allow do to the reader of an entry."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`head` is the last good entry; `fault` the first bad place, None when all is well."""

    head: Head
    fault: Fault | None


@contextmanager
def reading(path: Path, key: bytes) -> Iterator[Database]:
    """Open the ledger file `path` without changing a byte in its folder.

    One of an older form is brought to today's in a copy: only there can it be compared.
    The caller sees to it that no program is writing to it. Raises `LedgerMissing`,
    `LedgerDamaged` (not even the schema can be read), `LedgerUnavailable` or `LedgerNewer`.
    """
    if not path.is_file():
        raise LedgerMissing(path=str(path))
    log = path.with_name(path.name + "-wal")
    with shop_problems(path), tempfile.TemporaryDirectory(prefix="tokentill-") as elsewhere:
        if log.is_file() and log.stat().st_size:
            copy = Path(elsewhere) / path.name
            shutil.copyfile(path, copy)
            shutil.copyfile(log, copy.with_name(log.name))
            opened = connect(copy, key)
            opened.execute("pragma wal_checkpoint(truncate)")
        else:
            opened = connect_to_read(path, key)
        with closing(opened):
            refuse_newer(opened)
            if not pending(opened):
                yield opened
                return
            with closing(_brought_up(opened, Path(elsewhere) / "newer.db", key)) as newer:
                yield newer


def _brought_up(older: Database, copy: Path, key: bytes) -> Database:
    newer = connect(copy, key)
    try:
        older.conn.backup(newer.conn)
        migrate(newer)
    except (sqlite.IntegrityError, sqlite.OperationalError) as problem:
        newer.close()
        raise LedgerDamaged(path=copy.name) from problem
    return newer


def verify_ledger(
    db: Database,
    owner: Owner,
    anchor: Head = EMPTY,
    progress: Callable[[int], None] | None = None,
) -> Proof:
    """Verify the whole ledger; stop at the first bad place.

    `anchor` is a head remembered outside, `EMPTY` for none.
    """
    proof = _verify_chain(db, owner, anchor, progress)
    if proof.fault is not None:
        return proof
    if proof.head.seq < anchor.seq:
        cut = Fault(proof.head.seq + 1, FaultKind.CUT_OFF, f"anchored at {anchor.seq}")
        return Proof(proof.head, cut)
    return Proof(proof.head, twin_fault(db, proof.head) or _file_fault(db, proof.head))


def _verify_chain(
    db: Database, owner: Owner, anchor: Head, progress: Callable[[int], None] | None
) -> Proof:
    head, fault = EMPTY, None
    try:
        for found in _walk(db, owner, anchor):
            if isinstance(found, Fault):
                return Proof(head, found)
            head = found
            if progress is not None and head.seq % 1000 == 0:
                progress(head.seq)
    except sqlite.DatabaseError as problem:
        fault = Fault(head.seq + 1, FaultKind.UNREADABLE, str(problem))
    except _TAMPERED:
        fault = Fault(head.seq + 1, FaultKind.CONTENT)
    return Proof(head, fault)


def _walk(db: Database, owner: Owner, anchor: Head) -> Iterator[Head | Fault]:
    first = queries.entry(db, 1)
    if first is None:
        yield Fault(1, FaultKind.MISSING, "no first entry")
    elif not belongs_to(first, owner):
        yield Fault(1, FaultKind.IDENTITY)
    for found in verify(queries.entries(db, 0), owner.public):
        if isinstance(found, Head) and found.seq == anchor.seq and found.hash != anchor.hash:
            yield Fault(found.seq, FaultKind.ANCHOR, "of another journal")
        yield found


def _file_fault(db: Database, head: Head) -> Fault | None:
    """Look at every page of the file, also those that no table of the journal uses."""
    try:
        broken = db.execute("pragma cipher_integrity_check").fetchall()
        if not broken:
            found = db.execute("pragma quick_check(1)").fetchall()
            broken = [row for row in found if row[0] != "ok"]
    except sqlite.DatabaseError as problem:
        broken = [(str(problem),)]
    return Fault(head.seq, FaultKind.FILE, str(broken[0][0])) if broken else None
