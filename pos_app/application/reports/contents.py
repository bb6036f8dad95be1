"""What sales consist of: tokens by type, and lines by what the money was for."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from pos_app.application.reports.asked import (
    Asked,
    currencies_of,
    lying_bars,
    total_of,
    units_of,
)
from pos_app.application.reports.report import Bar, Cell, Kind, Plot, Report, Row
from pos_app.application.reports.source import ReportSource
from pos_app.application.reports.sums import share_title, sum_by
from pos_app.domain.money import Currency, Money

_KEY_CHANGE: Final = "token.key-change"


def tokens(source: ReportSource, asked: Asked) -> Report:
    """Count tokens by type, with the sales they came with and the units they carry.

    The sales of key-change tokens are their sets: a sale brings one at most.
    """
    made = source.taken_apart(asked.period, ("token.",))
    parts, units = made.parts, units_of(made.sold)
    columns = (
        asked.column("token"),
        asked.column("sales", Kind.COUNT),
        asked.column("tokens", Kind.COUNT),
        *(asked.column(f"units.{unit}", Kind.UNITS, unit) for unit in units),
    )
    if not parts:
        return asked.empty("report.tokens.none", columns)
    counts: dict[str, int] = defaultdict(int)
    sold: dict[str, int] = defaultdict(int)
    tenths: dict[tuple[str, str], int] = defaultdict(int)
    for part in parts:
        counts[part.kind] += part.times * int(part.detail)
        sold[part.kind] += part.times
        tenths[part.kind, part.unit] += part.amount
    ranked = sorted(counts, key=lambda kind: -counts[kind])
    names = {kind: asked.said("token", kind.removeprefix("token.")) for kind in ranked}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (names[kind], sold[kind], counts[kind], *(tenths[kind, unit] for unit in units))
        for kind in ranked
    )
    sets = sold.get(_KEY_CHANGE, 0)
    note = asked.words("report.tokens.sets", n=sets, sets=asked.figures.number(sets))
    sums = (sum(tenths[kind, unit] for kind in ranked) for unit in units)
    number, total = asked.figures.number, sum(counts.values())
    facts = {"count": number(counts[ranked[0]]), "all": number(total), "name": names[ranked[0]]}
    title = "report.tokens.title" if len(ranked) > 1 else "report.tokens.all"
    bars = tuple(
        Bar(names[kind], counts[kind], number(counts[kind]), kind == ranked[0]) for kind in ranked
    )
    plot = Plot(asked.words("report.plot.tokens"), bars, standing=False)
    return Report(
        heading=asked.heading(),
        title=asked.words(title, n=total, **facts),
        columns=columns,
        rows=rows,
        totals=((asked.words("report.total"), None, total, *sums),),
        plots=(plot,) if len(bars) > 1 else (),
        notes=(note,) if sets else (),
        row_count=len(rows),
    )


def charges(source: ReportSource, asked: Asked) -> Report:
    """Say what the money was for: energy, charges, debts, levies, taxes."""
    columns = (
        asked.column("what"),
        asked.column("currency"),
        asked.column("sales", Kind.COUNT),
        asked.column("money", Kind.MONEY),
    )
    made = source.taken_apart(asked.period, ("line.",))
    sold, parts = made.sold, made.parts
    if not sold:
        return asked.empty("report.nothing-sold", columns)
    rows: list[tuple[Cell, ...]] = []
    totals: list[tuple[Cell, ...]] = []
    sums_of: dict[Currency, list[tuple[str, Money]]] = {}
    for currency in currencies_of(sold):
        mine = sorted(sum_by(parts, currency).items(), key=lambda item: -item[1][1])
        sums_of[currency] = []
        for (kind, name, percent), (times, amount) in mine:
            label = _line_name(asked, kind, name, percent)
            money = Money(amount, currency)
            sums_of[currency].append((label, money))
            rows.append((label, currency.code, times, money))
        sales = sum(each.sales for each in sold if each.total.currency == currency)
        label = asked.words("report.total")
        totals.append((label, currency.code, sales, total_of(sold, currency)))
    main = currencies_of(sold)[0]
    return Report(
        heading=asked.heading(),
        title=share_title(asked, "report.charges.title", sums_of[main]),
        columns=columns,
        rows=tuple(rows),
        totals=tuple(totals),
        plots=lying_bars(asked, asked.words("report.plot.money", code=main.code), sums_of[main]),
        row_count=len(rows),
    )


def debts(source: ReportSource, asked: Asked) -> Report:
    """Say what was collected for debts, by the debt's name; adjustments settle earlier sales."""
    columns = (
        asked.column("debt"),
        asked.column("currency"),
        asked.column("sales", Kind.COUNT),
        asked.column("collected", Kind.MONEY),
    )
    made = source.taken_apart(asked.period, ("line.debt", "line.adjustment"))
    sold, parts = made.sold, made.parts
    if not parts:
        return asked.empty("report.debts.none", columns)
    rows: list[Row] = []
    totals: list[Row] = []
    sums_of: dict[Currency, list[tuple[str, Money]]] = {}
    for currency in currencies_of(sold):
        sums = sorted(sum_by(parts, currency).items(), key=lambda item: -item[1][1])
        if not sums:
            continue
        found = [
            (_line_name(asked, kind, name, percent), times, Money(amount, currency))
            for (kind, name, percent), (times, amount) in sums
        ]
        sums_of[currency] = [(label, money) for label, _, money in found]
        rows += [(label, currency.code, times, money) for label, times, money in found]
        total = Money(sum(money.minor for *_, money in found), currency)
        totals.append((asked.words("report.total"), currency.code, None, total))
    main = next(iter(sums_of))
    sum_main = Money(sum(money.minor for _, money in sums_of[main]), main)
    facts = {
        "money": asked.figures.short_money(sum_main),
        "all": asked.figures.short_money(total_of(sold, main)),
    }
    return Report(
        heading=asked.heading(),
        title=asked.words("report.debts.title", **facts),
        columns=columns,
        rows=tuple(rows),
        totals=tuple(totals),
        plots=lying_bars(asked, asked.words("report.plot.money", code=main.code), sums_of[main]),
        row_count=len(rows),
    )


def _line_name(asked: Asked, kind: str, name: str, percent: str) -> str:
    label = name or asked.said("line", kind.removeprefix("line."))
    return f"{label} {asked.words('report.percent', percent=percent)}" if percent else label
