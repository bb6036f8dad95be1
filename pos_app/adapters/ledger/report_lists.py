"""Long lists, page by page: first the numbers of all rows in their order, then rows by number.

An order is an array of journal numbers (8 bytes a row, 2.4 MB for a year of 300,000 sales), so
any place of the list is one look away.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pos_app.application.reports.source import FreeIssue, SaleMade
from pos_app.domain.money import Currency, Money

_IN_PERIOD: Final = """from sale where seq between :oldest and :newest
    and day between :first and :last and (:shift = 0 or shift = :shift)"""
_COPIES: Final = "(select count(*) from reprint where reprint.sale_seq = sale.seq)"
_WHO: Final = "(select name from operator where operator.id = sale.operator)"

_SALE_ASCENDING: Final[Mapping[str, str]] = {
    "time": f"select seq {_IN_PERIOD} order by seq",
    "receipt": f"select seq {_IN_PERIOD} order by series, number",
    "meter": f"select seq {_IN_PERIOD} order by drn, seq",
    "name": f"select seq {_IN_PERIOD} order by name, seq",
    "units": f"select seq {_IN_PERIOD} order by unit, tenths, seq",
    "unit": f"select seq {_IN_PERIOD} order by unit, seq",
    "money": f"select seq {_IN_PERIOD} order by currency, total_minor, seq",
    "currency": f"select seq {_IN_PERIOD} order by currency, seq",
    "operator": f"select seq {_IN_PERIOD} order by {_WHO}, seq",
    "copies": f"select seq {_IN_PERIOD} order by {_COPIES}, seq",
}
_SALES_AT: Final = f"""select currency, decimals, total_minor, at_ms, receipt, drn, name, tenths,
    unit, operator, {_COPIES} from json_each(?) as wanted join sale on sale.seq = wanted.value
    order by wanted.key"""  # noqa: S608 - joined from constants

_FREE_IN_PERIOD: Final = """from free_issue where day between :first and :last
    and (:shift = 0 or shift = :shift)"""
_FREE_ASCENDING: Final[Mapping[str, str]] = {
    "time": f"select seq {_FREE_IN_PERIOD} order by seq",
    "receipt": f"select seq {_FREE_IN_PERIOD} order by receipt, seq",
    "meter": f"select seq {_FREE_IN_PERIOD} order by drn, seq",
    "name": f"select seq {_FREE_IN_PERIOD} order by name, seq",
    "reason": f"select seq {_FREE_IN_PERIOD} order by reason, seq",
    "units": f"select seq {_FREE_IN_PERIOD} order by unit, tenths, fine, seq",
    "money": f"select seq {_FREE_IN_PERIOD} order by unit, fine, seq",
    "unit": f"select seq {_FREE_IN_PERIOD} order by unit, seq",
    "operator": f"select seq {_FREE_IN_PERIOD} order by operator, seq",
}
FREE_SUMS: Final = f"""select reason, unit, count(*), sum(tenths), count(distinct drn),
    sum(fine)
    {_FREE_IN_PERIOD} group by reason, unit order by 1, 2"""
_FREE_AT: Final = """select at_ms, receipt, drn, name, reason, tenths, unit, operator, fine
    from json_each(?) as wanted join free_issue on free_issue.seq = wanted.value
    order by wanted.key"""

STATEMENTS: Final = {"sale": _SALE_ASCENDING, "free": _FREE_ASCENDING}
PAGES: Final = {"sale": _SALES_AT, "free": _FREE_AT}


def numbers(rows: Iterable[tuple[int]], *, descending: bool) -> Sequence[int]:
    """Return journal numbers in their order or in the opposite one."""
    order = array("q", (seq for (seq,) in rows))
    if descending:
        order.reverse()
    return order


def wanted(seqs: Sequence[int]) -> tuple[str]:
    """Return journal numbers as the one value that a page asks with."""
    return (json.dumps(list(seqs)),)


def sales(rows: Iterable[Sequence[Any]]) -> tuple[SaleMade, ...]:
    """Return the rows of a page of sales."""
    currencies: dict[tuple[str, int], Currency] = {}
    made = []
    for code, decimals, minor, at_ms, receipt, drn, name, *rest in rows:
        currency = currencies.setdefault((code, decimals), Currency(code, decimals))
        made.append(SaleMade(at_ms, receipt, drn, name, Money(minor, currency), *rest))
    return tuple(made)


def free(rows: Iterable[Sequence[Any]]) -> tuple[FreeIssue, ...]:
    """Return the rows of a page of free issues."""
    return tuple(FreeIssue(*row) for row in rows)
