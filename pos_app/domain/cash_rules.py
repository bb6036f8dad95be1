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


class ShopCashLimit(PosError):
    """The shop holds as much unbanked cash as it may.

    Facts: `held` (before the sale), `limit`, `currency`.
    """

    code: ClassVar[str] = "shop-cash-limit"


@dataclass(frozen=True, slots=True)
class CashRules:
    """`drop_above` only prompts for a safe drop; the two limits stop sales in cash."""

    drop_above: Amounts = field(default_factory=dict)
    operator_limit: Amounts = field(default_factory=dict)
    shop_limit: Amounts = field(default_factory=dict)
    commission: Amounts = field(default_factory=dict)


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


def commission(total: Money, percent: Decimal) -> Money:
    """Return `percent` of a sale's total, half up to the minor unit."""
    return Money.of(total.amount() * percent / 100, total.currency)
