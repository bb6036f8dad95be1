"""Entries of a bundle made ready in the reading process, where all is as a till writes it.

Almost every bundle is: usual lines that follow each other, whose chain one signature proves, each
understood and without anything to find. Their rows are then made here as the database takes them,
and the server has only to see that they go on where the till's journal ends (`straight`). Of
anything else nothing is said here: `stretch_of` returns None, and every entry is read, judged and
placed by itself (`reading`, `taking`).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pos_app.exchange.chain import PURPOSE, Head, seal
from pos_app.exchange.entry_line import Line, read_usual
from pos_app.exchange.quick_canonical import read_quickly
from pos_app.exchange.signing import signature_holds
from pos_app.head_office.books import Body
from pos_app.head_office.meaning import NOT_READ, meaning_of
from pos_app.head_office.prepared import Prepared, Undated, prepared
from pos_app.head_office.projecting import CLOCK_KIND, Followed
from pos_app.head_office.proving import TokenProver
from pos_app.head_office.reading import Batch, Destination
from pos_app.head_office.runs import Counting, Run, Step
from pos_app.head_office.shop_day import PLACE, SAYING, place_after
from pos_app.head_office.tally_rows import is_open

_ANY_MS: Final = 2**63
_HASH: Final = 32


class Stretch(NamedTuple):
    """Entries that go on after (number, hash) `before`, ready to be written on `branch`.

    `hashes` has one of each entry, `head` is the last. The entry before is not of a later time
    than `since_ms`, or the clock went back; `latest_ms` is the highest time of all. `place` is what
    was said last of the shop's time (`shop_day`), `undated` what came before anything was.
    """

    branch: int
    before: tuple[int, bytes]
    head: Head
    since_ms: int
    latest_ms: int
    hashes: bytes
    ready: Prepared
    steps: list[Run | Step]
    place: list[Any] | None
    undated: list[Undated]

    @property
    def first(self) -> int:
        """Return the number of the first entry."""
        return self.before[0] + 1

    @property
    def size(self) -> int:
        """Return how many entries they are."""
        return self.head.seq - self.before[0]

    def places(self) -> list[tuple[int, bytes]]:
        """Return number and hash of each entry."""
        starts = range(0, len(self.hashes), _HASH)
        return [(seq, self.hashes[at : at + _HASH]) for seq, at in enumerate(starts, self.first)]


def stretch_of(batch: Batch, prover: TokenProver) -> Stretch | None:
    """Return what a batch comes to when nothing about it is out of the ordinary."""
    if batch.to is None or not batch.chained:
        return None
    making = _Making(batch.to, prover)
    try:
        if not all(map(making.add, batch.lines)):
            return None
        last = making.lines[-1]
        if not signature_holds(batch.public, PURPOSE, last.hash, last.signature):
            return None
        return making.made()
    except (*NOT_READ, struct.error):
        return None


@dataclass(slots=True)
class _Making:
    """A stretch, line by line: what was read of one is let go before the next."""

    to: Destination
    prover: TokenProver
    lines: list[Line] = field(default_factory=list)
    followed: Followed = field(default_factory=Followed)
    counting: Counting = field(default_factory=Counting)
    books: dict[str, Any] = field(default_factory=dict)
    undated: list[Undated] = field(default_factory=list)

    def add(self, raw: bytes) -> bool:
        """Add a line; return whether it is one that goes on, and of which nothing is found."""
        usual = read_usual(raw, read_quickly)
        if usual is None or not self._follows(usual[0]):
            return False
        line, body = usual
        meaning = meaning_of(line, body, self.prover)
        if meaning is None or meaning.findings:
            return False
        if not self._placed(line, body):
            return False
        if PLACE not in self.books and is_open(meaning.tally, meaning.closing):
            self.undated.append(Undated(line.seq, meaning.tally, meaning.closing))
            meaning = meaning._replace(tally=None, closing=None)
        self.followed.add(line.seq, self.to.branch, meaning, self.books)
        self.counting.add(line, body)
        self.lines.append(line)
        return True

    def _placed(self, line: Line, body: Body) -> bool:
        """Keep what a line says of its place; tell whether no line before these has to help."""
        if line.kind not in SAYING:
            return True
        known = PLACE in self.books or line.seq == 1
        place_after(line.kind, body, self.books)
        return known or None not in (body.get("offset_minutes"), body.get("training"))

    def _follows(self, line: Line) -> bool:
        """Tell whether a line's content is what was sealed, and goes on after the last one."""
        if seal(line.prev_hash, line.seq, line.at_ms, line.kind, line.body) != line.hash:
            return False
        if not self.lines:
            return True
        past = self.lines[-1]
        went_on = line.at_ms >= past.at_ms or line.kind == CLOCK_KIND
        return went_on and (line.seq, line.prev_hash) == (past.seq + 1, past.hash)

    def made(self) -> Stretch:
        """Return what the lines came to."""
        till, on, now_ms, packed = self.to
        first, last = self.lines[0], self.lines[-1]
        rows = [
            (till, seq, digest, prev_hash, at_ms, kind, body.decode(), signature, on, now_ms)
            for seq, prev_hash, at_ms, kind, body, digest, signature in self.lines
        ]
        return Stretch(
            on,
            (first.seq - 1, first.prev_hash),
            Head(last.seq, last.hash, last.at_ms),
            _ANY_MS if first.kind == CLOCK_KIND else first.at_ms,
            max(line.at_ms for line in self.lines),
            b"".join([line.hash for line in self.lines]),
            prepared(till, rows, self.followed, packed=packed),
            self.counting.steps,
            self.books.get(PLACE),
            self.undated,
        )
