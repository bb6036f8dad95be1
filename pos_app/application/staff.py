"""Operators come, go and get new PINs, on a supervisor's word; each is a journal entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.ports import Clock, Ledger, OperatorRecord, PinBook
from pos_app.application.records import Operator, Role
from pos_app.domain.staff import (
    LEAST_SUPERVISORS,
    OperatorExists,
    SupervisorsTooFew,
    check_operator,
    check_pin,
)
from pos_app.exchange.digest import sha256_hex


def entry_body(record: OperatorRecord, by: str = "") -> dict[str, Any]:
    """Return what the journal says of an operator; of the PIN only a digest of its verifier."""
    operator = record.operator
    body = {
        "id": operator.id,
        "name": operator.name,
        "role": operator.role.value,
        "pin_verifier": sha256_hex(record.pin_verifier.encode()),
    }
    return {**body, "by": by} if by else body


def refuse_too_few(ledger: Ledger, leaving: Operator) -> None:
    """Raise `SupervisorsTooFew` if the shop would be left without enough supervisors."""
    roles = [each.operator.role for each in ledger.operators() if each.operator != leaving]
    if leaving.role is Role.SUPERVISOR and roles.count(Role.SUPERVISOR) < LEAST_SUPERVISORS:
        raise SupervisorsTooFew(least=LEAST_SUPERVISORS)


@dataclass(frozen=True, slots=True)
class Staff:
    """The use cases around operators. `by` is a supervisor who has signed in."""

    ledger: Ledger
    pins: PinBook
    clock: Clock

    def add(self, operator: Operator, pin: str, by: str) -> None:
        """Let somebody new sign in; a short name is never used for a second person."""
        self._supervisor(by)
        check_operator(operator.id, operator.name)
        check_pin(pin)
        if operator.id in self.ledger.operator_ids():
            raise OperatorExists(operator=operator.id)
        self._put(OperatorRecord(operator, self.pins.verifier(pin)), by)

    def new_pin(self, operator_id: str, pin: str, by: str) -> None:
        """Give an operator another PIN."""
        self._supervisor(by)
        operator = operator_of(self.ledger, operator_id)
        check_pin(pin)
        self._put(OperatorRecord(operator, self.pins.verifier(pin)), by)

    def retire(self, operator_id: str, by: str) -> None:
        """Let somebody sign in no more; what they did stays under their name."""
        self._supervisor(by)
        operator = operator_of(self.ledger, operator_id)
        (record,) = (each for each in self.ledger.operators() if each.operator == operator)
        refuse_too_few(self.ledger, operator)
        with self.ledger.writing() as act:
            act.retire_operator(operator.id)
            act.append("operator_retired", entry_body(record, by), self.clock.now_ms())

    def _supervisor(self, by: str) -> None:
        need_supervisor(operator_of(self.ledger, by))

    def _put(self, record: OperatorRecord, by: str) -> None:
        with self.ledger.writing() as act:
            act.put_operator(record)
            act.append("operator_imported", entry_body(record, by), self.clock.now_ms())
