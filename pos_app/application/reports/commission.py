"""What the shop keeps of its sales.

The commission of a sale was frozen when it was made: a later percentage changes no old sale. What
a refund took back of it counts in the period of the refund, at the percentage of the sale.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from pos_app.application.reports.asked import Asked, currencies_of, lying_bars
from pos_app.application.reports.report import Cell, Column, Kind, Report, Row
from pos_app.application.reports.source import PartSum, ReportSource, Sold
from pos_app.application.reports.sums import last_money
from pos_app.domain.money import Currency, Money

_PARTS = ("commission", "commissioned")

Key = tuple[str, str]
"""Utility and percentage; the percentage is empty for sales that earned nothing."""


@dataclass(slots=True)
class _Sums:
    """What the sales of one utility at one percentage come to, in minor units of a currency."""

    sales: int = 0
    sold: int = 0
    earned: int = 0
    back: int = 0

    def __iadd__(self, other: _Sums) -> Self:
        self.sales += other.sales
        self.sold += other.sold
        self.earned += other.earned
        self.back += other.back
        return self


@dataclass(frozen=True, slots=True)
class _Earned:
    """The commission in one currency."""

    currency: Currency
    by: dict[Key, _Sums] = field(default_factory=lambda: defaultdict(_Sums))

    def total(self) -> _Sums:
        total = _Sums()
        for sums in self.by.values():
            total += sums
        return total

    def cells(self, sums: _Sums, *, with_back: bool) -> tuple[Cell, ...]:
        minors = [sums.sold, sums.earned - sums.back]
        if with_back:
            minors[1:1] = [sums.earned, -sums.back]
        return (self.currency.code, sums.sales, *(Money(each, self.currency) for each in minors))


def commission(source: ReportSource, asked: Asked) -> Report:
    """Say what each utility's sales earned, by the percentage that was in force at the sale."""
    made, back = source.taken_apart(asked.period, _PARTS), source.commission_back(asked.period)
    sold, parts = made.sold, made.parts
    columns = _columns(asked, with_back=bool(back))
    if not sold and not back:
        return asked.empty("report.nothing-sold", columns)
    currencies = dict.fromkeys((*currencies_of(sold), *(each.currency for each in back)))
    earned = [_earned(currency, parts, sold, back) for currency in currencies]
    names = source.utility_names()
    rows = [row for each in earned for row in _rows(each, names, with_back=bool(back))]
    said = asked.words("report.total")
    totals = [(said, "", *each.cells(each.total(), with_back=bool(back))) for each in earned]
    main = earned[0].currency
    bars = [(_label(asked, row), last_money(row)) for row in rows if row[2] == main.code]
    return Report(
        heading=asked.heading(),
        title=_title(asked, totals[0]),
        columns=columns,
        rows=tuple(rows),
        totals=tuple(totals),
        plots=lying_bars(asked, asked.words("report.plot.money", code=main.code), bars),
        notes=_notes(asked, with_back=bool(back)),
        row_count=len(rows),
    )


def _columns(asked: Asked, *, with_back: bool) -> tuple[Column, ...]:
    more = ("earned", "taken-back") if with_back else ()
    return (
        asked.column("utility"),
        asked.column("percent", Kind.PERCENT),
        asked.column("currency"),
        asked.column("sales", Kind.COUNT),
        *(asked.column(each, Kind.MONEY) for each in ("sold", *more, "commission")),
    )


def _notes(asked: Asked, *, with_back: bool) -> tuple[str, ...]:
    note = asked.words("report.commission.note")
    return (note, asked.words("report.commission.back-note")) if with_back else (note,)


def _earned(
    currency: Currency, parts: Iterable[PartSum], sold: Iterable[Sold], back: Iterable[PartSum]
) -> _Earned:
    """Return the sums of one currency; what earned nothing has no percentage."""
    made = _Earned(currency)
    for part in _of(currency, parts):
        sums = made.by[part.name, part.detail]
        if part.kind == "commission":
            sums += _Sums(sales=part.times, earned=part.amount)
        else:
            sums += _Sums(sold=part.amount)
    earning = list(made.by.items())
    for each in sold:
        if each.total.currency == currency:
            made.by[each.key, ""] += _Sums(sales=each.sales, sold=each.total.minor)
    for (utility, _), sums in earning:
        made.by[utility, ""] += _Sums(sales=-sums.sales, sold=-sums.sold)
    for part in _of(currency, back):
        made.by[part.name, part.detail] += _Sums(back=part.amount)
    return made


def _of(currency: Currency, parts: Iterable[PartSum]) -> list[PartSum]:
    return [part for part in parts if part.currency == currency]


def _rows(made: _Earned, names: Mapping[str, str], *, with_back: bool) -> list[Row]:
    """Return a row for each utility and percentage, what earned nothing after the others."""
    ranked = sorted(made.by, key=lambda key: (key[0], not key[1], key[1]))
    return [
        (names.get(utility, utility), percent, *made.cells(sums, with_back=with_back))
        for utility, percent in ranked
        if (sums := made.by[utility, percent]) != _Sums()
    ]


def _label(asked: Asked, row: Row) -> str:
    percent = asked.words("report.percent", percent=row[1]) if row[1] else ""
    return f"{row[0]} {percent}".strip()


def _title(asked: Asked, total: Sequence[Cell]) -> str:
    figures, sold, kept = asked.figures, total[4], last_money(total)
    if not kept.minor or not isinstance(sold, Money):
        return asked.words("report.commission.none")
    if kept.minor < 0:
        money = figures.short_money(Money(-kept.minor, kept.currency))
        return asked.words("report.commission.back", money=money)
    facts = {"money": figures.short_money(kept), "all": figures.short_money(sold)}
    return asked.words("report.commission.title", **facts)
