"""What became of the rows of a bulk list, as cells of a file."""

from __future__ import annotations

from decimal import Decimal

from pos_app.application.bulk import RowResult
from pos_app.application.bulk_words import said
from pos_app.application.words import Words


def status_of(result: RowResult) -> str:
    """Return what became of a row; the words are ``bulk.status-<status>``."""
    if result.sale is not None:
        return "sold-before" if result.before else "sold"
    return "refused" if result.problem is not None else "waiting"


def result_row(words: Words, result: RowResult) -> tuple[str, ...]:
    """Return the cells of a row: line, meter, name, amount, units, unit, receipt, tokens, …."""
    planned, sale, quote = result.planned, result.sale, result.planned.quote
    total = planned.row.amount if quote is None else quote.total.plain()
    tenths = planned.row.units if quote is None else _units(quote.tenths)
    receipt = unit = tokens = ""
    if sale is not None:
        total, tenths = sale.money(sale.total_minor).plain(), _units(sale.tenths)
        receipt, unit = sale.receipt, sale.meter.unit
        tokens = " / ".join(_grouped(token.digits) for token in sale.tokens)
    return (
        str(planned.row.line),
        planned.drn,
        "" if planned.meter is None else planned.meter.name,
        total,
        tenths,
        unit,
        receipt,
        tokens,
        words(f"bulk.status-{status_of(result)}"),
        "" if result.problem is None else said(words, result.problem),
    )


def _units(tenths: int) -> str:
    return str(Decimal(tenths).scaleb(-1))


def _grouped(digits: str) -> str:
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
