"""The ledger of a shop: one file, one connection, owned by one thread at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite
from sqlite_utils import Database

from pos_app.adapters.ledger import (
    directory,
    jobs,
    life_projections,
    office_book,
    queries,
    token_trail,
)
from pos_app.adapters.ledger.account_book import SqliteAccounts
from pos_app.adapters.ledger.bulk_projections import SqliteBulk
from pos_app.adapters.ledger.desk_book import SqliteApprovals, SqliteDesk
from pos_app.adapters.ledger.engine import connect, shop_problems
from pos_app.adapters.ledger.errors import LedgerMissing, LedgerUnavailable
from pos_app.adapters.ledger.key_book import SqliteKeys
from pos_app.adapters.ledger.key_change_book import SqliteKeyChanges
from pos_app.adapters.ledger.migrations import migrate
from pos_app.adapters.ledger.redress_book import SqliteRedress
from pos_app.adapters.ledger.rule_book import SqliteRules
from pos_app.adapters.ledger.shift_book import SqliteShifts
from pos_app.adapters.ledger.tender_book import SqliteTenders
from pos_app.adapters.ledger.transaction import Transaction
from pos_app.application.ports import (
    KeyAttributes,
    OperatorRecord,
    PrintTask,
    SealedKey,
    TariffRecord,
    UtilityRecord,
)
from pos_app.application.printing import PrintOutcome
from pos_app.application.records import CurrencySum, MeterHit, MeterRecord, Purchase, SaleRow
from pos_app.application.sale import Sale
from pos_app.domain.allowance import Allowance, Spent
from pos_app.domain.clock_guard import VOUCHED
from pos_app.domain.lockout import LockState
from pos_app.domain.meter_life import MeterLife
from pos_app.exchange.chain import EMPTY, Entry, Head, Signer

FILE_NAME = "ledger.db"


class SqliteLedger:
    """Implements `pos_app.application.ports.Ledger`.

    Every method may raise `LedgerUnavailable` (nothing was written) or `LedgerDamaged`.
    """

    def __init__(self, db: Database, path: Path, signer: Signer) -> None:
        self.db = db
        self.path = path
        self._signer = signer
        self._head = _stored_head(db)
        self._believed_ms = _stored_belief(db)
        self.shifts = SqliteShifts(db, path)
        self.accounts = SqliteAccounts(db, path)
        self.tenders = SqliteTenders(db, path)
        self.redress = SqliteRedress(db, path)
        self.rules = SqliteRules(db, path)
        self.keys = SqliteKeys(db, path)
        self.office = office_book.SqliteOffice(db, path)
        self.key_changes = SqliteKeyChanges(db, path)
        self.desk_acts = SqliteDesk(db, path)
        self.approvals = SqliteApprovals(db, path)
        self.bulk = SqliteBulk(db, path)
        self.on_commit: Callable[[Head], None] | None = None
        self._doubtful = ""

    @classmethod
    def open(
        cls, folder: Path, key: bytes, signer: Signer, *, create: bool = False
    ) -> SqliteLedger:
        """Open (or, with `create`, make) the ledger in `folder`; bring it to today's form."""
        path = folder / FILE_NAME
        if not create and not path.is_file():
            raise LedgerMissing(path=str(path))
        db = connect(path, key)
        try:
            with shop_problems(path):
                migrate(db)
                ledger = cls(db, path, signer)
                jobs.recover(db)
        except BaseException:
            db.close()
            raise
        return ledger

    def close(self) -> None:
        """Close the file; the write-ahead log is merged by SQLite."""
        with shop_problems(self.path):
            self.db.close()

    def writing(self) -> AbstractContextManager[Transaction]:
        """Open the one transaction: immediate, durable at its end, undone on an error."""
        return self._writing()

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        if self._doubtful:
            raise LedgerUnavailable(reason=self._doubtful)
        with shop_problems(self.path):
            self.db.execute("begin immediate")
            try:
                transaction = Transaction(self.db, self._head, self._believed_ms, self._signer)
                yield transaction
                self._commit()
            except BaseException:
                # A failed commit may have ended the transaction already (disk full does).
                if self.db.conn.in_transaction:
                    self.db.execute("rollback")
                raise
        self._head = transaction.head
        self._believed_ms = transaction.believed_ms
        if self.on_commit is not None:
            self.on_commit(self._head)

    def _commit(self) -> None:
        """Commit; after a failed sync trust this connection no more.

        The system may have marked pages clean that never reached the disk, so trying again would
        lie ("Can applications recover from fsync failures?", USENIX ATC 2020). Opening the shop
        again reads what is really there.
        """
        try:
            self.db.execute("commit")
        except sqlite.DatabaseError as problem:
            if getattr(problem, "sqlite_errorcode", 0) & 0xFF == sqlite.SQLITE_IOERR:
                self._doubtful = f"{problem.sqlite_errorname}, open the shop again"
            raise

    def head(self) -> Head:
        """Return where the journal ends."""
        return self._head

    def clock_floor_ms(self) -> int:
        """Return the highest time ever seen, unless a supervisor settled it: the head's."""
        return self._head.at_ms

    def believed_ms(self) -> int:
        """Return the newest time that was vouched for; the first entry of a shop always was."""
        return self._believed_ms

    def search(self, text: str, limit: int) -> tuple[MeterHit, ...]:
        """Return meters for any fragment."""
        with self._reading():
            return directory.search(self.db, text, limit)

    def meter(self, drn: str) -> MeterRecord | None:
        """Return a meter by its exact DRN."""
        with self._reading():
            return directory.exact(self.db, drn)

    def meter_life(self, drn: str) -> MeterLife | None:
        """Return where a meter stands, None for one nothing was ever done to here."""
        with self._reading():
            return life_projections.life_of(self.db, drn)

    def meter_acts(self, drn: str, limit: int) -> list[tuple[int, int, str, str, str]]:
        """Return (entry, time, act, operator, words) of a meter's acts, newest first."""
        with self._reading():
            return life_projections.acts_of(self.db, drn, limit)

    def purchases(self, drn: str, limit: int) -> tuple[Purchase, ...]:
        """Return the latest purchases of a meter."""
        with self._reading():
            return queries.purchases(self.db, drn, limit)

    def month_tenths(self, drn: str, month: str) -> int:
        """Return the tenths a meter bought in a month."""
        with self._reading():
            return queries.month_tenths(self.db, drn, month)

    def sale_by_receipt(self, receipt: str) -> tuple[int, Sale] | None:
        """Return (journal number, sale) of a receipt."""
        with self._reading():
            return queries.sale_by_receipt(self.db, receipt)

    def sale_by_id(self, sale_id: str) -> tuple[int, Sale] | None:
        """Return (journal number, sale) of a client's sale id."""
        with self._reading():
            return queries.sale(self.db, "sale_id", sale_id)

    def sale_by_seq(self, seq: int) -> Sale | None:
        """Return the sale of a journal number."""
        with self._reading():
            found = queries.sale(self.db, "seq", seq)
        return found[1] if found else None

    def receipt_of_token(self, drn: str, minute: int) -> str:
        """Return the receipt under which a token was sold here, empty if it was not."""
        with self._reading():
            return queries.receipt_of_token(self.db, drn, minute)

    def tokens_after(self, drn: str, minute: int) -> int:
        """Return how many later tokens were sold here to a meter, at most 50."""
        with self._reading():
            return token_trail.tokens_after(self.db, drn, minute)

    def sale_of_token(self, digits: str) -> tuple[str, str]:
        """Return (receipt, DRN) of a token of one of the latest sales, empty for none."""
        with self._reading():
            return token_trail.sale_of_token(self.db, digits)

    def held_keys(self, pan: str) -> tuple[KeyAttributes, ...]:
        """Return what every vending key here is of, and the decoder keys of one meter."""
        with self._reading():
            return token_trail.held_keys(self.db, pan)

    def copies_of(self, seq: int) -> int:
        """Return how many copies of a sale's slip were made."""
        with self._reading():
            row = self.db.execute(
                "select count(*) from reprint where sale_seq = ?", (seq,)
            ).fetchone()
        return int(row[0])

    def entry(self, seq: int) -> Entry | None:
        """Return one journal entry."""
        with self._reading():
            return queries.entry(self.db, seq)

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Walk the journal in order."""
        with self._reading():
            yield from queries.entries(self.db, after)

    def sales_between(self, from_ms: int, to_ms: int, text: str, limit: int) -> tuple[SaleRow, ...]:
        """Return sales of a span of time, newest first."""
        with self._reading():
            return queries.sales_between(self.db, from_ms, to_ms, text, limit)

    def day_sums(self, day: str) -> tuple[CurrencySum, ...]:
        """Return the sums of a day."""
        with self._reading():
            return queries.day_sums(self.db, day)

    def waiting(self) -> tuple[tuple[CurrencySum, ...], int | None]:
        """Return the sums of what head office has not acknowledged, and the oldest time."""
        with self._reading():
            return office_book.waiting(self.db)

    def operators(self) -> tuple[OperatorRecord, ...]:
        """Return the operators who may sign in."""
        with self._reading():
            return queries.operators(self.db)

    def operator_ids(self) -> frozenset[str]:
        """Return the short names of all operators there ever were."""
        with self._reading():
            rows = self.db.execute("select id from operator").fetchall()
        return frozenset(str(row[0]) for row in rows)

    def lock_state(self, operator_id: str) -> LockState:
        """Return the failed PIN tries of an operator."""
        with self._reading():
            return queries.lock_state(self.db, operator_id)

    def tariff(self, tariff_id: str) -> TariffRecord | None:
        """Return the newest version of a tariff."""
        with self._reading():
            return queries.tariff(self.db, tariff_id)

    def tariff_versions(self, tariff_id: str) -> tuple[tuple[int, str], ...]:
        """Return (version, digest of the text) of a tariff, the newest first."""
        with self._reading():
            return queries.tariff_versions(self.db, tariff_id)

    def tariff_version(self, tariff_id: str, version: int) -> TariffRecord | None:
        """Return one version of a tariff."""
        with self._reading():
            return queries.tariff_version(self.db, tariff_id, version)

    def tariff_ids(self) -> tuple[str, ...]:
        """Return the names of all imported tariffs."""
        with self._reading():
            rows = self.db.execute("select distinct id from tariff order by id").fetchall()
        return tuple(str(row[0]) for row in rows)

    def authorities(self) -> dict[str, str]:
        """Return whose signed files are taken: public key in hexadecimal, name."""
        return self.accounts.authorities()

    def newest_tariff_ms(self) -> int:
        """Return when a tariff was last imported, 0 for never."""
        with self._reading():
            row = self.db.execute("select coalesce(max(imported_ms), 0) from tariff").fetchone()
        return int(row[0])

    def utility(self, utility_id: str) -> UtilityRecord | None:
        """Return a utility."""
        with self._reading():
            return queries.utility(self.db, utility_id)

    def utilities(self) -> tuple[UtilityRecord, ...]:
        """Return every utility."""
        with self._reading():
            return queries.utilities(self.db)

    def allowances(self) -> tuple[tuple[str, Allowance, Spent], ...]:
        """Return every currency's allowance with what is spent of it."""
        with self._reading():
            return queries.allowances(self.db)

    def sealed_keys(self, sgc: str, krn: int, pan: str) -> tuple[SealedKey, ...]:
        """Return a meter's own keys first, then the vending keys of its group."""
        with self._reading():
            return queries.sealed_keys(self.db, sgc, krn, pan)

    def next_print_task(self) -> PrintTask | None:
        """Take the oldest queued print job."""
        with self._reading():
            return jobs.next_task(self.db)

    def note_print(self, task: PrintTask, outcome: PrintOutcome) -> None:
        """Record how a print job ended."""
        with self._reading():
            jobs.note(self.db, task, outcome)

    def requeue(self, sale_seq: int) -> bool:
        """Queue the newest job of a sale again."""
        with self._reading():
            return jobs.requeue(self.db, sale_seq)

    def unprinted(self) -> tuple[int, int]:
        """Return how many slips wait or are on their way, and how many failed."""
        with self._reading():
            return jobs.unprinted(self.db)

    def _reading(self) -> AbstractContextManager[None]:
        return shop_problems(self.path)


def _stored_head(db: Database) -> Head:
    row = db.execute("select seq, hash, at_ms from journal order by seq desc limit 1").fetchone()
    return Head(*row) if row else EMPTY


def _stored_belief(db: Database) -> int:
    """Walk back to the newest entry whose time was vouched for; usually a few steps."""
    for kind, at_ms in db.execute("select kind, at_ms from journal order by seq desc"):
        if kind in VOUCHED:
            return int(at_ms)
    return EMPTY.at_ms
