"""What stands on the page of the engineering desk, and which question follows which."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from pos_app.domain.engineering import HOUSEHOLD_AMPERES, ROLES, TWO_PERSONS, DeskAct
from pos_app.domain.replacement import Complaint

if TYPE_CHECKING:
    from pos_app.application.engineering_records import ActOrder, DeskRecord
    from pos_app.application.grants import ReplacementAdvice
    from pos_app.application.records import CreditWaiting, MeterRecord, Operator
    from pos_app.application.slip.layout import Slip
    from pos_app.domain.errors import PosError
    from pos_app.domain.meter_life import MeterLife
    from pos_app.exchange.approval import ApprovalRequest


class Step(StrEnum):
    """The question in view; its words are ``eng.ask-<step>`` and ``eng.body-<step>``."""

    ACT = "act"
    MORE = "more"
    METER = "meter"
    OLD_METER = "old-meter"
    NEW_METER = "new-meter"
    PRESET = "preset"
    POWER = "power"
    REGISTER = "register"
    LOST = "lost"
    WORD = "word"
    INDEX = "index"
    TESTS = "tests"
    UNITS = "units"
    CREDIT = "credit"
    RECEIPT = "receipt"
    SAYS = "says"
    ADVICE = "advice"
    ORDER = "order"
    REASON = "reason"
    APPROVER = "approver"
    PIN = "pin"
    CODE = "code"
    CONFIRM = "confirm"
    DONE = "done"


TYPED: Final = frozenset(
    {
        Step.METER, Step.OLD_METER, Step.NEW_METER, Step.POWER, Step.LOST, Step.WORD, Step.INDEX,
        Step.UNITS, Step.CREDIT, Step.RECEIPT, Step.ORDER, Step.REASON, Step.PIN, Step.CODE,
    }
)  # fmt: skip
FIRST: Final = (
    DeskAct.POWER_LIMIT,
    DeskAct.PHASE_UNBALANCE,
    DeskAct.CLEAR_TAMPER,
    DeskAct.CLEAR_CREDIT,
    DeskAct.METER_TEST,
    DeskAct.FREE_ISSUE,
    DeskAct.REPLACEMENT,
    DeskAct.EXCHANGE,
)
"""The acts of the first question; a last answer leads to the others."""
OTHERS: Final = (
    DeskAct.WATER_FACTOR,
    DeskAct.TARIFF_RATE,
    DeskAct.EXTENDED_SET,
    DeskAct.EXTENDED_READ,
)
PRESETS: Final = tuple(f"{amperes}A" for amperes in HOUSEHOLD_AMPERES)
TESTS: Final = (
    "ask", "all", "load-switch", "display", "totals", "power", "power-limit", "tamper",
    "phase-unbalance",
)  # fmt: skip
SAYS: Final = tuple(Complaint)

_FREE: Final = frozenset(
    {Step.ACT, Step.MORE, Step.METER, Step.OLD_METER, Step.NEW_METER, Step.DONE}
)
_WORK: Final = (Step.ORDER, Step.REASON)
_FIGURES: Final[dict[DeskAct, tuple[Step, ...]]] = {
    DeskAct.POWER_LIMIT: (Step.METER, Step.PRESET, Step.POWER),
    DeskAct.PHASE_UNBALANCE: (Step.METER, Step.PRESET, Step.POWER),
    DeskAct.CLEAR_TAMPER: (Step.METER,),
    DeskAct.CLEAR_CREDIT: (Step.METER, Step.REGISTER, Step.LOST),
    DeskAct.METER_TEST: (Step.TESTS,),
    DeskAct.FREE_ISSUE: (Step.METER, Step.UNITS),
    DeskAct.REPLACEMENT: (Step.RECEIPT, Step.SAYS, Step.ADVICE),
    DeskAct.EXCHANGE: (Step.OLD_METER, Step.NEW_METER, Step.CREDIT),
    DeskAct.WATER_FACTOR: (Step.METER, Step.WORD),
    DeskAct.TARIFF_RATE: (Step.METER, Step.WORD),
    DeskAct.EXTENDED_SET: (Step.METER, Step.WORD),
    DeskAct.EXTENDED_READ: (Step.INDEX,),
}


def flow(act: DeskAct, *, own_power: bool) -> tuple[Step, ...]:
    """Return the questions of an act in their order, from the meter to the last key."""
    figures = _FIGURES[act]
    if Step.POWER in figures and not own_power:
        figures = figures[:-1]
    if act in {DeskAct.METER_TEST, DeskAct.EXTENDED_READ}:
        return (*figures, Step.CONFIRM)
    if act in TWO_PERSONS:
        return (*figures, *_WORK, Step.APPROVER, Step.PIN)
    return (*figures, *_WORK, Step.CONFIRM)


def offered(acts: tuple[DeskAct, ...], operator: Operator) -> tuple[DeskAct, ...]:
    """Return the acts that somebody may ask for."""
    return tuple(act for act in acts if operator.role.value in ROLES[act])


@dataclass(frozen=True, slots=True)
class EngineerScreen:
    """`values` are the answers so far, as they were typed; `slip` the paper as far as it is known.

    `money` is the currency that the meter counts, empty where it counts units.
    `request` is what a supervisor elsewhere was asked. While `busy` no key acts.
    """

    step: Step = Step.ACT
    acts: tuple[DeskAct, ...] = ()
    others: tuple[DeskAct, ...] = ()
    act: DeskAct | None = None
    meter: MeterRecord | None = None
    values: tuple[tuple[str, str], ...] = ()
    work_order: str = ""
    reason: str = ""
    own_power: bool = False
    advice: ReplacementAdvice | None = None
    approvers: tuple[Operator, ...] = ()
    approver: Operator | None = None
    request: ApprovalRequest | None = None
    money: str = ""
    typed: str = ""
    slip: Slip | None = None
    made: DeskRecord | None = None
    problem: PosError | None = None
    wrong: bool = False
    busy: bool = False

    @property
    def under_way(self) -> bool:
        """Tell whether an act was begun, and no meter is asked for now."""
        return self.step not in _FREE

    @property
    def commodity(self) -> str:
        """Return what the meter sells."""
        return self.meter.commodity if self.meter is not None else "electricity"

    @property
    def registers(self) -> tuple[str, ...]:
        """Return the credit registers to choose from."""
        return (self.commodity, f"{self.commodity}-currency", "all")


class EngineerDoor(Protocol):
    """What the window asks of the engineering desk; every method runs on the ledger's thread."""

    def waiting(self, drn: str) -> CreditWaiting | None:
        """Return an old meter's credit that this meter has still to get."""
        ...

    def swap(
        self, old: str, new: str, credit: str, reason: str, operator: Operator
    ) -> tuple[MeterLife, MeterLife]:
        """Note that a meter took another's place, and the credit that one still showed."""
        ...

    def counted_in(self, drn: str) -> str:
        """Return the currency that a meter counts, empty where it counts units."""
        ...

    def draft(self, order: ActOrder) -> DeskRecord:
        """Return the record as far as it is known; raises what stands against the figures."""
        ...

    def check(self, order: ActOrder) -> object:
        """Raise whatever stands against an order but for the approval."""
        ...

    def ask(self, order: ActOrder) -> ApprovalRequest:
        """Ask a supervisor elsewhere."""
        ...

    def make(self, order: ActOrder) -> DeskRecord:
        """Make the tokens."""
        ...

    def advise(self, receipt: str, says: Complaint) -> ReplacementAdvice:
        """Return the one next thing for a token that is no good."""
        ...

    def reprint(self, slip: str, operator_id: str) -> tuple[DeskRecord, int]:
        """Queue a copy of a slip."""
        ...
