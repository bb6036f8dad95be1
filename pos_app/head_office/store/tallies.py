"""Sums by day: added to while entries are booked, and made once from what was booked before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select, text

from pos_app.exchange.chain import Entry
from pos_app.exchange.errors import NotCanonical
from pos_app.head_office import tally_rows
from pos_app.head_office.meaning import Meaning, meaning_of
from pos_app.head_office.proving import KeyRing, TokenProver
from pos_app.head_office.shop_day import SAYING, place_after
from pos_app.head_office.store.bulk import add_rows
from pos_app.head_office.store.settling_tables import closing
from pos_app.head_office.store.tables import entry
from pos_app.head_office.tallying import TALLIED

Row = tuple[Any, ...]
_NAMES: Final = (
    "till", "day", "branch", "what", "name", "detail", "currency", "decimals", "unit", "training",
    "times", "minor", "tenths",
)  # fmt: skip
_ADD: Final = text(
    "insert into tally (till, day, branch, what, name, detail, currency, decimals, unit, training,"
    " times, minor, tenths) values (:till, :day, :branch, :what, :name, :detail, :currency,"
    " :decimals, :unit, :training, :times, :minor, :tenths) on conflict (till, day, branch, what,"
    " name, detail, currency, decimals, unit, training) do update set"
    " times = tally.times + excluded.times, minor = tally.minor + excluded.minor,"
    " tenths = tally.tenths + excluded.tenths"
)


def add(act: Connection, name: str, rows: Sequence[Row], closings: Sequence[Row]) -> None:
    """Add sums to those of a till's days, and keep what ended; the caller holds the till's turn."""
    if rows:
        act.execute(_ADD, [dict(zip(_NAMES, (name, *row), strict=True)) for row in rows])
    add_rows(act, closing, [(name, *row) for row in closings])


def books_before(act: Connection, name: str, on: int, seq: int) -> dict[str, Any]:
    """Return what entries of a branch before `seq` said of their place last, as books have it."""
    kinds = [each for each in SAYING if each != "shop_created"]
    wanted = (
        select(entry.c.kind, entry.c.body)
        .where(entry.c.till == name, entry.c.seq < seq, entry.c.branch == on)
        .where(entry.c.kind.in_(kinds))
        .order_by(entry.c.seq.desc())
        .limit(1)
    )
    books: dict[str, Any] = {}
    for kind, body in act.execute(wanted).all():
        place_after(kind, json.loads(body), books)
    return books


_SPAN: Final = 1000
"""So many numbers of a journal are looked at in one go."""
_READ: Final = frozenset({*TALLIED, *SAYING, "variance_approved"})
_PIECE: Final = text(
    "select seq, hash, prev_hash, at_ms, kind, body, signature, branch from entry e"
    " where till = :till and seq > :after and seq <= :last and branch is not null"
    " and not exists (select 1 from quarantine q where q.till = e.till and q.seq = e.seq"
    " and q.hash = e.hash and q.reason = 'unreadable' and q.settled_ms is null)"
    " order by seq, branch desc"
)
"""A branch's first entry before its parent's of the same number: it begins with what was said
before both. What could not be booked was not booked then, and is not now.
"""

Told = Callable[[str, int, int], None]
"""Is told how far it is: the till, entries looked at, entries in all."""


def fill(act: Connection, tell: Told) -> None:
    """Make the sums of every till from the entries that are booked; constant memory."""
    ends = text("select till, max(seq) from entry group by till order by till")
    heads = {str(till): int(last) for till, last in act.execute(ends).all()}
    every, done = sum(heads.values()), 0
    for till, last in heads.items():
        filling = _Filling(act, till)
        for after in range(0, last, _SPAN):
            filling.piece(after)
            tell(till, done + min(after + _SPAN, last), every)
        filling.keep()
        done += last


class _Filling:
    """Goes through the journal of one till."""

    def __init__(self, act: Connection, till: str) -> None:
        self._act, self._till = act, till
        wanted = text("select branch, parent from branch where till = :till")
        rows = act.execute(wanted, {"till": till}).all()
        self._parents = {int(on): int(parent) for on, parent in rows}
        self._books: dict[int, dict[str, Any]] = {}
        self._prover = TokenProver(KeyRing())

    def piece(self, after: int) -> None:
        """Add what the next entries say."""
        sums: tally_rows.Sums = {}
        closings: list[Row] = []
        for on, held in self._entries(after):
            body, meaning = self._said(held)
            if meaning is None:
                continue
            books = self._of(on)
            place_after(held.kind, body, books)
            tally_rows.add(sums, on, meaning.tally, books)
            if meaning.closing is not None:
                closings.append((held.seq, on, *tally_rows.dated(meaning.closing, books)))
        add(self._act, self._till, tally_rows.rows_of(sums), closings)

    def _said(self, held: Entry) -> tuple[dict[str, Any], Meaning | None]:
        if held.kind not in _READ:
            return {}, None
        try:
            body = held.reading()
        except NotCanonical:
            return {}, None
        return body, meaning_of(held, body, self._prover)

    def _of(self, on: int) -> dict[str, Any]:
        """Return what was said of a branch's place; a new one goes on from its parent's."""
        if on not in self._books:
            parent = self._parents.get(on, on)
            self._books[on] = dict(self._books.get(parent, {})) if parent != on else {}
        return self._books[on]

    def _entries(self, after: int) -> Iterator[tuple[int, Entry]]:
        values = {"till": self._till, "after": after, "last": after + _SPAN}
        for row in self._act.execute(_PIECE, values):
            digest, before, signature = (bytes(row[at]) for at in (1, 2, 6))
            yield row[7], Entry(row[0], before, row[3], row[4], row[5], digest, signature)

    def keep(self) -> None:
        """Let the branches go on from what was said last."""
        wanted = text("select branch, books from branch where till = :till")
        for on, books in self._act.execute(wanted, {"till": self._till}).all():
            said = json.dumps(json.loads(books) | self._of(on), sort_keys=True)
            values = {"till": self._till, "on": on, "books": said}
            self._act.execute(
                text("update branch set books = :books where till = :till and branch = :on"), values
            )
