"""Taxes and levies."""

from __future__ import annotations

from collections.abc import Sequence

from pos_app.application.reports.asked import Asked, currencies_of, lying_bars, total_of
from pos_app.application.reports.report import Cell, Kind, Plot, Report
from pos_app.application.reports.source import ReportSource
from pos_app.application.reports.sums import Key, last_money, sum_by
from pos_app.domain.money import Currency, Money

_DUTIES = ("line.tax", "line.levy", "line.stamp")


def tax(source: ReportSource, asked: Asked) -> Report:
    """Say every tax and levy by name and percent, with the money it was charged on."""
    columns = (
        asked.column("tax"),
        asked.column("percent", Kind.PERCENT),
        asked.column("currency"),
        asked.column("sales", Kind.COUNT),
        asked.column("net", Kind.MONEY),
        asked.column("tax-money", Kind.MONEY),
    )
    made = source.taken_apart(asked.period, ("net", *_DUTIES))
    sold, parts = made.sold, made.parts
    if not sold:
        return asked.empty("report.nothing-sold", columns)
    rows: list[tuple[Cell, ...]] = []
    totals: list[tuple[Cell, ...]] = []
    for currency in currencies_of(sold):
        sums = sum_by(parts, currency)
        taxed = _tax_rows(asked, currency, sums)
        rows += taxed
        sales = sum(each.sales for each in sold if each.total.currency == currency)
        all_tax = sum(amount for (kind, *_), (_, amount) in sums.items() if kind in _DUTIES)
        label = asked.words("report.total")
        totals.append((label, "", currency.code, sales, None, Money(all_tax, currency)))
    main = currencies_of(sold)[0]
    return Report(
        heading=asked.heading(),
        title=_tax_title(asked, main, rows, total_of(sold, main)),
        columns=columns,
        rows=tuple(rows),
        totals=tuple(totals),
        plots=_tax_plot(asked, main, rows),
        notes=(asked.words("report.tax.note"),),
        row_count=len(rows),
    )


def _tax_rows(
    asked: Asked, currency: Currency, sums: dict[Key, tuple[int, int]]
) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for (kind, name, percent), (times, amount) in sums.items():
        if kind in _DUTIES:
            base = sums.get(("net", name, percent)) if kind == "line.tax" else None
            net = None if base is None else Money(base[1], currency)
            label = name or asked.said("line", kind.removeprefix("line."))
            rows.append((label, percent, currency.code, times, net, Money(amount, currency)))
        elif kind == "net" and not name and amount:
            untaxed = (asked.words("report.tax.none"), "", currency.code, times)
            rows.append((*untaxed, Money(amount, currency), Money(0, currency)))
    return sorted(rows, key=lambda row: -last_money(row).minor)


def _tax_title(asked: Asked, main: Currency, rows: Sequence[tuple[Cell, ...]], total: Money) -> str:
    figures = asked.figures
    mine = [row for row in rows if row[2] == main.code and last_money(row).minor]
    if not mine:
        return asked.words("report.tax.no-tax", money=figures.short_money(total))
    first = mine[0]
    percent = asked.words("report.percent", percent=first[1]) if first[1] else ""
    return asked.words(
        "report.tax.title",
        tax=f"{first[0]} {percent}".strip(),
        money=figures.short_money(last_money(first)),
        all=figures.short_money(total),
    )


def _tax_plot(asked: Asked, main: Currency, rows: Sequence[tuple[Cell, ...]]) -> tuple[Plot, ...]:
    mine = [(f"{row[0]} {row[1]}".strip(), last_money(row)) for row in rows if row[2] == main.code]
    return lying_bars(asked, asked.words("report.plot.money", code=main.code), mine)
