"""Questions about refunds and compensations, each answered by a key or an index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from pos_app.adapters.ledger import queries
from pos_app.adapters.ledger.engine import shop_problems
from pos_app.application.redress_records import Redress

_SPAN: Final = """select made.seq, made.at_ms, made.body
    from redress join journal as made on made.seq = redress.seq
    where redress.at_ms >= ? and redress.at_ms < ?
    order by redress.at_ms desc, redress.seq desc limit ?"""


class SqliteRedress:
    """Implements `pos_app.application.redress_records.RedressBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def of_sale(self, sale_seq: int) -> Redress | None:
        """Return what was given for a sale."""
        return self._one("select seq from redress where sale_seq = ?", sale_seq)

    def by_number(self, number: int) -> Redress | None:
        """Return a refund or compensation by its running number."""
        return self._one("select seq from redress where number = ?", number)

    def next_number(self) -> int:
        """Return the running number of the next one."""
        return 1 + int(self._rows("select coalesce(max(number), 0) from redress")[0][0])

    def between(self, from_ms: int, to_ms: int, limit: int) -> tuple[Redress, ...]:
        """Return those of a span of time, newest first."""
        rows = self._rows(_SPAN, from_ms, to_ms, limit)
        return tuple(Redress.from_body(json.loads(body), seq, at_ms) for seq, at_ms, body in rows)

    def copies_of(self, seq: int) -> int:
        """Return how many copies of a slip were made."""
        return int(self._rows("select count(*) from redress_copy where redress_seq = ?", seq)[0][0])

    def _one(self, statement: str, value: int) -> Redress | None:
        rows = self._rows(statement, value)
        return self._read(int(rows[0][0])) if rows else None

    def _read(self, seq: int) -> Redress | None:
        with shop_problems(self._path):
            entry = queries.entry(self._db, seq)
        return None if entry is None else Redress.from_body(entry.reading(), seq, entry.at_ms)

    def _rows(self, statement: str, *values: object) -> Sequence[Any]:
        with shop_problems(self._path):
            found: Sequence[Any] = self._db.execute(statement, values).fetchall()
        return found
