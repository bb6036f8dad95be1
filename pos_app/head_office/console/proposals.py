"""Pages of what tills propose to correct, and of answering it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from pos_app.domain.errors import PosError
from pos_app.head_office.console.door import Posted, Visit, Visiting, go, numbered

router = APIRouter()


def _page(visit: Visit, status: int = 200, /, **facts: Any) -> Response:
    answered = visit.asked("show") == "answered"
    page = visit.acting.see.proposals(visit.asked("after"), answered=answered)
    around = {"section": "proposals", "page": page, "answered": answered}
    return visit.show("proposals", status, **(around | facts))


@router.get("/proposals", response_model=None)
def proposals(visit: Visiting) -> Response:
    """Show what waits for an answer, or what was answered."""
    return _page(visit)


@router.post("/proposals/{till}/{number}", response_model=None)
def answer(post: Posted, till: str, number: str) -> Response:
    """Agree to a correction or refuse it."""
    seq, accepted = numbered(number), post.field("answer") == "accept"
    try:
        post.acting.do.answer_proposal(till, seq, post.field("note"), accepted=accepted)
    except PosError as problem:
        return _page(post, 400, problem=post.say(problem))
    return go("/proposals", "agreed" if accepted else "not-agreed", seq)
