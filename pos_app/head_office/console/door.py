"""Who is at the door: the session of a browser, and forms that come from our own pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData, UploadFile

from pos_app.domain.errors import PosError
from pos_app.head_office.acting import Acting
from pos_app.head_office.acting.pages import number
from pos_app.head_office.console.pages import Pages
from pos_app.head_office.errors import EntryUnfit, FormForeign, NotAllowed, OfficeRefusal
from pos_app.head_office.first_time import FirstTime
from pos_app.head_office.people import Right
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.sessions import (
    LONGEST_MS,
    Session,
    Sessions,
    form_holds,
    form_mark,
    new_number,
)

BASE: Final = "/console"
SESSION: Final = "__Host-tokentill"
STRANGER: Final = "__Host-tokentill-form"
"""A browser that nobody signed in with: its forms are bound to this."""
_LONGEST: Final = 4000
_FIELDS: Final = 60


@dataclass(frozen=True, slots=True)
class Console:
    """What every page of one console shares."""

    rooms: Rooms
    pages: Pages
    sessions: Sessions
    first_time: FirstTime
    ends_ms: int = 0


class NobodyHere(Exception):
    """A page for people who are signed in was asked for by nobody; `wanted` is its address."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is signed in."""

    console: Console
    session: Session
    request: Request

    @property
    def acting(self) -> Acting:
        """Return the office as this person has it."""
        return Acting(self.console.rooms, self.session.person)

    def asked(self, name: str, default: str = "", longest: int = 200) -> str:
        """Return a part of the address's question; raises `EntryUnfit`."""
        return fit(self.request.query_params.get(name, default), name, longest)

    def show(self, page: str, status: int = 200, /, **facts: Any) -> HTMLResponse:
        """Return a page with what stands around every page."""
        acting = self.acting
        counts = acting.see.open_counts() if acting.may(Right.READ) else {}
        around = {"me": acting.who, "may": acting.may, "mark": form_mark(self.session.number)}
        around |= {"counts": counts, "done": self._done(), "problem": "", "section": ""}
        return self.console.pages.show(page, status, **(around | facts))

    def _done(self) -> str:
        """Return the sentence on what was just done, out of our own words only."""
        key = f"console.done.{self.request.query_params.get('done', '')[:40]}"
        words = self.console.pages.words
        said = self.request.query_params.get("n", "")
        known = words.has(key)
        return words(key, n=int(said)) if known and said.isdecimal() and len(said) < 16 else ""

    def say(self, problem: PosError) -> str:
        """Return what is said in place of an error; one of rights is a page of its own."""
        if isinstance(problem, NotAllowed):
            raise problem
        return self.console.pages.words.of_error(problem)


@dataclass(frozen=True, slots=True)
class Posting(Visit):
    """A form that a page of this very session sent."""

    fields: dict[str, str]
    files: dict[str, bytes]

    def field(self, name: str) -> str:
        """Return what was typed; empty where nothing was."""
        return self.fields.get(name, "")


def fit(text: str, name: str, longest: int = _LONGEST) -> str:
    """Return text that databases and pages can hold, trimmed; raises `EntryUnfit`."""
    wrong = [each for each in text if ord(each) < 32 and each not in "\r\n\t"]
    surrogate = any(0xD800 <= ord(each) < 0xE000 for each in text)
    if len(text) > longest or wrong or surrogate or "\x7f" in text:
        raise EntryUnfit(field=name[:40], typed="…")
    return text.strip()


def numbered(text: str, kind: Callable[[str], int] = number) -> int:
    """Return a number out of an address; raises `EntryUnfit`."""
    try:
        return kind(text)
    except ValueError:
        raise EntryUnfit(field="number", typed=text[:40]) from None


def console_of(request: Request) -> Console:
    """Return the console that answers."""
    console: Console = request.app.state.console
    return console


ConsoleHere = Annotated[Console, Depends(console_of)]


def visit_of(request: Request, console: ConsoleHere) -> Visit:
    """Return who asks; raises `NobodyHere`."""
    for name, value in request.path_params.items():
        fit(value, name, 200)
    try:
        session = console.sessions.of(request.cookies.get(SESSION, ""))
    except OfficeRefusal:
        wanted = request.url.path if request.method == "GET" else ""
        raise NobodyHere(wanted) from None
    return Visit(console, session, request)


Visiting = Annotated[Visit, Depends(visit_of)]


def ensure_own_origin(request: Request) -> None:
    """Raise `FormForeign` for a form that a browser says another site sent."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise FormForeign
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise FormForeign


async def read_form(request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the fields and the files of a form."""
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    form: FormData
    async with request.form(max_files=2, max_fields=_FIELDS) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = await value.read()
            else:
                fields[name] = fit(value, name)
    return fields, files


async def posting_of(request: Request, visit: Visiting) -> Posting:
    """Return a form of this session; raises `NobodyHere` or `FormForeign`."""
    ensure_own_origin(request)
    fields, files = await read_form(request)
    if not form_holds(visit.session.number, fields.get("mark", "")):
        raise FormForeign
    return Posting(visit.console, visit.session, request, fields, files)


Posted = Annotated[Posting, Depends(posting_of)]


def stranger_of(request: Request) -> str:
    """Return the number of a browser that nobody is signed in with, a new one if need be."""
    return request.cookies.get(STRANGER, "") or new_number()


def keep(response: Response, name: str, value: str, seconds: int = LONGEST_MS // 1000) -> None:
    """Give the browser a cookie that no script and no other site gets to see."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="strict"
    )


def forget(response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="strict")


def go(place: str, done: str = "", n: int = 0) -> RedirectResponse:
    """Send the browser to a page of the console, with a word on what was done."""
    end = f"?done={quote(done)}&n={n}" if done else ""
    return RedirectResponse(f"{BASE}{place}{end}", 303)


def inside(wanted: str) -> str:
    """Return the address of a page to go on to, and nothing outside the console."""
    safe = wanted.startswith(f"{BASE}/") and wanted.isascii() and wanted.isprintable()
    return wanted if safe and not set(wanted) & set("\\\"'<>") and "//" not in wanted else ""
