"""One durable act on the ledger; alive only inside `SqliteLedger.writing`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlite_utils import Database

from pos_app.adapters.ledger import directory
from pos_app.adapters.ledger.office_projections import TID_MODULUS, TID_RESIDUE
from pos_app.adapters.ledger.projections import CLOCK_HIGHEST, SERIES, TID_FLOOR, project
from pos_app.application.key_records import KeyRecordGone
from pos_app.application.ports import OperatorRecord, SealedKey, TariffRecord, UtilityRecord
from pos_app.application.records import MeterRecord
from pos_app.domain.clock_guard import VOUCHED
from pos_app.domain.tid import Slot
from pos_app.exchange.chain import Entry, Head, Signer, next_entry

_JOURNAL = "insert into journal values (?, ?, ?, ?, ?, ?, ?)"
_LAST_NUMBER = "select number from sale where seq > 0 order by seq desc limit 1"
_PIECE = "insert or replace into waiting_pack values (?, ?, ?)"
_SLIP = "insert into print_job (sale_seq, copy, state, queued_ms) values (?, ?, 'queued', ?)"
_STATEMENT: Final = itemgetter(0)
_KEY = """insert into sealed_key (kind, sgc, krn, kt, base, ken, dkga, kcv, active_from_ms,
    issue_until_ms, pan, ti, ea, blob) values (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"""

_OTHER_BLOB = """update sealed_key set blob = ? where kind = ? and sgc = ? and krn = ? and kt = ?
    and base = ? and ken = ? and dkga = ? and kcv = ? and active_from_ms = ? and issue_until_ms = ?
    and pan = ? and ti = ? and ea = ? and blob = ?"""


def mark(db: Database, name: str, otherwise: int) -> int:
    """Return a number the journal left behind, or `otherwise`."""
    row = db.execute("select value from mark where name = ?", (name,)).fetchone()
    return int(row[0]) if row else otherwise


class Transaction:
    """The open transaction. `head` moves with every entry and counts only once committed.

    So does `believed_ms`, the newest time that was vouched for.
    """

    def __init__(self, db: Database, head: Head, believed_ms: int, signer: Signer) -> None:
        self._db = db
        self._signer = signer
        self.head = head
        self.believed_ms = believed_ms

    def append(self, kind: str, body: dict[str, Any], now_ms: int) -> Entry:
        """Chain, sign and store an entry with its projections.

        The stamp is `now_ms`, but never before the highest time seen; only ``clock_settled``
        may go back, because that is what it is for.
        """
        at_ms = now_ms if kind == "clock_settled" else max(now_ms, self.head.at_ms)
        entry = next_entry(self.head, at_ms, kind, body, self._signer)
        self._db.execute(
            _JOURNAL,
            (entry.seq, entry.prev_hash, at_ms, kind, entry.body, entry.hash, entry.signature),
        )
        for statement, changes in groupby(project(entry, body), _STATEMENT):
            # One call for neighbours of one statement, past sqlite-utils' own bookkeeping.
            self._db.conn.executemany(statement, [values for _, values in changes])
        self.head = Head(entry.seq, entry.hash, at_ms)
        if kind in VOUCHED:
            self.believed_ms = at_ms
        return entry

    def next_receipt(self) -> tuple[int, int]:
        """Return (series, number) of the receipt the next sale gets."""
        last = self._db.execute(_LAST_NUMBER).fetchone()
        return mark(self._db, SERIES, 1), int(last[0] if last else 0) + 1

    def last_tid_minute(self, drn: str) -> int | None:
        """Return the TID minute last issued to a meter."""
        row = self._db.execute(
            "select minute from token where drn = ? order by minute desc limit 1", (drn,)
        ).fetchone()
        return int(row[0]) if row else None

    def tid_floor(self) -> int:
        """Return the minute below which no TID may be issued."""
        return mark(self._db, TID_FLOOR, 0)

    def tid_slot(self) -> Slot:
        """Return which minutes this till may use for TIDs."""
        return Slot(mark(self._db, TID_RESIDUE, 0), mark(self._db, TID_MODULUS, 1))

    def highest_ms(self) -> int:
        """Return the highest time the till's clock ever showed, before it was put right too."""
        return max(mark(self._db, CLOCK_HIGHEST, 0), self.head.at_ms)

    def queue_slip(self, sale_seq: int, copy: int, now_ms: int) -> None:
        """Queue a print job."""
        self._db.execute(_SLIP, (sale_seq, copy, now_ms))

    def import_meters(self, meters: Iterable[MeterRecord]) -> int:
        """Insert or replace meters; return how many."""
        return directory.import_meters(self._db, meters)

    def remove_meters(self, drns: list[str]) -> int:
        """Take meters off the file; return how many there were."""
        return directory.remove_meters(self._db, drns)

    def keep_piece(self, digest: bytes, piece: int, content: bytes) -> None:
        """Keep a piece of a pack whose day has not come."""
        self._db.execute(_PIECE, (digest.hex(), piece, content))

    def drop_pieces(self, digest: bytes) -> None:
        """Forget the bytes of a pack."""
        self._db.execute("delete from waiting_pack where digest = ?", (digest.hex(),))

    def keep_key_file(self, digest: bytes, content: str) -> None:
        """Keep a key file until two supervisors bring it in."""
        self._db.execute(
            "insert or ignore into waiting_keys values (?, ?)", (digest.hex(), content)
        )

    def drop_key_file(self, digest: bytes) -> None:
        """Forget a waiting key file."""
        self._db.execute("delete from waiting_keys where digest = ?", (digest.hex(),))

    def put_operator(self, record: OperatorRecord) -> None:
        """Insert or replace an operator."""
        operator = record.operator
        self._db.execute(
            "insert or replace into operator values (?, ?, ?, ?, 1)",
            (operator.id, operator.name, operator.role.value, record.pin_verifier),
        )

    def retire_operator(self, operator_id: str) -> None:
        """Let an operator sign in no more."""
        self._db.execute("update operator set active = 0 where id = ?", (operator_id,))

    def put_tariff(self, record: TariffRecord) -> None:
        """Insert a version of a tariff."""
        self._db.execute("insert or replace into tariff values (?,?,?,?,?,?)", astuple(record))

    def put_utility(self, record: UtilityRecord) -> None:
        """Insert or replace a utility."""
        self._db.execute("insert or replace into utility values (?,?,?,?,?)", astuple(record))

    def put_key(self, record: SealedKey) -> None:
        """Insert a sealed key."""
        self._db.execute(_KEY, (*astuple(record.attributes), record.blob))

    def replace_key(self, old: SealedKey, new: SealedKey) -> None:
        """Put a record of the same attributes in another's place."""
        held = old.attributes
        changed = self._db.conn.execute(_OTHER_BLOB, (new.blob, *astuple(held), old.blob)).rowcount
        if changed != 1 or new.attributes != held:
            raise KeyRecordGone(sgc=held.sgc, krn=held.krn)
