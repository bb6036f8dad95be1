"""The prices that units meet one after the other: blocks, and parts of blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.formula import ENERGY, Amounts, total
from pos_app.domain.tariff.parts import Block, CountBy

if TYPE_CHECKING:
    from pos_app.domain.tariff.tariff import Tariff


@dataclass(frozen=True, slots=True)
class Step:
    """One block, or a part of one, as a purchase meets it.

    `number` counts from 1, `room` is what is left of it in units (None: no end), `amounts` are
    the components of one unit in minor units, and `gross` is their sum.
    """

    number: int
    block: Block
    room: Fraction | None
    amounts: Amounts
    gross: Fraction


def steps(tariff: Tariff, account: Account) -> Iterator[Step]:
    """Yield the blocks that are not used up on `account`, in order and in parts.

    A block has parts where a levy or a subsidy starts or ends inside it.
    """
    place = _Place(tariff, account)
    if tariff.blocks_by is CountBy.AVERAGE:
        average = account.bought if account.average is None else account.average
        number = _block_of(tariff, Fraction(average))
        yield from place.climb(number, tariff.blocks[number - 1], None)
        return
    for number, block in enumerate(tariff.blocks, 1):
        yield from place.climb(number, block, place.end_of(block))


def _block_of(tariff: Tariff, average: Fraction) -> int:
    for number, block in enumerate(tariff.blocks, 1):
        if block.up_to is None or average <= block.up_to:
            return number
    return len(tariff.blocks)


class _Place:
    """How far the month has come, in units and in money."""

    def __init__(self, tariff: Tariff, account: Account) -> None:
        self._tariff = tariff
        self._by_money = tariff.blocks_by is CountBy.MONEY
        afresh = tariff.blocks_by is CountBy.PURCHASE
        self._units = Fraction(0) if afresh else Fraction(account.bought)
        self._money = Fraction(account.spent.minor if account.spent else 0)

    def end_of(self, block: Block) -> Fraction | None:
        if block.up_to is None:
            return None
        end = Fraction(block.up_to)
        return end * self._tariff.minor_per_whole() if self._by_money else end

    def climb(self, number: int, block: Block, end: Fraction | None) -> Iterator[Step]:
        """Yield the steps from here to `end` of a block, and stand there afterwards."""
        while end is None or (self._money if self._by_money else self._units) < end:
            amounts = self._unit(block)
            gross = total(amounts)
            room = self._room(end, gross)
            yield Step(number, block, room, amounts, gross)
            if room is None:
                return
            self._units += room
            self._money += room * gross

    def _room(self, end: Fraction | None, gross: Fraction) -> Fraction | None:
        rooms = []
        if end is not None and not self._by_money:
            rooms.append(end - self._units)
        elif end is not None and gross > 0:  # units that cost nothing never reach a sum of money
            rooms.append((end - self._money) / gross)
        bound = self._tariff.formula.bound_after(self._units)
        if bound is not None:
            rooms.append(bound - self._units)
        return min(rooms, default=None)

    def _unit(self, block: Block) -> Amounts:
        price = Fraction(block.price) * self._tariff.minor_per_whole()
        if self._tariff.prices_include_tax:
            price /= self._tariff.formula.tax_factor(ENERGY, self._units)
        return self._tariff.formula.unit(price, self._units)
