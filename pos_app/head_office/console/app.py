"""The console's application: its pages, its files, and what is said when a page cannot be."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.exceptions import HTTPException

from pos_app.domain.errors import PosError
from pos_app.head_office.console import (
    account,
    aside,
    exceptions,
    hooks,
    keys,
    meters,
    oversold,
    packs,
    people,
    proposals,
    sales,
    scan,
    settling,
    sign_in,
    tariffs,
    tills,
)
from pos_app.head_office.console.door import BASE, Console, NobodyHere, console_of
from pos_app.head_office.console.guarding import Guard
from pos_app.head_office.console.pages import Pages
from pos_app.head_office.console.speaking import Speaking
from pos_app.head_office.errors import OfficeRefusal, PageUnknown, TooManyTries
from pos_app.head_office.first_time import FirstTime
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.sessions import Sessions
from pos_app.head_office.store.engine import RowRefused
from pos_app.resources import resource

FILES: Final = MappingProxyType({
    "console.css": (("head_office", "console", "console.css"), "text/css; charset=utf-8"),
    "console.js": (("head_office", "console", "console.js"), "text/javascript; charset=utf-8"),
    "icon.svg": (("head_office", "console", "icon.svg"), "image/svg+xml"),
    "regular.ttf": (("fonts", "NotoSans-Regular.ttf"), "font/ttf"),
    "semibold.ttf": (("fonts", "NotoSans-SemiBold.ttf"), "font/ttf"),
    "arabic-regular.ttf": (("fonts", "NotoSansArabic-Regular.ttf"), "font/ttf"),
    "arabic-semibold.ttf": (("fonts", "NotoSansArabic-SemiBold.ttf"), "font/ttf"),
    "devanagari-regular.ttf": (("fonts", "NotoSansDevanagari-Regular.ttf"), "font/ttf"),
    "devanagari-semibold.ttf": (("fonts", "NotoSansDevanagari-SemiBold.ttf"), "font/ttf"),
    "japanese-regular.ttf": (("fonts", "NotoSansJP-Regular.ttf"), "font/ttf"),
    "japanese-semibold.ttf": (("fonts", "NotoSansJP-SemiBold.ttf"), "font/ttf"),
})  # fmt: skip
"""Every file that a page asks for; an address never becomes a path."""
_KEPT: Final = {"Cache-Control": "private, max-age=3600"}
_BAD: Final = 400
_OURS: Final = 500


def mount_console(app: FastAPI, rooms: Rooms, words: Speaking, ends_ms: int = 0) -> None:
    """Put the console of an open office under ``/console``.

    `ends_ms` is when the server's certificate ends, 0 without one.
    """
    console = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    pages = Pages(words, rooms.office.clock, rooms.office.name)
    first_time = FirstTime(rooms.office, rooms.people)
    console.state.console = Console(rooms, pages, Sessions(rooms), first_time, ends_ms)
    for part in (
        sign_in,
        tills,
        sales,
        settling,
        exceptions,
        meters,
        proposals,
        oversold,
        tariffs,
        packs,
        people,
        scan,
        hooks,
        keys,
        aside,
        account,
    ):
        console.include_router(part.router)
    console.get("/files/{name}", response_model=None)(_file)
    console.exception_handler(PosError)(_refused)
    console.exception_handler(NobodyHere)(_nobody)
    console.exception_handler(HTTPException)(_http)
    console.exception_handler(RowRefused)(_row)
    console.exception_handler(Exception)(_bug)
    app.get("/", include_in_schema=False, response_model=None)(_front)
    app.mount(BASE, Guard(console))


def _front() -> RedirectResponse:
    """Go from the server's address to its console."""
    return RedirectResponse(f"{BASE}/", 303)


def _file(name: str) -> FileResponse:
    """Hand out a file of the pages."""
    if name not in FILES:
        raise PageUnknown
    parts, kind = FILES[name]
    return FileResponse(resource(*parts), media_type=kind, headers=_KEPT)


def _problem(request: Request, status: int, said: str) -> Response:
    return console_of(request).pages.show("problem", status, said=said, section="")


def _refused(request: Request, problem: PosError) -> Response:
    """Say why a page cannot be, with what to do next."""
    status = problem.status if isinstance(problem, OfficeRefusal) else _BAD
    answer = _problem(request, status, console_of(request).pages.words.of_error(problem))
    if isinstance(problem, TooManyTries):
        answer.headers["Retry-After"] = str(problem.facts["seconds"])
    return answer


def _nobody(_: Request, problem: NobodyHere) -> Response:
    """Send a browser to where people sign in, and remember where it wanted to go."""
    wanted = problem.wanted
    asked = f"?wanted={quote(wanted)}" if wanted not in {"", f"{BASE}/"} else ""
    return RedirectResponse(f"{BASE}/sign-in{asked}", 303)


def _http(request: Request, problem: HTTPException) -> Response:
    """Say that there is no such page, or that it cannot be asked like this."""
    said = console_of(request).pages.words.of_error(PageUnknown())
    return _problem(request, problem.status_code, said)


def _row(request: Request, _: Exception) -> Response:
    """Say that the database cannot hold what was typed."""
    words = console_of(request).pages.words
    return _problem(request, _BAD, words("console.cannot-be-kept"))


def _bug(request: Request, _: Exception) -> Response:
    """Say that this should not have happened; what it was is raised again for the server's log."""
    return _problem(request, _OURS, console_of(request).pages.words("console.bug"))
