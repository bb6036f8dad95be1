"""Who is meant by an operator's name."""

from __future__ import annotations

from pos_app.application.errors import OperatorUnknown, RoleNeeded
from pos_app.application.ports import Ledger
from pos_app.application.records import Operator, Role

CASH_HANDS = frozenset({Role.CASHIER, Role.SUPERVISOR})


def operator_of(ledger: Ledger, operator_id: str) -> Operator:
    """Return an operator who may sign in; raises `OperatorUnknown`."""
    for record in ledger.operators():
        if record.operator.id == operator_id:
            return record.operator
    raise OperatorUnknown(operator=operator_id[:40])


def name_of(ledger: Ledger, operator_id: str) -> str:
    """Return the name of an operator, the id of one who has left."""
    for record in ledger.operators():
        if record.operator.id == operator_id:
            return record.operator.name
    return operator_id


def need_cash_hand(operator: Operator) -> None:
    """Raise `RoleNeeded` unless money may pass through somebody's hands; an engineer's it may not.

    Whoever makes tokens for meters at work takes no money for tokens (segregation of duties).
    """
    if operator.role not in CASH_HANDS:
        raise RoleNeeded(role=Role.CASHIER.value)


def need_supervisor(operator: Operator) -> None:
    """Raise `RoleNeeded` for anyone else."""
    if operator.role is not Role.SUPERVISOR:
        raise RoleNeeded(role=Role.SUPERVISOR.value)
