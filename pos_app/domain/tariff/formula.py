"""How prices, levies, subsidies and taxes build on each other: the formula of a tariff.

A component is the energy, a levy, a subsidy, a charge or a tax, by its name. Roots have an amount
of their own (energy, prices per unit, charges); items are percents of components above them.
Everything here is linear, so a unit's price is the sum over the components of one unit, and money
is shared among components without rounding. Amounts are exact fractions of minor units.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pos_app.domain.tariff.parts import Levy, Subsidy, Tax
from pos_app.domain.tariff.quote import LineKind
from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem

if TYPE_CHECKING:
    from pos_app.domain.tariff.tariff import Tariff

ENERGY = "energy"
TENDER = "tender"
REST = "rest"
MONEY = (TENDER, REST)
"""What a percent can be of beside components: all that is paid, or what deductions leave."""

GROUPS = ("all", "levies", "charges", "subsidies")
RESERVED = frozenset({ENERGY, TENDER, REST, *GROUPS, "taxes"})

Amounts = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Span:
    """Units of the month above `above`, up to `up_to` (None: no end)."""

    above: Fraction
    up_to: Fraction | None

    @classmethod
    def of(cls, above: Decimal, up_to: Decimal | None) -> Span:
        """Return the span between two stated bounds."""
        return cls(Fraction(above), None if up_to is None else Fraction(up_to))

    def holds(self, position: Fraction) -> bool:
        """Say whether the unit that starts at `position` is inside."""
        return self.above <= position and (self.up_to is None or position < self.up_to)

    def next_bound(self, position: Fraction) -> Fraction | None:
        """Return the first bound beyond `position`; None when there is none."""
        return next((b for b in (self.above, self.up_to) if b is not None and b > position), None)


EVERYWHERE = Span(Fraction(0), None)


@dataclass(frozen=True, slots=True)
class PerUnit:
    """A root with a price per unit in minor units (below 0: a subsidy), as stated."""

    kind: LineKind
    name: str
    price: Decimal
    minor: Fraction
    includes_tax: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Item:
    """`share` (1 is the whole, below 0: a subsidy) of the components `on`."""

    kind: LineKind
    name: str
    percent: Decimal
    share: Fraction
    on: frozenset[str]
    span: Span


@dataclass(frozen=True, slots=True)
class Formula:
    """The roots per unit and the percents of one tariff, in the order in which they build."""

    per_unit: tuple[PerUnit, ...]
    items: tuple[Item, ...]

    def _of(self, position: Fraction | None) -> Iterator[Item]:
        for item in self.items:
            inside = item.span == EVERYWHERE if position is None else item.span.holds(position)
            if inside:
                yield item

    def spread(self, roots: Amounts, position: Fraction | None = None) -> dict[str, Fraction]:
        """Return the amount of every component that follows from `roots`.

        Percents that hold for a part of the month's units count where `position` is inside, and
        nowhere when there is no position (charges).
        """
        amounts = dict(roots)
        for item in self._of(position):
            base = sum((amounts.get(name, Fraction(0)) for name in item.on), Fraction(0))
            amounts[item.name] = base * item.share
        return amounts

    def tax_factor(self, root: str, position: Fraction | None = None) -> Fraction:
        """Return one unit of `root` with the taxes on it, and taxes on those, but no levies."""
        amounts = {root: Fraction(1)}
        for item in self._of(position):
            if item.kind is LineKind.TAX:
                base = sum((amounts.get(name, Fraction(0)) for name in item.on), Fraction(0))
                amounts[item.name] = base * item.share
        return total(amounts)

    def unit(self, energy: Fraction, position: Fraction) -> dict[str, Fraction]:
        """Return the components of one unit: `energy` net in minor units, and what it brings."""
        roots = {ENERGY: energy}
        for root in self.per_unit:
            if root.span.holds(position):
                factor = self.tax_factor(root.name, position) if root.includes_tax else 1
                roots[root.name] = root.minor / factor
        return self.spread(roots, position)

    def bound_after(self, position: Fraction) -> Fraction | None:
        """Return where the next component starts or ends to hold; None: nowhere."""
        parts: tuple[PerUnit | Item, ...] = (*self.per_unit, *self.items)
        found = (part.span.next_bound(position) for part in parts)
        return min((bound for bound in found if bound is not None), default=None)


def total(amounts: Amounts) -> Fraction:
    """Return the sum of all components."""
    return sum(amounts.values(), Fraction(0))


def compile_formula(tariff: Tariff) -> Formula:
    """Return the formula; raise `TariffInvalid` where `on` names what is not above it."""
    roots = [
        PerUnit(
            kind,
            part.name,
            part.price,
            sign * Fraction(part.price) * tariff.minor_per_whole(),
            tariff.prices_include_tax if part.includes_tax is None else part.includes_tax,
            Span.of(part.above, part.up_to),
        )
        for kind, sign, parts in (
            (LineKind.LEVY, 1, tariff.levies),
            (LineKind.SUBSIDY, -1, tariff.subsidies),
        )
        for part in parts
        if part.price is not None
    ]
    names = _Names(roots, [charge.name for charge in tariff.charges])
    for number, subsidy in enumerate(tariff.subsidies, 1):
        names.add(LineKind.SUBSIDY, subsidy, f"subsidy[{number}].on")
    for number, levy in enumerate(tariff.levies, 1):
        names.add(LineKind.LEVY, levy, f"levy[{number}].on")
    for number, tax in enumerate(tariff.taxes, 1):
        names.add(LineKind.TAX, tax, f"tax[{number}].on")
    return Formula(tuple(roots), tuple(names.items))


class _Names:
    """The components that are known so far, and the items made of them."""

    def __init__(self, roots: Iterable[PerUnit], charges: Sequence[str]) -> None:
        self.items: list[Item] = []
        self._known = {ENERGY, *charges}
        self._groups: dict[str, set[str]] = {
            "levies": set(),
            "subsidies": set(),
            "charges": set(charges),
        }
        for root in roots:
            self._learn(root.kind, root.name)

    def _learn(self, kind: LineKind, name: str) -> None:
        self._known.add(name)
        if kind is LineKind.LEVY:
            self._groups["levies"].add(name)
        elif kind is LineKind.SUBSIDY:
            self._groups["subsidies"].add(name)

    def add(self, kind: LineKind, part: Levy | Subsidy | Tax, field: str) -> None:
        """Add an item; a part without a percent, or of money, is none.

        Raises `TariffInvalid` about `field`.
        """
        if part.percent is None or part.on[0] in MONEY:
            return
        span = Span.of(part.above, part.up_to)
        bases = frozenset[str]().union(*(self._resolved(word, field) for word in part.on))
        share = Fraction(part.percent) / (-100 if kind is LineKind.SUBSIDY else 100)
        self.items.append(Item(kind, part.name, part.percent, share, bases, span))
        self._learn(kind, part.name)

    def _resolved(self, word: str, field: str) -> set[str]:
        if word == "all":
            return {ENERGY} | self._groups["levies"] | self._groups["charges"]
        if word in self._groups:
            return self._groups[word]
        if word in self._known:
            return {word}
        near = difflib.get_close_matches(word, [*self._known, *GROUPS], n=1)
        raise TariffInvalid(
            field=field, problem=TariffProblem.UNKNOWN, detail=near[0] if near else ""
        )
