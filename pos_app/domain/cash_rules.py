"""How much cash a person, a drawer and a shop may hold, and what a sale earns the seller.

Limits are whole currency amounts by currency code; a currency that is not named has no limit.
Percentages are by utility.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money

Amounts = Mapping[str, Decimal]


class Holder(StrEnum):
    """Who holds too much cash."""

    OPERATOR = "operator"
    SHOP = "shop"


class OperatorCashLimit(PosError):
    """The operator's drawer is as full as it may be.

    Facts: `held` (before the sale), `limit`, `currency`.
    """

    code: ClassVar[str] = "operator-cash-limit"


class ShiftSalesLimit(PosError):
    """The operator has sold as much in this shift as may be.

    Facts: `sold` (before the sale), `limit`, `currency`.
    """

    code: ClassVar[str] = "shift-sales-limit"


class DaySalesLimit(PosError):
    """The shop has sold as much today as may be. Facts: `sold`, `limit`, `currency`."""

    code: ClassVar[str] = "day-sales-limit"


class ShopCashLimit(PosError):
    """The shop holds as much unbanked cash as it may.

    Facts: `held` (before the sale), `limit`, `currency`.
    """

    code: ClassVar[str] = "shop-cash-limit"


@dataclass(frozen=True, slots=True)
class CashRules:
    """What a shop's rules say of money, a currency each.

    `drop_above` only prompts for a safe drop. `operator_limit` (a drawer) and `shop_limit` (not
    banked) stop sales in cash, `shift_sales` (an operator's shift) and `day_sales` (the shop's day)
    stop every sale. A count that is off by more than `variance_limit` waits for a supervisor. All
    of it are amounts by currency code, so that a signed pack can carry the same values as a file.
    """

    drop_above: Amounts = field(default_factory=dict)
    operator_limit: Amounts = field(default_factory=dict)
    shop_limit: Amounts = field(default_factory=dict)
    commission: Amounts = field(default_factory=dict)
    shift_sales: Amounts = field(default_factory=dict)
    day_sales: Amounts = field(default_factory=dict)
    variance_limit: Amounts = field(default_factory=dict)


def limit_in(limits: Amounts, held: Money) -> Money | None:
    """Return the limit in the currency of `held`, None for no limit."""
    limit = limits.get(held.currency.code)
    return None if limit is None else Money.of(limit, held.currency)


def refuse_above(limits: Amounts, holder: Holder, held: Money, cash: Money) -> None:
    """Raise `OperatorCashLimit` or `ShopCashLimit` when `held` and `cash` pass the limit.

    It may be reached. A sale without cash is never refused.
    """
    limit = limit_in(limits, held)
    if limit is None or cash.minor <= 0 or (held + cash).minor <= limit.minor:
        return
    most, code = limit.plain(), held.currency.code
    if holder is Holder.OPERATOR:
        raise OperatorCashLimit(held=held.plain(), limit=most, currency=code)
    raise ShopCashLimit(held=held.plain(), limit=most, currency=code)


def refuse_sales_above(limits: Amounts, holder: Holder, sold: Money, total: Money) -> None:
    """Raise `ShiftSalesLimit` or `DaySalesLimit` when `sold` and `total` pass the limit.

    It may be reached.
    """
    limit = limit_in(limits, sold)
    if limit is None or (sold + total).minor <= limit.minor:
        return
    most, code = limit.plain(), sold.currency.code
    if holder is Holder.OPERATOR:
        raise ShiftSalesLimit(sold=sold.plain(), limit=most, currency=code)
    raise DaySalesLimit(sold=sold.plain(), limit=most, currency=code)


def beyond(limits: Amounts, variance: Money) -> bool:
    """Tell whether a count is off by more than the limit, in either direction."""
    limit = limit_in(limits, variance)
    return limit is not None and abs(variance.minor) > limit.minor


def commission(total: Money, percent: Decimal) -> Money:
    """Return `percent` of a sale's total, half up to the minor unit."""
    return Money.of(total.amount() * percent / 100, total.currency)
