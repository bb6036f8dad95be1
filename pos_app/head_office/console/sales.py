"""Pages of sales: a plot, what each till has to settle, the sales themselves, tables to keep."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from pos_app.head_office.acting.pages import ROWS, whole
from pos_app.head_office.console.csv_text import csv_answer, csv_line
from pos_app.head_office.console.door import Visit, Visiting, numbered
from pos_app.head_office.console.figures import (
    earlier,
    money,
    read_day,
    short,
    spans,
    units,
    weekday,
)
from pos_app.head_office.console.plot import HEIGHT, Point, bars
from pos_app.head_office.errors import EntryUnfit

router = APIRouter()

LONGEST_DAYS: Final = 366
_BY_MONTH: Final = 62
_KIND: Final = ("currency", "decimals", "unit", "training")
_COLUMNS: Final = (
    "day",
    "till",
    "currency",
    "sales",
    "total",
    "units",
    "unit",
    "training",
    "rebuilt",
)

Row = dict[str, Any]


def asked_days(visit: Visit) -> tuple[str, str]:
    """Return the days that a page is about; the last seven with sales unless it says others."""
    first, last = visit.asked("from"), visit.asked("to")
    if not last:
        now_ms = visit.console.rooms.office.clock.now_ms()
        today = datetime.fromtimestamp(now_ms // 1000, UTC).date().isoformat()
        last = visit.acting.see.last_day() or today
    last = read_day(last, "to")
    first = read_day(first, "from") if first else earlier(last, 6)
    if not earlier(last, LONGEST_DAYS) < first <= last:
        raise EntryUnfit(field="from", typed=first)
    return first, last


@router.get("/sales", response_model=None)
def sales(visit: Visiting) -> Response:
    """Show what was sold: a plot by day, and what each till has to settle."""
    days, till = asked_days(visit), visit.asked("till")
    rows = visit.acting.see.sums(days, till)
    totals = _summed(rows, ())
    main = max(totals, key=lambda each: (not each["training"], each["sales"]), default=None)
    by_till = _summed(rows, ("till",))
    after = visit.asked("after")
    shown = [each for each in by_till if each["till"] > after]
    page = shown[:ROWS]
    while len(shown) > len(page) and shown[len(page)]["till"] == page[-1]["till"]:
        page.append(shown[len(page)])
    return visit.show(
        "sales",
        section="sales",
        days=days,
        till=till,
        totals=totals,
        main=main,
        rows=page,
        after=page[-1]["till"] if len(shown) > len(page) else "",
        **_plotted(visit, rows, main, days),
    )


def _summed(rows: list[Row], by: tuple[str, ...]) -> list[Row]:
    """Return sums over rows that agree in `by` and in what must not be added up."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in (*by, *_KIND))
        empty = {"sales": 0, "total_minor": 0, "tenths": 0, "rebuilt": 0, "rebuilt_minor": 0}
        held = found.setdefault(key, dict(zip((*by, *_KIND), key, strict=True)) | empty)
        for name in empty:
            held[name] += row[name]
    return [found[key] for key in sorted(found)]


def _plotted(visit: Visit, rows: list[Row], main: Row | None, days: tuple[str, str]) -> Row:
    if main is None:
        return {"bars": [], "height": HEIGHT, "title": "", "by_day": []}
    words = visit.console.pages.words
    monthly = earlier(days[1], _BY_MONTH) > days[0]
    amounts: dict[str, int] = defaultdict(int)
    for row in rows:
        if all(row[name] == main[name] for name in _KIND):
            amounts[row["day"][: 7 if monthly else 10]] += row["total_minor"]
    places = main["decimals"]
    points = [
        Point(
            label=name[5:] if not monthly else name,
            amount=amounts.get(name, 0),
            value=short(amounts.get(name, 0), places),
            full=f"{name}: {main['currency']} {money(amounts.get(name, 0), places)}",
        )
        for name in spans(days, monthly=monthly)
    ]
    drawn = bars(points)
    best = max(sorted(amounts), key=lambda name: amounts[name])
    named = best if monthly else words(f"console.weekday.{weekday(best)}", day=best[5:])
    title = words(
        "console.sales.best", name=named, currency=main["currency"],
        amount=short(amounts[best], places),
    )  # fmt: skip
    return {
        "bars": drawn,
        "height": HEIGHT,
        "title": title,
        "by_day": _summed(rows, ("day",))[::-1],
    }


@router.get("/sales.csv", response_model=None)
def sales_table(visit: Visiting) -> StreamingResponse:
    """Hand out every sale of the days as a table."""
    days, till = asked_days(visit), visit.asked("till")
    lines = visit.acting.see.sales_csv(days, till)
    return csv_answer(f"sales-{days[0]}-{days[1]}", lines)


@router.get("/sums.csv", response_model=None)
def sums_table(visit: Visiting) -> StreamingResponse:
    """Hand out what each till sold on each day as a table."""
    days, till = asked_days(visit), visit.asked("till")
    rows = visit.acting.see.sums(days, till)
    told = (
        row | {"total": money(row["total_minor"], row["decimals"]), "units": units(row["tenths"])}
        for row in rows
    )
    lines = (csv_line([row[name] for name in _COLUMNS]) for row in told)
    return csv_answer(f"sums-{days[0]}-{days[1]}", lines, _COLUMNS)


@router.get("/sales/{till}", response_model=None)
def sales_of_till(visit: Visiting, till: str) -> Response:
    """Show a till's sales, the newest first."""
    days = asked_days(visit)
    page = visit.acting.see.sales(till, days, visit.asked("after"))
    return visit.show("till-sales", section="sales", days=days, till=till, page=page)


@router.get("/sales/{till}/{seq}/{branch}", response_model=None)
def sale(visit: Visiting, till: str, seq: str, branch: str) -> Response:
    """Show one sale with what its entry says."""
    row = visit.acting.see.sale(till, numbered(seq), numbered(branch, whole))
    return visit.show("sale", section="sales", row=row)
