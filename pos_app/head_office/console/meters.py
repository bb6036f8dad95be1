"""Pages of meters and customers: finding one, its history, a token that was found somewhere."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from pos_app.domain.errors import PosError
from pos_app.head_office.console.door import Posted, Visit, Visiting
from pos_app.head_office.errors import PageUnknown

router = APIRouter()


def _list(visit: Visit, status: int = 200, /, **facts: Any) -> Response:
    text = "".join(visit.asked("q").split("\u202f"))
    packed = text.replace(" ", "")
    wanted = packed if packed.isdecimal() else text
    page = visit.acting.see.meters(wanted, visit.asked("after"))
    around = {"section": "meters", "page": page, "q": text, "check": None, "typed": {}}
    return visit.show("meters", status, **(around | facts))


@router.get("/meters", response_model=None)
def meters(visit: Visiting) -> Response:
    """Show the meters that some digits or letters find."""
    return _list(visit)


@router.get("/meters/{drn}", response_model=None)
def meter(visit: Visiting, drn: str) -> Response:
    """Show a meter, its customer and what was sold to it."""
    record = visit.acting.see.meter(drn)
    page = visit.acting.see.history(drn, visit.asked("after"))
    if record is None and not page.rows:
        raise PageUnknown
    held = visit.acting.see.meter_key(drn)
    return visit.show("meter", section="meters", drn=drn, record=record, page=page, held=held)


@router.post("/tokens/check", response_model=None)
def check(post: Posted) -> Response:
    """Say whether a found token is good for its meter and which sale made it."""
    typed = {"meter": post.field("meter"), "digits": ""}
    try:
        found = post.acting.do.check_token(typed["meter"], post.field("digits"))
    except PosError as problem:
        return _list(post, 400, problem=post.say(problem), typed=typed)
    return _list(post, check=found, typed=typed)
