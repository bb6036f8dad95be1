"""The engineering desk without a disk: the real figures and slips, invented tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pos_app.application.act_plans import UNITS, Plan, plan_of
from pos_app.application.approval_records import ApprovalWrong, Subject
from pos_app.application.engineering_records import (
    FREE_ISSUE,
    REPLACEMENT,
    ActOrder,
    DeskRecord,
    WorkOrderMissing,
)
from pos_app.application.given_credit import Credit
from pos_app.application.grants import ReplacementAdvice
from pos_app.application.records import CreditWaiting, MeterRecord, Operator
from pos_app.application.sale import Sale, SaleMeter, SaleToken
from pos_app.domain.engineering import FREE, GIVING, DeskAct, refuse_too_much
from pos_app.domain.meter_life import MeterLife, Standing, SwapInvalid
from pos_app.domain.money import Currency, Money
from pos_app.domain.replacement import Advice, Complaint, Why
from pos_app.domain.tariff.units import parse_units
from pos_app.exchange.approval import ApprovalRequest

CODE = "48219037"
DIGITS = "37410592846115728034"


@dataclass
class FakeEngineering:
    """`made` is what was made; a sale was reprinted before when its receipt ends in 2."""

    called: Callable[[str], None]
    meter: Callable[[str], MeterRecord | None]
    sale: Callable[[str], Sale]
    sign_in: Callable[[str, str], Operator]
    operators: Callable[[], tuple[Operator, ...]]
    now_ms: Callable[[], int]
    made: list[DeskRecord] = field(default_factory=list)
    swaps: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    money: str = ""
    carry: CreditWaiting | None = None

    def _plan(self, order: ActOrder) -> Plan:
        meter = self.meter(order.drn) if order.drn else None
        if order.act not in GIVING:
            return plan_of(order, meter)
        if order.act is DeskAct.REPLACEMENT:
            sale = self.sale(order.values["receipt"])
            kept = self.meter(sale.meter.drn)
            facts = {"why": Why.STILL_REFUSED.value}
            plan = Plan(order.act, kept, (), facts, "", REPLACEMENT, sale.tenths)
            return replace(plan, sale_seq=1, for_receipt=sale.receipt)
        typed = order.values.get("units", "")
        if self.money:
            fine = Money.parse(typed, Currency(self.money)).minor * 1000
            return Plan(order.act, meter, (), {}, typed, FREE_ISSUE, fine=fine)
        tenths = parse_units(typed)
        refuse_too_much(tenths, "kWh")
        kind = FREE_ISSUE if order.act is DeskAct.FREE_ISSUE else REPLACEMENT
        old = order.values.get("from", "")
        return Plan(order.act, meter, (), {}, f"{tenths}", kind, tenths, from_drn=old)

    def draft(self, order: ActOrder) -> DeskRecord:
        self.called("engineering draft")
        plan = self._plan(order)
        names = {one.id: one.name for one in self.operators()}
        approver = order.approval.approver_id if order.approval else ""
        return DeskRecord(
            kind=plan.kind, act=order.act.value, act_id=order.act_id, receipt="", number=0,
            offset_minutes=0, month="", operator=order.operator_id,
            operator_name=names[order.operator_id], approver=approver,
            approver_name=names.get(approver, ""), approval="pin" if approver else "",
            request=order.approval.number if order.approval else "", shift=1,
            meter=_sale_meter(plan.meter), work_order=order.work_order, reason=order.reason,
            facts=plan.facts, tenths=plan.tenths, currency="ZAR", decimals=2, tokens=(),
            training=True, at_ms=0, sale_seq=plan.sale_seq, for_receipt=plan.for_receipt,
            from_drn=plan.from_drn, fine=plan.fine,
        )  # fmt: skip

    def waiting(self, drn: str) -> CreditWaiting | None:
        return self.carry if self.carry and self.carry.new == drn else None

    def swap(
        self, old: str, new: str, credit: str, reason: str, operator: Operator
    ) -> tuple[MeterLife, MeterLife]:
        if old == new:
            raise SwapInvalid(old=old, new=new)
        self.swaps.append((old, new, credit, reason, operator.id))
        return MeterLife(old, Standing.OUT, replaced_by=new), MeterLife(new, replaces=old)

    def counted_in(self, drn: str) -> str:
        assert self.meter(drn) is not None
        return self.money

    def check(self, order: ActOrder) -> object:
        self.called("engineering check")
        if order.act not in FREE and len(order.work_order) > 40:
            raise WorkOrderMissing(most=40)
        return self._plan(order)

    def ask(self, order: ActOrder) -> ApprovalRequest:
        self.called("engineering ask")
        said = Subject(order.act.value, order.drn, str(Decimal(self._plan(order).tenths) / 10))
        return ApprovalRequest("3", "A000004", said.act, said.drn, said.amount, order.operator_id)

    def make(self, order: ActOrder) -> DeskRecord:
        self.called("engineering make")
        approval = order.approval
        if approval is not None and approval.number and approval.code != CODE:
            raise ApprovalWrong(number=approval.number, tries_left=4)
        if approval is not None and not approval.number:
            self.sign_in(approval.approver_id, approval.pin)
        number = len(self.made) + 1
        tests = self._plan(order).facts.get("tests", [""])
        made = replace(
            self.draft(order),
            receipt=f"E-3-A{number:06d}",
            number=number,
            at_ms=self.now_ms(),
            offset_minutes=120,
            tokens=tuple(SaleToken(DIGITS, order.act.value, 6778712, 1, 0) for _ in tests),
        )
        self.made.append(made)
        return made

    def advise(self, receipt: str, says: Complaint) -> ReplacementAdvice:
        self.called("engineering advise")
        sale = self.sale(receipt)
        given = Credit(sale.tenths)
        if says is Complaint.REFUSED:
            return ReplacementAdvice(sale, 1, Advice.REPLACE, Why.STILL_REFUSED, given)
        return ReplacementAdvice(sale, 1, Advice.REPRINT, Why.SAME_DIGITS, given)

    def reprint(self, slip: str, operator_id: str) -> tuple[DeskRecord, int]:
        self.called(f"engineering reprint {operator_id}")
        return next(each for each in self.made if each.receipt == slip), 1


def _sale_meter(meter: MeterRecord | None) -> SaleMeter | None:
    if meter is None:
        return None
    names = ("drn", "pan", "name", "address", "utility", "commodity", "sgc", "krn", "ti")
    more = ("ken", "kt", "ea", "dkga", "base")
    held = {name: getattr(meter, name) for name in (*names, *more)}
    unit = UNITS[meter.commodity]
    return SaleMeter(**held, utility_name="City of Jacaranda", unit=unit, kcv="6c3de4")
