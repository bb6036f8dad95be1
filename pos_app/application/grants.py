"""Credit that nobody pays for: free issues, replacements, and what goes along with a new meter.

It is in units, or in money for a meter that counts money.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_app.application.act_plans import UNITS, Plan
from pos_app.application.engineering_records import (
    FREE_ISSUE,
    REPLACEMENT,
    ActOrder,
)
from pos_app.application.errors import MeterBlocked, MeterUnknown, ReceiptUnknown
from pos_app.application.given_credit import (
    Credit,
    CreditKindsDiffer,
    ReplacementKindDiffers,
    counted_in,
    counts_money,
    credit_of_sale,
    credit_typed,
    minor_of,
)
from pos_app.application.meter_life import MeterRecords
from pos_app.application.ports import Ledger, LedgerTransaction
from pos_app.application.pricing import Pricing
from pos_app.application.records import CreditWaiting, MeterRecord, Operator
from pos_app.application.sale import Sale
from pos_app.domain.engineering import (
    DeskAct,
    GrantTooLarge,
    ServiceUnfit,
    refuse_too_much,
)
from pos_app.domain.meter_life import MeterLife, SwapInvalid, check_swap
from pos_app.domain.money import Money
from pos_app.domain.redress import AlreadyRedressed
from pos_app.domain.replacement import (
    Advice,
    AlreadyReplaced,
    Case,
    Complaint,
    CreditCarried,
    Why,
    advise,
    refuse_early,
)
from pos_app.sts.amounts import encodable_units

_KEY_FACTS = ("sgc", "krn", "ti", "ken", "kt", "ea", "dkga", "base")


@dataclass(frozen=True, slots=True)
class ReplacementAdvice:
    """The one next thing for a token that is no good to its customer, and why."""

    sale: Sale
    seq: int
    advice: Advice
    why: Why
    credit: Credit


@dataclass(frozen=True, slots=True)
class Grants:
    """Plans of acts that give credit away; nothing is written here."""

    ledger: Ledger
    pricing: Pricing
    meters: MeterRecords

    def plan(self, order: ActOrder, meter: MeterRecord | None, operator: Operator) -> Plan:
        """Return the plan of a giving act; raises what stands against it."""
        if order.act is DeskAct.REPLACEMENT:
            return self._replacement(order)
        if meter is None:
            raise MeterUnknown(typed=order.drn[:40])
        if order.act is DeskAct.FREE_ISSUE:
            return self._free_issue(order, meter)
        return self._exchange(order, meter, operator)

    def advise(self, receipt: str, says: Complaint) -> ReplacementAdvice:
        """Return what to do about a sale's token; raises `ReceiptUnknown`."""
        found = self.ledger.sale_by_receipt(receipt.strip())
        if found is None:
            raise ReceiptUnknown(receipt=receipt[:40])
        seq, sale = found
        meter = self.ledger.meter(sale.meter.drn)
        changed = meter is not None and any(
            getattr(meter, name) != getattr(sale.meter, name) for name in _KEY_FACTS
        )
        case = Case(
            says=says,
            printed=not self.ledger.desk_acts.slip_failed(seq),
            copies=self.ledger.copies_of(seq),
            key_changed=changed,
            later=self.ledger.tokens_after(sale.meter.drn, sale.tokens[-1].minute),
        )
        return ReplacementAdvice(sale, seq, *advise(case), credit_of_sale(sale))

    def waiting(self, drn: str) -> CreditWaiting | None:
        """Return the credit that a swap noted for this meter and nobody gave it yet."""
        life = self.ledger.meter_life(drn)
        if life is None or not life.replaces or not (life.credit_tenths or life.credit_fine):
            return None
        meter = self.ledger.meter(drn)
        if meter is None or self.ledger.desk_acts.carried_from(life.replaces) is not None:
            return None
        noted = noted_credit(self.pricing, meter, life)
        if noted is None:
            return None
        text = noted.text(UNITS.get(meter.commodity, ""))
        return CreditWaiting(life.replaces, drn, text.split(" ")[0], text)

    def _free_issue(self, order: ActOrder, meter: MeterRecord) -> Plan:
        given = credit_typed(self.pricing, meter, order.values.get("units", ""))
        self._refuse(meter)
        self._refuse_too_much(given, meter)
        return _plan(order.act, FREE_ISSUE, meter, given)

    def _replacement(self, order: ActOrder) -> Plan:
        says = Complaint(order.values.get("says", Complaint.REFUSED.value))
        found = self.advise(order.values.get("receipt", ""), says)
        sale = found.sale
        done = self.ledger.redress.of_sale(found.seq)
        if done is not None:
            raise AlreadyRedressed(receipt=sale.receipt, slip=done.slip)
        again = self.ledger.desk_acts.of_sale(found.seq)
        if again is not None:
            raise AlreadyReplaced(receipt=sale.receipt, slip=again.receipt)
        refuse_early(found.advice, sale.receipt)
        meter = self.ledger.meter(sale.meter.drn)
        if meter is None:
            raise MeterUnknown(typed=sale.meter.drn)
        self._refuse(meter)
        currency = counts_money(self.pricing, meter)
        if found.credit.currency != (currency.code if currency else ""):
            raise ReplacementKindDiffers(receipt=sale.receipt, drn=meter.drn)
        return replace(
            _plan(order.act, REPLACEMENT, meter, found.credit),
            facts={"says": says.value, "why": found.why.value},
            sale_seq=found.seq,
            for_receipt=sale.receipt,
        )

    def _exchange(self, order: ActOrder, meter: MeterRecord, operator: Operator) -> Plan:
        old = self.ledger.meter(order.values.get("from", ""))
        if old is None:
            raise MeterUnknown(typed=order.values.get("from", "")[:40])
        self._refuse_unlike(order, old, meter)
        done = self.ledger.desk_acts.carried_from(old.drn)
        if done is not None:
            raise CreditCarried(drn=old.drn, slip=done.receipt)
        life = self.meters.life(meter.drn)
        given = self._noted(life, old, order) or credit_typed(
            self.pricing, meter, order.values.get("units", "")
        )
        self._refuse_too_much(given, meter)
        plan = _plan(order.act, REPLACEMENT, meter, given)
        plan = replace(
            plan, facts={"from": old.drn}, amount=f"{plan.amount}:{old.drn}", from_drn=old.drn
        )
        if life.replaces == old.drn:
            noted = Credit(encodable_units(life.credit_tenths), life.credit_fine, given.currency)
            if given.above(noted):
                raise SwapInvalid(old=life.replaces, new=meter.drn)
            self._refuse(meter)
            return plan
        check_swap(self.meters.life(old.drn), life)
        first = _Swap(self.meters, old.drn, meter.drn, given, order.reason, operator)
        return replace(plan, first=first)

    def _noted(self, life: MeterLife, old: MeterRecord, order: ActOrder) -> Credit | None:
        """Return the credit that a swap noted, where no other figure was typed."""
        if order.values.get("units", "").strip() or life.replaces != old.drn:
            return None
        return noted_credit(self.pricing, old, life)

    def _refuse_unlike(self, order: ActOrder, old: MeterRecord, new: MeterRecord) -> None:
        """Raise for credit that cannot go from the one meter to the other."""
        if old.commodity != new.commodity:
            raise ServiceUnfit(act=order.act.value, commodity=new.commodity)
        if old.utility != new.utility:
            raise SwapInvalid(old=old.drn, new=new.drn)
        refuse_unlike(self.pricing, old, new)

    def _refuse_too_much(self, given: Credit, meter: MeterRecord) -> None:
        """Raise `GrantTooLarge`: of money, above what the allowance lets one sale be."""
        if not given.currency:
            refuse_too_much(given.tenths, UNITS.get(meter.commodity, ""))
            return
        for code, allowance, _ in self.ledger.allowances():
            tariff = self.pricing.tariff(meter.tariff)
            minor = minor_of(given.fine, tariff.currency.decimals)
            if code == given.currency and minor > allowance.per_vend_minor:
                most = Money(allowance.per_vend_minor, tariff.currency).plain()
                raise GrantTooLarge(most=most, unit=code)

    def _refuse(self, meter: MeterRecord) -> None:
        if meter.blocked:
            raise MeterBlocked(drn=meter.drn, reason=meter.blocked)


def refuse_unlike(pricing: Pricing, old: MeterRecord, new: MeterRecord) -> None:
    """Raise `CreditKindsDiffer` where one of two meters counts units and the other money."""
    counted, counts = counts_money(pricing, old), counts_money(pricing, new)
    if counted != counts:
        raise CreditKindsDiffer(
            old=old.drn,
            new=new.drn,
            old_in=counted_in(pricing, old),
            new_in=counted_in(pricing, new),
        )


def noted_credit(pricing: Pricing, meter: MeterRecord, life: MeterLife) -> Credit | None:
    """Return the credit that a swap noted for the meter that came, None for none."""
    currency = counts_money(pricing, meter)
    if currency is not None and life.credit_fine:
        return Credit(fine=life.credit_fine, currency=currency.code)
    return Credit(encodable_units(life.credit_tenths)) if life.credit_tenths else None


@dataclass(frozen=True, slots=True)
class _Swap:
    """The swap that comes before its credit, in the same act."""

    meters: MeterRecords
    old: str
    new: str
    credit: Credit
    reason: str
    operator: Operator

    def __call__(self, act: LedgerTransaction) -> None:
        self.meters.swap(
            self.old,
            self.new,
            self.credit.tenths,
            self.reason,
            self.operator,
            credit_fine=self.credit.fine,
            within=act,
        )


def _plan(act: DeskAct, kind: str, meter: MeterRecord, given: Credit) -> Plan:
    return Plan(
        act=act,
        meter=meter,
        blanks=((act.value, given.blank(meter)),),
        amount=given.word(meter.commodity),
        kind=kind,
        tenths=given.tenths,
        fine=given.fine,
    )
