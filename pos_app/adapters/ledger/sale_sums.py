"""What sales come to and what they consist of, both in one walk over the sums by hour."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from pos_app.adapters.ledger import shift_sums
from pos_app.application.reports.source import PartSum, Sold, TakenApart
from pos_app.domain.money import Currency, Money

HOURS: Final = """select coalesce((select utility from tariff as of_sale
    where of_sale.id = hour_sum.tariff limit 1), hour_sum.tariff),
    sum(sales * (page = 0)), sum(total_minor), sum(tenths),
    shape, currency, decimals, unit, sum(sales), sum(a1), sum(a2), sum(a3),
    sum(a4), sum(a5), sum(a6), sum(a7), sum(a8), sum(a9), sum(a10), sum(a11), sum(a12)
    from hour_sum where day between :first and :last
    group by shape, currency, unit, tariff"""


def read(rows: Iterable[Sequence[Any]], prefixes: tuple[str, ...]) -> TakenApart:
    """Return the rows of `HOURS`, of the parts only those whose kind starts with a prefix."""
    sold: dict[tuple[str, str, str], Sold] = {}
    parts: list[PartSum] = []
    for utility, sales, minor, tenths, shape, code, decimals, unit, times, *amounts in rows:
        currency, key = Currency(code, decimals), (utility, code, unit)
        more = Sold(utility, sales, Money(minor, currency), tenths, unit)
        sold[key] = sold[key] + more if key in sold else more
        for (kind, name, detail), amount in zip(json.loads(shape), amounts, strict=False):
            if kind.startswith(prefixes):
                parts.append(PartSum(kind, name, detail, currency, unit, times, amount))
    return TakenApart(tuple(sold[key] for key in sorted(sold)), tuple(parts))


def of_bodies(bodies: Sequence[shift_sums.Body], prefixes: tuple[str, ...]) -> TakenApart:
    """Return the same of single sales."""
    return TakenApart(shift_sums.sold(bodies, "utility"), tuple(shift_sums.parts(bodies, prefixes)))
