"""What is taken from the tender before it buys units: duties, charges, corrections, debts.

Amounts are exact fractions of minor units; nothing is rounded here. Every deduction is a concave
function of the tender that starts at 0 or above, and none takes more than what is left; so what
is left for units never shrinks when the tender grows (but for a stamp duty's threshold).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pos_app.domain.tariff.account import Account, Adjustment, Debt
from pos_app.domain.tariff.formula import REST, TENDER, Amounts, total
from pos_app.domain.tariff.parts import CapBase, Charge, DebtRule, Per, PercentOf
from pos_app.domain.tariff.quote import LineKind

if TYPE_CHECKING:
    from pos_app.domain.tariff.tariff import Tariff


@dataclass(frozen=True, slots=True)
class Due:
    """One deduction of a purchase.

    `gross` leaves the tender (below 0: is added to it); `net` is the line's amount and `taxes`
    are the components that came with it. Of `owed`, `settled` is paid now; both are as stated.
    """

    kind: LineKind
    name: str
    gross: Fraction
    net: Fraction
    taxes: Amounts = field(default_factory=dict)
    price: Decimal | None = None
    price_includes_tax: bool = False
    percent: Decimal | None = None
    periods: int | None = None
    owed: Fraction | None = None
    settled: Fraction = Fraction(0)
    ref: str = ""

    def wanted(self) -> Fraction:
        """Return what would leave the tender if it were large enough."""
        if self.owed is None:
            return self.gross
        return self.owed * self.gross / self.settled if self.settled else self.owed


@dataclass(frozen=True, slots=True)
class Dues:
    """All deductions of a purchase in order, and what is left for units."""

    taken: tuple[Due, ...]
    rest: Fraction


def dues_of(tariff: Tariff, tender: int, account: Account) -> Dues:
    """Return what is taken of `tender` (minor units)."""
    desk = _Desk(tariff, tender, account)
    for step in (
        desk.stamps,
        desk.of_tender,
        desk.charges,
        desk.collected,
        desk.debts,
        desk.of_rest,
    ):
        for due in step():
            desk.taken.append(due)
            desk.rest -= due.gross
    for due in (*desk.refunds(), *desk.monthly_subsidies()):
        desk.taken.append(due)
        desk.rest -= due.gross
    return Dues(tuple(desk.taken), desk.rest)


class _Desk:
    """One purchase while its deductions are worked out."""

    def __init__(self, tariff: Tariff, tender: int, account: Account) -> None:
        self._tariff = tariff
        self._minor = tariff.minor_per_whole()
        self._account = account
        self._tender = Fraction(tender)
        self.rest = Fraction(tender)
        self.taken: list[Due] = []

    def _of_tender(self, percent: Decimal | None) -> Fraction | None:
        return None if percent is None else self._tender * Fraction(percent) / 100

    def _least(self, *amounts: Fraction | None) -> Fraction:
        return min(amount for amount in (*amounts, self.rest) if amount is not None)

    def stamps(self) -> Iterator[Due]:
        for stamp in self._tariff.stamps:
            above = self._tender > Fraction(stamp.above) * self._minor
            within = stamp.up_to is None or self._tender <= Fraction(stamp.up_to) * self._minor
            if above and within:
                fixed = None if stamp.amount is None else Fraction(stamp.amount) * self._minor
                gross = self._least(fixed, self._of_tender(stamp.percent))
                yield Due(LineKind.STAMP, stamp.name, gross, gross, percent=stamp.percent)

    def of_tender(self) -> Iterator[Due]:
        yield from self._percents(TENDER, self._tender)

    def of_rest(self) -> Iterator[Due]:
        yield from self._percents(REST, self.rest)

    def _percents(self, word: str, base: Fraction) -> Iterator[Due]:
        for kind, parts in (
            (LineKind.LEVY, self._tariff.levies),
            (LineKind.TAX, self._tariff.taxes),
        ):
            for part in parts:
                if part.on == (word,) and part.percent is not None:
                    gross = self._least(base * Fraction(part.percent) / 100)
                    yield Due(kind, part.name, gross, gross, percent=part.percent)

    def charges(self) -> Iterator[Due]:
        shared = self._of_tender(self._tariff.charge_cap_percent)
        for charge in self._tariff.charges:
            due = self._charge(charge, shared)
            if shared is not None:
                net = self._tariff.charge_cap_base is CapBase.NET
                shared -= due.net if net else due.gross
            if due.owed:
                yield due

    def _charge(self, charge: Charge, shared: Fraction | None) -> Due:
        formula = self._tariff.formula
        periods = self._periods(charge.per)
        if not charge.accrues:
            periods = min(periods, 1)
        if charge.at_most is not None:
            periods = min(periods, charge.at_most)
        includes = self._tariff.prices_include_tax
        if charge.includes_tax is not None:
            includes = charge.includes_tax
        per_net = formula.tax_factor(charge.name) if includes else Fraction(1)
        factor = total(formula.spread({charge.name: Fraction(1)}))
        stated = Fraction(charge.amount) * self._minor * periods + self._carried(charge.name)
        gross = self._least(
            stated / per_net * factor,
            _with_tax(self._of_tender(charge.cap_percent), charge.cap_base, factor),
            _with_tax(shared, self._tariff.charge_cap_base, factor),
        )
        net = gross / factor
        amounts = formula.spread({charge.name: net})
        del amounts[charge.name]
        return Due(
            LineKind.CHARGE,
            charge.name,
            gross,
            net,
            taxes=amounts,
            price=charge.amount,
            price_includes_tax=includes,
            periods=periods,
            owed=stated,
            settled=net * per_net,
        )

    def _periods(self, per: Per) -> int:
        if per is Per.MONTH:
            return self._account.months()
        return self._account.days() if per is Per.DAY else 1

    def _carried(self, name: str) -> int:
        return sum(part.amount.minor for part in self._account.carried if part.name == name)

    def collected(self) -> Iterator[Due]:
        for part in self._account.adjustments:
            if part.amount.minor > 0:
                owed = Fraction(part.amount.minor)
                gross = self._least(owed, self._of_tender(part.percent))
                yield _settling(LineKind.ADJUSTMENT, part, gross, owed)

    def debts(self) -> Iterator[Due]:
        cap = self._of_tender(self._tariff.debt_cap_percent)
        for debt, rule in ordered(self._account.debts, self._tariff.debt_rules):
            owed = Fraction(debt.balance.minor)
            gross = self._least(owed, cap, self._instalment(debt, rule), self._part(debt, rule))
            if cap is not None:
                cap -= gross
            if owed:
                yield _settling(LineKind.DEBT, debt, gross, owed)

    def _instalment(self, debt: Debt, rule: DebtRule | None) -> Fraction | None:
        periods = self._periods(rule.per if rule else Per.PURCHASE)
        if debt.instalment is not None:
            return Fraction(debt.instalment.minor) * periods
        if rule is None or rule.instalment is None:
            return None
        return Fraction(rule.instalment) * self._minor * periods

    def _part(self, debt: Debt, rule: DebtRule | None) -> Fraction | None:
        percent = debt.percent
        if percent is None and rule is not None:
            percent = rule.percent
        if percent is None:
            return None
        of = PercentOf.TENDER if rule is None else rule.of
        base = {PercentOf.REST: self.rest, PercentOf.BALANCE: Fraction(debt.balance.minor)}
        return base.get(of, self._tender) * Fraction(percent) / 100

    def refunds(self) -> Iterator[Due]:
        for part in self._account.adjustments:
            if part.amount.minor < 0:
                owed = Fraction(part.amount.minor)
                cap = self._of_tender(part.percent)
                back = owed if cap is None else max(owed, -cap)
                kind = LineKind.SUBSIDY if part.subsidy else LineKind.ADJUSTMENT
                yield _settling(kind, part, back, owed)

    def monthly_subsidies(self) -> Iterator[Due]:
        for subsidy in self._tariff.subsidies:
            if subsidy.amount is not None and self._account.months():
                given = Fraction(subsidy.amount) * self._minor
                yield Due(LineKind.SUBSIDY, subsidy.name, -given, -given, price=subsidy.amount)


def _with_tax(cap: Fraction | None, base: CapBase, factor: Fraction) -> Fraction | None:
    return cap * factor if cap is not None and base is CapBase.NET else cap


def _settling(kind: LineKind, part: Debt | Adjustment, gross: Fraction, owed: Fraction) -> Due:
    return Due(kind, part.name, gross, gross, owed=owed, settled=gross, ref=part.ref)


def ordered(debts: Sequence[Debt], rules: Sequence[DebtRule]) -> list[tuple[Debt, DebtRule | None]]:
    """Return the debts with their rules: in the order of the rules, then of the account."""
    named = {rule.name: number for number, rule in enumerate(rules)}
    other = named.get("*", len(rules))
    places = [(named.get(debt.name, other), number) for number, debt in enumerate(debts)]
    return [
        (debts[number], rules[place] if place < len(rules) else None)
        for place, number in sorted(places)
    ]
