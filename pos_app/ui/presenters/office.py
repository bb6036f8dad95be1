"""Head office at the till: how things stand, the stick, the line, a code from the telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from pos_app.application.office_records import EnrolWish, OfficeNotTrusted
from pos_app.domain.errors import PosError
from pos_app.ui.presenters.desk import Latest, Run

if TYPE_CHECKING:
    from pos_app.application.office_records import OfficeStatus, PackTaken, ShownCertificate
    from pos_app.application.office_sync import RoundDone
    from pos_app.application.records import Operator, TillStatus
    from pos_app.exchange.allowance_code import Grant

WRITE: Final = "write"
TAKE: Final = "take"
CALL: Final = "call"
ENROL: Final = "enrol"
TRUST: Final = "trust"
ASK: Final = "enrol-write"
ANSWER: Final = "enrol-take"
"""Writing a request to enrol to a stick, and taking the answer from it."""
_SECURE: Final = "https://"


class OfficeDoor(Protocol):
    """What the page asks; `look` and `code` on the ledger's thread, the rest on another."""

    def look(self) -> tuple[OfficeStatus, TillStatus]:
        """Return how things stand."""
        ...

    def last_problem(self) -> PosError | None:
        """Return why the newest round by itself failed, None if it did not; quick, called here."""
        ...

    def sticks(self) -> tuple[str, ...]:
        """Return the sticks that are in the computer."""
        ...

    def write(self, stick: str) -> int:
        """Write what is to be sent; return how many entries."""
        ...

    def take(self, stick: str) -> tuple[PackTaken, ...]:
        """Take the packs for this till; raise ``no-pack-here``, ``pack-skips`` …."""
        ...

    def call(self) -> RoundDone:
        """Run one round over the line; raise ``office-unreachable`` …."""
        ...

    def code(self, digits: str, operator_id: str) -> Grant:
        """Take an allowance code; raise ``allowance-code-wrong`` …."""
        ...

    def look_at(self, url: str) -> ShownCertificate:
        """Return the certificate that a server shows."""
        ...

    def enrol(self, wish: EnrolWish, operator_id: str) -> tuple[str, str]:
        """Enrol over the line; return head office's name and its key's fingerprint.

        Raises ``office-not-trusted``, ``role-needed``, ``enrolment-code-wrong`` ….
        """
        ...

    def trust(self, pem: str, operator_id: str) -> None:
        """Trust another certificate of head office; raise ``certificate-elsewhere`` …."""
        ...

    def ask(self, stick: str, code: str, operator_id: str) -> str:
        """Write a request to enrol to a stick; return the name of its file."""
        ...

    def answer(self, stick: str, operator_id: str) -> tuple[str, str]:
        """Believe the answer on a stick; return what `enrol` returns."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about what was done: its key without ``uioffice.``, its facts, its state."""

    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    state: str = "done"


@dataclass(frozen=True, slots=True)
class OfficeScreen:
    """What stands on the page.

    `busy` is what is being done, empty for nothing; `sticks` are to choose from for `wanted`;
    `shown` is the certificate that a supervisor is asked to compare.
    """

    status: OfficeStatus | None = None
    till: TillStatus | None = None
    busy: str = ""
    wanted: str = ""
    sticks: tuple[str, ...] = ()
    shown: ShownCertificate | None = None
    said: Said | None = None
    problem: PosError | None = None


class OfficeView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: OfficeScreen) -> None:
        """Draw `screen`."""
        ...

    def clear_code(self) -> None:
        """Empty the field of the code: it was taken."""
        ...

    def end_enrolling(self) -> None:
        """Show the page of a till that is enrolled."""
        ...


@dataclass(frozen=True, slots=True)
class OfficeParts:
    """The door and the ways to run: on the ledger's thread, and on one that may wait."""

    door: OfficeDoor
    run: Run
    io: Run


class OfficePresenter:
    """One thing at a time; each ends with a sentence and with the numbers asked anew."""

    def __init__(self, parts: OfficeParts, operator: Operator, view: OfficeView) -> None:
        self._door, self._run, self._io = parts.door, parts.run, parts.io
        self._operator, self._view = operator, view
        self._looking = Latest(parts.run)
        self._screen = OfficeScreen()
        self._wish = EnrolWish("", "")
        self.changed: Callable[[], None] = lambda: None

    @property
    def asked_url(self) -> str:
        """The address whose certificate is asked about: the one to enrol with, or head office's."""
        known = self._screen.status.enrolled if self._screen.status else None
        return self._wish.url or (known.url if known else "")

    @property
    def screen(self) -> OfficeScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self) -> None:
        """Show how things stand now, with nothing said yet but what keeps the line shut."""
        if not self._screen.busy:
            self._draw(replace(self._plain(), problem=self._door.last_problem()))
        self._look()

    def call(self) -> None:
        """Ask head office now."""
        self._start(CALL, self._door.call, self._called)

    def stick(self, wanted: str) -> None:
        """Write to the stick or take from it; with several sticks ask which."""
        if not self._screen.busy:
            self._draw(replace(self._plain(), busy=wanted, wanted=wanted))
            self._io(self._door.sticks, self._found, self._failed)

    def choose(self, index: int) -> None:
        """Take one of the sticks that were asked about."""
        if index < len(self._screen.sticks) and not self._screen.busy:
            self._use(self._screen.sticks[index], self._screen.wanted)

    def code(self, digits: str) -> None:
        """Take an allowance code."""
        if digits.strip() and not self._screen.busy:
            self._draw(replace(self._plain(), busy="code"))
            who = self._operator.id
            self._run(lambda: self._door.code(digits, who), self._granted, self._failed)

    def enrol(self, address: str, code: str) -> None:
        """Enrol over the line with the head office at `address`; https:// may be left out."""
        typed = address.strip()
        url = typed if "://" in typed else f"{_SECURE}{typed}"
        self._join(EnrolWish(url, code.strip()))

    def enrol_by_stick(self, wanted: str, code: str) -> None:
        """Write a request with a one-time code to the stick, or take the answer from it."""
        self._wish = EnrolWish("", code.strip())
        self.stick(wanted)

    def trust(self) -> None:
        """Enrol with the server whose certificate was compared, or go on with head office by it."""
        shown, who = self._screen.shown, self._operator.id
        if shown is not None and self._wish.url:
            self._join(replace(self._wish, pem=shown.pem))
        elif shown is not None:
            self._start(TRUST, lambda: self._door.trust(shown.pem, who), self._trusted)

    def _trusted(self, _: None) -> None:
        self._draw(self._plain())
        self.call()

    def forget(self) -> None:
        """Let go of what was asked or said."""
        if not self._screen.busy:
            self._wish = EnrolWish("", "")
            self._draw(self._plain())

    def _join(self, wish: EnrolWish) -> None:
        if not self._screen.busy:
            self._wish = wish
            who = self._operator.id
            self._start(ENROL, lambda: self._door.enrol(wish, who), self._enrolled)

    def _enrolled(self, found: tuple[str, str]) -> None:
        self._wish = EnrolWish("", "")
        self._view.end_enrolling()
        self._end(Said("enrolled", {"name": found[0], "fingerprint": found[1]}))

    def _shown(self, shown: ShownCertificate) -> None:
        self._draw(replace(self._plain(), shown=shown))

    def _plain(self) -> OfficeScreen:
        return replace(
            self._screen, busy="", wanted="", sticks=(), shown=None, said=None, problem=None
        )

    def _start(self, busy: str, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        if not self._screen.busy:
            self._draw(replace(self._plain(), busy=busy))
            self._io(job, done, self._failed)

    def _found(self, sticks: tuple[str, ...]) -> None:
        wanted = self._screen.wanted
        if len(sticks) == 1:
            self._use(sticks[0], wanted)
        elif sticks:
            self._draw(replace(self._plain(), wanted=wanted, sticks=sticks))
        else:
            self._end(Said("no-stick", state="look"))

    def _use(self, stick: str, wanted: str) -> None:
        self._draw(replace(self._plain(), busy=wanted))
        who, code = self._operator.id, self._wish.code
        if wanted == WRITE:
            self._io(lambda: self._door.write(stick), self._written, self._failed)
        elif wanted == TAKE:
            self._io(lambda: self._door.take(stick), self._taken, self._failed)
        elif wanted == ASK:
            self._io(lambda: self._door.ask(stick, code, who), self._asked, self._failed)
        else:
            self._io(lambda: self._door.answer(stick, who), self._enrolled, self._failed)

    def _asked(self, name: str) -> None:
        self._end(Said("request-written", {"name": name}))

    def _written(self, entries: int) -> None:
        self._end(Said("written", {"n": entries}) if entries else Said("nothing"))

    def _taken(self, packs: tuple[PackTaken, ...]) -> None:
        self._end(_about(packs) or Said("again"))

    def _called(self, done: RoundDone) -> None:
        if done.refused:
            self._end(Said("entries-refused", {"n": len(done.refused)}, "look"))
        else:
            self._end(_about(done.packs) or Said("called", {"n": done.sent}))

    def _granted(self, _: Grant) -> None:
        self._view.clear_code()
        self._end(Said("granted"))

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
        url = self._unknown(error)
        if url:
            self._io(lambda: self._door.look_at(url), self._shown, self._failed)
            return
        self._draw(replace(self._plain(), problem=error))
        self._look()

    def _unknown(self, error: PosError) -> str:
        """Return the address whose certificate is to be compared, if that is what went wrong."""
        enrols = self._screen.busy == ENROL and not self._wish.pem
        asked = enrols or self._screen.busy == CALL
        return self.asked_url if isinstance(error, OfficeNotTrusted) and asked else ""

    def _end(self, said: Said) -> None:
        self._draw(replace(self._plain(), said=said))
        self._look()
        self.changed()

    def _look(self) -> None:
        self._looking.ask(self._door.look, self._looked, self._failed)

    def _looked(self, found: tuple[OfficeStatus, TillStatus]) -> None:
        self._draw(replace(self._screen, status=found[0], till=found[1]))

    def _draw(self, screen: OfficeScreen) -> None:
        self._screen = screen
        self._view.show_screen(screen)


def _about(packs: tuple[PackTaken, ...]) -> Said | None:
    """Return what to say of packs; None when there was no new one."""
    new = [pack for pack in packs if not pack.again]
    refused = sum(pack.refused_count for pack in new)
    if refused:
        return Said("records-refused", {"n": refused}, "look")
    return Said("taken", {"n": len(new)}) if new else None
