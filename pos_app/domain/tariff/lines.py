"""From exact amounts to the lines of a quote, in whole minor units.

Each line is rounded half up by itself; the energy line of the last block is what the others leave
of the total. So the lines add up to the total, always.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account, Carried
from pos_app.domain.tariff.dues import Due, Dues
from pos_app.domain.tariff.formula import ENERGY, Item, PerUnit
from pos_app.domain.tariff.ladder import Step
from pos_app.domain.tariff.parts import TokenKind
from pos_app.domain.tariff.quote import LineKind, Quote, QuoteLine

if TYPE_CHECKING:
    from pos_app.domain.tariff.tariff import Tariff

_NANO = 10**9


@dataclass(frozen=True, slots=True)
class Share:
    """`units` of a purchase at the price of one step."""

    step: Step
    units: Fraction


@dataclass(frozen=True, slots=True)
class Bought:
    """What a purchase comes to before any line is rounded."""

    total: Money
    account: Account
    dues: Dues
    shares: Sequence[Share]
    tenths: int
    free: Decimal
    free_tenths: int


def quote_of(tariff: Tariff, bought: Bought) -> Quote:
    """Return the quote of a purchase that has been worked out."""
    lines = _Lines(tariff, bought).all()
    return Quote(
        tariff_id=tariff.id,
        tariff_version=tariff.version,
        total=bought.total,
        lines=lines,
        units=sum(
            (line.units or Decimal(0) for line in lines if line.kind is LineKind.ENERGY),
            Decimal(0),
        ),
        tenths=bought.tenths,
        account=bought.account,
        energy=Money(half_up(bought.dues.rest), tariff.currency),
        free_tenths=bought.free_tenths,
        carried=tuple(
            Carried(line.name, line.left)
            for line in lines
            if line.kind is LineKind.CHARGE and line.left is not None and line.left.minor
        ),
        credit=_credit(tariff, bought, lines) if tariff.token is TokenKind.MONEY else None,
    )


def _credit(tariff: Tariff, bought: Bought, lines: Sequence[QuoteLine]) -> Money:
    """Return the money on the token: with tax where the hours' prices include it, else without."""
    if tariff.prices_include_tax:
        return Money(half_up(bought.dues.rest), tariff.currency)
    return next(line.amount for line in lines if line.kind is LineKind.ENERGY)


class _Lines:
    """The lines of one purchase in the order in which they print."""

    def __init__(self, tariff: Tariff, bought: Bought) -> None:
        self._tariff = tariff
        self._bought = bought
        self._left = bought.total.minor

    def all(self) -> tuple[QuoteLine, ...]:
        lines = [*self._component_lines(), *(self._due(due) for due in self._bought.dues.taken)]
        taxes = [line for line in lines if line.kind is LineKind.TAX]
        others = [
            line
            for line in lines
            if line.kind is not LineKind.TAX and (line.amount.minor or line.left)
        ]
        others, taxes = self._within(others), self._within(taxes)
        return (*self._energy(), *self._free(), *others, *taxes)

    def _within(self, lines: list[QuoteLine]) -> list[QuoteLine]:
        """Take lines from what is left, those that give money back first; none may overdraw."""
        kept = {id(line): line for line in lines}
        for line in sorted(lines, key=lambda line: line.amount.minor >= 0):
            minor = min(line.amount.minor, self._left)
            self._left -= minor
            left = line.left
            if line.ref and left is not None:  # what is not taken of a debt after all stays due
                left = self._money(left.minor + line.amount.minor - minor)
            kept[id(line)] = replace(line, amount=self._money(minor), left=left)
        return [kept[id(line)] for line in lines]

    def _money(self, minor: int) -> Money:
        return Money(minor, self._tariff.currency)

    def _due(self, due: Due) -> QuoteLine:
        left = None
        if due.owed is not None:
            left = self._money(half_up(due.owed) - half_up(due.settled))
        return QuoteLine(
            due.kind,
            self._money(half_up(due.net)),
            name=due.name,
            price=due.price,
            price_includes_tax=due.price_includes_tax,
            percent=due.percent,
            periods=due.periods,
            left=left,
            ref=due.ref,
        )

    def _component_lines(self) -> Iterator[QuoteLine]:
        formula = self._tariff.formula
        for root in formula.per_unit:
            yield self._per_unit(root, self._money(half_up(self._sum(root.name))))
        for item in formula.items:
            yield self._percent(item, self._money(half_up(self._sum(item.name))))

    def _sum(self, name: str) -> Fraction:
        of_units = (
            share.units * share.step.amounts.get(name, Fraction(0)) for share in self._bought.shares
        )
        of_dues = (due.taxes.get(name, Fraction(0)) for due in self._bought.dues.taken)
        return sum(of_units, Fraction(0)) + sum(of_dues, Fraction(0))

    def _per_unit(self, part: PerUnit, amount: Money) -> QuoteLine:
        units = sum(
            (share.units for share in self._bought.shares if part.name in share.step.amounts),
            Fraction(0),
        )
        return QuoteLine(
            part.kind,
            amount,
            name=part.name,
            units=nine_decimals(units),
            price=part.price,
            price_includes_tax=part.includes_tax,
        )

    def _percent(self, item: Item, amount: Money) -> QuoteLine:
        return QuoteLine(item.kind, amount, name=item.name, percent=item.percent)

    def _energy(self) -> Iterator[QuoteLine]:
        merged: dict[int, tuple[Step, Fraction, Fraction]] = {}
        for share in self._bought.shares:
            number = share.step.number
            _, units, net = merged.get(number, (share.step, Fraction(0), Fraction(0)))
            energy = share.units * share.step.amounts[ENERGY]
            merged[number] = (share.step, units + share.units, net + energy)
        numbers = list(merged)
        for number in numbers:
            step, units, net = merged[number]
            minor = self._left if number == numbers[-1] else min(half_up(net), self._left)
            self._left -= minor
            yield QuoteLine(
                LineKind.ENERGY,
                self._money(minor),
                units=nine_decimals(units),
                price=step.block.price,
                price_includes_tax=self._tariff.prices_include_tax,
                block=number if len(self._tariff.blocks) > 1 else None,
            )

    def _free(self) -> Iterator[QuoteLine]:
        if self._bought.free:
            yield QuoteLine(LineKind.FREE, self._money(0), units=self._bought.free)


def half_up(exact: Fraction) -> int:
    """Return the nearest whole number, the upper one of two; below 0 away from 0."""
    return -half_up(-exact) if exact < 0 else math.floor(exact + Fraction(1, 2))


def nine_decimals(units: Fraction) -> Decimal:
    """Return a fraction as a decimal with at most nine places, none of them an idle zero."""
    # normalize() alone would write 500 as 5E+2; adding 0 gives such a number its places back
    return Decimal(half_up(units * _NANO)).scaleb(-9).normalize() + 0
