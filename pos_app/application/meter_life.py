"""Register, install, block, swap and deactivate a meter, and report its faults.

Each act is one journal entry that says where the meters it touched stand afterwards.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Final

from pos_app.application.errors import MeterUnknown, RoleNeeded
from pos_app.application.fault_reports import (
    ENTRY,
    FaultReport,
    fault_number,
    find_fault,
    slip_again,
)
from pos_app.application.ports import Clock, Ledger, LedgerTransaction
from pos_app.application.printing import PrintState
from pos_app.application.records import MeterRecord, Operator, ShopIdentity
from pos_app.domain.errors import PosError
from pos_app.domain.meter_life import (
    ROLES,
    Act,
    MeterLife,
    Standing,
    block_text,
    check_act,
    check_swap,
    fault_code,
)
from pos_app.sts.identity import parse_meter_number

LONGEST_LINE: Final = 120
ACTS_SHOWN: Final = 8
NOT_INSTALLED: Final = "registered, not installed"
OUT_OF_SERVICE: Final = "out of service"


class LineMissing(PosError):
    """Something must be said in one line. Facts: `what`, `most` (characters)."""

    code: ClassVar[str] = "line-missing"


@dataclass(frozen=True, slots=True)
class NewMeter:
    """A meter to register: its number, its house, and a meter whose utility and key it shares."""

    number: str
    like: str
    name: str
    address: str
    phone: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class ActRow:
    """One thing that was done to a meter, by whose hand, in whose words.

    `fault` is the number of a reported fault, `slip` where its slip is, None for one without.
    """

    at_ms: int
    act: Act
    operator: str
    words: str
    fault: str = ""
    slip: PrintState | None = None


@dataclass(frozen=True, slots=True)
class MeterRecords:
    """The acts on meters; roles are checked here, for window and commands alike."""

    ledger: Ledger
    clock: Clock
    identity: ShopIdentity

    def life(self, drn: str) -> MeterLife:
        """Return where a meter stands; raises `MeterUnknown`."""
        meter = self.ledger.meter(drn)
        if meter is None:
            raise MeterUnknown(typed=drn[:40])
        life = self.ledger.meter_life(drn) or MeterLife(drn)
        return replace(life, blocked=meter.blocked)

    def acts(self, drn: str) -> tuple[ActRow, ...]:
        """Return what was done to a meter here, newest first."""
        rows = self.ledger.meter_acts(drn, ACTS_SHOWN)
        return tuple(self._row(*row) for row in rows)

    def register(self, new: NewMeter, operator: Operator) -> MeterLife:
        """Put a meter on file; it may buy once it is installed.

        Raises `RoleNeeded`, `DrnInvalid` and its kin, `MeterKnown`, `MeterUnknown` (of `like`) or
        `LineMissing` for an empty name.
        """
        _allow(Act.REGISTER, operator)
        drn = parse_meter_number(new.number)
        if self.ledger.meter(drn.digits) is not None:
            check_act(Act.REGISTER, self.life(drn.digits))
        like = self.ledger.meter(new.like)
        if like is None:
            raise MeterUnknown(typed=new.like[:40])
        record = replace(
            like,
            drn=drn.digits,
            pan=drn.pan,
            name=_line(new.name, "name"),
            address=new.address.strip(),
            phone=new.phone.strip(),
            account=new.account.strip(),
            blocked=NOT_INSTALLED,
        )
        life = MeterLife(drn.digits, Standing.REGISTERED, NOT_INSTALLED)
        self._write(
            Act.REGISTER, operator, f"{record.name}, {record.address}", (life,), record=record
        )
        return life

    def install(self, drn: str, seal: str, unit: str, operator: Operator) -> MeterLife:
        """Note the seal of the case and the paired keypad of a split meter; the meter may buy."""
        before = self._may(Act.INSTALL, drn, operator)
        lifted = "" if before.blocked == NOT_INSTALLED else before.blocked
        seal = _line(seal, "seal")
        life = replace(
            before, standing=Standing.INSTALLED, blocked=lifted, seal=seal, unit=unit.strip()
        )
        self._write(Act.INSTALL, operator, seal, (life,))
        return life

    def block(self, drn: str, reason: str, way_out: str, operator: Operator) -> MeterLife:
        """Stop sales to a meter, with why and what lifts it; raises `MeterBlockedAlready` too."""
        before = self._may(Act.BLOCK, drn, operator)
        text = block_text(_line(reason, "reason"), _line(way_out, "way out"))
        life = replace(before, blocked=text)
        self._write(Act.BLOCK, operator, text, (life,))
        return life

    def unblock(self, drn: str, reason: str, operator: Operator) -> MeterLife:
        """Lift a block, also one that came with an import; raises `MeterNotBlocked` too."""
        before = self._may(Act.UNBLOCK, drn, operator)
        life = replace(before, blocked="")
        self._write(Act.UNBLOCK, operator, _line(reason, "reason"), (life,))
        return life

    def swap(  # noqa: PLR0913 - two meters, what one held, why, who, and in which act
        self,
        old: str,
        new: str,
        credit_tenths: int,
        reason: str,
        operator: Operator,
        *,
        credit_fine: int = 0,
        within: LedgerTransaction | None = None,
    ) -> tuple[MeterLife, MeterLife]:
        """Let `new` take the place of `old` and keep what credit `old` still showed.

        The credit is a fact for who compensates it (`pos_app.application.grants`); no token is
        made here. It is part of the act `within` which it happens, or one of its own.
        Raises `SwapInvalid`, `MeterOut`, `MeterUnknown`, `RoleNeeded` or `LineMissing`.
        """
        before = self._may(Act.SWAP, old, operator)
        after = self._may(Act.SWAP, new, operator)
        check_swap(before, after)
        why = _line(reason, "reason")
        gone = replace(before, standing=Standing.OUT, blocked=OUT_OF_SERVICE, replaced_by=new)
        lifted = "" if after.blocked == NOT_INSTALLED else after.blocked
        come = replace(
            after,
            standing=Standing.INSTALLED,
            blocked=lifted,
            replaces=old,
            credit_tenths=credit_tenths,
            credit_fine=credit_fine,
        )
        self._write(Act.SWAP, operator, why, (gone, come), within=within)
        return gone, come

    def deactivate(self, drn: str, reason: str, operator: Operator) -> MeterLife:
        """Take a meter out of service for good."""
        before = self._may(Act.DEACTIVATE, drn, operator)
        life = replace(before, standing=Standing.OUT, blocked=OUT_OF_SERVICE)
        self._write(Act.DEACTIVATE, operator, _line(reason, "reason"), (life,))
        return life

    def report_fault(self, drn: str, typed: str, note: str, operator: Operator) -> FaultReport:
        """Journal a fault, queue its slip and return what that says.

        Raises `FaultUnknown`, `MeterUnknown` or `MeterOut`.
        """
        life = self._may(Act.FAULT, drn, operator)
        code = fault_code(typed)
        said = _line(note, "note") if note.strip() else ""
        meter = self.ledger.meter(drn)
        if meter is None:
            raise MeterUnknown(typed=drn[:40])
        words, offset = f"{code.value} {said}".strip(), self.clock.offset_minutes(0)
        told = {"name": meter.name, "operator_name": operator.name, "offset_minutes": offset}
        seq, at_ms = self._write(Act.FAULT, operator, words, (life,), fault=told)
        number = fault_number(self.identity.till, seq)
        return FaultReport(number, code, said, drn, meter.name, operator.name, at_ms, offset, seq)

    def find_fault(self, number: str) -> FaultReport:
        """Return a fault by the number on its slip; raises `FaultReportUnknown`."""
        return find_fault(self.ledger, self.identity.till, number)

    def fault_slip_again(self, number: str, operator: Operator) -> tuple[FaultReport, int]:
        """Print a fault's slip once more; return it and its copy number, see `slip_again`."""
        report = self.find_fault(number)
        return report, slip_again(self.ledger, self.clock, report.seq, operator)

    def _row(self, seq: int, at_ms: int, act: str, who: str, said: str) -> ActRow:
        if act != Act.FAULT.value:
            return ActRow(at_ms, Act(act), who, said)
        slip = self.ledger.desk_acts.slip_state(seq)
        return ActRow(at_ms, Act.FAULT, who, said, fault_number(self.identity.till, seq), slip)

    def _may(self, act: Act, drn: str, operator: Operator) -> MeterLife:
        _allow(act, operator)
        life = self.life(drn)
        check_act(act, life)
        return life

    def _within(self, act: LedgerTransaction | None) -> AbstractContextManager[LedgerTransaction]:
        return nullcontext(act) if act is not None else self.ledger.writing()

    def _write(  # noqa: PLR0913 - what the entry says, and in which act it stands
        self,
        act: Act,
        operator: Operator,
        words: str,
        lives: tuple[MeterLife, ...],
        *,
        record: MeterRecord | None = None,
        fault: dict[str, Any] | None = None,
        within: LedgerTransaction | None = None,
    ) -> tuple[int, int]:
        body: dict[str, Any] = {
            "v": 1,
            "act": act.value,
            "drn": lives[0].drn,
            "operator": operator.id,
            "words": words,
            "lives": [asdict(life) | {"standing": life.standing.value} for life in lives],
        }
        with self._within(within) as transaction:
            if record is not None:
                transaction.import_meters([record])
                body["meter"] = asdict(record)
            if fault is not None:
                body["fault"] = fault
            entry = transaction.append(ENTRY, body, self.clock.now_ms())
            if fault is not None:
                transaction.queue_slip(entry.seq, 0, entry.at_ms)
        return entry.seq, entry.at_ms


def _line(typed: str, what: str) -> str:
    line = " ".join(typed.split())
    if not line or len(line) > LONGEST_LINE or not line.isprintable():
        raise LineMissing(what=what, most=LONGEST_LINE)
    return line


def _allow(act: Act, operator: Operator) -> None:
    allowed = ROLES[act]
    if operator.role.value not in allowed:
        raise RoleNeeded(role=max(allowed))
