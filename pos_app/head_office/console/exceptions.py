"""Pages of what is not as it should be, with the evidence, and of settling it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from pos_app.domain.errors import PosError
from pos_app.head_office.console.csv_text import csv_answer, csv_line
from pos_app.head_office.console.door import Posted, Visit, Visiting, go, numbered
from pos_app.head_office.console.figures import when
from pos_app.head_office.queries.evidence import facts as facts_of
from pos_app.head_office.queries.evidence import sentence

router = APIRouter()

_COLUMNS: Final = (
    "id", "till", "kind", "seq", "found", "sentence", "settled", "settled_by", "note",
)  # fmt: skip

Row = dict[str, Any]


def _said(visit: Visit, rows: list[Row]) -> list[Row]:
    words = visit.console.pages.words
    return [row | {"sentence": sentence(words, row)} for row in rows]


@router.get("/exceptions", response_model=None)
def exceptions(visit: Visiting) -> Response:
    """Show what is open, or what was settled."""
    settled, till = visit.asked("show") == "settled", visit.asked("till")
    page = visit.acting.see.findings(till, visit.asked("after"), settled=settled)
    return visit.show(
        "exceptions",
        section="exceptions",
        page=page,
        rows=_said(visit, page.rows),
        settled=settled,
        till=till,
    )


@router.get("/exceptions.csv", response_model=None)
def exceptions_table(visit: Visiting) -> StreamingResponse:
    """Hand out what is open (or was settled) as a table."""
    settled = visit.asked("show") == "settled"
    words = visit.console.pages.words
    visit.acting.see.open_counts()  # refuses before the answer begins

    def lines() -> Iterator[str]:
        for row in visit.acting.see.every_finding(settled=settled):
            told = row | {"found": when(row["found_ms"]), "sentence": sentence(words, row)}
            told["settled"] = when(row["settled_ms"]) if row["settled_ms"] is not None else ""
            yield csv_line([told[name] for name in _COLUMNS])

    return csv_answer("exceptions", lines(), _COLUMNS)


def _page(visit: Visit, number: int, status: int = 200, /, **facts: Any) -> Response:
    (row,) = _said(visit, [visit.acting.see.finding(number)])
    row["facts"] = facts_of(visit.console.pages.words, row["evidence"])
    for each in row["entries"]:
        each["text"] = json.dumps(each["said"], ensure_ascii=False, indent=2, sort_keys=True)
    return visit.show("exception", status, **({"section": "exceptions", "row": row} | facts))


@router.get("/exceptions/{number}", response_model=None)
def exception(visit: Visiting, number: str) -> Response:
    """Show one finding and what the journal has at its place."""
    return _page(visit, numbered(number))


@router.post("/exceptions/{number}/settle", response_model=None)
def settle(post: Posted, number: str) -> Response:
    """Settle a finding with a word on why."""
    try:
        post.acting.do.settle(numbered(number), post.field("note"))
    except PosError as problem:
        return _page(post, numbered(number), 400, problem=post.say(problem))
    return go("/exceptions", "settled", numbered(number))
