"""What reports ask about refunds and compensations, from their rows alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from pos_app.application.reports.righted import PutRight, RightedSum
from pos_app.application.reports.source import PartSum
from pos_app.domain.money import Currency, Money

_IN_PERIOD: Final = """redress.at_ms >= :from_ms and redress.at_ms < :to_ms
    and redress.day between :first and :last and (:shift = 0 or redress.shift = :shift)"""
ROWS: Final = f"""select currency, decimals, amount_minor, at_ms, day, kind, slip, receipt, drn,
    reason, commission_minor, claim_tenths, operator, approver, new_receipt
    from redress where {_IN_PERIOD} order by at_ms desc, seq desc"""  # noqa: S608 - of constants
SUMS: Final = f"""select operator, currency, decimals, sum(amount_minor), sum(commission_minor)
    from redress where {_IN_PERIOD} group by operator, currency order by 1, 2"""  # noqa: S608
REFUNDED: Final = f"""select part.value ->> 0, currency, decimals, sum(part.value ->> 1)
    from redress join json_each(redress.parts) as part
    where {_IN_PERIOD} group by 1, currency order by 1, 2"""  # noqa: S608 - of constants
_OF_SALE: Final = "from journal where journal.seq = redress.sale_seq"
COMMISSION: Final = f"""select
    iif(utility = '', (select body ->> '$.meter.utility' {_OF_SALE}), utility) as sold_for,
    iif(utility = '', (select body ->> '$.commission_percent' {_OF_SALE}), percent) as earning,
    currency, decimals, count(*), sum(commission_minor)
    from redress where commission_minor <> 0 and {_IN_PERIOD}
    group by sold_for, earning, currency order by 1, 2, 3"""  # noqa: S608 - of constants
"""Entries of older programs do not name the utility; the entry of their sale does."""


def rows(found: Iterable[Sequence[Any]]) -> tuple[PutRight, ...]:
    """Return single ones."""
    currencies: dict[tuple[str, int], Currency] = {}
    made = []
    for code, decimals, minor, at_ms, day, kind, slip, receipt, drn, reason, *rest in found:
        currency = currencies.setdefault((code, decimals), Currency(code, decimals))
        amount = Money(minor, currency)
        made.append(PutRight(at_ms, day, kind, slip, receipt, drn, reason, amount, *rest))
    return tuple(made)


def sums(found: Iterable[Sequence[Any]]) -> tuple[RightedSum, ...]:
    """Return sums by operator and currency."""
    return tuple(
        RightedSum(operator, Money(minor, Currency(code, decimals)), commission)
        for operator, code, decimals, minor, commission in found
    )


def refunded(found: Iterable[Sequence[Any]]) -> tuple[tuple[str, Money], ...]:
    """Return what went back by way of paying."""
    return tuple(
        (kind, Money(minor, Currency(code, places))) for kind, code, places, minor in found
    )


def commission_back(found: Iterable[Sequence[Any]]) -> tuple[PartSum, ...]:
    """Return what refunds took back of commissions."""
    return tuple(
        PartSum("commission-back", utility, percent, Currency(code, decimals), "", times, minor)
        for utility, percent, code, decimals, times, minor in found
    )
