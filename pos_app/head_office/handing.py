"""Handing packs out: the next one for a till, over the network or as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pos_app.head_office.elsewhere import told_lately
from pos_app.head_office.errors import PackUnknown
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.office import Office
from pos_app.head_office.packing import Packing
from pos_app.head_office.records import TillRecord
from pos_app.head_office.store import packs, rows, tills
from pos_app.head_office.store.engine import Act


@dataclass(frozen=True, slots=True)
class Handing:
    """Hands packs out, a piece at a time."""

    office: Office
    packing: Packing

    def next_after(self, till: TillRecord, after: int, digest: str = "") -> int | None:
        """Return the number of the pack that follows the last one a till holds; None: none does.

        A till that holds less than it told us before has lost what it knew: an old copy of it was
        put back. A till that holds them all gets one more where its meters bought elsewhere,
        but not so soon after the last one (`PAUSE_MS`). One whose newest pack (`digest`) is none of
        ours says what we lost: an old database was put back here. The next pack follows that one.
        """
        now_ms = self.office.clock.now_ms()
        with self.office.store.writing() as act:
            held = tills.till_of(act, till.till)
            if held is None:
                return None
            if digest and after >= held.pack_number and (after, digest) != _newest(held):
                self._forgot(act, held, after, digest)
                return None
            if after < held.pack_asked:
                evidence = {"held": held.pack_asked, "says": after}
                mark = f"pack {held.pack_asked} {after}"
                finding = Finding(FindingKind.ROLLED_BACK, mark, None, evidence)
                rows.add_findings(act, till.till, [finding], now_ms)
            if after != held.pack_asked:
                tills.change(act, till.till, pack_asked=min(after, held.pack_number))
            if 0 <= after < held.pack_number:
                return after + 1
            if after != held.pack_number or told_lately(act, till.till, now_ms):
                return None
        issued = self.packing.issue_units(till.till)
        return None if issued is None else issued.number

    def _forgot(self, act: Act, held: TillRecord, after: int, digest: str) -> None:
        """Go on with a till where it is, and tell that its packs are not known here."""
        evidence = {"held": held.pack_number, "says": after}
        found = Finding(FindingKind.PACKS_FORGOTTEN, f"pack {after} {digest[:16]}", None, evidence)
        rows.add_findings(act, held.till, [found], self.office.clock.now_ms())
        tills.change(act, held.till, pack_number=after, pack_digest=digest, pack_asked=after)

    def pieces(self, till: str, number: int) -> Iterator[bytes]:
        """Yield the bytes of a pack; raises `PackUnknown` before the first."""
        part = 0
        while True:
            with self.office.store.reading() as act:
                content = packs.part_of(act, till, number, part)
            if content is None:
                if part == 0:
                    raise PackUnknown(till=till[:40], number=number)
                return
            yield content
            part += 1


def _newest(held: TillRecord) -> tuple[int, str]:
    return held.pack_number, held.pack_digest
