"""Credit that nobody pays for: free issues, replacements, and what goes along with a new meter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from pos_app.application.act_plans import UNITS, Plan
from pos_app.application.engineering_records import (
    FREE_ISSUE,
    REPLACEMENT,
    ActOrder,
    Blank,
)
from pos_app.application.errors import MeterBlocked, MeterUnknown, ReceiptUnknown
from pos_app.application.meter_life import MeterRecords
from pos_app.application.ports import Ledger, LedgerTransaction
from pos_app.application.pricing import Pricing
from pos_app.application.records import MeterRecord, Operator
from pos_app.application.sale import Sale
from pos_app.domain.engineering import (
    DeskAct,
    GrantNeedsUnits,
    ServiceUnfit,
    refuse_too_much,
)
from pos_app.domain.meter_life import MeterLife, SwapInvalid, check_swap
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
from pos_app.domain.tariff.parts import TokenKind
from pos_app.domain.tariff.units import parse_units
from pos_app.sts.amounts import encodable_units
from pos_app.sts.tokens import SERVICES, CreditToken

_KEY_FACTS = ("sgc", "krn", "ti", "ken", "kt", "ea", "dkga", "base")


@dataclass(frozen=True, slots=True)
class ReplacementAdvice:
    """The one next thing for a token that is no good to its customer, and why."""

    sale: Sale
    seq: int
    advice: Advice
    why: Why
    tenths: int


@dataclass(frozen=True, slots=True)
class Grants:
    """Plans of acts that give units away; nothing is written here."""

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
        tenths = sum(token.tenths for token in sale.tokens)
        return ReplacementAdvice(sale, seq, *advise(case), tenths)

    def _free_issue(self, order: ActOrder, meter: MeterRecord) -> Plan:
        tenths = encodable_units(parse_units(order.values.get("units", "")))
        unit = self.unit(meter)
        self._refuse(meter)
        refuse_too_much(tenths, unit)
        return Plan(
            order.act, meter, ((order.act.value, _credit(meter, tenths)),), {},
            _said(tenths, meter), FREE_ISSUE, tenths,
        )  # fmt: skip

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
        return Plan(
            act=order.act,
            meter=meter,
            blanks=((order.act.value, _credit(meter, found.tenths)),),
            facts={"says": says.value, "why": found.why.value},
            amount=_said(found.tenths, meter),
            kind=REPLACEMENT,
            tenths=found.tenths,
            sale_seq=found.seq,
            for_receipt=sale.receipt,
        )

    def _exchange(self, order: ActOrder, meter: MeterRecord, operator: Operator) -> Plan:
        old = self.ledger.meter(order.values.get("from", ""))
        if old is None:
            raise MeterUnknown(typed=order.values.get("from", "")[:40])
        if old.commodity != meter.commodity:
            raise ServiceUnfit(act=order.act.value, commodity=meter.commodity)
        if old.utility != meter.utility:
            raise SwapInvalid(old=old.drn, new=meter.drn)
        done = self.ledger.desk_acts.carried_from(old.drn)
        if done is not None:
            raise CreditCarried(drn=old.drn, slip=done.receipt)
        tenths = encodable_units(parse_units(order.values.get("units", "")))
        refuse_too_much(tenths, self.unit(meter))
        life = self.meters.life(meter.drn)
        if life.replaces == old.drn:
            return self._carried(order, meter, life, tenths)
        check_swap(self.meters.life(old.drn), life)
        if self._counts_money(meter):
            raise GrantNeedsUnits(drn=meter.drn)
        plan = self._transfer(order, meter, old.drn, tenths)
        first = _Swap(self.meters, old.drn, meter.drn, tenths, order.reason, operator)
        return replace(plan, first=first)

    def _carried(self, order: ActOrder, meter: MeterRecord, life: MeterLife, tenths: int) -> Plan:
        """Return the plan for a meter that took the other's place already."""
        if tenths > encodable_units(life.credit_tenths):
            raise SwapInvalid(old=life.replaces, new=meter.drn)
        self._refuse(meter)
        return self._transfer(order, meter, life.replaces, tenths)

    def _transfer(self, order: ActOrder, meter: MeterRecord, old: str, tenths: int) -> Plan:
        return Plan(
            act=order.act,
            meter=meter,
            blanks=((order.act.value, _credit(meter, tenths)),),
            facts={"from": old},
            amount=f"{_said(tenths, meter)}:{old}",
            kind=REPLACEMENT,
            tenths=tenths,
            from_drn=old,
        )

    def _refuse(self, meter: MeterRecord) -> None:
        if meter.blocked:
            raise MeterBlocked(drn=meter.drn, reason=meter.blocked)
        if self._counts_money(meter):
            raise GrantNeedsUnits(drn=meter.drn)

    def _counts_money(self, meter: MeterRecord) -> bool:
        return self.pricing.tariff(meter.tariff).token is TokenKind.MONEY

    def unit(self, meter: MeterRecord) -> str:
        """Return the unit a meter counts in."""
        return UNITS.get(meter.commodity, "")


@dataclass(frozen=True, slots=True)
class _Swap:
    """The swap that comes before its credit, in the same act."""

    meters: MeterRecords
    old: str
    new: str
    tenths: int
    reason: str
    operator: Operator

    def __call__(self, act: LedgerTransaction) -> None:
        meters = (self.old, self.new)
        self.meters.swap(*meters, self.tenths, self.reason, self.operator, within=act)


def _credit(meter: MeterRecord, tenths: int) -> Blank:
    service = SERVICES.index(meter.commodity)
    return lambda tid, rnd: CreditToken(service, tenths, tid, rnd)


def _said(tenths: int, meter: MeterRecord) -> str:
    ascii_unit = UNITS.get(meter.commodity, "").replace("³", "3")
    return f"{Decimal(tenths).scaleb(-1)}{ascii_unit}"
