"""The page of hooks: which billing systems are told, and what did not reach them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from pos_app.domain.errors import PosError
from pos_app.head_office.console.door import Posted, Visit, Visiting, go
from pos_app.head_office.people import Right
from pos_app.head_office.store.hooks import EVENTS

router = APIRouter()


def _page(visit: Visit, status: int = 200, /, **facts: Any) -> Response:
    visit.acting.who.need(Right.MANAGE)
    around = {"section": "hooks", "hooks": visit.acting.see.hooks(), "events": EVENTS}
    return visit.show("hooks", status, **(around | {"secret": "", "typed": {}} | facts))


@router.get("/hooks", response_model=None)
def hooks(visit: Visiting) -> Response:
    """Show the hooks and what is dead."""
    return _page(visit)


@router.post("/hooks", response_model=None)
def add(post: Posted) -> Response:
    """Keep a hook and show its secret, this once."""
    events = [each for each in EVENTS if post.field(each) == "yes"]
    try:
        secret = post.acting.do.add_hook(post.field("name"), post.field("url"), events)
    except PosError as problem:
        return _page(post, 400, problem=post.say(problem), typed=post.fields)
    return _page(post, secret=secret, typed={"made": post.field("name")})


@router.post("/hooks/retire", response_model=None)
def retire(post: Posted) -> Response:
    """Tell a hook nothing more."""
    try:
        post.acting.do.retire_hook(post.field("hook"))
    except PosError as problem:
        return _page(post, 400, problem=post.say(problem))
    return go("/hooks", "hook-retired")


@router.post("/hooks/again", response_model=None)
def again(post: Posted) -> Response:
    """Let the dead messages of a hook wait again."""
    try:
        count = post.acting.do.send_hook_again(post.field("hook"))
    except PosError as problem:
        return _page(post, 400, problem=post.say(problem))
    return go("/hooks", "hook-again", count)
