"""The roll-over of base dates as a report: who is still on an old one, until when, what is done."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from pos_app.application.key_change_records import RollOverRow
from pos_app.application.reports.asked import Asked
from pos_app.application.reports.report import Bar, Cell, Kind, Plot, Report
from pos_app.application.reports.rows import LongRows
from pos_app.application.reports.source import ReportSource


def roll_over(source: ReportSource, asked: Asked) -> Report:
    """Return the report as things stand today, whatever the period."""
    columns = (
        asked.column("utility"),
        asked.column("base"),
        asked.column("goes-to"),
        asked.column("meters", Kind.COUNT),
        asked.column("given", Kind.COUNT),
        asked.column("confirmed", Kind.COUNT),
        asked.column("last-day", Kind.DAY),
        asked.column("due", Kind.DAY),
    )
    found = source.roll_over(_end_of(asked.today))
    if not found:
        return asked.empty("report.roll-over.none", columns)
    names = source.utility_names()
    left = sum(row.meters for row in found if row.base != row.wanted)
    rows = tuple(_row(row, names.get(row.utility, row.utility)) for row in found)
    title = asked.words("report.roll-over.done")
    if left:
        count = asked.figures.number(left)
        title = asked.words("report.roll-over.title", n=left, count=count)
    return Report(
        heading=asked.heading(asked.words("report.as-of", day=asked.figures.full_day(asked.today))),
        title=title,
        columns=columns,
        rows=rows,
        totals=(_total(asked, found),) if len(found) > 1 else (),
        plots=(_plot(asked, found, rows),),
        notes=tuple(asked.words(f"report.roll-over.{key}") for key in ("note", "counts", "ends")),
        row_count=len(rows),
    )


def to_roll_over(source: ReportSource, asked: Asked) -> Report:
    """List the meters that are still to roll over, as things stand today."""
    columns = tuple(
        asked.column(code) for code in ("meter", "name", "address", "phone", "utility", "base")
    )
    now, names = _end_of(asked.today), source.utility_names()
    rows = LongRows(
        order=source.to_go_order(now, "meter", descending=False),
        read=lambda wanted: tuple(
            (one.drn, one.name, one.address, one.phone, names.get(one.utility, ""), str(one.base))
            for one in source.to_go_at(wanted)
        ),
        sort=lambda code, descending: source.to_go_order(now, code, descending=descending),
    )
    if not rows:
        return asked.empty("report.roll-over.done", columns)
    count = asked.figures.number(len(rows))
    return Report(
        heading=asked.heading(asked.words("report.as-of", day=asked.figures.full_day(asked.today))),
        title=asked.words("report.roll-over.title", n=len(rows), count=count),
        columns=columns,
        rows=rows,
        notes=(asked.words("report.roll-over.note"),),
        row_count=len(rows),
    )


def _end_of(day: date) -> int:
    return int(datetime.combine(day, time(23, 59), UTC).timestamp()) * 1000


def _row(row: RollOverRow, utility: str) -> tuple[Cell, ...]:
    given = row.issued + row.confirmed
    return (
        utility,
        str(row.base),
        str(row.wanted) if row.wanted != row.base else "",
        row.meters,
        given or None,
        row.confirmed or None,
        _day(row.ends_ms),
        _day(row.due_ms) if row.due_ms else "",
    )


def _total(asked: Asked, found: tuple[RollOverRow, ...]) -> tuple[Cell, ...]:
    given = sum(row.issued + row.confirmed for row in found)
    confirmed = sum(row.confirmed for row in found)
    sums = (sum(row.meters for row in found), given or None, confirmed or None)
    return (asked.words("report.total"), "", "", *sums, "", "")


def _plot(asked: Asked, found: tuple[RollOverRow, ...], rows: tuple[tuple[Cell, ...], ...]) -> Plot:
    most = max((row.meters for row in found if row.base != row.wanted), default=0)
    bars = tuple(
        Bar(
            f"{cells[0]} {row.base}",
            row.meters,
            asked.figures.number(row.meters),
            strong=row.base != row.wanted and row.meters == most,
        )
        for row, cells in zip(found, rows, strict=True)
    )
    return Plot(asked.words("report.plot.roll-over"), bars, standing=False)


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).date().isoformat()
