"""Pages of months that several tills sold in: what differs, with its working, and drafting it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from pos_app.domain.errors import PosError
from pos_app.head_office.console.door import Posted, Visit, Visiting, go
from pos_app.head_office.oversold import Asked, last_month

router = APIRouter()
_YES = "yes"


def _page(visit: Visit, asked: Asked, status: int = 200, /, **facts: Any) -> Response:
    page = visit.acting.see.oversold(asked, visit.asked("after"))
    ready = any(not row["whys"] for row in page.rows)
    around = {"section": "oversold", "page": page, "wish": asked, "ready": ready}
    return visit.show("oversold", status, **(around | facts))


@router.get("/oversold", response_model=None)
def oversold(visit: Visiting) -> Response:
    """Show a month, the last one unless the address says another, or what was drafted of it."""
    now_ms = visit.console.rooms.office.clock.now_ms()
    asked = Asked(
        visit.asked("month") or last_month(now_ms),
        visit.asked("till"),
        visit.asked("now") == _YES,
        visit.asked("ours") == _YES,
    )
    return _page(visit, asked) if visit.asked("show") != "drafted" else _drafted(visit, asked)


def _drafted(visit: Visit, asked: Asked) -> Response:
    page = visit.acting.see.corrections(asked.month, visit.asked("after"))
    return visit.show("corrections", section="oversold", page=page, wish=asked)


@router.post("/oversold", response_model=None)
def draft(post: Posted) -> Response:
    """Draft every correction of a month that can be said."""
    yes = post.field("now") == _YES, post.field("ours") == _YES
    asked = Asked(post.field("month"), post.field("till"), *yes)
    try:
        made = post.acting.do.draft_oversold(asked)
    except PosError as problem:
        return _page(post, asked, 400, problem=post.say(problem))
    return go("/packs", "oversold", len(made))
