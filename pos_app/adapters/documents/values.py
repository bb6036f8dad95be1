"""Cells as plain values for programs that calculate: exact, ungrouped, with a decimal point."""

from __future__ import annotations

from decimal import Decimal

from pos_app.application.reports.figures import Figures
from pos_app.application.reports.report import Cell, Column, Kind, Report
from pos_app.domain.money import Money

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for a formula, in its wide forms too (OWASP, CSV injection)."""


def number_of(column: Column, cell: Cell) -> Decimal | None:
    """Return the number in a cell, None where it holds none."""
    match cell:
        case Money():
            return cell.amount()
        case Decimal():
            return cell
        case int():
            return Decimal(cell).scaleb(-1) if column.kind is Kind.UNITS else Decimal(cell)
        case str() if column.kind is Kind.PERCENT and cell:
            return Decimal(cell)
    return None


def decimals_of(column: Column, cell: Cell) -> int:
    """Return how many decimals a cell is written with."""
    if isinstance(cell, Money):
        return cell.currency.decimals
    if column.kind in {Kind.UNITS, Kind.NUMBER}:
        return 1
    number = number_of(column, cell)
    return 0 if number is None else max(0, -int(number.as_tuple().exponent))


def plain(column: Column, cell: Cell) -> str:
    """Return a cell as text that no spreadsheet runs."""
    number = number_of(column, cell)
    if number is not None:
        return f"{number:.{decimals_of(column, cell)}f}"
    return harmless("" if cell is None else str(cell))


def harmless(text: str) -> str:
    """Return `text`, with an apostrophe before it where a spreadsheet would take it for a formula.

    Leading spaces do not make a formula harmless: some programs trim them.
    """
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(_FORMULA_STARTS) else text


def more(report: Report, figures: Figures) -> str:
    """Return the sentence about rows that are not here."""
    shown, count = figures.number(len(report.rows)), figures.number(report.row_count)
    return figures.words("report.more", shown=shown, count=count)
