"""Taking a till's bundle in: each entry proven by itself, kept once, booked in order.

Nothing of a bundle has to be there at once and nothing has to come twice: entries are taken a
thousand at a time, each transaction ends durable, and what came before a cut stays. A bad entry is
set aside with every byte of it, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Final

from pos_app.exchange.bundle import WHAT, bundle_lines
from pos_app.exchange.chain import Head
from pos_app.exchange.compression import LONGEST_LINE
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.head_office.clock import Clock
from pos_app.head_office.errors import BundleOfAnother
from pos_app.head_office.proving import KeyRing, TokenProver
from pos_app.head_office.reading import Destination, Reading, batches
from pos_app.head_office.records import TillRecord
from pos_app.head_office.store import journals, tills
from pos_app.head_office.store.engine import RowRefused, Store
from pos_app.head_office.straight import take_straight
from pos_app.head_office.stretch import Stretch
from pos_app.head_office.taking import Refused, Taking
from pos_app.head_office.workers import Workers

_AT_ONCE: Final = 500
"""Entries of one transaction that waited for their past."""
_MOST_TOLD: Final = 1000
_MOST_HELD: Final = LONGEST_LINE
"""Bytes of a bundle that are not unpacked twice: as many as one line may have."""
_LARGEST_KEPT: Final = 8 * 1024 * 1024


@dataclass(slots=True)
class Outcome:
    """What became of a bundle: how many entries were new, which were refused, how far we are."""

    new: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)
    head: Head | None = None
    settled: bool = False
    """Whether nothing waits any more, as the last transaction saw."""

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
    workers: Workers = field(default_factory=lambda: Workers(TokenProver(KeyRing())))
    _forked: dict[str, int] = field(default_factory=dict)
    """The branch on which a till's entries went last, of tills whose is not the first."""

    def __call__(self, till: TillRecord, file: IO[bytes]) -> Outcome:
        """Take a bundle of `till` from a file that can be read twice.

        Raises `BundleOfAnother`, or `ExchangeInvalid` and `ExchangeNewer` for bytes that are no
        bundle; what was proven before the bad place is kept, and so are the bytes.
        """
        outcome = Outcome()
        try:
            self._take_all(till, file, outcome)
        except ExchangeInvalid as bad:
            self._keep_bytes(till, file, str(bad.facts["problem"]))
            raise
        finally:
            self._settle(till, outcome)
        return outcome

    def _take_all(self, till: TillRecord, file: IO[bytes], outcome: Outcome) -> None:
        bundle = bundle_lines(file)
        owner, before = bundle.title.owner, bundle.title.first - 1
        if (owner.till, owner.public) != (till.till, till.public):
            raise BundleOfAnother(till=owner.till, sender=till.till)
        whole, lines = _looked_through(bundle.lines)
        if lines is None:
            file.seek(0)
            lines = bundle_lines(file).lines
        read = batches(lines, till.public, chained=whole)
        placed = (each._replace(to=self._destination(till.till)) for each in read)
        for batch, found in self.workers.read_all(placed):
            if isinstance(found, Stretch):
                last, fits = found.head.seq, before < found.first
                fits &= last <= bundle.title.last
                if fits and self._take_straight(found, till, outcome, bundle.title.last):
                    before = last
                    continue
            singly = self.workers.read_singly(batch) if isinstance(found, Stretch) else found
            for readings in _in_order(singly.readings, before, bundle.title.last):
                self._take(readings, till, outcome)
                before = readings[-1].entry.seq
            singly.stop()

    def _destination(self, till: str) -> Destination:
        """Return where a till's next entries most likely belong: where the last ones went."""
        branch = self._forked.get(till, 0)
        return Destination(till, branch, self.clock.now_ms(), self.store.takes_packed)

    def _take_straight(
        self, stretch: Stretch, till: TillRecord, outcome: Outcome, last: int
    ) -> bool:
        """Take a stretch in one transaction if nothing about it is out of the ordinary.

        With entry `last` of the bundle it looks whether anything waits, which is seldom.
        """
        try:
            with self.store.writing() as act:
                taken = Taking.begin(act, till.till, self.workers.prover, self.clock.now_ms())
                if not take_straight(taken, stretch):
                    return False
                taken.end()
                settled = stretch.head.seq == last and taken.nothing_waits()
                if settled:
                    tills.seen(act, till.till, taken.now_ms)
        except RowRefused:
            return False
        self._added(outcome, taken)
        outcome.settled = settled
        return True

    def _added(self, outcome: Outcome, taken: Taking) -> None:
        outcome.add(taken)
        if taken.spoken:
            self._forked[taken.till] = taken.spoken
        elif taken.spoken == 0:
            self._forked.pop(taken.till, None)

    def _take(self, readings: Sequence[Reading], till: TillRecord, outcome: Outcome) -> None:
        """Take some entries in one transaction; one that the database refuses is set aside."""
        now_ms = self.clock.now_ms()
        try:
            with self.store.writing() as act:
                taken = Taking.begin(act, till.till, self.workers.prover, now_ms)
                taken.take(readings)
                taken.end()
        except RowRefused:
            if len(readings) == 1 and readings[0].problem:
                raise
            if len(readings) == 1:
                return self._take([readings[0]._replace(problem="store")], till, outcome)
            for each in readings:
                self._take([each], till, outcome)
            return None
        self._added(outcome, taken)
        return None

    def _settle(self, till: TillRecord, outcome: Outcome) -> None:
        """Let what waited join, a piece in each transaction, and tell the gaps that are left."""
        more = not outcome.settled
        while more:
            with self.store.writing() as act:
                taken = Taking.begin(act, till.till, self.workers.prover, self.clock.now_ms())
                more = taken.join_waiting(_AT_ONCE)
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


def _looked_through(lines: Iterator[bytes]) -> tuple[bool, Iterator[bytes] | None]:
    """Tell whether the till signed all of a bundle as it is; return its lines if they are few.

    Bytes that were changed on the way can then not bring a false signature in under a true one.
    """
    held: list[bytes] = []
    size = 0
    try:
        for line in lines:
            size += len(line)
            if size <= _MOST_HELD:
                held.append(line)
            else:
                held.clear()
    except ExchangeInvalid:
        return False, None
    return True, iter(held) if size <= _MOST_HELD else None


def _in_order(readings: Sequence[Reading], before: int, last: int) -> Iterator[Sequence[Reading]]:
    """Yield the entries up to the first whose number does not rise; raise then."""
    for at, each in enumerate(readings):
        if not before < each.entry.seq <= last:
            if at:
                yield readings[:at]
            raise ExchangeInvalid(format=WHAT, line=at, problem="order")
        before = each.entry.seq
    if readings:
        yield readings
