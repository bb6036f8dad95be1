"""Records of meters for a shop without a disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pos_app.application.errors import RoleNeeded
from pos_app.application.fault_reports import FaultReport
from pos_app.application.meter_life import ActRow
from pos_app.application.printing import PrintState
from pos_app.application.records import MeterRecord, Operator
from pos_app.domain.meter_life import (
    ROLES,
    Act,
    MeterLife,
    Standing,
    block_text,
    check_act,
    fault_code,
)


@dataclass
class FakeRecords:
    """Keeps lives in a dictionary, under the real rules."""

    meter: Callable[[str], MeterRecord]
    now: Callable[[], int]
    lives: dict[str, MeterLife] = field(default_factory=dict)
    done: dict[str, list[ActRow]] = field(default_factory=dict)
    reports: list[FaultReport] = field(default_factory=list)
    copies: int = 0

    def life(self, drn: str) -> MeterLife:
        return self.lives.get(drn) or MeterLife(drn, blocked=self.meter(drn).blocked)

    def acts(self, drn: str) -> tuple[ActRow, ...]:
        return tuple(self.done.get(drn, ()))

    def _act(self, act: Act, drn: str, words: str, operator: Operator) -> MeterLife:
        if operator.role.value not in ROLES[act]:
            raise RoleNeeded(role="supervisor")
        check_act(act, self.life(drn))
        row = ActRow(self.now(), act, operator.id, words)
        self.done.setdefault(drn, []).insert(0, row)
        return self.life(drn)

    def block(self, drn: str, reason: str, way_out: str, operator: Operator) -> MeterLife:
        text = block_text(reason, way_out)
        self.lives[drn] = replace(self._act(Act.BLOCK, drn, text, operator), blocked=text)
        return self.lives[drn]

    def unblock(self, drn: str, reason: str, operator: Operator) -> MeterLife:
        self.lives[drn] = replace(self._act(Act.UNBLOCK, drn, reason, operator), blocked="")
        return self.lives[drn]

    def deactivate(self, drn: str, reason: str, operator: Operator) -> MeterLife:
        life = self._act(Act.DEACTIVATE, drn, reason, operator)
        self.lives[drn] = replace(life, standing=Standing.OUT, blocked="out of service")
        return self.lives[drn]

    def report_fault(self, drn: str, typed: str, note: str, operator: Operator) -> FaultReport:
        code = fault_code(typed)
        self._act(Act.FAULT, drn, f"{code.value} {note}".strip(), operator)
        (row, *older) = self.done[drn]
        self.done[drn] = [replace(row, fault="3-F41", slip=PrintState.QUEUED), *older]
        name = self.meter(drn).name
        report = FaultReport("3-F41", code, note, drn, name, operator.name, self.now(), 120, seq=41)
        self.reports.append(report)
        return report

    def fault_slip_again(self, number: str, operator: Operator) -> tuple[FaultReport, int]:
        (report,) = (each for each in self.reports if each.number == number)
        assert operator.name
        self.copies += 1
        return report, self.copies
