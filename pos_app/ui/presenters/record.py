"""The record of the meter on the till: where it stands, what was done, and one more act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pos_app.application.meter_life import ActRow, FaultReport
from pos_app.application.records import Operator
from pos_app.domain.errors import PosError
from pos_app.domain.meter_life import ROLES, Act, FaultCode, MeterLife, Standing
from pos_app.ui.presenters.desk import Latest, Run


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


class RecordDesk(Protocol):
    """A desk with records of meters."""

    @property
    def meter_records(self) -> Records:
        """Return the door to them."""
        ...


@dataclass(frozen=True, slots=True)
class RecordScreen:
    """`choices` are codes: an act, or ``fault:`` and a fault's code. `done` after an act."""

    drn: str = ""
    life: MeterLife | None = None
    acts: tuple[ActRow, ...] = ()
    choices: tuple[str, ...] = ()
    report: FaultReport | None = None
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
        deeds: dict[str, Callable[[Records], FaultReport | MeterLife]] = {
            Act.FAULT: lambda records: records.report_fault(drn, code, reason, who),
            Act.BLOCK: lambda records: records.block(drn, reason, way_out, who),
            Act.UNBLOCK: lambda records: records.unblock(drn, reason, who),
            Act.DEACTIVATE: lambda records: records.deactivate(drn, reason, who),
        }
        deed = deeds[kind]
        self._set(done=False, report=None, problem=None)
        self._run(lambda: deed(self._desk.meter_records), self._done, self._failed)

    def _read(self) -> None:
        drn = self._screen.drn

        def read() -> tuple[MeterLife, tuple[ActRow, ...]]:
            records = self._desk.meter_records
            return records.life(drn), records.acts(drn)

        self._reading.ask(read, self._shown, self._failed)

    def _shown(self, answer: tuple[MeterLife, tuple[ActRow, ...]]) -> None:
        life, acts = answer
        self._set(life=life, acts=acts, choices=_choices(life, self._operator))

    def _done(self, answer: FaultReport | MeterLife) -> None:
        report = answer if isinstance(answer, FaultReport) else None
        self._set(done=True, report=report, problem=None)
        self._read()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
        self._set(problem=error, done=False, report=None)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)


def _choices(life: MeterLife, operator: Operator) -> tuple[str, ...]:
    if life.standing is Standing.OUT:
        return ()
    block = Act.UNBLOCK if life.blocked else Act.BLOCK
    if life.blocked and life.standing is Standing.REGISTERED:
        block = Act.DEACTIVATE
    acts = [act for act in (block, Act.DEACTIVATE) if operator.role.value in ROLES[act]]
    faults = [f"{Act.FAULT.value}:{code.value}" for code in FaultCode]
    return (*faults, *(act.value for act in dict.fromkeys(acts)))
