"""Settlement as one table (RFC 4180) that a spreadsheet does not take for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from pos_app.head_office.office import Office
from pos_app.head_office.queries.settlement import Days, read_days, settlement
from pos_app.head_office.store import settling

COLUMNS: Final = (
    "till", "what", "name", "detail", "currency", "amount", "times", "units", "unit", "training",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_OF_TILL: Final = (
    "gross", "rebuilt", "refunds", "compensations", "commission", "to_settle", "deposits", "held",
)  # fmt: skip


def as_csv(office: Office, days: Days, till: str = "") -> Iterator[str]:
    """Return the lines of a table: of each till its totals, then its sums by name.

    Raises `ExportUnfit` at once. Amounts below zero were given back.
    """
    asked = read_days(days)
    found = settlement(office, asked, till)
    with office.store.reading() as act:
        sums = settling.sums(act, asked, till, by=("till",))
    return _lines(found, sums)


def _lines(found: dict[str, Any], sums: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in found["tills"]:
        for name in _OF_TILL:
            money = Decimal(row[f"{name}_minor"]).scaleb(-row["decimals"])
            what = f"total.{name.replace('_', '-')}"
            times = row["sales"] if name == "gross" else ""
            kind = (row["currency"], money, times, "", "", bool(row["training"]))
            yield _line((row["till"], what, "", "", *kind))
    for row in sums:
        yield _line(_sum(row))


def _sum(row: dict[str, Any]) -> tuple[object, ...]:
    """Return a sum's values; a name without a currency or a unit has no amount or no units."""
    money = Decimal(row["minor"]).scaleb(-row["decimals"]) if row["currency"] else ""
    units = Decimal(row["tenths"]).scaleb(-1) if row["unit"] else ""
    what = (row["till"], row["what"], row["name"], row["detail"])
    return (*what, row["currency"], money, row["times"], units, row["unit"], bool(row["training"]))


def _line(values: Sequence[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_safe(each) for each in values])
    return text.getvalue()


def _safe(value: object) -> object:
    """Return a text that is no formula; an amount below zero is a number and stays one."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
