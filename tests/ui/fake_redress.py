"""Refunds without a disk: the real rules of money and people, entries kept in a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pos_app.application.approval_records import ApprovalWrong
from pos_app.application.order import SaleOrder
from pos_app.application.records import Operator, Role
from pos_app.application.redress import paid_of
from pos_app.application.redress_records import Redress, RedressBase, RedressOrder
from pos_app.application.sale import Sale
from pos_app.domain.redress import (
    COMPENSATION_TENDER,
    AlreadyRedressed,
    SameMeter,
    leaves_claim,
    refund_parts,
    refuse_unfit,
)
from pos_app.domain.tender import Tender
from pos_app.exchange.approval import ApprovalRequest

CODE = "48219037"


@dataclass
class FakeRedress:
    """`made` is what was given; one entry a receipt."""

    called: Callable[[str], None]
    sale: Callable[[str], Sale]
    sell: Callable[[SaleOrder], Sale]
    sign_in: Callable[[str, str], Operator]
    now_ms: Callable[[], int]
    made: list[Redress] = field(default_factory=list)
    copies: int = 0

    def about(self, receipt: str) -> RedressBase:
        self.called("redress about")
        sale = self.sale(receipt)
        done = next((each for each in self.made if each.receipt == receipt), None)
        return RedressBase(
            sale.receipt,
            sale.meter.drn,
            sale.meter.name,
            sale.at_ms,
            sale.money(sale.total_minor),
            sale.money(sale.due_minor),
            paid_of(sale),
            sale.tenths,
            sale.meter.unit,
            done,
        )

    def check(self, order: RedressOrder) -> None:
        self.called("redress check")
        sale = self.sale(order.receipt)
        for each in self.made:
            if each.receipt == order.receipt:
                raise AlreadyRedressed(receipt=each.receipt, slip=each.slip)
        refuse_unfit(order.kind, order.reason, order.token, order.receipt)
        if order.drn == sale.meter.drn:
            raise SameMeter(drn=order.drn)
        due = sale.money(sale.due_minor)
        refund_parts(paid_of(sale), due, order.amount or due)

    def ask(self, order: RedressOrder) -> ApprovalRequest:
        self.called("redress ask")
        self.check(order)
        return ApprovalRequest("3", "A000004", order.kind.value, "1", "100.00ZAR", "ama")

    def refund(self, order: RedressOrder) -> Redress:
        self.called(f"refund {order.receipt} {order.approver_id}")
        self.check(order)
        sale = self.sale(order.receipt)
        due = sale.money(sale.due_minor)
        amount = order.amount or due
        parts = refund_parts(paid_of(sale), due, amount)
        given = tuple((part.kind, part.amount.minor) for part in parts)
        return self._keep(order, sale, amount.minor, given, None)

    def compensate(self, order: RedressOrder) -> tuple[Redress, Sale]:
        self.called(f"compensate {order.receipt} {order.drn}")
        self.check(order)
        sale = self.sale(order.receipt)
        total = sale.money(sale.total_minor)
        tenders = (Tender(COMPENSATION_TENDER, total),)
        wish = SaleOrder(order.sale_id, order.drn, total, None, tenders, order.operator_id)
        again = self.sell(wish)
        return self._keep(order, sale, sale.total_minor, (), again), again

    def reprint(self, slip: str, operator_id: str) -> tuple[Redress, int]:
        self.called(f"redress reprint {slip} {operator_id}")
        self.copies += 1
        return next(each for each in self.made if each.slip == slip), self.copies

    def _approver(self, order: RedressOrder) -> Operator:
        if not order.request:
            return self.sign_in(order.approver_id, order.pin)
        if order.code != CODE:
            raise ApprovalWrong(number=order.request, tries_left=4)
        return Operator(order.approver_id, "Thandi Dlamini", Role.SUPERVISOR)

    def _keep(
        self,
        order: RedressOrder,
        sale: Sale,
        minor: int,
        parts: tuple[tuple[str, int], ...],
        again: Sale | None,
    ) -> Redress:
        approver = self._approver(order)
        claimed = leaves_claim(order.reason, order.token)
        made = Redress(
            kind=order.kind.value,
            slip=f"R-3-A{len(self.made) + 1:06d}",
            number=len(self.made) + 1,
            offset_minutes=120,
            sale_seq=1,
            receipt=sale.receipt,
            drn=sale.meter.drn,
            name=sale.meter.name,
            currency=sale.currency,
            decimals=sale.decimals,
            total_minor=sale.total_minor,
            amount_minor=minor,
            parts=parts,
            reason=order.reason.value,
            note=order.note,
            token=order.token.value,
            claim_minor=minor if claimed else 0,
            claim_tenths=sale.tenths if claimed else 0,
            unit=sale.meter.unit,
            operator=order.operator_id,
            operator_name="Ama Owusu",
            approver=approver.id,
            approver_name=approver.name,
            request=order.request,
            shift=7,
            training=True,
            new_receipt=again.receipt if again else "",
            new_drn=again.meter.drn if again else "",
            new_name=again.meter.name if again else "",
            at_ms=self.now_ms(),
        )
        self.made.append(made)
        return made
