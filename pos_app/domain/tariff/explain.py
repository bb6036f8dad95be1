"""Why the same money bought fewer units this time, and where the present price ends.

Answers are codes with figures; the words are elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pos_app.domain.money import Money
from pos_app.domain.tariff.ladder import Step
from pos_app.domain.tariff.quote import LineKind, Quote, QuoteLine
from pos_app.domain.tariff.tariff import Tariff


@dataclass(frozen=True, slots=True)
class PaidBlock:
    """What an earlier purchase took of one block (from 1): units, and the stated price."""

    block: int
    units: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class EarlierPurchase:
    """What is kept of an earlier purchase: its total, its token's tenths, blocks and taxes.

    `dues` is what charges, debts, duties and corrections took, without taxes.
    """

    total: Money
    tenths: int
    blocks: tuple[PaidBlock, ...]
    tax_percent: Decimal = Decimal(0)
    dues: Money | None = None

    @classmethod
    def of(cls, quote: Quote) -> EarlierPurchase:
        """Return what `quote` leaves behind for a later comparison."""
        return cls(
            quote.total,
            quote.tenths,
            _paid_blocks(quote.lines),
            _tax_percent(quote.lines),
            _dues(quote),
        )


@dataclass(frozen=True, slots=True)
class BlockReached:
    """More units than before fall into this dearer block, at `price`."""

    block: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class PriceChanged:
    """The stated price of a block rose between the two purchases."""

    block: int
    was: Decimal
    now: Decimal


@dataclass(frozen=True, slots=True)
class TaxChanged:
    """The taxes, taken together in percent, rose between the two purchases."""

    was: Decimal
    now: Decimal


@dataclass(frozen=True, slots=True)
class DuesTaken:
    """Charges, debts, duties and corrections took more, or help gave less, than the last time."""

    was: Money
    now: Money


Reason = BlockReached | PriceChanged | TaxChanged | DuesTaken

_DUES = frozenset({LineKind.CHARGE, LineKind.DEBT, LineKind.ADJUSTMENT, LineKind.STAMP})


@dataclass(frozen=True, slots=True)
class Edge:
    """`left` money still buys at the price of `block`; then `next_price` (None: no price)."""

    block: int
    left: Money
    next_price: Decimal | None


def reasons_for_fewer(quote: Quote, earlier: EarlierPurchase) -> tuple[Reason, ...]:
    """Return why `quote` carries fewer units than `earlier` did for the same money.

    Empty when it does not carry fewer, or when the money differs. Prices are compared as stated,
    so both purchases must come from tariffs that state them alike (net or with tax).
    """
    if quote.total != earlier.total or quote.tenths >= earlier.tenths:
        return ()
    blocks = _paid_blocks(quote.lines)
    reasons: list[Reason] = []
    reached = _dearer_block(blocks, earlier.blocks)
    if reached is not None:
        reasons.append(BlockReached(reached.block, reached.price))
    before = {paid.block: paid.price for paid in earlier.blocks}
    reasons += [
        PriceChanged(paid.block, before[paid.block], paid.price)
        for paid in blocks
        if paid.price > before.get(paid.block, paid.price)
    ]
    percent = _tax_percent(quote.lines)
    if percent > earlier.tax_percent:
        reasons.append(TaxChanged(earlier.tax_percent, percent))
    dues = _dues(quote)
    if earlier.dues is not None and dues.minor > earlier.dues.minor:
        reasons.append(DuesTaken(earlier.dues, dues))
    return tuple(reasons)


def next_edge(tariff: Tariff, quote: Quote) -> Edge | None:
    """Return what money still fits into the block that `quote` ends in; None when it is open.

    The month is counted as booked: what counted before, the free units that count, the token's
    tenths, and the money that went to units. Charges still due are not in `left`.
    """
    account = tariff.after(quote)
    present: Step | None = None
    left = Fraction(0)
    for step in tariff.ladder(account):
        if present is not None and step.number != present.number:
            return Edge(present.number, _floored(left, tariff), step.block.price)
        if step.room is None:
            return None
        present = step
        left += step.room * step.gross
    return None if present is None else Edge(present.number, _floored(left, tariff), None)


def _floored(exact: Fraction, tariff: Tariff) -> Money:
    return Money(math.floor(exact), tariff.currency)


def _paid_blocks(lines: Sequence[QuoteLine]) -> tuple[PaidBlock, ...]:
    return tuple(
        PaidBlock(line.block or 1, line.units, line.price)
        for line in lines
        if line.kind is LineKind.ENERGY and line.units is not None and line.price is not None
    )


def _tax_percent(lines: Sequence[QuoteLine]) -> Decimal:
    taxes = (line for line in lines if line.kind is LineKind.TAX)
    return sum((tax.percent for tax in taxes if tax.percent is not None), Decimal(0))


def before_units(kind: str, *, by_use: bool) -> bool:
    """Tell whether a line of `kind` takes or gives money before it buys units.

    A subsidy does when it is a sum of its own and not so much a unit or a percentage (`by_use`).
    """
    return kind in _DUES or (kind == LineKind.SUBSIDY and not by_use)


def _dues(quote: Quote) -> Money:
    minor = sum(
        line.amount.minor
        for line in quote.lines
        if before_units(line.kind, by_use=line.units is not None or line.percent is not None)
    )
    return Money(minor, quote.total.currency)


def _dearer_block(now: Sequence[PaidBlock], before: Sequence[PaidBlock]) -> PaidBlock | None:
    if not before:
        return None
    taken = {paid.block: paid.units for paid in before}
    dearer = [
        paid
        for paid in now
        if paid.block > before[0].block
        and paid.price > before[0].price
        and paid.units > taken.get(paid.block, 0)
    ]
    return dearer[-1] if dearer else None
