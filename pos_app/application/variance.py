"""A count that is off by more than the shop's limit: closed all the same, approved afterwards.

The close is never blocked, so what is missing is on record at once. Who looks into it says so with
a PIN and a reason, in an entry of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pos_app.application.approval_records import SecondPersonNeeded
from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.ports import Clock, Ledger
from pos_app.application.shift_cash import reason_of
from pos_app.application.shift_errors import ShiftUnknown
from pos_app.application.sign_in import SignIn
from pos_app.domain.errors import PosError


class NothingToApprove(PosError):
    """The shift's count was within the limit, or somebody approved it before. Fact: `shift`."""

    code: ClassVar[str] = "nothing-to-approve"


@dataclass(frozen=True, slots=True)
class ApproveVariance:
    """Journal that a supervisor, who is not the shift's operator, has looked into a count."""

    ledger: Ledger
    clock: Clock
    sign_in: SignIn

    def __call__(self, shift: int, approver_id: str, pin: str, reason: str) -> int:
        """Return the journal number.

        Raises `ShiftUnknown`, `NothingToApprove`, `ReasonMissing`, `SecondPersonNeeded`,
        `RoleNeeded`, `PinWrong` or `PinLocked`.
        """
        approver = operator_of(self.ledger, approver_id)
        need_supervisor(approver)
        row = self.ledger.shifts.shift(shift)
        if row is None or not row.closed_seq:
            raise ShiftUnknown(shift=shift)
        if all(each.number != shift for each in self.ledger.shifts.unapproved()):
            raise NothingToApprove(shift=shift)
        said = reason_of(reason)
        if approver.id == row.operator:
            raise SecondPersonNeeded(operator=approver.name)
        self.sign_in.check(approver.id, pin)
        body = {
            "v": 1,
            "shift": shift,
            "closed_seq": row.closed_seq,
            "approver": approver.id,
            "approver_name": approver.name,
            "reason": said,
        }
        with self.ledger.writing() as transaction:
            return transaction.append("variance_approved", body, self.clock.now_ms()).seq
