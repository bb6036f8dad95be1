"""Being signed in at the console, and proof that a form comes from its own page.

A session's number is 256 random bits that only the browser knows; the database has its SHA-256.
It is made anew at every sign-in, ends `IDLE_MS` after it was last used and `LONGEST_MS` after it
began, and with the account's retirement, new role or new password. A form carries HMAC-SHA256 of
its page's purpose under that number (OWASP, "Cross-Site Request Forgery Prevention", HMAC-based
tokens), so no other site and no other session can fill one in.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Final

from pos_app.exchange.digest import sha256_hex
from pos_app.head_office.errors import SessionOver, TooManyTries
from pos_app.head_office.people import Person, Role
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import sessions as stored

IDLE_MS: Final = 30 * 60_000
LONGEST_MS: Final = 12 * 3_600_000
_NOTED_EACH_MS: Final = 60_000
_NAME: Final = re.compile(r"[a-z][a-z0-9._-]{0,39}")
_NOBODY: Final = "-"
_LONGEST_PASSWORD: Final = 1000
_AT_ONCE: Final = 4
"""Passwords are checked in 64 MiB each; more than this many at once wait, and then are refused."""
_WAIT_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in; `number` is what the browser showed."""

    number: str = field(repr=False)
    person: Person


def new_number() -> str:
    """Return a new session's number."""
    return secrets.token_urlsafe(32)


def form_mark(number: str) -> str:
    """Return what the forms of a session carry."""
    return hmac.new(number.encode(), b"tokentill console form", hashlib.sha256).hexdigest()


def form_holds(number: str, mark: str) -> bool:
    """Tell whether a form was made for this session."""
    return bool(number) and hmac.compare_digest(form_mark(number).encode(), mark.encode())


@dataclass(frozen=True, slots=True)
class Sessions:
    """Lets people sign in and out of the console."""

    rooms: Rooms
    _turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_AT_ONCE), repr=False)

    def begin(self, who: str, password: str, place: str, earlier: str = "") -> Session:
        """Sign somebody in; `earlier`, what their browser showed before, is forgotten.

        Raises `SignInRefused` or `TooManyTries`.
        """
        # What is no name is checked like one, so that it takes as long and is counted.
        name = who if _NAME.fullmatch(who) else _NOBODY
        if not self._turns.acquire(timeout=_WAIT_SECONDS):
            raise TooManyTries(seconds=_WAIT_SECONDS)
        try:
            person = self.rooms.people.sign_in(name, password[:_LONGEST_PASSWORD], place)
        finally:
            self._turns.release()
        return self.open_for(person, earlier)

    def open_for(self, person: Person, earlier: str = "") -> Session:
        """Return a new session of somebody who just proved who they are."""
        number = new_number()
        now_ms = self.rooms.office.clock.now_ms()
        with self.rooms.office.store.writing() as act:
            stored.end_over(act, now_ms)
            stored.end(act, _digest(earlier))
            stored.add(act, _digest(number), person.id, now_ms, now_ms + LONGEST_MS)
        return Session(number, person)

    def of(self, number: str) -> Session:
        """Return whose session this is, with the rights they have now; raises `SessionOver`."""
        now_ms = self.rooms.office.clock.now_ms()
        with self.rooms.office.store.reading() as act:
            row = stored.held(act, _digest(number))
        if row is None or row.made_ms > row.since_ms:
            raise SessionOver
        if now_ms >= min(row.ends_ms, row.seen_ms + IDLE_MS):
            raise SessionOver
        if now_ms - row.seen_ms >= _NOTED_EACH_MS:
            with self.rooms.office.store.writing() as act:
                stored.seen(act, _digest(number), now_ms)
        return Session(number, Person(row.id, row.name, Role(row.role)))

    def end(self, session: Session) -> None:
        """Sign somebody out."""
        with self.rooms.office.store.writing() as act:
            stored.end(act, _digest(session.number))
            self.rooms.office.log(act, session.person.id, "signed-out", session.person.id)


def _digest(number: str) -> str:
    return sha256_hex(number.encode("utf-8", "surrogateescape"))
