"""Everything an open office can do, in one place for the server and for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any

from pos_app.exchange.acknowledgement import Acknowledgement, write_acknowledgement
from pos_app.exchange.chain import EMPTY
from pos_app.head_office.enrolling import Enrolling
from pos_app.head_office.errors import TillUnknown
from pos_app.head_office.gate import Gate
from pos_app.head_office.handing import Handing
from pos_app.head_office.hooks.keeping import Hooks
from pos_app.head_office.ingest import Ingest, Outcome
from pos_app.head_office.key_sets import KeySets
from pos_app.head_office.keys import key_ring
from pos_app.head_office.office import HERE, Office
from pos_app.head_office.oversold import Oversold
from pos_app.head_office.packing import Packing
from pos_app.head_office.people import People
from pos_app.head_office.proposals import Proposals
from pos_app.head_office.proving import TokenProver
from pos_app.head_office.records import TillRecord, TillState
from pos_app.head_office.scanning import Scanning
from pos_app.head_office.second_look import SecondLook
from pos_app.head_office.standings import Standings
from pos_app.head_office.store import tills
from pos_app.head_office.workers import Workers


@dataclass(frozen=True, slots=True)
class Rooms:
    """The office's use cases."""

    office: Office
    enrolling: Enrolling
    gate: Gate
    ingest: Ingest
    packing: Packing
    handing: Handing
    people: People
    scanning: Scanning
    hooks: Hooks
    key_sets: KeySets
    proposals: Proposals
    second_look: SecondLook
    standings: Standings
    oversold: Oversold

    @classmethod
    def of(cls, office: Office, url: str = "") -> Rooms:
        """Open every room; `url` is where tills reach the server."""
        workers = Workers(TokenProver(key_ring(office)))
        packing = Packing(office)
        return cls(
            office,
            Enrolling(office, url),
            Gate(office),
            Ingest(office.store, office.clock, workers),
            packing,
            Handing(office, packing),
            People(office),
            Scanning(office),
            Hooks(office),
            KeySets(office),
            Proposals(office),
            SecondLook(office.store, office.clock, workers),
            Standings(office),
            Oversold(office, packing),
        )

    def employ(self, number: int) -> None:
        """Read bundles in `number` processes from now on; only before there are threads."""
        self.office.store.close()  # no connection is left in two processes
        self.ingest.workers.start(number)

    def take(self, till: TillRecord, file: IO[bytes]) -> dict[str, Any]:
        """Take a bundle in and return the answer for the till; raises what `Ingest` raises."""
        try:
            return self.answer(till, self.ingest(till, file))
        finally:
            self.scanning.settle(till.till)

    def answer(self, till: TillRecord, outcome: Outcome) -> dict[str, Any]:
        """Return what a till is told about its bundle."""
        head = outcome.head or EMPTY
        found = Acknowledgement(head.seq, head.hash, self.office.clock.now_ms())
        said = write_acknowledgement(till.till, found, self.office.authority)
        refused = [{"seq": each.seq, "reason": each.reason} for each in outcome.refused]
        return {"acknowledged": said, "refused": refused}

    def till(self, name: str) -> TillRecord:
        """Return an enrolled till; raises `TillUnknown`."""
        with self.office.store.reading() as act:
            found = tills.till_of(act, name)
        if found is None:
            raise TillUnknown(till=name[:40])
        return found

    def block(self, name: str, by: str = HERE, *, blocked: bool = True) -> None:
        """Refuse a till from now on, or let it in again; raises `TillUnknown`."""
        state = TillState.BLOCKED if blocked else TillState.ENROLLED
        with self.office.store.writing() as act:
            if not tills.change(act, name, state=state.value):
                raise TillUnknown(till=name[:40])
            self.office.log(act, by, f"till-{state.value}", name)
