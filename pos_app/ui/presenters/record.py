"""The record of the meter on the till: where it stands, what was done, and one more act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from pos_app.application.fault_reports import FaultReport
from pos_app.application.key_asked import KeyWish
from pos_app.application.key_change_records import KeyChangeAgain, KeyChangeRow
from pos_app.application.key_shown import KeyNoted
from pos_app.application.meter_life import ActRow
from pos_app.application.proposals import FIELDS, Proposal
from pos_app.application.records import Operator
from pos_app.domain.errors import PosError
from pos_app.domain.meter_life import ROLES, Act, FaultCode, MeterLife, Standing
from pos_app.ui.presenters.desk import Latest, Run

CORRECT: Final = "correct"
"""Begins the choices that propose a correction: ``correct:`` and what is wrong."""
AGAIN: Final = "key-change"
"""The choice that prints a key change again."""
SLIP: Final = "fault-slip"
"""The choice that prints a fault's slip again; the fault's number follows after a colon."""
CHANGES_SHOWN: Final = 3
Done = (
    FaultReport
    | MeterLife
    | tuple[MeterLife, MeterLife]
    | KeyChangeAgain
    | KeyNoted
    | Proposal
    | tuple[FaultReport, int]
)


class Records(Protocol):
    """The part of the desk that keeps the records of meters."""

    def life(self, drn: str) -> MeterLife:
        """Return where a meter stands."""
        ...

    def acts(self, drn: str) -> tuple[ActRow, ...]:
        """Return what was done to a meter here, newest first."""
        ...

    def block(self, drn: str, reason: str, way_out: str, operator: Operator) -> MeterLife:
        """Stop sales to a meter."""
        ...

    def unblock(self, drn: str, reason: str, operator: Operator) -> MeterLife:
        """Lift a block."""
        ...

    def deactivate(self, drn: str, reason: str, operator: Operator) -> MeterLife:
        """Take a meter out of service."""
        ...

    def report_fault(self, drn: str, typed: str, note: str, operator: Operator) -> FaultReport:
        """Journal a fault."""
        ...

    def fault_slip_again(self, number: str, operator: Operator) -> tuple[FaultReport, int]:
        """Print a fault's slip once more."""
        ...


class KeyChanges(Protocol):
    """The part of the desk that knows the keys of meters."""

    def due(self, drn: str) -> KeyWish | None:
        """Return the key change that a meter's next sale brings."""
        ...

    def changes(self, drn: str, limit: int) -> tuple[KeyChangeRow, ...]:
        """Return the key changes given to a meter, newest first."""
        ...

    def again(self, drn: str, operator: Operator) -> KeyChangeAgain:
        """Give the newest key change out again, on paper."""
        ...

    def note_shown(self, drn: str, typed: Mapping[str, str], operator: Operator) -> KeyNoted:
        """Take a meter's word for its key."""
        ...


class Proposals(Protocol):
    """The part of the desk that asks head office for corrections."""

    def propose(self, drn: str, field: str, typed: str, operator: Operator) -> Proposal:
        """Journal that a field of a meter should be what was typed."""
        ...

    def of_meter(self, drn: str) -> tuple[Proposal, ...]:
        """Return what was proposed for a meter, newest first."""
        ...


class Swaps(Protocol):
    """The part of the desk that lets a meter take another's place."""

    def swap(
        self, old: str, new: str, credit: str, reason: str, operator: Operator
    ) -> tuple[MeterLife, MeterLife]:
        """Note it, and the credit that the old one still showed."""
        ...


class RecordDesk(Protocol):
    """A desk with records of meters."""

    def meter_number(self, typed: str) -> str:
        """Return the number of a meter that was typed."""
        ...

    @property
    def engineering(self) -> Swaps:
        """Return the door to swaps."""
        ...

    @property
    def proposals(self) -> Proposals:
        """Return the door to corrections."""
        ...

    @property
    def key_changes(self) -> KeyChanges:
        """Return the door to their keys."""
        ...

    @property
    def meter_records(self) -> Records:
        """Return the door to them."""
        ...


@dataclass(frozen=True, slots=True)
class RecordScreen:
    """`choices` are codes: an act, `AGAIN`, or ``fault:`` and a fault's code. `done` after an act.

    `slip` is the fault whose slip prints again, with its copy number.
    `key` is the key that the next sale brings, `changes` are what was given for it, and `given`
    is what was just given again, `noted` what came of a key that was just read off the meter.
    `swapped` is the meter that has just taken the place of this one.
    `proposed` are corrections, `asked` the one just proposed.
    """

    drn: str = ""
    life: MeterLife | None = None
    acts: tuple[ActRow, ...] = ()
    choices: tuple[str, ...] = ()
    report: FaultReport | None = None
    slip: tuple[FaultReport, int] | None = None
    key: KeyWish | None = None
    changes: tuple[KeyChangeRow, ...] = ()
    given: KeyChangeAgain | None = None
    proposed: tuple[Proposal, ...] = ()
    asked: Proposal | None = None
    noted: KeyNoted | None = None
    swapped: str = ""
    done: bool = False
    problem: PosError | None = None


class RecordView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: RecordScreen) -> None:
        """Draw `screen`."""
        ...


class RecordPresenter:
    """Offers what this operator may do to this meter now; the application checks it again."""

    def __init__(self, desk: RecordDesk, run: Run, operator: Operator, view: RecordView) -> None:
        self._desk, self._operator, self._view = desk, operator, view
        self._run, self._reading = run, Latest(run)
        self._screen = RecordScreen()

    @property
    def screen(self) -> RecordScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self, drn: str) -> None:
        """Read the record of a meter."""
        self._screen = RecordScreen(drn=drn)
        self._read()

    def act(self, choice: str, reason: str, way_out: str) -> None:
        """Do what was chosen; what is refused is told and nothing was done."""
        drn, who = self._screen.drn, self._operator
        kind, _, code = choice.partition(":")
        deeds: dict[str, Callable[[RecordDesk], Done]] = {
            Act.FAULT: lambda desk: desk.meter_records.report_fault(drn, code, reason, who),
            Act.BLOCK: lambda desk: desk.meter_records.block(drn, reason, way_out, who),
            Act.UNBLOCK: lambda desk: desk.meter_records.unblock(drn, reason, who),
            Act.DEACTIVATE: lambda desk: desk.meter_records.deactivate(drn, reason, who),
            SLIP: lambda desk: desk.meter_records.fault_slip_again(code, who),
            AGAIN: lambda desk: desk.key_changes.again(drn, who),
            CORRECT: lambda desk: desk.proposals.propose(drn, code, reason, who),
        }
        self._do(deeds[kind])

    def note_key(self, typed: Mapping[str, str]) -> None:
        """Note which key the meter shows, as it was typed field by field."""
        drn, who, read = self._screen.drn, self._operator, dict(typed)
        self._do(lambda desk: desk.key_changes.note_shown(drn, read, who))

    def swap(self, new: str, credit: str, reason: str) -> None:
        """Note that another meter took the place of this one."""
        drn, who = self._screen.drn, self._operator
        self._do(
            lambda desk: desk.engineering.swap(drn, desk.meter_number(new), credit, reason, who)
        )

    def _do(self, deed: Callable[[RecordDesk], Done]) -> None:
        nothing = dict.fromkeys(("report", "slip", "given", "noted", "asked", "problem"))
        self._set(done=False, swapped="", **nothing)
        self._run(lambda: deed(self._desk), self._done, self._failed)

    def _read(self) -> None:
        drn = self._screen.drn

        def read() -> RecordScreen:
            records, keys = self._desk.meter_records, self._desk.key_changes
            life, changes = records.life(drn), keys.changes(drn, CHANGES_SHOWN)
            acts = records.acts(drn)
            faults = [row.fault for row in acts if row.fault][:1]
            return replace(
                self._screen,
                life=life,
                acts=acts,
                key=keys.due(drn),
                changes=changes,
                proposed=self._desk.proposals.of_meter(drn),
                choices=_choices(life, self._operator, faults, again=bool(changes)),
            )

        self._reading.ask(read, self._shown, self._failed)

    def _shown(self, read: RecordScreen) -> None:
        self._set(
            life=read.life,
            acts=read.acts,
            key=read.key,
            changes=read.changes,
            proposed=read.proposed,
            choices=read.choices,
        )

    def _done(self, answer: Done) -> None:
        kinds: dict[str, type] = {"report": FaultReport, "given": KeyChangeAgain, "noted": KeyNoted}
        kinds |= {"asked": Proposal}
        came = {name: answer if isinstance(answer, kind) else None for name, kind in kinds.items()}
        slip, swapped = None, ""
        match answer:
            case (FaultReport() as report, int(copy)):
                slip = report, copy
            case (MeterLife(), MeterLife(drn=drn)):
                swapped = drn
        self._set(done=True, problem=None, slip=slip, swapped=swapped, **came)
        self._read()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
        nothing = dict.fromkeys(("report", "slip", "given", "noted", "asked"))
        self._set(problem=error, done=False, **nothing)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)


def _choices(
    life: MeterLife, operator: Operator, slips: list[str], *, again: bool
) -> tuple[str, ...]:
    papers = tuple(f"{SLIP}:{number}" for number in slips)
    if life.standing is Standing.OUT:
        return papers
    block = Act.UNBLOCK if life.blocked else Act.BLOCK
    if life.blocked and life.standing is Standing.REGISTERED:
        block = Act.DEACTIVATE
    several = (Act.SHOWN_KEY, Act.SWAP, block, Act.DEACTIVATE)
    acts = [act for act in several if operator.role.value in ROLES[act]]
    faults = [f"{Act.FAULT.value}:{code.value}" for code in FaultCode]
    keys = (AGAIN,) if again else ()
    wrong = [f"{CORRECT}:{field}" for field in FIELDS]
    return (*faults, *wrong, *(act.value for act in dict.fromkeys(acts)), *keys, *papers)
