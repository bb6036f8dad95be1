"""Signing in and out, and the first account."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from pos_app.domain.errors import PosError
from pos_app.head_office.console.door import (
    BASE,
    SESSION,
    STRANGER,
    Console,
    ConsoleHere,
    Posted,
    Visiting,
    ensure_own_origin,
    forget,
    go,
    inside,
    keep,
    read_form,
    stranger_of,
)
from pos_app.head_office.errors import FormForeign, OfficeRefusal
from pos_app.head_office.people import Right
from pos_app.head_office.sessions import Session, form_holds, form_mark

router = APIRouter()

_HOUR: Final = 3600


def _page(
    console: Console, request: Request, name: str, status: int = 200, /, **facts: str
) -> Response:
    """Return a page for a browser that nobody signed in with, its form bound to the browser."""
    stranger = stranger_of(request)
    around = {"mark": form_mark(stranger), "problem": "", "wanted": "", "typed": {}, "section": ""}
    shown = console.pages.show(name, status, **(around | facts))
    keep(shown, STRANGER, stranger, _HOUR)
    return shown


async def _form(request: Request) -> dict[str, str]:
    """Return a form of this browser; raises `FormForeign`."""
    ensure_own_origin(request)
    fields, _ = await read_form(request)
    if not form_holds(request.cookies.get(STRANGER, ""), fields.get("mark", "")):
        raise FormForeign
    return fields


def _place(request: Request) -> str:
    return request.client.host if request.client else "?"


def _welcome(session: Session, wanted: str) -> RedirectResponse:
    answer = RedirectResponse(inside(wanted) or f"{BASE}/", 303)
    keep(answer, SESSION, session.number)
    forget(answer, STRANGER)
    return answer


@router.get("/", response_model=None)
def home(visit: Visiting) -> Response:
    """Go to the first page that this person may see."""
    return go("/tills" if visit.acting.may(Right.READ) else "/sales")


@router.get("/sign-in", response_model=None)
def sign_in_page(request: Request, console: ConsoleHere, wanted: str = "") -> Response:
    """Show where to sign in, or to begin where nobody has an account."""
    if console.first_time.open():
        return go("/set-up")
    return _page(console, request, "sign-in", wanted=inside(wanted[:400]))


@router.post("/sign-in", response_model=None)
async def sign_in(request: Request, console: ConsoleHere) -> Response:
    """Sign somebody in, with a session that no browser ever showed before."""
    fields = await _form(request)
    who, password = fields.get("who", "").lower(), fields.get("password", "")
    wanted = inside(fields.get("wanted", ""))
    earlier = request.cookies.get(SESSION, "")
    try:
        session = await run_in_threadpool(
            console.sessions.begin, who, password, _place(request), earlier
        )
    except OfficeRefusal as problem:
        said = console.pages.words.of_error(problem)
        return _page(
            console, request, "sign-in", problem.status, problem=said, wanted=wanted, who=who[:40]
        )
    return _welcome(session, wanted)


@router.post("/sign-out", response_model=None)
def sign_out(post: Posted) -> Response:
    """End the session, at the server too."""
    post.console.sessions.end(post.session)
    answer = go("/sign-in")
    forget(answer, SESSION)
    return answer


@router.get("/set-up", response_model=None)
def set_up_page(request: Request, console: ConsoleHere) -> Response:
    """Show how the first account is made, as long as there is none."""
    if not console.first_time.open():
        return go("/sign-in")
    return _page(console, request, "set-up")


@router.post("/set-up", response_model=None)
async def set_up(request: Request, console: ConsoleHere) -> Response:
    """Make the first account and sign it in."""
    fields = await _form(request)
    person = fields.get("who", "").lower(), fields.get("name", "")
    try:
        if fields.get("password") != fields.get("again"):
            return _set_up_again(console, request, fields, "")
        first = await run_in_threadpool(
            console.first_time.begin,
            fields.get("code", ""),
            person,
            fields.get("password", ""),
            _place(request),
        )
    except PosError as problem:
        return _set_up_again(console, request, fields, console.pages.words.of_error(problem))
    return _welcome(await run_in_threadpool(console.sessions.open_for, first), "")


def _set_up_again(
    console: Console, request: Request, fields: dict[str, str], said: str
) -> Response:
    words = console.pages.words
    kept = {name: fields.get(name, "") for name in ("code", "who", "name")}
    shown = said or words("console.set-up.differ")
    return _page(console, request, "set-up", 400, problem=shown, **kept)
