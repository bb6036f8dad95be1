"""What follows from entries that have their place: rows, and findings. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pos_app.exchange.chain import Entry
from pos_app.exchange.errors import NotCanonical
from pos_app.head_office import tally_rows
from pos_app.head_office.books import Books, Grants, count, snapshot
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.meaning import NOT_READ, Meaning, meaning_of
from pos_app.head_office.proving import TokenProver
from pos_app.head_office.store.journals import Branch

AHEAD_MS: Final = 10 * 60_000
"""How far a till's clock may be ahead of the server's."""
CLOCK_KIND: Final = "clock_settled"
"""The entry with which a supervisor puts the clock right, also back."""
_DAY_MS: Final = 86_400_000


@dataclass(slots=True)
class Followed:
    """What followed from some entries, in the columns of their tables after the till's name."""

    sales: list[tuple[Any, ...]] = field(default_factory=list)
    tokens: list[tuple[Any, ...]] = field(default_factory=list)
    reprints: list[tuple[int, int, int]] = field(default_factory=list)
    made_good: list[tuple[int, int, int]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    sums: tally_rows.Sums = field(default_factory=dict)
    closings: list[tuple[Any, ...]] = field(default_factory=list)
    keys: list[tuple[Any, ...]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, seq: int, on: int, meaning: Meaning, books: Books) -> None:
        """Add what entry `seq` says, on branch `on`; by its books where they say its day."""
        if meaning.sale is not None:
            self.sales.append((seq, on, *meaning.sale))
        for token in meaning.tokens:
            self.tokens.append((seq, on, *token))
        if meaning.reprint is not None:
            self.reprints.append((seq, on, meaning.reprint))
        if meaning.made_good is not None:
            self.made_good.append((seq, on, meaning.made_good))
        if meaning.closed is not None:
            self.closed.append({"seq": seq, **meaning.closed})
        tally_rows.add(self.sums, on, meaning.tally, books)
        if meaning.closing is not None:
            self.closings.append((seq, on, *tally_rows.dated(meaning.closing, books)))
        if meaning.key is not None:
            self.keys.append((seq, on, *meaning.key))
        self.findings += meaning.findings


class Unreadable(Exception):
    """An entry is genuine and cannot be booked; the reason is only that."""


@dataclass(frozen=True, slots=True)
class Projector:
    """Works out what an entry means in its place; `grants` are what the till was allowed."""

    prover: TokenProver
    grants: Grants
    now_ms: int

    def meaning(self, entry: Entry) -> Meaning | None:
        """Return what a stored entry says."""
        try:
            return meaning_of(entry, entry.reading(), self.prover)
        except NotCanonical:
            return None

    def follow(self, entry: Entry, meaning: Meaning | None, branch: Branch, into: Followed) -> None:
        """Add what follows from `entry` next on `branch`; raise `Unreadable` and add nothing.

        The branch's books are counted on; its head is not moved.
        """
        if meaning is None:
            raise Unreadable
        kept = snapshot(branch.books)
        try:
            found = [
                *self._of_clock(entry, branch.head.at_ms),
                *count(branch.books, entry, meaning.body, self.grants),
            ]
        except NOT_READ as why:
            # A till can sign anything: what cannot be read is kept, told, and booked nowhere.
            branch.books = kept
            raise Unreadable from why
        into.findings += found
        into.add(entry.seq, branch.number, meaning, branch.books)

    def _of_clock(self, entry: Entry, before_ms: int) -> Iterator[Finding]:
        if entry.at_ms < before_ms and entry.kind != CLOCK_KIND:
            evidence = {"at_ms": entry.at_ms, "before_ms": before_ms}
            yield Finding(FindingKind.CLOCK_BACK, str(entry.seq), entry.seq, evidence)
        if entry.at_ms > self.now_ms + AHEAD_MS:
            evidence = {"at_ms": entry.at_ms, "now_ms": self.now_ms}
            day = str(entry.at_ms // _DAY_MS)
            yield Finding(FindingKind.CLOCK_AHEAD, day, entry.seq, evidence)
