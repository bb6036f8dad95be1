"""Sales for billing: lists that go on where they ended, sums, a meter's history."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pos_app.head_office.errors import ExportUnfit
from pos_app.head_office.given_errors import PeriodReversed
from pos_app.head_office.office import Office
from pos_app.head_office.queries.rebuilt import with_rebuilt
from pos_app.head_office.store import asking, listing, receipts
from pos_app.head_office.store.listing import MOST, SaleKey
from pos_app.head_office.xmlvend import document

START: Final[SaleKey] = ("", 0, -1)
_COLUMNS: Final = (
    "till", "seq", "branch", "receipt", "day", "at_ms", "drn", "operator", "shift", "utility",
    "tariff", "tariff_version", "currency", "total", "units", "unit", "training", "sale_id",
    "rebuilt",
)  # fmt: skip
_SUMMED: Final = ("till", "day", "currency", "decimals", "unit")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def page(
    office: Office, days: tuple[str, str], till: str = "", after: SaleKey = START, most: int = 500
) -> list[dict[str, Any]]:
    """Return sales of the days, `most` at a time; raises `ExportUnfit` for days that are none."""
    first, last = period(days)
    with office.store.reading() as act:
        return listing.between(act, (first, last), till, after, most)


def every(office: Office, days: tuple[str, str], till: str = "") -> Iterator[dict[str, Any]]:
    """Yield all sales of the days; a page at a time is in memory."""
    after = START
    while True:
        found = page(office, days, till, after, MOST)
        yield from found
        if len(found) < MOST:
            return
        last = found[-1]
        after = last["till"], last["seq"], last["branch"]


def as_csv(office: Office, days: tuple[str, str], till: str = "") -> Iterator[str]:
    """Yield the sales as lines of CSV (RFC 4180), the names first.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    yield _line(_COLUMNS)
    for row in every(office, days, till):
        money = Decimal(row["total_minor"]).scaleb(-row["decimals"])
        units = Decimal(row["tenths"]).scaleb(-1)
        values = row | {"total": f"{money:f}", "units": f"{units:f}"}
        yield _line([_safe(values[name]) for name in _COLUMNS])


def as_xml(office: Office, days: tuple[str, str], till: str = "") -> Iterator[bytes]:
    """Yield one XML document that holds a ``creditVendResp`` for every sale of the days.

    What a receipt's code says does not fill one: rebuilt sales are left out and counted at the end.
    """
    yield b"<?xml version='1.0' encoding='utf-8'?>\n<sales>\n"
    left_out = 0
    for row in every(office, days, till):
        if row["rebuilt"]:
            left_out += 1
            continue
        with office.store.reading() as act:
            body = asking.body_of(act, row["till"], row["seq"], row["branch"])
        if body is not None:
            yield document(row["till"], body) + b"\n"
    if left_out:
        yield b"<!-- left out, because only their receipts are known: %d -->\n" % left_out
    yield b"</sales>\n"


def sums(office: Office, days: tuple[str, str]) -> list[dict[str, Any]]:
    """Return what each till sold on each of the days, `rebuilt` of it from receipts."""
    first, last = period(days)
    with office.store.reading() as act:
        booked = asking.sums_by_day(act, first, last)
        return with_rebuilt(booked, receipts.sums(act, first, last, ""), _SUMMED)


def of_meter(office: Office, drn: str, most: int = 100) -> list[dict[str, Any]]:
    """Return the latest sales to a meter, from every till."""
    with office.store.reading() as act:
        return listing.of_meter(act, drn, None, min(most, MOST))


def period(days: tuple[str, str]) -> tuple[str, str]:
    """Return the first and the last day; raises `ExportUnfit` or `PeriodReversed`."""
    first, last = (_day(each) for each in days)
    if last < first:
        raise PeriodReversed(first=first, last=last)
    return first, last


def _day(text: str) -> str:
    """Return a day that is written as it is printed here; ISO 8601 has others besides."""
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        day = ""
    if day != text or not day:
        raise ExportUnfit(problem=text[:40])
    return day


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _line(values: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(values)
    return text.getvalue()
