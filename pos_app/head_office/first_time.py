"""The first person at the console: let in by a code that was printed at the server, once."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final

from pos_app.domain.errors import PosError
from pos_app.domain.lockout import LockState, locked_until
from pos_app.exchange.enrolment import CODE_BYTES, EnrolmentCodeWrong, code_digest, make_code
from pos_app.head_office.errors import SetUpRefused, TooManyTries
from pos_app.head_office.office import HERE, Office
from pos_app.head_office.people import THE_OFFICE, People, Person, Role
from pos_app.head_office.store import office as held
from pos_app.head_office.store import tills
from pos_app.head_office.store.sessions import anybody

_FACT: Final = "console-set-up"
LASTS_MS: Final = 7 * 86_400_000
_LATEST: Final = 3
"""`init` prints a code and every start of the server another: the earlier ones stay good."""


@dataclass(frozen=True, slots=True)
class FirstTime:
    """Makes the first account, as long as there is none."""

    office: Office
    people: People

    def open(self) -> bool:
        """Tell whether nobody has an account yet."""
        with self.office.store.reading() as act:
            return not anybody(act)

    def new_code(self) -> str | None:
        """Return a code, good beside the latest before it; None where somebody has an account."""
        code = make_code(secrets.token_bytes(CODE_BYTES))
        ends_ms = self.office.clock.now_ms() + LASTS_MS
        with self.office.store.writing() as act:
            if anybody(act):
                return None
            kept = [*_codes(held.fact_of(act, _FACT)), (code_digest(code), ends_ms)]
            held.put_fact(act, _FACT, json.dumps(kept[-_LATEST:]))
            self.office.log(act, HERE, "set-up-code-made")
        return code

    def begin(self, code: str, person: tuple[str, str], password: str, place: str) -> Person:
        """Make the first account, which manages people; `person` is its id and name.

        Raises `SetUpRefused`, `TooManyTries`, `PersonUnfit` or `OfficePassphraseWeak`.
        """
        name = f"set-up from {place}"[:200]
        self._wait_turn(name)
        kept = self._take(code)
        if not kept:
            self._wrong(name)
            raise SetUpRefused
        first = Person(*person, Role.ADMIN)
        try:
            self.people.put(first, password, THE_OFFICE)
        except PosError:
            # The code is good until it made an account: a weak password does not use it up.
            with self.office.store.writing() as act:
                held.put_fact(act, _FACT, kept)
            raise
        return first

    def _take(self, code: str) -> str:
        """Use the code up and return what was kept of it; empty where it is not the one."""
        try:
            digest = code_digest(code)
        except EnrolmentCodeWrong:
            return ""
        with self.office.store.writing() as act:
            text = held.fact_of(act, _FACT) or "[]"
            now_ms = self.office.clock.now_ms()
            right = [compare_digest(digest, each) and now_ms < ends for each, ends in _codes(text)]
            if anybody(act) or not any(right):
                return ""
            held.put_fact(act, _FACT, "[]")
            self.office.log(act, HERE, "set-up-code-used")
        return text

    def _wait_turn(self, name: str) -> None:
        with self.office.store.reading() as act:
            until = locked_until(LockState(*tills.failures_of(act, name)))
        now_ms = self.office.clock.now_ms()
        if until is not None and now_ms < until:
            raise TooManyTries(seconds=-((now_ms - until) // 1000))

    def _wrong(self, name: str) -> None:
        with self.office.store.writing() as act:
            state = LockState(*tills.failures_of(act, name)).failed(self.office.clock.now_ms())
            tills.note_failure(act, name, state.failures, state.last_failure_ms)


def _codes(text: str | None) -> list[tuple[str, int]]:
    """Return the digests that are kept, each with when it is over."""
    return [(str(digest), int(ends)) for digest, ends in json.loads(text or "[]")]
