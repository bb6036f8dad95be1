"""Taking a till's bundle in: each entry proven by itself, kept once, booked in order.

Nothing of a bundle has to be there at once and nothing has to come twice: entries are taken some
hundreds at a time, each transaction ends durable, and what came before a cut stays. A bad entry is
set aside with every byte of it, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Final

from pos_app.exchange.bundle import read_bundle
from pos_app.exchange.chain import Entry, Head
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.head_office.branching import judge
from pos_app.head_office.clock import Clock
from pos_app.head_office.errors import BundleOfAnother
from pos_app.head_office.proving import KeyRing, TokenProver
from pos_app.head_office.records import TillRecord
from pos_app.head_office.store import journals, tills
from pos_app.head_office.store.engine import RowRefused, Store
from pos_app.head_office.taking import Refused, Taking

AT_ONCE: Final = 500
"""Entries of one transaction."""
_MOST_TOLD: Final = 1000
_LARGEST_KEPT: Final = 8 * 1024 * 1024

Judged = tuple[Entry, str]


@dataclass(slots=True)
class Outcome:
    """What became of a bundle: how many entries were new, which were refused, how far we are."""

    new: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)
    head: Head | None = None

    def add(self, taken: Taking) -> None:
        """Add what became of some entries."""
        self.new += taken.new
        self.known += taken.repeated
        self.refused += taken.refused[: _MOST_TOLD - len(self.refused)]
        self.head = taken.head


@dataclass(frozen=True, slots=True)
class Ingest:
    """Takes bundles in. Two that come at once for one till take turns."""

    store: Store
    clock: Clock
    prover: TokenProver = field(default_factory=lambda: TokenProver(KeyRing()))

    def __call__(self, till: TillRecord, file: IO[bytes]) -> Outcome:
        """Take a bundle of `till`.

        Raises `BundleOfAnother`, or `ExchangeInvalid` and `ExchangeNewer` for bytes that are no
        bundle; what was proven before the bad place is kept, and so are the bytes.
        """
        outcome = Outcome()
        try:
            bundle = read_bundle(file)
            owner = bundle.title.owner
            if (owner.till, owner.public) != (till.till, till.public):
                raise BundleOfAnother(till=owner.till, sender=till.till)
            for batch in _batches(bundle.entries):
                self._take([(each, judge(each, till.public)) for each in batch], till, outcome)
        except ExchangeInvalid as bad:
            self._keep_bytes(till, file, str(bad.facts["problem"]))
            raise
        finally:
            self._settle(till, outcome)
        return outcome

    def _take(self, judged: Sequence[Judged], till: TillRecord, outcome: Outcome) -> None:
        """Take some entries in one transaction; one that the database refuses is set aside."""
        now_ms = self.clock.now_ms()
        try:
            with self.store.writing() as act:
                taken = Taking.begin(act, till.till, self.prover, now_ms)
                taken.take(judged)
                taken.end()
        except RowRefused:
            if len(judged) == 1 and judged[0][1]:
                raise
            if len(judged) == 1:
                return self._take([(judged[0][0], "store")], till, outcome)
            for each in judged:
                self._take([each], till, outcome)
            return None
        outcome.add(taken)
        return None

    def _settle(self, till: TillRecord, outcome: Outcome) -> None:
        """Let what waited join, a piece in each transaction, and tell the gaps that are left."""
        more = True
        while more:
            with self.store.writing() as act:
                taken = Taking.begin(act, till.till, self.prover, self.clock.now_ms())
                more = taken.join_waiting(AT_ONCE)
                taken.end()
                if not more:
                    taken.tell_gaps()
                    tills.seen(act, till.till, self.clock.now_ms())
                outcome.head = taken.head_of(outcome.head)

    def _keep_bytes(self, till: TillRecord, file: IO[bytes], problem: str) -> None:
        """Keep a bundle that cannot be read; one that was only cut off will come again."""
        if problem == "cut-off":
            return
        file.seek(0)
        raw = file.read(_LARGEST_KEPT + 1)
        if len(raw) <= _LARGEST_KEPT:
            with self.store.writing() as act:
                journals.keep_bundle(act, till.till, raw, problem, self.clock.now_ms())


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Yield entries `AT_ONCE` at a time; what came before a bad line comes first."""
    source = iter(entries)
    while True:
        batch: list[Entry] = []
        try:
            batch.extend(islice(source, AT_ONCE))
        except ExchangeInvalid:
            if batch:
                yield batch
            raise
        if not batch:
            return
        yield batch
