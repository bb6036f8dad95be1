"""Which columns of a report are worth their room: none that is empty, none that repeats itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pos_app.application.reports.report import Cell, Column, Kind, Report, Row


def shown_columns(report: Report, sample: Sequence[Row]) -> tuple[tuple[int, Column], ...]:
    """Return the columns to show with their places in a row.

    `sample` are the first rows. A currency or unit that every row has stands in the headings of
    money and units instead; a longer list is judged by its sample and its totals.
    """
    whole = len(sample) == len(report.rows)
    held = [_held(sample, report.totals, place) for place in range(len(report.columns))]
    once = _told_once(report, held)
    return tuple(
        (place, _with_unit(column, once))
        for place, column in enumerate(report.columns)
        if not sample or ((held[place] or not whole) and column.code not in once)
    )


def _held(sample: Sequence[Row], totals: Sequence[Row], place: int) -> set[Cell]:
    """Return the different cells of a column that show anything."""
    return {row[place] for row in (*sample, *totals)} - {None, ""}


def _told_once(report: Report, held: Sequence[set[Cell]]) -> dict[str, str]:
    """Return currency and unit by their columns' codes, where every row has the same."""
    return {
        column.code: str(next(iter(cells)))
        for column, cells in zip(report.columns, held, strict=True)
        if column.code in {"currency", "unit"} and len(cells) == 1
    }


def _with_unit(column: Column, once: dict[str, str]) -> Column:
    """Return a column that says in its heading what a column of its own need not repeat."""
    source = {Kind.MONEY: "currency", Kind.UNITS: "unit"}.get(column.kind, "")
    unit = once.get(source, "")
    return replace(column, unit=unit) if unit and not column.unit else column
