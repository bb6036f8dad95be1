"""Units that were given without money: the tariff's free units, and whatever else gives some."""

from __future__ import annotations

from collections.abc import Sequence

from pos_app.application.reports.asked import Asked
from pos_app.application.reports.report import Bar, Kind, Plot, Report, Row
from pos_app.application.reports.rows import LongRows
from pos_app.application.reports.source import FreeIssue, FreeSum, ReportSource
from pos_app.application.token_kinds import FINE_DECIMALS
from pos_app.domain.money import Currency, Money


def free_issues(source: ReportSource, asked: Asked) -> Report:
    """List every free issue with its reason, newest first; money only where some was given."""
    sums = source.free_sums(asked.period)
    columns = (
        asked.column("time", Kind.TIME),
        asked.column("receipt"),
        asked.column("meter"),
        asked.column("name"),
        asked.column("reason"),
        asked.column("units", Kind.UNITS),
        asked.column("unit"),
        *((asked.column("money", Kind.MONEY),) if any(each.fine for each in sums) else ()),
        asked.column("operator"),
    )
    if not sums:
        return asked.empty("report.free-issues.none", columns)
    times = sum(each.times for each in sums)
    units = sorted({each.unit for each in sums}, key=lambda unit: -_tenths(sums, unit))
    most = max(sums, key=lambda each: each.meters)
    return Report(
        heading=asked.heading(),
        title=asked.words(
            "report.free-issues.title",
            n=times, count=asked.figures.number(times),
            units=_given(asked, sums, most),
        ),
        columns=columns,
        rows=_rows(source, asked, money=any(each.fine for each in sums)),
        totals=tuple(_total(asked, sums, unit) for unit in units),
        plots=_plot(asked, sums),
        notes=(asked.words("report.free-issues.note"),),
        row_count=times,
    )  # fmt: skip


def _tenths(sums: Sequence[FreeSum], unit: str) -> int:
    return sum(each.tenths for each in sums if each.unit == unit)


def _money(sums: Sequence[FreeSum], unit: str) -> Money | None:
    fine = sum(each.fine for each in sums if each.unit == unit)
    return Money(fine, Currency(unit, FINE_DECIMALS)) if fine else None


def _given(asked: Asked, sums: Sequence[FreeSum], most: FreeSum) -> str:
    money = _money(sums, most.unit)
    if money is not None:
        return asked.figures.money(money, code=True)
    return asked.figures.units(_tenths(sums, most.unit), most.unit)


def _total(asked: Asked, sums: Sequence[FreeSum], unit: str) -> Row:
    times = sum(each.times for each in sums if each.unit == unit)
    counted = asked.words("report.free-issues.count", n=times, count=asked.figures.number(times))
    money, some = _money(sums, unit), any(each.fine for each in sums)
    units = _tenths(sums, unit) if money is None else None
    shown = (money,) if some else ()
    return (asked.words("report.total"), counted, "", "", "", units, unit, *shown, "")


def _rows(source: ReportSource, asked: Asked, *, money: bool) -> LongRows:
    names, period = source.operator_names(), asked.period

    def row(each: FreeIssue) -> Row:
        place = (asked.wall(each.at_ms), each.receipt, each.drn, each.name)
        units = each.tenths if each.money is None else None
        given = (asked.said("free", each.reason), units, each.unit)
        shown = (each.money,) if money else ()
        return (*place, *given, *shown, names.get(each.operator, each.operator))

    return LongRows(
        order=source.free_order(period, "time", descending=True),
        read=lambda wanted: tuple(row(each) for each in source.free_at(wanted)),
        sort=lambda code, descending: source.free_order(period, code, descending=descending),
    )


def _plot(asked: Asked, sums: Sequence[FreeSum]) -> tuple[Plot, ...]:
    counts: dict[str, int] = {}
    for each in sums:
        counts[each.reason] = counts.get(each.reason, 0) + each.times
    ranked = sorted(counts, key=lambda reason: -counts[reason])
    number = asked.figures.number
    bars = tuple(
        Bar(asked.said("free", reason), counts[reason], number(counts[reason]), not at)
        for at, reason in enumerate(ranked)
    )
    caption = asked.words("report.plot.free-issues")
    return (Plot(caption, bars, standing=False),) if len(bars) > 1 else ()
