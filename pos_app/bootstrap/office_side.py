"""Head office behind the window: the page's door, on whatever thread each question belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pos_app.adapters.system.sticks import sticks
from pos_app.application.office_records import (
    EnrolWish,
    OfficeStatus,
    PackTaken,
    ShownCertificate,
)
from pos_app.application.office_sync import RoundDone
from pos_app.application.records import TillStatus
from pos_app.bootstrap import office_enrol
from pos_app.bootstrap.office_line import enrol, sync_shop, trust_certificate
from pos_app.bootstrap.office_loop import OfficeLoop
from pos_app.bootstrap.office_stick import export_bundle, import_packs
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.errors import PosError
from pos_app.exchange.allowance_code import Grant


@dataclass(frozen=True, slots=True)
class ShopOfficeSide:
    """Implements `pos_app.ui.presenters.office.OfficeDoor`.

    `ask` runs a job on the ledger's thread and waits; what waits for a stick or the network is
    called on another.
    """

    shop: OpenShop
    ask_ledger: Callable[[Callable[[], Any]], Any]
    loop: OfficeLoop | None = None
    find: Callable[[], tuple[Path, ...]] = sticks

    def look(self) -> tuple[OfficeStatus, TillStatus]:
        """Return how things stand; called on the ledger's thread."""
        return self.shop.desk.office.status(), self.shop.desk.status()

    def last_problem(self) -> PosError | None:
        """Return why the newest round by itself failed."""
        return self.loop.last.problem if self.loop else None

    def sticks(self) -> tuple[str, ...]:
        """Return the sticks that are in."""
        return tuple(str(path) for path in self.find())

    def write(self, stick: str) -> int:
        """Write a bundle to a stick; return how many entries, 0 when there is nothing to send."""
        done = export_bundle(self.shop, Path(stick), self.ask_ledger)
        return done.last - done.first + 1 if done else 0

    def take(self, stick: str) -> tuple[PackTaken, ...]:
        """Take the packs for this till from a stick."""
        return tuple(import_packs(self.shop, [Path(stick)], self.ask_ledger))

    def call(self) -> RoundDone:
        """Run one round over the line."""
        return sync_shop(self.shop, self.ask_ledger)

    def code(self, digits: str, operator_id: str) -> Grant:
        """Take an allowance code; called on the ledger's thread."""
        return self.shop.desk.office.take_code(digits, operator_id)

    def look_at(self, url: str) -> ShownCertificate:
        """Return the certificate that a server shows."""
        return office_enrol.look_at(url)

    def enrol(self, wish: EnrolWish, operator_id: str) -> tuple[str, str]:
        """Enrol over the line; return head office's name and its key's fingerprint."""
        return self._joined(enrol(self.shop, wish, operator_id, self.ask_ledger).name)

    def trust(self, pem: str, operator_id: str) -> None:
        """Trust another certificate of head office from now on."""
        trust_certificate(self.shop, pem, operator_id, self.ask_ledger)

    def ask(self, stick: str, code: str, operator_id: str) -> str:
        """Write a request to enrol to a stick; return the name of its file."""
        written = office_enrol.leave_request(
            self.shop, Path(stick), code, operator_id, self.ask_ledger
        )
        return written.name

    def answer(self, stick: str, operator_id: str) -> tuple[str, str]:
        """Believe the answer on a stick; return what `enrol` returns."""
        found = office_enrol.take_answer(self.shop, Path(stick), operator_id, self.ask_ledger)
        return self._joined(found.name)

    def _joined(self, name: str) -> tuple[str, str]:
        """Let the rounds begin, now that there is somebody to speak with."""
        if self.loop is not None:
            self.loop.sold()
        return name, self.ask_ledger(self.shop.desk.office.fingerprint)
