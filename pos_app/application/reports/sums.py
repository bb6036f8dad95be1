"""Sums of parts within one currency, and the sentence about the largest of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pos_app.application.reports.asked import Asked
from pos_app.application.reports.report import Cell
from pos_app.application.reports.source import PartSum
from pos_app.domain.money import Currency, Money

Key = tuple[str, str, str]


def sum_by(parts: Iterable[PartSum], currency: Currency) -> dict[Key, tuple[int, int]]:
    """Return (times, amount) by kind, name and detail within one currency."""
    sums: dict[Key, tuple[int, int]] = {}
    for part in parts:
        if part.currency == currency:
            key = (part.kind, part.name, part.detail)
            times, amount = sums.get(key, (0, 0))
            sums[key] = (times + part.times, amount + part.amount)
    return sums


def last_money(row: Sequence[Cell]) -> Money:
    """Return the last cell of a row, which is its money."""
    last = row[-1]
    if not isinstance(last, Money):
        raise TypeError(last)
    return last


def share_title(asked: Asked, key: str, sums: Sequence[tuple[str, Money]]) -> str:
    """Say which of `sums` (one currency) is the largest, and of how much."""
    name, most = max(sums, key=lambda pair: pair[1].minor)
    total = Money(sum(money.minor for _, money in sums), most.currency)
    figures = asked.figures
    facts = {
        "name": name,
        "money": figures.short_money(most),
        "all": figures.short_money(total),
    }
    return asked.words(f"{key}.all" if most == total else key, **facts)
