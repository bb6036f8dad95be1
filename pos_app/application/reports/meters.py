"""Single meters: copies of their slips, their history, and those that stopped buying."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from pos_app.application.reports.asked import Asked
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import (
    Bar,
    Cell,
    Kind,
    Plot,
    Report,
    ReportNeedsMeter,
)
from pos_app.application.reports.source import MeterSale, QuietMeter, ReportSource
from pos_app.domain.money import Money

QUIET_DAYS = 30
"""A meter is on the no-purchase list after so many days without a sale."""
QUIET_PURCHASES = 2
"""…if it bought so often before: one sale shows no rhythm to miss."""
_DAY_MINUTES = 1440
_TID_EPOCH = date(1993, 1, 1)


def reprints(source: ReportSource, asked: Asked) -> Report:
    """List the copies made, newest first."""
    columns = (
        asked.column("time", Kind.TIME),
        asked.column("receipt"),
        asked.column("meter"),
        asked.column("copy", Kind.COUNT),
        asked.column("copies-in-all", Kind.COUNT),
        asked.column("reason"),
        asked.column("operator"),
    )
    copies = source.copies(asked.period)
    if not copies:
        return asked.empty("report.reprints.none", columns)
    names = source.operator_names()
    rows = tuple(
        (
            asked.wall(each.at_ms),
            each.receipt,
            each.drn,
            each.copy,
            each.copies,
            asked.said("reason", each.reason),
            names.get(each.operator, each.operator),
        )
        for each in copies
    )
    most = Counter(each.receipt for each in copies).most_common(1)[0]
    key = "report.reprints.title" if most[1] == 1 else "report.reprints.often"
    makers = Counter(str(row[-1]) for row in rows).most_common()
    bars = tuple(
        Bar(name, n, asked.figures.number(n), not at) for at, (name, n) in enumerate(makers)
    )
    plot = Plot(asked.words("report.plot.copies"), bars, standing=False)
    return Report(
        heading=asked.heading(),
        title=asked.words(key, n=len(rows), receipt=most[0], times=most[1]),
        columns=columns,
        rows=rows,
        totals=((asked.words("report.total"), "", "", len(rows), None, "", ""),),
        plots=(plot,) if len(bars) > 1 else (),
        row_count=len(rows),
    )


def meter(source: ReportSource, asked: Asked) -> Report:
    """Tell a meter's history and how much it seems to use.

    The estimate takes it that what was bought is used up when the next purchase comes: units
    of all purchases but the last, divided by the days from the first to the last.
    """
    if not asked.meter:
        raise ReportNeedsMeter(name=asked.name)
    sold = source.meter_sales(asked.meter, asked.period)
    unit = sold[-1].unit if sold else ""
    columns = (
        asked.column("time", Kind.TIME),
        asked.column("receipt"),
        asked.column("units", Kind.UNITS, unit),
        asked.column("money", Kind.MONEY),
        asked.column("currency"),
        asked.column("lasted", Kind.COUNT),
        asked.column("a-day", Kind.NUMBER, unit),
    )
    period = asked.words(
        "report.meter.of", meter=asked.meter, period=asked.figures.period(asked.period)
    )
    heading = asked.heading(period)
    if not sold:
        return Report(heading, asked.words("report.meter.none"), columns, ())
    rows = tuple(_history(asked, sold))
    return Report(
        heading=heading,
        title=_meter_title(asked, sold, unit),
        columns=columns,
        rows=rows,
        totals=tuple(_meter_totals(asked, sold)),
        plots=_months(asked, sold, unit),
        notes=(asked.words("report.meter.note"),),
        row_count=len(rows),
    )


def _history(asked: Asked, sold: Sequence[MeterSale]) -> Iterator[tuple[Cell, ...]]:
    """Yield the sales, newest first; each but the newest with how long its units lasted."""
    following: MeterSale | None = None
    for sale in reversed(sold):
        days = 0 if following is None else _days(sale, following)
        a_day = _rate(sale.tenths, days) if days else None
        place = (asked.wall(sale.at_ms), sale.receipt, sale.tenths)
        yield (*place, sale.total, sale.total.currency.code, days or None, a_day)
        following = sale


def _days(earlier: MeterSale, later: MeterSale) -> int:
    return (date.fromisoformat(later.day) - date.fromisoformat(earlier.day)).days


def _rate(tenths: int, days: int) -> Decimal:
    return (Decimal(tenths) / 10 / days).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _meter_title(asked: Asked, sold: Sequence[MeterSale], unit: str) -> str:
    figures = asked.figures
    days = _days(sold[0], sold[-1])
    if len(sold) < 2 or not days:
        units = figures.units(sum(sale.tenths for sale in sold), unit)
        return asked.words("report.meter.bought", n=len(sold), units=units)
    rate = _rate(sum(sale.tenths for sale in sold[:-1]), days)
    every = max(1, round(Decimal(days) / (len(sold) - 1)))
    return asked.words("report.meter.title", rate=figures.number(rate, 1), unit=unit, n=every)


def _meter_totals(asked: Asked, sold: Sequence[MeterSale]) -> Iterator[tuple[Cell, ...]]:
    for currency in sorted({sale.total.currency for sale in sold}, key=lambda each: each.code):
        mine = [sale for sale in sold if sale.total.currency == currency]
        counted = asked.words(
            "report.sales.count", n=len(mine), count=asked.figures.number(len(mine))
        )
        money = Money(sum(sale.total.minor for sale in mine), currency)
        tenths = sum(sale.tenths for sale in mine)
        yield (asked.words("report.total"), counted, tenths, money, currency.code, None, None)


def _months(asked: Asked, sold: Sequence[MeterSale], unit: str) -> tuple[Plot, ...]:
    """Show the units of each month from the first sale's to the last one's."""
    month = date.fromisoformat(sold[0].day).replace(day=1)
    last = date.fromisoformat(sold[-1].day)
    sums: dict[str, int] = {}
    labels: dict[str, str] = {}
    while month <= last:
        sums[month.isoformat()[:7]] = 0
        labels[month.isoformat()[:7]] = asked.words(f"report.month.{month.month}")
        month = Period.month(month).last + timedelta(days=1)
    for sale in sold:
        sums[sale.day[:7]] += sale.tenths
    if len(sums) < 2:
        return ()
    best = max(sums, key=lambda each: sums[each])
    short = asked.figures.short
    bars = (
        Bar(labels[each], tenths, short(Decimal(tenths) / 10) if tenths else "", each == best)
        for each, tenths in sums.items()
    )
    caption = asked.words("report.plot.units-month", unit=unit)
    return (Plot(caption, tuple(bars), standing=True),)


def no_purchase(source: ReportSource, asked: Asked) -> Report:
    """Rank meters that stopped buying by how many purchases of their own rhythm they missed.

    The period's last day (or today) is the day looked back from.
    """
    columns = (
        asked.column("meter"),
        asked.column("name"),
        asked.column("address"),
        asked.column("phone"),
        asked.column("last-bought", Kind.DAY),
        asked.column("days-since", Kind.COUNT),
        asked.column("every", Kind.NUMBER),
        asked.column("missed", Kind.NUMBER),
    )
    day = min(asked.period.last, asked.today)
    note = asked.words("report.no-purchase.note", days=QUIET_DAYS, purchases=QUIET_PURCHASES)
    minute = ((day - _TID_EPOCH).days - QUIET_DAYS + 1) * _DAY_MINUTES
    found = sorted(
        ((_missed(each, day), each) for each in source.quiet_meters(minute, QUIET_PURCHASES)),
        key=lambda pair: (-pair[0], pair[1].drn),
    )
    if not found:
        return asked.empty("report.no-purchase.none", columns, note)
    rows = tuple(_quiet_row(each, missed, day) for missed, each in found)
    return Report(
        heading=asked.heading(asked.words("report.as-of", day=asked.figures.full_day(day))),
        title=asked.words(
            "report.no-purchase.title",
            n=len(rows), count=asked.figures.number(len(rows)),
            name=found[0][1].name or found[0][1].drn, days=(day - _last_day(found[0][1])).days,
        ),
        columns=columns,
        rows=rows,
        notes=(note,),
        row_count=len(rows),
    )  # fmt: skip


def _last_day(found: QuietMeter) -> date:
    return _TID_EPOCH + timedelta(days=found.last_minute // _DAY_MINUTES)


def _every(found: QuietMeter) -> Decimal:
    """Return the days between purchases, at least one tenth of a day."""
    days = Decimal(found.last_minute - found.first_minute) / _DAY_MINUTES
    return max(days / (found.purchases - 1), Decimal("0.1"))


def _missed(found: QuietMeter, day: date) -> Decimal:
    """Return how many purchases of its rhythm a meter missed; no rhythm is faster than a day."""
    return Decimal((day - _last_day(found)).days) / max(_every(found), Decimal(1))


def _quiet_row(found: QuietMeter, missed: Decimal, day: date) -> tuple[Cell, ...]:
    last = _last_day(found)
    tenth = Decimal("0.1")
    who = (found.drn, found.name, found.address, found.phone)
    rhythm = (_every(found).quantize(tenth), missed.quantize(tenth))
    return (*who, last.isoformat(), (day - last).days, *rhythm)
