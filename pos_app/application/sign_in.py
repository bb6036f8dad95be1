"""Who stands at the till: PIN, growing lock-out, and the supervisor's word on the clock."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.application.errors import OperatorUnknown, PinWrong, RoleNeeded
from pos_app.application.lock_watch import LockWatch
from pos_app.application.ports import Clock, Ledger, OperatorRecord, PinBook
from pos_app.application.records import Operator, Role
from pos_app.domain.lockout import FREE_TRIES


@dataclass(frozen=True, slots=True)
class SignIn:
    """Check a PIN; every success and failure is a journal entry."""

    ledger: Ledger
    pins: PinBook
    clock: Clock
    locks: LockWatch

    def __call__(self, operator_id: str, pin: str, instead_of: str = "") -> Operator:
        """Return who signed in; `instead_of` is whose sale in progress she takes over.

        Raises `OperatorUnknown`, `PinLocked` (without looking at the PIN) or `PinWrong`.
        """
        operator = self.check(operator_id, pin)
        with self.ledger.writing() as transaction:
            body = {"operator": operator.id}
            if instead_of:
                body["instead_of"] = instead_of
            transaction.append("sign_in", body, self.clock.now_ms())
        return operator

    def check(self, operator_id: str, pin: str) -> Operator:
        """Return the operator whose PIN this is; failures count towards the lock-out."""
        record = self._record(operator_id)
        state = self.locks.ensure_open(operator_id)
        if self.pins.holds(record.pin_verifier, pin):
            return record.operator
        shift = self.ledger.shifts.of_operator(operator_id)
        body = {
            "operator": operator_id,
            "failures": state.failures + 1,
            "shift": shift.number if shift else 0,
        }
        with self.ledger.writing() as transaction:
            transaction.append("sign_in_refused", self.locks.stamped(body), self.clock.now_ms())
        tries_left = max(FREE_TRIES - state.failures - 1, 0)
        raise PinWrong(tries_left=tries_left)

    def _record(self, operator_id: str) -> OperatorRecord:
        for record in self.ledger.operators():
            if record.operator.id == operator_id:
                return record
        raise OperatorUnknown(operator=operator_id[:40])


@dataclass(frozen=True, slots=True)
class SettleClock:
    """A supervisor says that the computer's clock is right now."""

    ledger: Ledger
    sign_in: SignIn
    clock: Clock

    def __call__(self, operator_id: str, pin: str) -> None:
        """Take the present time as the truth; TIDs still never go back."""
        operator = self.sign_in.check(operator_id, pin)
        if operator.role is not Role.SUPERVISOR:
            raise RoleNeeded(role=Role.SUPERVISOR.value)
        now = self.clock.now_ms()
        body = {"operator": operator.id, "was": self.ledger.clock_floor_ms(), "is": now}
        with self.ledger.writing() as transaction:
            transaction.append("clock_settled", body, now)
