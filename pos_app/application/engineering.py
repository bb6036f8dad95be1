"""The engineering desk: every token that is not a sale, made like one and journalled like one.

Work on a meter names its order and its reason. What creates value, or destroys it, is agreed to
by a supervisor who is not the one who asks: with a PIN here, or with a code from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pos_app.application.act_plans import UNITS, Plan, plan_of
from pos_app.application.approval_records import (
    BY_CODE,
    BY_PIN,
    ApprovalMissing,
    Approved,
    Subject,
)
from pos_app.application.approvals import ApprovalDesk
from pos_app.application.engineering_records import (
    ActIntent,
    ActOrder,
    DeskActUnknown,
    DeskRecord,
    EngineerNeeded,
    WorkOrderMissing,
)
from pos_app.application.errors import MeterUnknown, SaleIdReused, TariffMissing
from pos_app.application.given_credit import Credit, counts_money, credit_typed
from pos_app.application.grants import Grants, ReplacementAdvice, refuse_unlike
from pos_app.application.operators import operator_of
from pos_app.application.ports import Clock, Ledger, LedgerTransaction, ReceiptNumber
from pos_app.application.pricing import Pricing
from pos_app.application.records import (
    CreditWaiting,
    MeterRecord,
    Operator,
    ShopIdentity,
    ShopMode,
)
from pos_app.application.sale import SaleMeter, SaleToken
from pos_app.application.shift_cash import reason_of
from pos_app.application.shop_time import month_of
from pos_app.application.token_ports import TokenEngine
from pos_app.domain.engineering import FREE, GIVING, ROLES, TWO_PERSONS, DeskAct
from pos_app.domain.meter_life import MeterLife, MeterOut, Standing
from pos_app.domain.replacement import Complaint
from pos_app.exchange.approval import ApprovalRequest

LONGEST_ORDER: Final = 40


@dataclass(frozen=True, slots=True)
class EngineeringDesk:
    """The door to the engineering desk of one open shop; runs on the ledger's thread."""

    identity: ShopIdentity
    ledger: Ledger
    clock: Clock
    engine: TokenEngine
    pricing: Pricing
    approvals: ApprovalDesk
    grants: Grants

    def look(self, order: ActOrder) -> Plan:
        """Return what would be made; raises what stands against it, order number and reason apart.

        Raises `EngineerNeeded`, `MeterUnknown`, `MeterOut` and what the act's figures raise.
        """
        operator = operator_of(self.ledger, order.operator_id)
        if operator.role.value not in ROLES[order.act]:
            raise EngineerNeeded
        return self._plan(order, self._meter(order), operator)

    def check(self, order: ActOrder) -> Plan:
        """Return what would be made; raises whatever stands against it but for the approval."""
        plan = self.look(order)
        if order.act not in FREE:
            _work_order(order.work_order)
            reason_of(order.reason)
        return plan

    def draft(self, order: ActOrder) -> DeskRecord:
        """Return the record as far as it is known, without tokens; raises what `look` raises."""
        plan = self.look(order)
        operator = operator_of(self.ledger, order.operator_id)
        approved = None
        if order.approval is not None and order.approval.approver_id:
            approver = operator_of(self.ledger, order.approval.approver_id)
            approved = Approved(approver, BY_CODE if order.approval.number else BY_PIN)
        return self._record(order, plan, operator, approved)

    def advise(self, receipt: str, says: Complaint) -> ReplacementAdvice:
        """Return the one next thing for a token that is no good; see `Grants.advise`."""
        return self.grants.advise(receipt, says)

    def waiting(self, drn: str) -> CreditWaiting | None:
        """Return an old meter's credit that this meter has still to get; see `Grants.waiting`."""
        return self.grants.waiting(drn)

    def swap(
        self, old: str, new: str, credit: str, reason: str, operator: Operator
    ) -> tuple[MeterLife, MeterLife]:
        """Note that a meter took another's place, and the credit that was typed for it.

        The credit waits for an exchange to give it. Raises what `MeterRecords.swap` and
        `given_credit.credit_typed` raise, and `CreditKindsDiffer`.
        """
        given, meters = Credit(), self.grants.meters
        record, after = self.ledger.meter(old), self.ledger.meter(new)
        if record is not None and after is not None and credit.strip(" 0."):
            refuse_unlike(self.pricing, record, after)
            given = credit_typed(self.pricing, record, credit)
        return meters.swap(old, new, given.tenths, reason, operator, credit_fine=given.fine)

    def counted_in(self, drn: str) -> str:
        """Return the currency that a meter counts, empty where it counts units."""
        meter = self.ledger.meter(drn)
        if meter is None:
            raise MeterUnknown(typed=drn[:40])
        currency = counts_money(self.pricing, meter)
        return "" if currency is None else currency.code

    def ask(self, order: ActOrder) -> ApprovalRequest:
        """Journal a request for a supervisor elsewhere, once nothing else stands in the way."""
        return self.approvals.ask(_subject(self.check(order)), order.operator_id)

    def make(self, order: ActOrder) -> DeskRecord:
        """Make the tokens, or raise a `PosError` after which nothing has happened.

        The same `act_id` again returns what was made the first time.
        """
        known = self.ledger.desk_acts.by_id(order.act_id)
        if known is not None:
            return _same(known, order)
        plan = self.check(order)
        operator = operator_of(self.ledger, order.operator_id)
        approved = self._approved(order, plan, operator)

        def prepare(act: LedgerTransaction) -> ActIntent:
            if approved is not None and approved.number:
                self.approvals.still_open(approved.number)
            plan.first(act)
            number, series = self.ledger.desk_acts.next_number(), act.next_receipt()[0]
            receipt = f"E-{ReceiptNumber(self.identity.till, series, number)}"
            draft = replace(
                self._record(order, plan, operator, approved), receipt=receipt, number=number
            )

            def body(tokens: tuple[SaleToken, ...], kcv: str, at_ms: int) -> DeskRecord:
                return self._dated(draft, tokens, kcv, at_ms)

            given = (plan.tenths, plan.fine, draft.currency, draft.decimals)
            return ActIntent(plan.kind, plan.meter, plan.blanks, *given, body)

        return self.engine.act(prepare)

    def find(self, slip: str) -> DeskRecord:
        """Return an act by the number on its slip; raises `DeskActUnknown`."""
        digits = slip.strip()[slip.strip().rfind("-") + 1 :].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 18 else 0
        found = self.ledger.desk_acts.by_number(number)
        if found is None or found.receipt != slip.strip():
            raise DeskActUnknown(slip=slip[:40])
        return found

    def reprint(self, slip: str, operator_id: str) -> tuple[DeskRecord, int]:
        """Queue a copy of a slip, the same digits, marked and counted."""
        operator, found = operator_of(self.ledger, operator_id), self.find(slip)
        now = self.clock.now_ms()
        with self.ledger.writing() as act:
            copy = self.ledger.desk_acts.copies_of(found.seq) + 1
            body = {"act_seq": found.seq, "copy": copy, "operator": operator.id}
            body["shift"] = self._shift(operator.id)
            act.append("desk_act_reprinted", body, now)
            act.queue_slip(found.seq, copy, now)
        return found, copy

    def listed(self, drn: str = "", limit: int = 50) -> tuple[DeskRecord, ...]:
        """Return what was done last, at one meter or at all of them, newest first."""
        book = self.ledger.desk_acts
        return book.of_meter(drn, limit) if drn else book.latest(limit)

    def _meter(self, order: ActOrder) -> MeterRecord | None:
        if not order.drn and (order.act in FREE or order.act is DeskAct.REPLACEMENT):
            return None
        meter = self.ledger.meter(order.drn)
        if meter is None:
            raise MeterUnknown(typed=order.drn[:40])
        life = self.ledger.meter_life(meter.drn)
        if life is not None and life.standing is Standing.OUT:
            raise MeterOut(drn=meter.drn, successor=life.replaced_by)
        return meter

    def _plan(self, order: ActOrder, meter: MeterRecord | None, operator: Operator) -> Plan:
        if order.act in GIVING:
            return self.grants.plan(order, meter, operator)
        return plan_of(order, meter)

    def _approved(self, order: ActOrder, plan: Plan, operator: Operator) -> Approved | None:
        if order.act not in TWO_PERSONS:
            return None
        if order.approval is None or not order.approval.approver_id:
            raise ApprovalMissing(act=order.act.value)
        return self.approvals.settle(operator, _subject(plan), order.approval)

    def _record(
        self, order: ActOrder, plan: Plan, operator: Operator, approved: Approved | None
    ) -> DeskRecord:
        """Return the record without number, time and tokens."""
        code, decimals = self._currency(plan.meter)
        return DeskRecord(
            kind=plan.kind,
            act=plan.act.value,
            act_id=order.act_id,
            receipt="",
            number=0,
            at_ms=0,
            offset_minutes=0,
            month="",
            operator=operator.id,
            operator_name=operator.name,
            approver=approved.approver.id if approved else "",
            approver_name=approved.approver.name if approved else "",
            approval=approved.way if approved else "",
            request=approved.number if approved else "",
            shift=self._shift(operator.id),
            meter=self._sale_meter(plan.meter),
            work_order=" ".join(order.work_order.split()),
            reason=" ".join(order.reason.split()),
            facts=plan.facts,
            tenths=plan.tenths,
            currency=code,
            decimals=decimals,
            tokens=(),
            training=self.identity.mode is ShopMode.TRAINING,
            sale_seq=plan.sale_seq,
            for_receipt=plan.for_receipt,
            from_drn=plan.from_drn,
            fine=plan.fine,
        )

    def _dated(
        self, draft: DeskRecord, tokens: tuple[SaleToken, ...], kcv: str, at_ms: int
    ) -> DeskRecord:
        offset = self.clock.offset_minutes(at_ms)
        return replace(
            draft,
            meter=replace(draft.meter, kcv=kcv) if draft.meter else None,
            tokens=tokens,
            at_ms=at_ms,
            offset_minutes=offset,
            month=month_of(at_ms, offset),
        )

    def _currency(self, meter: MeterRecord | None) -> tuple[str, int]:
        """Return (code, decimals) of the money a meter's allowance is in, empty for none."""
        if meter is None:
            return "", 0
        try:
            currency = self.pricing.tariff(meter.tariff).currency
        except TariffMissing:  # an engineer may work at a meter that nothing is sold to yet
            return "", 0
        return currency.code, currency.decimals

    def _sale_meter(self, meter: MeterRecord | None) -> SaleMeter | None:
        if meter is None:
            return None
        utility = self.ledger.utility(meter.utility)
        names = ("drn", "pan", "name", "address", "utility", "commodity", "sgc", "krn", "ti")
        more = ("ken", "kt", "ea", "dkga", "base")
        return SaleMeter(
            **{name: getattr(meter, name) for name in (*names, *more)},
            utility_name=utility.name if utility else meter.utility,
            unit=UNITS.get(meter.commodity, ""),
            kcv="",
        )

    def _shift(self, operator_id: str) -> int:
        shift = self.ledger.shifts.of_operator(operator_id)
        return shift.number if shift else 0


def _subject(plan: Plan) -> Subject:
    return Subject(plan.act.value, plan.meter.drn if plan.meter else "", plan.amount)


def _work_order(typed: str) -> str:
    line = " ".join(typed.split())
    if not any(map(str.isalnum, line)) or len(line) > LONGEST_ORDER or not line.isprintable():
        raise WorkOrderMissing(most=LONGEST_ORDER)
    return line


def _same(known: DeskRecord, order: ActOrder) -> DeskRecord:
    other = known.drn and order.drn and known.drn != order.drn
    if known.act != order.act.value or other:
        raise SaleIdReused(sale_id=order.act_id[:40])
    return known
