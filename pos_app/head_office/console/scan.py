"""The page for scanning receipts of a lost till: one field, each code answered at once."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from pos_app.domain.errors import PosError
from pos_app.head_office.console.door import Posted, Visit, Visiting
from pos_app.head_office.people import Right

router = APIRouter()


def _page(visit: Visit, status: int = 200, /, **facts: Any) -> Response:
    visit.acting.who.need(Right.SETTLE)
    page = visit.acting.see.scans(visit.asked("after"))
    return visit.show("scan", status, **({"section": "scan", "page": page, "last": None} | facts))


@router.get("/scan", response_model=None)
def scan_page(visit: Visiting) -> Response:
    """Show the field, and what was rebuilt so far."""
    return _page(visit)


@router.post("/scan", response_model=None)
def scan(post: Posted) -> Response:
    """Take a code that was scanned and answer it."""
    try:
        last = post.acting.do.scan(post.field("code"))
    except PosError as problem:
        return _page(post, 400, problem=post.say(problem))
    return _page(post, last=last)
