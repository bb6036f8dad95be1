"""Refunds and compensations: asked for by one person, approved by another, journalled once.

Nothing here takes a token back or changes a sale; see `pos_app.domain.redress`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_app.application.approval_records import Approval, Subject
from pos_app.application.approvals import ApprovalDesk
from pos_app.application.errors import ReceiptUnknown, SaleIdReused
from pos_app.application.operators import need_cash_hand, operator_of
from pos_app.application.order import SaleOrder
from pos_app.application.ports import (
    Clock,
    Ledger,
    LedgerTransaction,
    ReceiptNumber,
)
from pos_app.application.records import Operator, ShopIdentity, ShopMode
from pos_app.application.redress_records import (
    Asked,
    Redress,
    RedressBase,
    RedressOrder,
    RedressUnknown,
)
from pos_app.application.reports.period import Period
from pos_app.application.sale import Sale
from pos_app.application.sell import Sell
from pos_app.application.shift_cash import reason_of, shift_of
from pos_app.application.shop_time import day_of
from pos_app.application.token_ports import SaleIntent
from pos_app.domain.redress import (
    COMPENSATION_TENDER,
    AlreadyRedressed,
    Paid,
    Reason,
    RedressKind,
    RedressOfRedress,
    SameMeter,
    leaves_claim,
    refund_parts,
    refuse_unfit,
    share,
)
from pos_app.domain.replacement import AlreadyReplaced
from pos_app.domain.tender import CASH, Tender
from pos_app.domain.wallet import WALLET
from pos_app.exchange.approval import ApprovalRequest


def paid_of(sale: Sale) -> tuple[Paid, ...]:
    """Return what stayed with the seller by way of paying; change went back in cash.

    Change kept in the customer's wallet is the customer's still, and what came out of a wallet
    was change once: it goes back in cash.
    """
    kept: dict[str, int] = {}
    for tender in sale.tenders:
        kind = CASH if tender.kind == WALLET else tender.kind
        kept[kind] = kept.get(kind, 0) + tender.amount_minor
    if sale.change_minor or sale.wallet_in_minor:
        kept[CASH] = kept.get(CASH, 0) - sale.change_minor - sale.wallet_in_minor
    return tuple(Paid(kind, sale.money(minor)) for kind, minor in kept.items() if minor > 0)


def is_compensation(sale: Sale) -> bool:
    """Tell whether a sale makes up for another one."""
    return any(tender.kind == COMPENSATION_TENDER for tender in sale.tenders)


def _subject(order: RedressOrder, sale: Sale) -> Subject:
    """Return what is approved: what is given, for which sale, to which meter."""
    amount = sale.money(sale.total_minor)
    if order.kind is RedressKind.REFUND:
        amount = order.amount or sale.money(sale.due_minor)
    said = f"{amount.plain()}{sale.currency}:{sale.receipt}"
    return Subject(order.kind.value, order.drn or sale.meter.drn, said)


@dataclass(frozen=True, slots=True)
class RedressDesk:
    """The door to refunds and compensations of one open shop.

    Every method runs on the ledger's thread; after a `PosError` nothing has happened but, for a
    wrong PIN, the count of wrong PINs. `sell` knows no commission: it was earned once.
    """

    identity: ShopIdentity
    ledger: Ledger
    clock: Clock
    approvals: ApprovalDesk
    sell: Sell

    def about(self, receipt: str) -> RedressBase:
        """Return what can be given for a sale; raises `ReceiptUnknown`."""
        seq, sale = self._sale(receipt)
        return RedressBase(
            receipt=sale.receipt,
            drn=sale.meter.drn,
            name=sale.meter.name,
            at_ms=sale.at_ms,
            total=sale.money(sale.total_minor),
            most=sale.money(sale.due_minor),
            paid=paid_of(sale),
            tenths=sale.tenths,
            unit=sale.meter.unit,
            done=self.ledger.redress.of_sale(seq),
        )

    def check(self, order: RedressOrder) -> None:
        """Raise whatever stands against an order, but for its approver and the PIN."""
        seq, sale = self._sale(order.receipt)
        self._refuse(order, seq, sale)

    def ask(self, order: RedressOrder) -> ApprovalRequest:
        """Journal a request for a supervisor elsewhere, once nothing else stands in the way."""
        _, sale = self._sale(order.receipt)
        self.check(order)
        return self.approvals.ask(_subject(order, sale), order.operator_id)

    def refund(self, order: RedressOrder) -> Redress:
        """Give money back; the drawer of the operator's own shift pays what was paid in cash.

        Raises `ReceiptUnknown`, `AlreadyRedressed`, `RedressOfRedress`, `ReasonUnfit`,
        `TokenUsed`, `RefundTooMuch`, `CashNotInCoins`, `ReasonMissing`, `ShiftNotOpen`,
        `SecondPersonNeeded`, `RoleNeeded`, `PinWrong`, `PinLocked` or what codes raise.
        """
        seq, sale = self._sale(order.receipt)
        self._refuse(order, seq, sale)
        row = shift_of(self.ledger, operator_of(self.ledger, order.operator_id))
        asked = self._approved(order, sale)
        due = sale.money(sale.due_minor)
        amount = due if order.amount is None else order.amount
        parts = refund_parts(paid_of(sale), due, amount)
        back = share(sale.commission_minor, amount.minor, sale.due_minor)
        with self.ledger.writing() as transaction:
            self._once(seq, sale)
            draft = replace(
                self._draft(transaction, asked, seq, sale),
                amount_minor=amount.minor,
                parts=tuple((part.kind, part.amount.minor) for part in parts),
                commission_minor=back,
                shift=row.number,
            )
            return self._append(transaction, draft)

    def compensate(self, order: RedressOrder) -> tuple[Redress, Sale]:
        """Sell the whole of a sale again on another meter; both entries are one act.

        Raises what `refund` raises but for the amount, `SameMeter`, and what a sale raises. The
        same `sale_id` again returns what was done the first time.
        """
        known = self.ledger.sale_by_id(order.sale_id)
        seq, sale = self._sale(order.receipt)
        if known is not None:
            return self._same(order, seq, known[1])
        self._refuse(order, seq, sale)
        asked = self._approved(order, sale)
        made: list[Redress] = []

        def prepare(act: LedgerTransaction) -> SaleIntent:
            self._once(seq, sale)
            wish = self._wish(order, sale)
            intent = self.sell.prepare(act, wish, asked.operator)
            draft = replace(
                self._draft(act, asked, seq, sale),
                amount_minor=sale.total_minor,
                shift=self._shift(asked.operator),
                new_receipt=str(ReceiptNumber(self.identity.till, *act.next_receipt())),
                new_drn=intent.meter.drn,
                new_name=intent.meter.name,
                sale_id=order.sale_id,
            )
            made.append(self._append(act, draft))
            return intent

        again = self.sell.engine.issue(prepare)
        self.sell.committed(again)
        return made[0], again

    def listed(self, period: Period, limit: int = 10_000) -> tuple[Redress, ...]:
        """Return what was given on the shop's days of `period`, newest first."""
        days = (period.first.isoformat(), period.last.isoformat())
        return tuple(
            each
            for each in self.ledger.redress.between(*period.span_ms(), limit)
            if days[0] <= day_of(each.at_ms, each.offset_minutes) <= days[1]
        )

    def find(self, slip: str) -> Redress:
        """Return a refund or compensation by the number on its slip; raises `RedressUnknown`."""
        digits = slip.strip()[slip.strip().rfind("-") + 1 :].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 18 else 0
        found = self.ledger.redress.by_number(number)
        if found is None or found.slip != slip.strip():
            raise RedressUnknown(slip=slip[:40])
        return found

    def reprint(self, slip: str, operator_id: str) -> tuple[Redress, int]:
        """Queue a copy of a signature slip, marked and counted; return it and its number."""
        operator, found = operator_of(self.ledger, operator_id), self.find(slip)
        now, shift = self.clock.now_ms(), self.ledger.shifts.of_operator(operator_id)
        with self.ledger.writing() as transaction:
            copy = self.ledger.redress.copies_of(found.seq) + 1
            body = {
                "redress_seq": found.seq,
                "copy": copy,
                "operator": operator.id,
                "shift": shift.number if shift else 0,
            }
            transaction.append("redress_reprinted", body, now)
            transaction.queue_slip(found.seq, copy, now)
        return found, copy

    def _sale(self, receipt: str) -> tuple[int, Sale]:
        found = self.ledger.sale_by_receipt(receipt.strip())
        if found is None:
            raise ReceiptUnknown(receipt=receipt[:40])
        return found

    def _refuse(self, order: RedressOrder, seq: int, sale: Sale) -> None:
        need_cash_hand(operator_of(self.ledger, order.operator_id))
        self._once(seq, sale)
        if is_compensation(sale):
            raise RedressOfRedress(receipt=sale.receipt)
        refuse_unfit(order.kind, order.reason, order.token, sale.receipt)
        if order.reason is Reason.OTHER or order.note.strip():
            reason_of(order.note)
        if order.kind is RedressKind.COMPENSATION and order.drn == sale.meter.drn:
            raise SameMeter(drn=order.drn)
        if order.kind is RedressKind.REFUND:
            due = sale.money(sale.due_minor)
            refund_parts(paid_of(sale), due, due if order.amount is None else order.amount)

    def _once(self, seq: int, sale: Sale) -> None:
        done = self.ledger.redress.of_sale(seq)
        if done is not None:
            raise AlreadyRedressed(receipt=sale.receipt, slip=done.slip)
        replaced = self.ledger.desk_acts.of_sale(seq)
        if replaced is not None:
            raise AlreadyReplaced(receipt=sale.receipt, slip=replaced.receipt)

    def _approved(self, order: RedressOrder, sale: Sale) -> Asked:
        """Return the order with its two people; the PIN or the code is looked at last."""
        operator = operator_of(self.ledger, order.operator_id)
        approval = Approval(order.approver_id, order.pin, order.request, order.code)
        said = self.approvals.settle(operator, _subject(order, sale), approval)
        note = " ".join(order.note.split())
        return Asked(order, operator, said.approver, note, said.number)

    def _draft(self, act: LedgerTransaction, asked: Asked, seq: int, sale: Sale) -> Redress:
        """Return what is the same in both kinds."""
        order, now = asked.order, self.clock.now_ms()
        if asked.request:
            self.approvals.still_open(asked.request)
        number, series = self.ledger.redress.next_number(), act.next_receipt()[0]
        claimed = leaves_claim(order.reason, order.token)
        return Redress(
            kind=order.kind.value,
            slip=f"R-{ReceiptNumber(self.identity.till, series, number)}",
            number=number,
            offset_minutes=self.clock.offset_minutes(now),
            sale_seq=seq,
            receipt=sale.receipt,
            drn=sale.meter.drn,
            name=sale.meter.name,
            currency=sale.currency,
            decimals=sale.decimals,
            total_minor=sale.total_minor,
            amount_minor=0,
            parts=(),
            reason=order.reason.value,
            note=asked.note,
            token=order.token.value,
            claim_minor=sale.total_minor if claimed else 0,
            claim_tenths=sale.tenths if claimed else 0,
            unit=sale.meter.unit,
            operator=asked.operator.id,
            operator_name=asked.operator.name,
            approver=asked.approver.id,
            approver_name=asked.approver.name,
            shift=0,
            training=self.identity.mode is ShopMode.TRAINING,
            request=asked.request,
            utility=sale.meter.utility,
            commission_percent=sale.commission_percent,
        )

    def _append(self, act: LedgerTransaction, draft: Redress) -> Redress:
        now = self.clock.now_ms()
        entry = act.append(draft.kind, draft.to_body(), now)
        act.queue_slip(entry.seq, 0, now)
        return replace(draft, seq=entry.seq, at_ms=entry.at_ms)

    def _shift(self, operator: Operator) -> int:
        """Return the shift that the sale within the same transaction is in."""
        return shift_of(self.ledger, operator).number

    @staticmethod
    def _wish(order: RedressOrder, sale: Sale) -> SaleOrder:
        total = sale.money(sale.total_minor)
        return SaleOrder(
            sale_id=order.sale_id,
            drn=order.drn,
            amount=total,
            tenths=None,
            tenders=(Tender(COMPENSATION_TENDER, total),),
            operator_id=order.operator_id,
            repeat_allowed=True,
            expected_tenths=order.expected_tenths,
        )

    def _same(self, order: RedressOrder, seq: int, again: Sale) -> tuple[Redress, Sale]:
        done = self.ledger.redress.of_sale(seq)
        if done is None or done.sale_id != order.sale_id or again.meter.drn != order.drn:
            raise SaleIdReused(sale_id=order.sale_id[:40])
        return done, again
