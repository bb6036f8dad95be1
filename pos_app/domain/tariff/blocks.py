"""Flat and block prices with percentage taxes: the first tariff engine.

Units: money in minor units of one currency, units of the commodity, percents.
Rules (each is also what the published purchases of the tests show):

* A block ends at `up_to` units bought in the calendar month, counted from the month's first unit;
  the last block may be open. A flat price is one open block.
* All taxes are percents of the net energy amount; they are added, never taxed by each other.
* Units are exact fractions until the token's rounding; only amounts of money are rounded.
* Each tax is the net amount of the whole purchase times its percent, rounded half up to a minor
  unit. Each block that is used up costs units times net price, rounded half up. What remains of
  the total belongs to the last block's energy. So the lines add up to the total, always, and a
  remainder is at most half a minor unit for each other line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pos_app.domain.money import Currency, CurrencyMixed, Money
from pos_app.domain.tariff.quote import LineKind, Quote, QuoteLine
from pos_app.domain.tariff.refusals import (
    AboveMaximum,
    BelowMinimum,
    BuysNothing,
    NoPriceAbove,
    TariffInvalid,
    TariffProblem,
)
from pos_app.domain.tariff.units import Commodity, UnitRounding, least_exact, rounded, up_to

_NANO = 10**9


@dataclass(frozen=True, slots=True)
class Block:
    """A `price` per unit in whole currency, up to `up_to` units a month (None: no end)."""

    price: Decimal
    up_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax of `percent` of the net energy amount, under the name that slips print."""

    name: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """One block as a purchase meets it.

    `number` counts from 1, `room` is what is left of the block in units (None: no end), `gross`
    is the price of one unit with all taxes, in minor units.
    """

    number: int
    block: Block
    room: Fraction | None
    gross: Fraction


@dataclass(frozen=True, slots=True)
class Example:
    """A published purchase: after `bought` units, `tender` buys `tenths` on the token."""

    bought: Decimal
    tender: Money
    tenths: int


@dataclass(frozen=True, slots=True)
class _Share:
    step: Step
    units: Fraction
    gross: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockTariff:
    """A `PriceList` of blocks; see the module for its rules.

    Raises `TariffInvalid` when made of blocks that do not rise, prices or percents out of range.
    """

    id: str
    version: int
    utility: str
    name: str
    commodity: Commodity
    unit_name: str
    currency: Currency
    blocks: tuple[Block, ...]
    taxes: tuple[Tax, ...] = ()
    prices_include_tax: bool = False
    unit_rounding: UnitRounding = UnitRounding.UP
    minimum: Money | None = None
    maximum: Money | None = None
    valid_from: date | None = None
    source: str = ""
    examples: tuple[Example, ...] = ()

    def __post_init__(self) -> None:
        _check_blocks(self.blocks)
        _check_taxes(self.taxes)
        if self.minimum and self.maximum and self.minimum.minor > self.maximum.minor:
            raise TariffInvalid(field="maximum", problem=TariffProblem.NOT_RISING)

    def for_money(self, total: Money, bought_this_month: Decimal) -> Quote:
        """Return what `total` (tax included) buys after `bought_this_month` units (0 or more)."""
        self._admit(total)
        shares = self._shares(total.minor, bought_this_month)
        tenths = rounded(sum(share.units for share in shares) * 10, self.unit_rounding)
        if tenths == 0:
            raise BuysNothing(total=total.plain(), currency=self.currency.code)
        lines = self._lines(total, shares)
        return Quote(
            tariff_id=self.id,
            tariff_version=self.version,
            total=total,
            lines=lines,
            units=sum((line.units for line in lines if line.units is not None), Decimal(0)),
            tenths=tenths,
            bought_before=bought_this_month,
        )

    def for_units(self, tenths: int, bought_this_month: Decimal) -> Quote:
        """Return the quote of the smallest total whose `for_money` carries at least `tenths`.

        `tenths` is first raised to what a token can carry. Raises `ValueError` for less than 1.
        """
        if tenths < 1:
            raise ValueError(tenths)
        units, reached = least_exact(up_to(tenths), self.unit_rounding)
        cost = self._cost(units / 10, bought_this_month)
        minor = math.ceil(cost) if reached else math.floor(cost) + 1
        return self.for_money(Money(max(minor, 1), self.currency), bought_this_month)

    def ladder(self, bought: Decimal) -> Iterator[Step]:
        """Yield the blocks that are not used up after `bought` units this month, in order.

        Raises `ValueError` for less than 0 units: a caller's bug.
        """
        if bought < 0:
            raise ValueError(bought)
        position = Fraction(bought)
        for number, block in enumerate(self.blocks, 1):
            room = None if block.up_to is None else Fraction(block.up_to) - position
            if room is None or room > 0:
                yield Step(number, block, room, self._gross(block))
                position += room or 0

    def _tax_factor(self) -> Fraction:
        return 1 + sum((Fraction(tax.percent) for tax in self.taxes), Fraction(0)) / 100

    def _gross(self, block: Block) -> Fraction:
        price = Fraction(block.price) / Fraction(self.currency.quantum())
        return price if self.prices_include_tax else price * self._tax_factor()

    def _admit(self, total: Money) -> None:
        code = self.currency.code
        if total.currency.code != code:
            raise CurrencyMixed(left=code, right=total.currency.code)
        if total.minor <= 0:
            raise BuysNothing(total=total.plain(), currency=code)
        if self.minimum is not None and total.minor < self.minimum.minor:
            raise BelowMinimum(minimum=self.minimum.plain(), currency=code)
        if self.maximum is not None and total.minor > self.maximum.minor:
            raise AboveMaximum(maximum=self.maximum.plain(), currency=code)

    def _shares(self, minor: int, bought: Decimal) -> list[_Share]:
        shares: list[_Share] = []
        left = Fraction(minor)
        for step in self.ladder(bought):
            units = left / step.gross
            if step.room is None or units <= step.room:
                return [*shares, _Share(step, units, left)]
            share = _Share(step, step.room, step.room * step.gross)
            shares.append(share)
            left -= share.gross
        raise self._table_ends(bought)

    def _cost(self, units: Fraction, bought: Decimal) -> Fraction:
        cost, left = Fraction(0), units
        for step in self.ladder(bought):
            if step.room is None or left <= step.room:
                return cost + left * step.gross
            cost += step.room * step.gross
            left -= step.room
        raise self._table_ends(bought)

    def _table_ends(self, bought: Decimal) -> NoPriceAbove:
        most = sum((step.room * step.gross for step in self.ladder(bought) if step.room), 0)
        return NoPriceAbove(
            bound=str(self.blocks[-1].up_to),
            unit=self.unit_name,
            bought=str(bought),
            most=Money(math.floor(most), self.currency).plain(),
            currency=self.currency.code,
        )

    def _lines(self, total: Money, shares: Sequence[_Share]) -> tuple[QuoteLine, ...]:
        factor = self._tax_factor()
        left = total.minor
        taxes: list[QuoteLine] = []
        for tax in self.taxes:
            minor = min(_half_up(total.minor / factor * Fraction(tax.percent) / 100), left)
            left -= minor
            taxes.append(
                QuoteLine(
                    LineKind.TAX, Money(minor, self.currency), name=tax.name, percent=tax.percent
                )
            )
        energy: list[QuoteLine] = []
        for share in shares[:-1]:
            minor = min(_half_up(share.gross / factor), left)
            left -= minor
            energy.append(self._energy_line(share, minor))
        return (*energy, self._energy_line(shares[-1], left), *taxes)

    def _energy_line(self, share: _Share, minor: int) -> QuoteLine:
        return QuoteLine(
            LineKind.ENERGY,
            Money(minor, self.currency),
            units=_nine_decimals(share.units),
            price=share.step.block.price,
            price_includes_tax=self.prices_include_tax,
            block=share.step.number if len(self.blocks) > 1 else None,
        )


def _half_up(exact: Fraction) -> int:
    return math.floor(exact + Fraction(1, 2))


def _nine_decimals(units: Fraction) -> Decimal:
    # normalize() alone would write 500 as 5E+2; adding 0 gives such a number its places back
    return Decimal(_half_up(units * _NANO)).scaleb(-9).normalize() + 0


def _check_blocks(blocks: Sequence[Block]) -> None:
    if not blocks:
        raise TariffInvalid(field="block", problem=TariffProblem.MISSING)
    bound = Decimal(0)
    for number, block in enumerate(blocks, 1):
        if block.price <= 0:
            raise _block_fault(number, "price", TariffProblem.NOT_POSITIVE, block.price)
        if block.up_to is None:
            if number < len(blocks):
                raise _block_fault(number, "up_to", TariffProblem.OPEN_TOO_EARLY, "")
        elif block.up_to <= bound:
            raise _block_fault(number, "up_to", TariffProblem.NOT_RISING, block.up_to)
        else:
            bound = block.up_to


def _block_fault(
    number: int, name: str, problem: TariffProblem, detail: Decimal | str
) -> TariffInvalid:
    return TariffInvalid(field=f"block[{number}].{name}", problem=problem, detail=str(detail))


def _check_taxes(taxes: Sequence[Tax]) -> None:
    names: set[str] = set()
    for number, tax in enumerate(taxes, 1):
        field = f"tax[{number}]"
        if tax.percent <= 0:
            raise TariffInvalid(
                field=f"{field}.percent",
                problem=TariffProblem.NOT_POSITIVE,
                detail=str(tax.percent),
            )
        if tax.percent > 100:
            raise TariffInvalid(
                field=f"{field}.percent", problem=TariffProblem.TOO_LARGE, detail=str(tax.percent)
            )
        if tax.name in names:
            raise TariffInvalid(
                field=f"{field}.name", problem=TariffProblem.DUPLICATE, detail=tax.name
            )
        names.add(tax.name)
