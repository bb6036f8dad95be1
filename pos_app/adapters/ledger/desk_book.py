"""Questions about the engineering desk and its approvals, each answered by a key or an index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from pos_app.adapters.ledger import queries
from pos_app.adapters.ledger.engine import shop_problems
from pos_app.application.approval_records import AskedApproval
from pos_app.application.engineering_records import DeskRecord
from pos_app.application.printing import PrintState
from pos_app.exchange.approval import ApprovalRequest


class SqliteDesk:
    """Implements `pos_app.application.engineering_records.DeskBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def by_id(self, act_id: str) -> DeskRecord | None:
        """Return what a client's id was used for."""
        return self._one("select seq from desk_act where act_id = ?", act_id)

    def by_number(self, number: int) -> DeskRecord | None:
        """Return an act by its running number."""
        return self._one("select seq from desk_act where number = ?", number)

    def next_number(self) -> int:
        """Return the running number of the next one."""
        return 1 + int(self._rows("select coalesce(max(number), 0) from desk_act")[0][0])

    def of_sale(self, sale_seq: int) -> DeskRecord | None:
        """Return what replaced a sale's token."""
        return self._one("select seq from desk_act where sale_seq = ? and sale_seq > 0", sale_seq)

    def carried_from(self, drn: str) -> DeskRecord | None:
        """Return what carried a meter's last credit over to another one."""
        return self._one("select seq from desk_act where from_drn = ? and from_drn <> ''", drn)

    def of_meter(self, drn: str, limit: int) -> tuple[DeskRecord, ...]:
        """Return what was done to a meter, newest first."""
        return self._all(
            "select seq from desk_act where drn = ? order by seq desc limit ?", drn, limit
        )

    def latest(self, limit: int) -> tuple[DeskRecord, ...]:
        """Return what was done last, newest first."""
        return self._all("select seq from desk_act order by seq desc limit ?", limit)

    def slip_state(self, seq: int) -> PrintState | None:
        """Return where the newest slip of an entry is, None where none was queued."""
        rows = self._rows(
            "select state from print_job where sale_seq = ? order by copy desc limit 1", seq
        )
        return PrintState(rows[0][0]) if rows else None

    def slip_failed(self, seq: int) -> bool:
        """Tell whether the newest slip of an entry did not come out of the printer."""
        return self.slip_state(seq) is PrintState.FAILED

    def copies_of(self, seq: int) -> int:
        """Return how many copies of a slip were made."""
        return int(self._rows("select count(*) from desk_act_copy where act_seq = ?", seq)[0][0])

    def _one(self, statement: str, *values: object) -> DeskRecord | None:
        found = self._all(statement, *values)
        return found[0] if found else None

    def _all(self, statement: str, *values: object) -> tuple[DeskRecord, ...]:
        seqs = [int(row[0]) for row in self._rows(statement, *values)]
        with shop_problems(self._path):
            entries = [queries.entry(self._db, seq) for seq in seqs]
        return tuple(
            DeskRecord.from_body(entry.reading(), entry.seq)
            for entry in entries
            if entry is not None
        )

    def _rows(self, statement: str, *values: object) -> Sequence[Any]:
        with shop_problems(self._path):
            found: Sequence[Any] = self._db.execute(statement, values).fetchall()
        return found


class SqliteApprovals:
    """Implements `pos_app.application.approval_records.ApprovalBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def next_number(self) -> int:
        """Return the running number of the next request."""
        with shop_problems(self._path):
            row = self._db.execute("select coalesce(max(count), 0) from approval").fetchone()
        return 1 + int(row[0])

    def asked(self, number: str) -> AskedApproval | None:
        """Return a request by its number."""
        with shop_problems(self._path):
            row = self._db.execute(
                "select seq, used_seq, failures from approval where number = ?", (number,)
            ).fetchone()
            entry = None if row is None else queries.entry(self._db, int(row[0]))
        if row is None or entry is None:
            return None
        body = entry.reading()
        names = ("till", "number", "act", "drn", "amount", "operator")
        request = ApprovalRequest(**{name: str(body[name]) for name in names})
        return AskedApproval(request, entry.at_ms, bool(row[1]), int(row[2]))

    def turn(self, approver: str) -> int:
        """Return how often a supervisor's secret was made; 0 for never."""
        with shop_problems(self._path):
            row = self._db.execute(
                "select turn from approver where approver = ?", (approver,)
            ).fetchone()
        return int(row[0]) if row else 0
