"""Pages of the people and systems that are let in, and of the log of what they did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from pos_app.domain.errors import PosError
from pos_app.head_office.console.csv_text import csv_answer, csv_line
from pos_app.head_office.console.door import Posted, Posting, Visit, Visiting, go
from pos_app.head_office.console.figures import when
from pos_app.head_office.errors import EntryUnfit
from pos_app.head_office.people import Person, Role

router = APIRouter()

_LOG: Final = ("id", "at", "who", "act", "subject", "facts")


def _page(visit: Visit, status: int = 200, /, **facts: Any) -> Response:
    see = visit.acting.see
    people = see.people()
    roles = [role.value for role in Role]
    around: dict[str, Any] = {
        "section": "people",
        "people": people,
        "tokens": see.api_tokens(),
        "roles": roles,
    }
    around |= {"typed": {}, "token": ""}
    return visit.show("people", status, **(around | facts))


@router.get("/people", response_model=None)
def people(visit: Visiting) -> Response:
    """Show who is let in."""
    return _page(visit)


@router.post("/people", response_model=None)
def put(post: Posted) -> Response:
    """Let somebody in, or give them another role or password."""
    try:
        person = Person(post.field("who").lower(), post.field("name"), _role(post))
        if not person.name:
            raise EntryUnfit(field="name", typed="")
        post.acting.do.put_person(person, post.field("password"))
    except PosError as problem:
        typed = {name: value for name, value in post.fields.items() if name != "password"}
        return _page(post, 400, problem=post.say(problem), typed=typed)
    return go("/people", "person")


def _role(post: Posting) -> Role:
    try:
        return Role(post.field("role"))
    except ValueError:
        raise EntryUnfit(field="role", typed=post.field("role")[:40]) from None


@router.post("/people/retire", response_model=None)
def retire(post: Posted) -> Response:
    """Let somebody in no more."""
    try:
        post.acting.do.retire_person(post.field("who"))
    except PosError as problem:
        return _page(post, 400, problem=post.say(problem))
    return go("/people", "retired")


@router.post("/api-tokens", response_model=None)
def new_token(post: Posted) -> Response:
    """Show a new API token, this once."""
    try:
        token = post.acting.do.new_token(post.field("name"), _role(post))
    except PosError as problem:
        return _page(post, 400, problem=post.say(problem))
    return _page(post, token=token)


@router.post("/api-tokens/retire", response_model=None)
def retire_token(post: Posted) -> Response:
    """Let API tokens of a name in no more."""
    try:
        post.acting.do.retire_token(post.field("name"))
    except PosError as problem:
        return _page(post, 400, problem=post.say(problem))
    return go("/people", "token-retired")


@router.get("/log", response_model=None)
def log(visit: Visiting) -> Response:
    """Show who did what, the newest first."""
    page = visit.acting.see.log(visit.asked("after"))
    return visit.show("log", section="log", page=page)


@router.get("/log.csv", response_model=None)
def log_table(visit: Visiting) -> StreamingResponse:
    """Hand out the whole log as a table."""
    see = visit.acting.see
    see.open_counts()  # refuses before the answer begins

    def lines() -> Iterator[str]:
        for row in see.every_line():
            facts = "; ".join(f"{name}={value}" for name, value in row["facts"].items())
            told = row | {"at": when(row["at_ms"]), "facts": facts}
            yield csv_line([told[name] for name in _LOG])

    return csv_answer("log", lines(), _LOG)
