"""Turnover in the course of time, and single sales with the hours of the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pos_app.application.reports.asked import Asked, Wide, currencies_of, total_of
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import Bar, Cell, Column, Kind, Plot, Report, Row
from pos_app.application.reports.rows import LongRows
from pos_app.application.reports.source import ReportSource, SaleMade, Sold
from pos_app.domain.money import Currency, Money

MOST_DAYS, MOST_WEEKS = 45, 190
"""Up to so many days a bar is a day, up to so many a week, beyond that a month."""
MOST_PLOTS = 3


@dataclass(frozen=True, slots=True)
class _Span:
    """A bar's time: its first day, how it is called in a title and below a bar."""

    first: date
    name: str
    short: str


def turnover(source: ReportSource, asked: Asked) -> Report:
    """Say what was sold by day, week or month, by the length of the period."""
    sold = source.sold_by_day(asked.period)
    wide = Wide.over(sold)
    step, first_column = _step(asked)
    columns = (first_column, *wide.columns(asked))
    if not sold:
        return asked.empty("report.nothing-sold", columns)
    spans = _spans(asked, step)
    by_span = _by_span(spans, sold)
    rows = tuple((_label(step, span), *wide.cells(by_span[span.first])) for span in spans)
    return Report(
        heading=asked.heading(),
        title=_title(asked, wide.currencies[0], spans, by_span),
        columns=columns,
        rows=rows,
        totals=((asked.words("report.total"), *wide.cells(sold)),),
        plots=tuple(
            _plot(asked, currency, spans, by_span) for currency in wide.currencies[:MOST_PLOTS]
        ),
        row_count=len(rows),
    )


def _step(asked: Asked) -> tuple[str, Column]:
    days = len(asked.period)
    if days <= MOST_DAYS:
        return "day", asked.column("day", Kind.DAY)
    if days <= MOST_WEEKS:
        return "week", asked.column("week", Kind.DAY)
    return "month", asked.column("month")


def _label(step: str, span: _Span) -> str:
    return span.name if step == "month" else span.first.isoformat()


def _spans(asked: Asked, step: str) -> list[_Span]:
    """Return the spans up to today: what is still to come is no day without sales."""
    last = max(min(asked.period.last, asked.today), asked.period.first)
    spans: dict[date, _Span] = {}
    for day in Period(asked.period.first, last).days():
        first = _first_of(step, day)
        if first not in spans:
            spans[first] = _span(asked, step, first)
    return list(spans.values())


def _first_of(step: str, day: date) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def _span(asked: Asked, step: str, first: date) -> _Span:
    figures = asked.figures
    if step == "month":
        name = figures.month(first)
        return _Span(first, name, asked.words(f"report.month.{first.month}"))
    if step == "week":
        name = asked.words("report.week-of", day=figures.day(first))
        return _Span(first, name, figures.day(first))
    if len(asked.period) <= 7:
        return _Span(first, figures.weekday(first), figures.weekday(first))
    name = asked.words("report.on-day", weekday=figures.weekday(first), day=figures.day(first))
    return _Span(first, name, str(first.day))


def _by_span(spans: Sequence[_Span], sold: Iterable[Sold]) -> Mapping[date, list[Sold]]:
    firsts = [span.first for span in spans]
    sums: dict[date, list[Sold]] = {first: [] for first in firsts}
    place = 0
    for each in sorted(sold, key=lambda each: each.key):
        day = date.fromisoformat(each.key)
        while place + 1 < len(firsts) and firsts[place + 1] <= day:
            place += 1
        sums[firsts[place]].append(each)
    return sums


def _title(
    asked: Asked, currency: Currency, spans: Sequence[_Span], by_span: Mapping[date, list[Sold]]
) -> str:
    best = _best(currency, spans, by_span)
    money = asked.figures.short_money(total_of(by_span[best.first], currency))
    if len(spans) == 1:
        mine = [each for each in by_span[best.first] if each.total.currency == currency]
        count = sum(each.sales for each in mine)
        return asked.words("report.turnover.one", n=count, money=money)
    return asked.words("report.turnover.most", when=best.name, money=money)


def _best(currency: Currency, spans: Sequence[_Span], by_span: Mapping[date, list[Sold]]) -> _Span:
    return max(spans, key=lambda span: total_of(by_span[span.first], currency).minor)


def _plot(
    asked: Asked, currency: Currency, spans: Sequence[_Span], by_span: Mapping[date, list[Sold]]
) -> Plot:
    best = _best(currency, spans, by_span)
    bars = []
    for span in spans:
        total = total_of(by_span[span.first], currency)
        text = asked.figures.short(total.amount()) if total.minor else ""
        bars.append(Bar(span.short, total.minor, text, span is best))
    return Plot(asked.words("report.plot.money", code=currency.code), tuple(bars), standing=True)


def sales(source: ReportSource, asked: Asked) -> Report:
    """List single sales, newest first, and say which hour was busiest."""
    by_hour = source.sold_by_hour(asked.period)
    columns = (
        asked.column("time", Kind.TIME),
        asked.column("receipt"),
        asked.column("meter"),
        asked.column("name"),
        asked.column("units", Kind.UNITS),
        asked.column("unit"),
        asked.column("money", Kind.MONEY),
        asked.column("currency"),
        asked.column("operator"),
        asked.column("copies", Kind.COUNT),
    )
    if not by_hour:
        return asked.empty("report.nothing-sold", columns)
    counts = _hour_counts(by_hour)
    total = sum(counts.values())
    best = max(counts, key=lambda hour: (counts[hour], -hour))
    key = "report.sales.busiest" if counts[best] < total else "report.sales.one-hour"
    return Report(
        heading=asked.heading(),
        title=asked.words(
            key, first=f"{best:02d}", last=f"{best + 1:02d}",
            n=total, count=asked.figures.number(counts[best]), all=asked.figures.number(total),
        ),
        columns=columns,
        rows=_sales_rows(source, asked),
        totals=tuple(_sales_totals(asked, by_hour)),
        plots=(_hours(asked, counts, best),) if total > 1 else (),
        row_count=total,
    )  # fmt: skip


def _sales_rows(source: ReportSource, asked: Asked) -> LongRows:
    names, period = source.operator_names(), asked.period

    def row(made: SaleMade) -> Row:
        money = (made.total, made.total.currency.code)
        who = (names.get(made.operator, made.operator), made.copies or None)
        place = (asked.wall(made.at_ms), made.receipt, made.drn, made.name)
        return (*place, made.tenths, made.unit, *money, *who)

    return LongRows(
        order=source.sale_order(period, "time", descending=True),
        read=lambda wanted: tuple(row(made) for made in source.sales_at(wanted)),
        sort=lambda code, descending: source.sale_order(period, code, descending=descending),
    )


def _hour_counts(by_hour: Iterable[Sold]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for each in by_hour:
        counts[int(each.key)] = counts.get(int(each.key), 0) + each.sales
    return {hour: counts.get(hour, 0) for hour in range(min(counts), max(counts) + 1)}


def _hours(asked: Asked, counts: Mapping[int, int], best: int) -> Plot:
    number = asked.figures.short
    bars = (
        Bar(f"{hour:02d}", count, number(count) if count else "", hour == best)
        for hour, count in counts.items()
    )
    return Plot(asked.words("report.plot.hours"), tuple(bars), standing=True)


def _sales_totals(asked: Asked, by_hour: Sequence[Sold]) -> Iterable[tuple[Cell, ...]]:
    for currency in currencies_of(by_hour):
        mine = [each for each in by_hour if each.total.currency == currency]
        for unit in sorted({each.unit for each in mine}):
            some = [each for each in mine if each.unit == unit]
            count = sum(each.sales for each in some)
            counted = asked.words("report.sales.count", n=count, count=asked.figures.number(count))
            tenths = sum(each.tenths for each in some)
            total = Money(sum(each.total.minor for each in some), currency)
            label = asked.words("report.total")
            yield (label, counted, "", "", tenths, unit, total, currency.code, "", None)
