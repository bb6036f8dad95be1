"""Lines of a bundle read, judged, and understood, some hundreds at a time.

Nothing is asked of the database here, so that it can be done in another process (`workers`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from pos_app.exchange.bundle import WHAT
from pos_app.exchange.chain import Entry
from pos_app.exchange.entry_line import read_entry
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.head_office.judging import judge, judge_run
from pos_app.head_office.meaning import Meaning, counted_of_sale, meaning_of
from pos_app.head_office.proving import TokenProver

MOST_LINES: Final = 1000
MOST_BYTES: Final = 4 * 1024 * 1024


class Destination(NamedTuple):
    """Where entries are expected to belong, and when they came.

    `packed`: their rows are wanted as bytes (`bulk.Packed`).
    """

    till: str
    branch: int
    received_ms: int
    packed: bool


class Batch(NamedTuple):
    """Lines of a bundle, the first one's number, whose they are, and how they are judged.

    `chained` for a bundle whose end the till signed: then a run of entries is proven by its last.
    `to` is where they are expected to belong; without one they are read one by one.
    """

    lines: list[bytes]
    first: int
    public: bytes
    chained: bool
    to: Destination | None = None


class Reading(NamedTuple):
    """An entry, what is wrong with it ("" for nothing), and what it means if it is genuine.

    `proven`: its own signature was looked at. `meaning` is None where nothing can be booked.
    """

    entry: Entry
    problem: str
    proven: bool
    meaning: Meaning | None


class Readings(NamedTuple):
    """The entries up to the first line that is none, and what is wrong with that line."""

    readings: list[Reading]
    line: int = 0
    problem: str = ""

    def stop(self) -> None:
        """Raise `ExchangeInvalid` if there was such a line."""
        if self.problem:
            raise ExchangeInvalid(format=WHAT, line=self.line, problem=self.problem)


Plain = tuple[list[tuple[Any, ...]], int, str]
"""`Readings` as plain values, which cost less between processes."""


def batches(lines: Iterator[bytes], public: bytes, *, chained: bool) -> Iterator[Batch]:
    """Yield the lines in pieces of bounded size; what came before a bad place comes first."""
    held: list[bytes] = []
    size, first = 0, 2
    failure: ExchangeInvalid | None = None
    while failure is None:
        try:
            line = next(lines, None)
        except ExchangeInvalid as bad:
            line, failure = None, bad
        if line is not None:
            held.append(line)
            size += len(line)
        if held and (line is None or len(held) == MOST_LINES or size >= MOST_BYTES):
            yield Batch(held, first, public, chained)
            first, held, size = first + len(held), [], 0
        if line is None and failure is None:
            return
    raise failure


def read(batch: Batch, prover: TokenProver) -> Readings:
    """Read a batch."""
    entries: list[Entry] = []
    bodies: list[dict[str, Any] | None] = []
    line, problem = 0, ""
    for line, raw in enumerate(batch.lines, batch.first):
        try:
            entry, body = read_entry(raw, WHAT, line)
        except ExchangeInvalid as bad:
            problem = str(bad.facts["problem"])
            break
        entries.append(entry)
        bodies.append(body)
    return Readings(list(_judged(batch, entries, bodies, prover)), line, problem)


def _judged(
    batch: Batch,
    entries: Sequence[Entry],
    bodies: Sequence[dict[str, Any] | None],
    prover: TokenProver,
) -> Iterator[Reading]:
    if batch.chained:
        verdicts = judge_run(entries, batch.public)
    else:
        verdicts = [(judge(each, batch.public), True) for each in entries]
    for entry, body, (bad, proven) in zip(entries, bodies, verdicts, strict=True):
        meaning = None if bad or body is None else meaning_of(entry, body, prover)
        yield Reading(entry, bad, proven, meaning)


def to_plain(found: Readings) -> Plain:
    """Return readings as plain values."""
    rows = [
        (
            each.entry.seq,
            each.entry.prev_hash,
            each.entry.at_ms,
            each.entry.kind,
            each.entry.body,
            each.entry.hash,
            each.entry.signature,
            each.problem,
            each.proven,
            each.meaning and _shortened(each.meaning),
        )
        for each in found.readings
    ]
    return rows, found.line, found.problem


def _shortened(meaning: Meaning) -> tuple[Any, ...]:
    if meaning.sale is not None:
        meaning = meaning._replace(body=counted_of_sale(meaning.body))
    return tuple(meaning)


def from_plain(plain: Plain) -> Readings:
    """Return readings from plain values."""
    rows, line, problem = plain
    readings = [
        Reading(Entry(*row[:7]), row[7], row[8], row[9] and Meaning(*row[9])) for row in rows
    ]
    return Readings(readings, line, problem)
