"""Questions about shifts and batches: each has a primary key or the index of open shifts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from pos_app.adapters.ledger import queries
from pos_app.adapters.ledger.engine import shop_problems
from pos_app.application.shift_records import BatchRow, Grand, HeldCount, ShiftRow
from pos_app.domain.cash_count import CashCount
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import Level, Tally

_SHIFT: Final = "select shift, operator, sales_batch, opened_seq, closed_seq from shift "
_BATCH: Final = """select level, number, outer, opened_seq, first_inner, last_inner,
    closed_seq from batch """


class SqliteShifts:
    """Implements `pos_app.application.shift_ports.ShiftBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def of_operator(self, operator_id: str) -> ShiftRow | None:
        """Return the operator's open shift."""
        found = self._rows(_SHIFT + "where operator = ? and closed_seq = 0", operator_id)
        return ShiftRow(*found[0]) if found else None

    def open_shifts(self) -> tuple[ShiftRow, ...]:
        """Return every open shift, the oldest first."""
        found = self._rows(_SHIFT + "indexed by shift_open where closed_seq = 0")
        return tuple(sorted((ShiftRow(*row) for row in found), key=lambda row: row.number))

    def shift(self, number: int) -> ShiftRow | None:
        """Return a shift by its number."""
        found = self._rows(_SHIFT + "where shift = ?", number)
        return ShiftRow(*found[0]) if found else None

    def next_shift(self) -> int:
        """Return the number of the next shift."""
        return 1 + self._number("select coalesce(max(shift), 0) from shift")

    def open_batch(self, level: Level) -> BatchRow | None:
        """Return the open sales or bank batch: only the newest of a level can be open."""
        found = self._rows(_BATCH + "where level = ? order by number desc limit 1", level.value)
        return _batch(found[0]) if found and found[0][-1] == 0 else None

    def next_batch(self, level: Level) -> int:
        """Return the number of the next sales or bank batch."""
        statement = "select coalesce(max(number), 0) from batch where level = ?"
        return 1 + self._number(statement, level.value)

    def batch(self, level: Level, number: int) -> BatchRow | None:
        """Return a sales or bank batch by its number."""
        found = self._rows(_BATCH + "where level = ? and number = ?", level.value, number)
        return _batch(found[0]) if found else None

    def tallies(self, level: Level, number: int) -> tuple[Tally, ...]:
        """Return the tallies of a batch, by currency and name."""
        found = self._rows(
            """select name, times, amount, currency, decimals, first_seq, last_seq from tally
            where level = ? and number = ? order by currency, name""",
            level.value,
            number,
        )
        return tuple(Tally(*row) for row in found)

    def counts(self, shift: int) -> tuple[HeldCount, ...]:
        """Return the newest count of a shift, a currency each."""
        found = self._rows(
            """select currency, decimals, expected_minor, counted_minor, pieces from cash_count
            where shift = ? order by currency""",
            shift,
        )
        return tuple(_count(row) for row in found)

    def copies_of(self, closed_seq: int) -> int:
        """Return how many copies of a close were made."""
        return self._number("select count(*) from close_copy where closed_seq = ?", closed_seq)

    def last_seal(self) -> tuple[int, int]:
        """Return (number, journal number) of the newest day seal, (0, 0) for none."""
        found = self._rows("select seal, seq from day_seal order by seal desc limit 1")
        return (int(found[0][0]), int(found[0][1])) if found else (0, 0)

    def seal_of(self, closed_seq: int) -> int:
        """Return the number of the day seal made with a close, 0 for none."""
        found = self._rows("select seal from day_seal where closed_seq = ?", closed_seq)
        return int(found[0][0]) if found else 0

    def grand(self) -> tuple[Grand, ...]:
        """Return the perpetual totals, a currency each."""
        with self._reading():
            sums = queries.totals(self._db)
        return tuple(Grand(each.sales, each.total) for each in sums)

    def _rows(self, statement: str, *values: object) -> Sequence[Any]:
        with self._reading():
            found: Sequence[Any] = self._db.execute(statement, values).fetchall()
        return found

    def _number(self, statement: str, *values: object) -> int:
        return int(self._rows(statement, *values)[0][0])

    def _reading(self) -> AbstractContextManager[None]:
        return shop_problems(self._path)


def _batch(row: Sequence[Any]) -> BatchRow:
    return BatchRow(Level(row[0]), *row[1:])


def _count(row: Sequence[Any]) -> HeldCount:
    code, decimals, expected, counted, pieces = row
    currency = Currency(code, decimals)
    held = tuple((int(value), int(many)) for value, many in json.loads(pieces))
    return HeldCount(CashCount(Money(counted, currency), held), Money(expected, currency))
