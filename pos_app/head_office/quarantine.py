"""What was set aside: looked at, handed out with every byte, and tried again.

Trying again is for after an update: a program that can read more takes what an older one could
not. Nothing is forced: what is not genuine stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from pos_app.domain.errors import PosError
from pos_app.exchange.canonical import read_canonical
from pos_app.exchange.chain import Entry
from pos_app.exchange.entry_line import entry_of
from pos_app.exchange.fields import Fields
from pos_app.head_office.given_errors import NothingAside
from pos_app.head_office.judging import judge
from pos_app.head_office.records import TillRecord
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import aside
from pos_app.head_office.taking import Taking

BUNDLE: Final = "bundle"


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Tries again to take what was set aside."""

    rooms: Rooms

    def retry(self, till: str, digest: str, by: str) -> bool:
        """Return whether a line or a bundle could be taken now; raises `NothingAside`."""
        office = self.rooms.office
        with office.store.reading() as act:
            row = aside.item(act, till, digest)
        if row is None or row["settled_ms"] is not None:
            raise NothingAside(till=till[:40])
        known, raw = self.rooms.till(till), bytes(row["raw"])
        try:
            done = self._bundle(known, raw) if row["seq"] is None else self._entry(known, raw)
        except PosError:
            done = False  # what kept it out then keeps it out still
        with office.store.writing() as act:
            if done:
                aside.settle(act, till, digest, by, office.clock.now_ms())
            office.log(act, by, "aside-retried", till, digest=digest, taken=done)
        return done

    def _bundle(self, till: TillRecord, raw: bytes) -> bool:
        self.rooms.ingest(till, BytesIO(raw))
        return True

    def _entry(self, till: TillRecord, raw: bytes) -> bool:
        found = _read(raw)
        if judge(found, till.public):
            return False
        ingest = self.rooms.ingest
        with ingest.store.writing() as act:
            taken = Taking.begin(act, till.till, ingest.workers.prover, ingest.clock.now_ms())
            done = taken.again(found)
            if done:
                taken.end()
        return done


def _read(raw: bytes) -> Entry:
    """Return the entry of a line; raises what is wrong with it."""
    values = read_canonical(raw)
    return entry_of(Fields(values if isinstance(values, dict) else {}, BUNDLE, 1))
