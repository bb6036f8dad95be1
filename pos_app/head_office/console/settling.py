"""Pages of settlement: what tills took and owe, vendors' statements, shifts, deposits, terms."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from pos_app.domain.errors import PosError
from pos_app.head_office.acting.pages import ROWS, Page
from pos_app.head_office.commission import PARTS
from pos_app.head_office.console.csv_text import csv_answer
from pos_app.head_office.console.door import Posted, Visit, Visiting, go
from pos_app.head_office.console.figures import earlier, money, short, spans
from pos_app.head_office.console.plot import HEIGHT, Point, bars
from pos_app.head_office.console.sales import asked_days

router = APIRouter()

_BY_MONTH: Final = 62
_PURSE: Final = ("currency", "decimals", "training")

Row = dict[str, Any]
Days = tuple[str, str]


@router.get("/settlement", response_model=None)
def settlement(visit: Visiting) -> Response:
    """Show what the days come to, how it was paid, what of it is owed, what is at the bank."""
    days, till = asked_days(visit), visit.asked("till")
    found = visit.acting.finance.settlement(days, till)
    main = next(iter(found["money"]), None)  # the busiest, in earnest if any is
    page = _tills(found["tills"], visit.asked("after"))
    return visit.show(
        "settlement",
        section="settlement",
        days=days,
        till=till,
        found=found,
        page=page,
        counts_of=_counted(found["counts"]),
        **_plotted(visit, main, days, till),
    )


def _tills(rows: list[Row], after: str) -> Page:
    """Return a page of tills; one till's kinds of money stay together."""
    shown = [each for each in rows if each["till"] > after]
    page = shown[:ROWS]
    while len(shown) > len(page) and shown[len(page)]["till"] == page[-1]["till"]:
        page.append(shown[len(page)])
    return Page(page, page[-1]["till"] if len(shown) > len(page) else "")


def _counted(counts: list[Row]) -> Row:
    """Return how often slips were printed again, the desk acted, and shifts were closed."""
    found = {"reprint": 0, "closed": 0}
    for row in counts:
        if row["what"] == "reprint":
            found["reprint"] += row["times"]
        elif (row["what"], row["name"]) == ("shift", "closed"):
            found["closed"] += row["times"]
    return found


def _plotted(visit: Visit, main: Row | None, days: Days, till: str) -> Row:
    """Return bars of what was sold less what was given back, by day or by month."""
    none: Row = {"bars": [], "height": HEIGHT, "title": ""}
    if main is None:
        return none
    monthly = earlier(days[1], _BY_MONTH) > days[0]
    amounts: dict[str, int] = defaultdict(int)
    for row in visit.acting.finance.by_day(days, till):
        if all(row[name] == main[name] for name in _PURSE):
            amounts[row["day"][: 7 if monthly else 10]] += row["minor"]
    places, code = main["decimals"], main["currency"]
    points = [
        Point(
            label=name if monthly else name[5:],
            amount=max(amounts.get(name, 0), 0),
            value=short(amounts.get(name, 0), places),
            full=f"{name}: {code} {money(amounts.get(name, 0), places)}",
        )
        for name in spans(days, monthly=monthly)
    ]
    total = sum(amounts.values())
    words = visit.console.pages.words
    title = words("console.settle.plot", currency=code, amount=money(total, places))
    return none | {"bars": bars(points), "title": title}


@router.get("/settlement.csv", response_model=None)
def settlement_table(visit: Visiting) -> StreamingResponse:
    """Hand out all sums of the days, till by till, as a table."""
    days, till = asked_days(visit), visit.asked("till")
    lines = visit.acting.finance.csv(days, till)
    return csv_answer(f"settlement-{days[0]}-{days[1]}", lines)


@router.get("/settlement/shifts", response_model=None)
def shifts(visit: Visiting) -> Response:
    """Show shifts that ended on the days, with what was expected and counted."""
    days, till = asked_days(visit), visit.asked("till")
    page = visit.acting.finance.shifts(days, till, visit.asked("after"))
    return visit.show("settlement-shifts", section="settlement", days=days, till=till, page=page)


@router.get("/settlement/deposits", response_model=None)
def deposits(visit: Visiting) -> Response:
    """Show bank batches that ended on the days, with what went to the bank."""
    days, till = asked_days(visit), visit.asked("till")
    page = visit.acting.finance.deposits(days, till, visit.asked("after"))
    return visit.show("settlement-deposits", section="settlement", days=days, till=till, page=page)


@router.get("/statement/{till}", response_model=None)
def statement(visit: Visiting, till: str) -> Response:
    """Show a vendor's account, and the terms of its commission."""
    return _statement(visit, till)


def _statement(visit: Visit, till: str, status: int = 200, /, **facts: Any) -> Response:
    days = asked_days(visit)
    found = visit.acting.finance.statement(till, days)
    around: Row = {"section": "settlement", "days": days, "till": till, "found": found}
    return visit.show("statement", status, **(around | {"typed": {}, "parts": PARTS} | facts))


@router.post("/statement/{till}/terms", response_model=None)
def terms(post: Posted, till: str) -> Response:
    """Set what a vendor earns from a day on."""
    values = {name: post.field(name) for name in ("currency", "from_day", *PARTS)}
    try:
        post.acting.finance.set_terms(till, values, post.field("note"))
    except PosError as problem:
        return _statement(post, till, 400, problem=post.say(problem), typed=post.fields)
    return go(f"/statement/{till}", "terms")
