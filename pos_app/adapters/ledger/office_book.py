"""The ledger's side of head office; every question is answered by an index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from pos_app.adapters.ledger import directory, queries
from pos_app.adapters.ledger.engine import shop_problems
from pos_app.adapters.ledger.office_projections import (
    ACKNOWLEDGED,
    ACKNOWLEDGED_MS,
    CODE_SEQUENCE,
)
from pos_app.application.office_records import Enrolled, Message, PackRow, TillStanding
from pos_app.application.proposals import Proposal, ProposalState
from pos_app.application.records import CurrencySum, MeterRecord

_ENROLLED: Final = """select key, name, url, first_pack, public_key, allowance_box, seq
    from office"""
_PACK: Final = """select series, number, digest, issued_at_ms, active_from_ms, waits, seq
    from pack """
_NEWEST: Final = "where series = ?1 and (number = ?2 or ?2 = 0) order by number desc limit 1"
_MESSAGES: Final = """select id, words, from_ms, until_ms from message
    where from_ms <= ?1 and until_ms > ?1 order by from_ms desc, id"""
_WAITING: Final = """select times - coalesce(sales, 0), amount - coalesce(total_minor, 0), currency,
    decimals from tally left join acknowledged_sum using (currency)
    where level = 'total' and number = 0 and name = 'sale' and times > coalesce(sales, 0)
    order by currency"""
_OLDEST: Final = "select at_ms from sale where seq > ? order by seq limit 1"
_UNSENT: Final = """select 1 from journal where seq > ? and kind <> 'acknowledged' limit 1"""
_PROPOSALS: Final = "select * from proposal "
_OF_METER: Final = "where drn = ?1 order by seq desc limit ?2"
_ALL: Final = "where ?1 = '' order by seq desc limit ?2"
_STANDING: Final = "select state, entry, found_ms, at_ms from standing"
_MARKED: Final = "select value from mark where name = ?"


class SqliteOffice:
    """Implements `pos_app.application.office_ports.OfficeBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db, self._path = db, path

    def enrolled(self) -> Enrolled | None:
        """Return the head office this shop is enrolled with."""
        for key, name, url, first, public, box, seq in self._rows(_ENROLLED):
            raw = (bytes.fromhex(public), bytes.fromhex(box))
            return Enrolled(bytes.fromhex(key), name, url, first, *raw, seq)
        return None

    def meters(self, drns: list[str]) -> dict[str, MeterRecord]:
        """Return those of many meters that are on file, with the keys they hold."""
        with shop_problems(self._path):
            return directory.several(self._db, drns)

    def make_room(self, *, much: bool) -> None:
        """Keep more of the ledger in memory while many meters come in, or no more of it."""
        with shop_problems(self._path):
            directory.make_room(self._db, much=much)

    def pack(self, series: str, number: int = 0) -> PackRow | None:
        """Return a pack of a series that is here, the newest with no `number`."""
        rows = self._rows(_PACK + _NEWEST, series, number)
        return _row(rows[0]) if rows else None

    def waiting_packs(self) -> tuple[PackRow, ...]:
        """Return the packs whose day has not come, the first to come in front."""
        rows = self._rows(_PACK + "where waits = 1 order by active_from_ms, seq")
        return tuple(_row(row) for row in rows)

    def waiting_piece(self, digest: bytes, piece: int) -> bytes | None:
        """Return a piece of the bytes of a waiting pack."""
        statement = "select content from waiting_pack where digest = ? and piece = ?"
        rows = self._rows(statement, digest.hex(), piece)
        return bytes(rows[0][0]) if rows else None

    def was_refused(self, digest: bytes) -> bool:
        """Tell whether the journal already tells that this pack was refused."""
        return bool(self._rows("select 1 from pack_refused where digest = ?", digest.hex()))

    def waiting_keys(self) -> tuple[tuple[bytes, str], ...]:
        """Return (digest, content) of the key files that wait for two supervisors."""
        rows = self._rows("select digest, content from waiting_keys order by digest")
        return tuple((bytes.fromhex(digest), str(content)) for digest, content in rows)

    def freshness(self) -> dict[str, int]:
        """Return {section: when head office issued the newest pack that brought it}."""
        return dict(self._rows("select section, issued_at_ms from freshness"))

    def messages(self, now_ms: int) -> tuple[Message, ...]:
        """Return head office's words that count now."""
        return tuple(Message(*row) for row in self._rows(_MESSAGES, now_ms))

    def acknowledged(self) -> tuple[int, int]:
        """Return (entry, time) up to which head office holds the journal."""
        return self._mark(ACKNOWLEDGED), self._mark(ACKNOWLEDGED_MS)

    def standing(self) -> TillStanding:
        """Return what was said last of whether this journal is the till's only one."""
        return next((TillStanding(*row) for row in self._rows(_STANDING)), TillStanding())

    def unsent(self) -> bool:
        """Tell whether there is anything that head office has not acknowledged."""
        return bool(self._rows(_UNSENT, self._mark(ACKNOWLEDGED)))

    def code_sequence(self) -> int:
        """Return the sequence of the newest allowance code taken."""
        return self._mark(CODE_SEQUENCE)

    def proposals(self, drn: str, limit: int) -> tuple[Proposal, ...]:
        """Return proposed corrections of a meter ("" for all), newest first."""
        rows = self._rows(_PROPOSALS + (_OF_METER if drn else _ALL), drn, limit)
        return tuple(_proposal(row) for row in rows)

    def _mark(self, name: str) -> int:
        rows = self._rows(_MARKED, name)
        return int(rows[0][0]) if rows else 0

    def _rows(self, statement: str, *values: object) -> Sequence[Any]:
        with shop_problems(self._path):
            found: Sequence[Any] = self._db.execute(statement, values).fetchall()
        return found


def _row(row: Sequence[Any]) -> PackRow:
    series, number, digest, issued, active, waits, seq = row
    return PackRow(series, number, bytes.fromhex(digest), issued, active, bool(waits), seq)


def _proposal(row: Sequence[Any]) -> Proposal:
    seq, drn, field, was, value, operator, at_ms, state, note = row
    return Proposal(seq, drn, field, was, value, operator, at_ms, ProposalState(state), note)


def waiting(db: Database) -> tuple[tuple[CurrencySum, ...], int | None]:
    """Return the sums that head office has not acknowledged and the time of the oldest."""
    rows = db.execute(_MARKED, (ACKNOWLEDGED,)).fetchall()
    oldest = db.execute(_OLDEST, (rows[0][0] if rows else 0,)).fetchone()
    return queries.sums(db, _WAITING), int(oldest[0]) if oldest else None
