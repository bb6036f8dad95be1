"""The page of one's own account: another password."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from pos_app.domain.errors import PosError
from pos_app.head_office.console.door import SESSION, Posted, Visit, Visiting, go, keep

router = APIRouter()


def _page(visit: Visit, status: int = 200, /, **facts: Any) -> Response:
    return visit.show("account", status, **({"section": "account"} | facts))


@router.get("/account", response_model=None)
def account(visit: Visiting) -> Response:
    """Show where a password is changed."""
    return _page(visit)


@router.post("/account", response_model=None)
async def change(post: Posted) -> Response:
    """Change one's own password; every other session ends, this one goes on as a new one."""
    if post.field("password") != post.field("again"):
        return _page(post, 400, problem=post.console.pages.words("console.set-up.differ"))
    console, who = post.console, post.acting.who
    people = console.rooms.people
    try:
        await run_in_threadpool(
            people.change_password, who, post.field("old"), post.field("password")
        )
    except PosError as problem:
        return _page(post, 400, problem=post.say(problem))
    fresh = await run_in_threadpool(console.sessions.open_for, who, post.session.number)
    answer = go("/account", "password")
    keep(answer, SESSION, fresh.number)
    return answer
