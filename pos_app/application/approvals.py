"""The second person: a supervisor's PIN at the counter, or a code from a supervisor elsewhere."""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass

from pos_app.application.approval_records import (
    BY_CODE,
    BY_PIN,
    CODE_LOCK,
    LASTS_MS,
    TRIES,
    Approval,
    ApprovalOver,
    ApprovalUnknown,
    ApprovalWrong,
    Approved,
    ApproverNotEnrolled,
    AskedApproval,
    SecondPersonNeeded,
    Subject,
)
from pos_app.application.key_ports import KeySafe
from pos_app.application.key_records import CeremonyNeedsTwo
from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.ports import Clock, Ledger, ReceiptNumber
from pos_app.application.records import Operator, ShopIdentity
from pos_app.application.sign_in import SignIn
from pos_app.exchange.approval import ApprovalRequest, ApproverSecret, part


@dataclass(frozen=True, slots=True)
class ApprovalDesk:
    """The door to approvals of one open shop; runs on the ledger's thread."""

    identity: ShopIdentity
    ledger: Ledger
    clock: Clock
    sign_in: SignIn
    safe: KeySafe

    def enrol(self, supervisor_id: str, pin: str, witness_id: str, witness_pin: str) -> bytes:
        """Return the file of a new secret for a supervisor; an older one counts no more.

        Both supervisors give their PIN. Raises `CeremonyNeedsTwo`, `RoleNeeded`, `PinWrong`,
        `PinLocked` or `KeysDestroyed`.
        """
        supervisor = operator_of(self.ledger, supervisor_id)
        witness = operator_of(self.ledger, witness_id)
        if supervisor.id == witness.id:
            raise CeremonyNeedsTwo(operator=supervisor.name)
        for each in (supervisor, witness):
            need_supervisor(each)
        self.sign_in.check(supervisor.id, pin)
        self.sign_in.check(witness.id, witness_pin)
        turn = self.ledger.approvals.turn(supervisor.id) + 1
        secret = self.safe.approver_secret(supervisor.id, turn)
        body = {"approver": supervisor.id, "turn": turn, "witness": witness.id}
        with self.ledger.writing() as act:
            act.append("approver_enrolled", body, self.clock.now_ms())
        mode = self.identity.mode.value
        return ApproverSecret(self.identity.till, mode, supervisor.id, turn, secret).to_file()

    def ask(self, subject: Subject, operator_id: str) -> ApprovalRequest:
        """Journal a request and return it; it lasts a day and is answered once."""
        operator = operator_of(self.ledger, operator_id)
        with self.ledger.writing() as act:
            series, _ = act.next_receipt()
            count = self.ledger.approvals.next_number()
            request = ApprovalRequest(
                till=self.identity.till,
                number=str(ReceiptNumber("", series, count)).strip("-"),
                act=part(subject.act),
                drn=part(subject.drn),
                amount=part(subject.amount),
                operator=part(operator.id),
            )
            act.append("approval_asked", {**asdict(request), "count": count}, self.clock.now_ms())
        return request

    def settle(self, asker: Operator, subject: Subject, approval: Approval) -> Approved:
        """Return who approves; the secret word is looked at last.

        Raises `SecondPersonNeeded`, `RoleNeeded`, `PinWrong`, `PinLocked`, and for codes
        `ApproverNotEnrolled`, `ApprovalUnknown`, `ApprovalOver` or `ApprovalWrong`.
        """
        approver = operator_of(self.ledger, approval.approver_id)
        if approver.id == asker.id:
            raise SecondPersonNeeded(operator=asker.name)
        need_supervisor(approver)
        if not approval.number:
            self.sign_in.check(approver.id, approval.pin)
            return Approved(approver, BY_PIN)
        self._check_code(asker, subject, approver, approval)
        return Approved(approver, BY_CODE, approval.number)

    def still_open(self, number: str) -> None:
        """Raise `ApprovalOver` for a request that is used; asked inside the act's transaction."""
        held = self.ledger.approvals.asked(number)
        if held is None or held.used:
            raise ApprovalOver(number=number, why="used")

    def _check_code(
        self, asker: Operator, subject: Subject, approver: Operator, approval: Approval
    ) -> None:
        now = max(self.clock.now_ms(), self.ledger.clock_floor_ms())
        self.sign_in.locks.ensure_open(CODE_LOCK)
        turn = self.ledger.approvals.turn(approver.id)
        if not turn:
            raise ApproverNotEnrolled(operator=approver.name)
        held = self._open_request(asker, subject, approval.number, now)
        right = self.safe.approval_code(held.request, approver.id, turn)
        typed = "".join(approval.code.split())
        if hmac.compare_digest(right.encode(), typed.encode()):
            return
        body = {"number": approval.number, "approver": approver.id, "operator": asker.id}
        with self.ledger.writing() as act:
            act.append("approval_refused", self.sign_in.locks.stamped(body), self.clock.now_ms())
        raise ApprovalWrong(number=approval.number, tries_left=TRIES - held.failures - 1)

    def _open_request(
        self, asker: Operator, subject: Subject, number: str, now: int
    ) -> AskedApproval:
        held = self.ledger.approvals.asked(number.strip().upper())
        asked = (part(subject.act), part(subject.drn), part(subject.amount), part(asker.id))
        if held is None:
            raise ApprovalUnknown(number=number[:40])
        request = held.request
        if (request.act, request.drn, request.amount, request.operator) != asked:
            raise ApprovalUnknown(number=number[:40])
        over = {"used": held.used, "tries": held.failures >= TRIES, "old": _old(held, now)}
        for why, is_so in over.items():
            if is_so:
                raise ApprovalOver(number=number, why=why)
        return held


def _old(held: AskedApproval, now: int) -> bool:
    return now - held.at_ms > LASTS_MS
