"""Meters out of a pack: few in one act while somebody sells, more while nobody does.

An act on the ledger's thread is short, so that a sale hardly waits for it; but every act costs a
sync of the disk and a piece of the search index, so that short ones together take several times as
long as long ones. Whether somebody is at work the journal tells: a sale, a sign-in, a reprint.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from pos_app.application.meter_import import (
    MeterFileInvalid,
    journal_moved,
    known_meter,
    meter_of_row,
    noting,
)
from pos_app.application.pack_records import Taking
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import MeterRecord
from pos_app.domain.errors import PosError
from pos_app.domain.meter_key import MeterKey
from pos_app.exchange.pack import Record, Section

LOT: Final = 40
"""So many records are taken in one act while somebody is at work: some 5 ms."""
LARGEST: Final = 2000
QUIET_MS: Final = 60_000
"""So long nothing came into the journal: nobody is at work."""
SLICE_MS: Final = 80
"""So long an act may be then; who comes back waits once for it, hardly to be noticed."""
_KINDS: Final = {str, int}

Read = list[tuple[Record, MeterRecord | str]]
"""Records with their meters; the number alone of those to take off the file."""


@dataclass(slots=True)
class MeterLots:
    """Takes meters; `size` is how many records the next act shall have."""

    ledger: Ledger
    clock: Clock
    size: int = LOT
    _seq: int = field(default=-1, init=False)
    _others_ms: int = field(default=0, init=False)

    def read(self, lot: list[Record], taking: Taking) -> Read:
        """Return what can be read of records without the ledger; called on any thread."""
        found: Read = []
        for record in lot:
            try:
                if "remove" in record.values:
                    found.append((record, record.fields().only("drn", "remove").text("drn", 20)))
                else:
                    found.append((record, _meter(record)))
            except PosError as problem:
                taking.refuse(record, problem)
        return found

    def take(self, lot: Read, taking: Taking) -> None:
        """Put meters on file or take them off, in one act; a local block stays."""
        started, quiet = self.clock.steady_ms(), self._quiet()
        fresh = self._fresh(lot, taking)
        gone = [drn for drn, meter in fresh.items() if meter is None]
        there = [meter for meter in fresh.values() if meter is not None]
        moved: dict[MeterKey, list[str]] = {}
        with self.ledger.writing() as act:
            act.import_meters(noting(self.ledger, there, moved))
            act.remove_meters(gone)
            journal_moved(act, moved, self.clock.now_ms())
        taking.counts[Section.METERS.value] += len(gone)
        self._seq = self.ledger.head().seq
        took = max(self.clock.steady_ms() - started, 1)
        fitting = min(self.size * SLICE_MS // took, 2 * self.size, LARGEST)
        self.size = max(fitting, LOT) if quiet else LOT

    def _quiet(self) -> bool:
        """Tell whether nobody but this pack has written into the journal for a while."""
        head = self.ledger.head()
        if head.seq != self._seq:
            self._others_ms = head.at_ms
        return self.clock.now_ms() - self._others_ms > QUIET_MS

    def _fresh(self, lot: Read, taking: Taking) -> dict[str, MeterRecord | None]:
        """Return what is to change: the meters that are not so on file, None for those to go."""
        utilities = {each.id for each in self.ledger.utilities()}
        tariffs = set(self.ledger.tariff_ids())
        drns = [meter.drn for _, meter in lot if not isinstance(meter, str)]
        on_file = self.ledger.office.meters(drns)
        fresh: dict[str, MeterRecord | None] = {}
        for record, meter in lot:
            if isinstance(meter, str):
                fresh[meter] = None
                continue
            try:
                known_meter(meter, record.line, utilities, tariffs)
            except MeterFileInvalid as problem:
                taking.refuse(record, problem)
                continue
            taking.counts[Section.METERS.value] += 1
            before = on_file.get(meter.drn)
            new = replace(meter, blocked=before.blocked) if before and before.blocked else meter
            if new == before:
                fresh.pop(meter.drn, None)
            else:
                fresh[meter.drn] = new
        return fresh


def _meter(record: Record) -> MeterRecord:
    values = record.values
    if not set(map(type, values.values())) <= _KINDS:
        raise MeterFileInvalid(line=record.line, problem="fields")
    return meter_of_row(dict(zip(values, map(str, values.values()), strict=True)), record.line)
