"""Taking packs: proven first, then in their order, then a few records at a time.

A pack is taken in many short acts, so that the counter never waits for it, and counts as taken
with the last of them; what a killed program left half done is done again, because every record
may be taken twice. One bad record is set aside and told to head office; it does not keep the rest
from coming in. A pack whose day has not come is kept, sealed with the ledger, and taken then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from pos_app.application.office_ports import OnLedger
from pos_app.application.office_records import (
    Enrolled,
    HeldPack,
    NotEnrolled,
    PackDiffers,
    PackOfAnotherTill,
    PackRow,
    PackSkips,
    PackTaken,
)
from pos_app.application.pack_records import Taking
from pos_app.application.pack_sections import Sections
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import ShopIdentity
from pos_app.exchange.pack import (
    NONE_BEFORE,
    PackTitle,
    ProvenPack,
    Section,
    pack_records,
    prove_pack,
)

PIECE: Final = 256 * 1024
_IN_MEMORY: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Packs:
    """The side of head office that comes down."""

    identity: ShopIdentity
    ledger: Ledger
    clock: Clock
    sections: Sections

    def newest(self) -> int:
        """Return the number of the newest pack of this till's own series, or the one to follow."""
        row = self.ledger.office.pack(self.identity.till)
        enrolled = self.ledger.office.enrolled()
        return row.number if row else (enrolled.first_pack - 1 if enrolled else 0)

    def held(self) -> HeldPack:
        """Return the number of the newest pack and its digest, empty before the first."""
        row = self.ledger.office.pack(self.identity.till)
        return HeldPack(self.newest(), row.digest if row else b"")

    def take(self, file: IO[bytes], on_ledger: OnLedger[Any]) -> PackTaken:
        """Take a pack from its start on; `on_ledger` runs the short acts.

        Raises `NotEnrolled`, `ExchangeInvalid`, `ExchangeNewer`, `SectionUnknown`,
        `PackOfAnotherTill`, `PackDiffers` or `PackSkips`; nothing was taken then.
        """
        enrolled: Enrolled | None = on_ledger(self.ledger.office.enrolled)
        if enrolled is None:
            raise NotEnrolled
        file.seek(0)
        pack = _proven(file, enrolled, on_ledger)
        held: PackRow | None = on_ledger(lambda: self._place(pack, enrolled))
        if held is not None:
            title = pack.title
            return PackTaken(title.till, title.number, title.active_from_ms, {}, again=True)
        file.seek(0)
        if pack.title.active_from_ms > on_ledger(self._now):
            return self._keep(file, pack, on_ledger)
        return self._apply(file, pack, on_ledger)

    def take_due(self, on_ledger: OnLedger[Any]) -> tuple[PackTaken, ...]:
        """Take the packs whose day has come since they came in."""
        found = []
        for row in on_ledger(self._due):
            with SpooledTemporaryFile(_IN_MEMORY) as file:
                for number in range(1 << 30):
                    piece = on_ledger(lambda: self._piece(row, number))  # noqa: B023 - at once
                    if piece is None:
                        break
                    file.write(piece)
                file.seek(0)
                enrolled = on_ledger(self.ledger.office.enrolled)
                pack = _proven(file, enrolled, on_ledger)
                file.seek(0)
                found.append(self._apply(file, pack, on_ledger))
        return tuple(found)

    def _piece(self, row: PackRow, number: int) -> bytes | None:
        return self.ledger.office.waiting_piece(row.digest, number)

    def _due(self) -> list[PackRow]:
        now = self._now()
        return [p for p in self.ledger.office.waiting_packs() if p.active_from_ms <= now]

    def _now(self) -> int:
        return max(self.clock.now_ms(), self.ledger.clock_floor_ms())

    def _place(self, pack: ProvenPack, enrolled: Enrolled) -> PackRow | None:
        """Return the row of a pack that is here already; raise where it does not belong here."""
        title = pack.title
        if title.till != self.identity.till:
            raise PackOfAnotherTill(here=self.identity.till, there=title.till)
        held = self.ledger.office.pack(title.till, title.number)
        newest = self.ledger.office.pack(title.till)
        if held is not None:
            if held.digest != pack.digest:
                self._refuse(pack)
            return held
        expected = newest.number + 1 if newest else enrolled.first_pack
        if title.number > expected:
            raise PackSkips(number=title.number, expected=expected)
        before = newest.digest if newest else _before_first(title)
        if title.number < expected or title.previous != before:
            self._refuse(pack)
        return None

    def _refuse(self, pack: ProvenPack) -> None:
        """Journal, once, that two packs claim one place, and raise `PackDiffers`."""
        if not self.ledger.office.was_refused(pack.digest):
            with self.ledger.writing() as act:
                act.append("pack_refused", _named(pack), self.clock.now_ms())
        raise PackDiffers(number=pack.title.number)

    def _keep(self, file: IO[bytes], pack: ProvenPack, on_ledger: OnLedger[Any]) -> PackTaken:
        number = 0
        while piece := file.read(PIECE):
            on_ledger(lambda: self._keep_piece(pack.digest, number, piece))  # noqa: B023 - at once
            number += 1

        def taken() -> None:
            with self.ledger.writing() as act:
                act.append("pack_taken", _named(pack), self.clock.now_ms())

        on_ledger(taken)
        title = pack.title
        return PackTaken(title.till, title.number, title.active_from_ms, {}, waits=True)

    def _keep_piece(self, digest: bytes, number: int, piece: bytes) -> None:
        with self.ledger.writing() as act:
            act.keep_piece(digest, number, piece)

    def _apply(self, file: IO[bytes], pack: ProvenPack, on_ledger: OnLedger[Any]) -> PackTaken:
        taking = Taking(pack.title)
        for job in self._jobs(file, taking):
            on_ledger(job)
        taking.refused.sort()
        refused = [list(each) for each in taking.refused]
        body = {
            **_named(pack),
            "sections": [section.value for section in pack.title.sections],
            "counts": dict(taking.counts),
            "refused": refused,
            "refused_count": taking.refused_count,
        }

        def done() -> None:
            with self.ledger.writing() as act:
                act.append("pack_imported", body, self.clock.now_ms())
                act.drop_pieces(pack.digest)

        on_ledger(done)
        title = pack.title
        acknowledged = Section.ACKNOWLEDGEMENT in title.sections
        if acknowledged and Section.ACKNOWLEDGEMENT not in taking.refused_in:
            on_ledger(lambda: self.sections.up.whole(title.issued_at_ms))
        return PackTaken(
            title.till,
            title.number,
            title.active_from_ms,
            dict(taking.counts),
            tuple(taking.refused),
            taking.refused_count,
        )

    def _jobs(self, file: IO[bytes], taking: Taking) -> Iterator[Any]:
        return self.sections.jobs(pack_records(file), taking)


def _proven(file: IO[bytes], enrolled: Enrolled, on_ledger: OnLedger[Any]) -> ProvenPack:
    """Prove a pack, and stand in line behind the counter every now and then.

    Proving takes the interpreter for itself, which a sale on the ledger's thread needs again and
    again: it would wait 5 ms each time.
    """
    return prove_pack(file, enrolled.office, lambda: on_ledger(int))


def _named(pack: ProvenPack) -> dict[str, Any]:
    title = pack.title
    return {
        "office": title.office.hex(),
        "series": title.till,
        "number": title.number,
        "digest": pack.digest.hex(),
        "issued_at_ms": title.issued_at_ms,
        "active_from_ms": title.active_from_ms,
    }


def _before_first(title: PackTitle) -> bytes:
    return NONE_BEFORE if title.number == 1 else title.previous
