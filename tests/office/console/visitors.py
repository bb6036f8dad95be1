"""People at the console: a client that signs in as a browser does, and what it finds on a page."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Any, Self

import httpx

from pos_app.head_office.people import Role
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.sealing import Passwords
from pos_app.head_office.store import office as held
from tests.office.servers import Running

PASSWORD = "correct horse battery staple anchor"
PEOPLE = {
    "ada": Role.ADMIN,
    "ivy": Role.ISSUER,
    "abe": Role.APPROVER,
    "oda": Role.AUDITOR,
    "bill": Role.BILLING,
}


def hire(rooms: Rooms, *names: str) -> None:
    """Let some of `PEOPLE` in, as the office does, with one password that is stretched once."""
    for name in names:
        values: dict[str, Any] = {"id": name, "name": name.title(), "role": PEOPLE[name].value}
        values |= {"verifier": _verifier(), "made_ms": rooms.office.clock.now_ms()}
        with rooms.office.store.writing() as act:
            held.put_person(act, values | {"retired_ms": None})


@cache
def _verifier() -> str:
    return Passwords().verifier(PASSWORD)


def mark(page: httpx.Response) -> str:
    """Return what the forms of a page carry."""
    found = re.search(r'name="mark" value="([0-9a-f]{64})"', page.text)
    assert found, page.text[:500]
    return found[1]


def said(page: httpx.Response) -> str:
    """Return the sentence that a page says about what was done, or not."""
    found = re.search(r'<p class="said[^>]*>(.*?)</p>', page.text, re.DOTALL)
    return html.unescape(found[1]) if found else ""


class Visitor:
    """A browser without eyes, at one server."""

    def __init__(self, server: Running) -> None:
        self.client = server.client()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def sign_in(self, who: str, password: str = PASSWORD, wanted: str = "") -> httpx.Response:
        fields = {"who": who, "password": password, "wanted": wanted}
        return self.post("/sign-in", fields, by="/sign-in")

    def get(self, place: str, **asked: str) -> httpx.Response:
        return self.client.get(f"/console{place}", params=asked or None)

    def mark(self, by: str = "/sales") -> str:
        """Return what this browser's forms carry now."""
        return mark(self.get(by))

    def post(
        self, place: str, fields: dict[str, str] | None = None, by: str = "/sales", **more: Any
    ) -> httpx.Response:
        """Send a form as the page `by` would."""
        data = {"mark": self.mark(by)} | (fields or {})
        return self.client.post(f"/console{place}", data=data, **more)


def visitor(server: Running, who: str) -> Visitor:
    """Return a browser in which somebody signed in."""
    made = Visitor(server)
    answer = made.sign_in(who)
    assert answer.status_code == 303, said(answer)
    return made
