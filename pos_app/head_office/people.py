"""Who works at head office, what each may do, and how they prove who they are."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from pos_app.domain.lockout import LockState, locked_until
from pos_app.domain.passphrase import LEAST_BITS, passphrase_bits
from pos_app.exchange.digest import sha256_hex
from pos_app.head_office.errors import (
    NotAllowed,
    OfficePassphraseWeak,
    PersonUnfit,
    PersonUnknown,
    SignInRefused,
    TokenRefused,
    TooManyTries,
)
from pos_app.head_office.given_errors import check_name
from pos_app.head_office.office import HERE, Office
from pos_app.head_office.sealing import Passwords
from pos_app.head_office.store import office as held
from pos_app.head_office.store import tills

_NAME: Final = re.compile(r"[a-z][a-z0-9._-]{0,39}")


class Role(StrEnum):
    """What somebody is at head office; words are ``headoffice.role.<role>``."""

    ADMIN = "admin"
    ISSUER = "issuer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    BILLING = "billing"


class Right(StrEnum):
    """What somebody may do; words are ``headoffice.right.<right>``."""

    READ = "read"
    READ_SALES = "read-sales"
    DRAFT = "draft"
    APPROVE = "approve"
    SETTLE = "settle"
    ENROL = "enrol"
    MANAGE = "manage"


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = MappingProxyType({
    Role.ADMIN: frozenset({
        Right.READ, Right.READ_SALES, Right.SETTLE, Right.ENROL, Right.MANAGE,
    }),
    Role.ISSUER: frozenset({Right.READ, Right.READ_SALES, Right.DRAFT, Right.SETTLE, Right.ENROL}),
    Role.APPROVER: frozenset({Right.READ, Right.READ_SALES, Right.DRAFT, Right.APPROVE}),
    Role.AUDITOR: frozenset({Right.READ, Right.READ_SALES}),
    Role.BILLING: frozenset({Right.READ_SALES}),
})  # fmt: skip
"""Whoever manages people cannot approve value, so one account alone never makes any."""


_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who proved who they are."""

    id: str
    name: str
    role: Role

    def need(self, right: Right) -> None:
        """Raise `NotAllowed` unless this person may do it."""
        if right not in RIGHTS[self.role]:
            raise NotAllowed(who=self.id, right=right.value)


THE_OFFICE: Final = Person(HERE, HERE, Role.ADMIN)
"""Whoever holds the passphrase, at the server's own command line."""


@dataclass(frozen=True, slots=True)
class People:
    """Staff accounts and API tokens."""

    office: Office
    passwords: Passwords = field(default_factory=Passwords, repr=False)

    def put(self, person: Person, password: str, by: Person) -> None:
        """Let somebody in, or give them another name, role or password.

        Raises `NotAllowed`, `PersonUnfit`, `NameUnfit` or `OfficePassphraseWeak`.
        """
        by.need(Right.MANAGE)
        if not _NAME.fullmatch(person.id) or person.id == HERE:
            raise PersonUnfit(who=person.id[:40])
        name = check_name(person.name, _LONGEST_NAME)
        bits = passphrase_bits(password)
        if bits < LEAST_BITS:
            raise OfficePassphraseWeak(bits=bits, least=LEAST_BITS)
        values = {
            "id": person.id,
            "name": name,
            "role": person.role.value,
            "verifier": self.passwords.verifier(password),
            "made_ms": self.office.clock.now_ms(),
            "retired_ms": None,
        }
        with self.office.store.writing() as act:
            held.put_person(act, values)
            self.office.log(act, by.id, "person-put", person.id, role=person.role.value)

    def change_password(self, who: Person, old: str, new: str) -> None:
        """Give somebody the password that they chose; guesses of the old one are counted.

        Raises `SignInRefused`, `TooManyTries`, `PersonUnknown` or `OfficePassphraseWeak`.
        """
        name = f"sign-in {who.id}"
        self._wait_turn(name)
        with self.office.store.reading() as act:
            row = held.person_of(act, who.id)
        if row is None:
            raise PersonUnknown(who=who.id)
        if not self.passwords.holds(row.verifier, old):
            self._wrong((name,), who.id)
            raise SignInRefused
        bits = passphrase_bits(new)
        if bits < LEAST_BITS:
            raise OfficePassphraseWeak(bits=bits, least=LEAST_BITS)
        values = {"id": row.id, "name": row.name, "role": row.role, "retired_ms": None}
        values |= {"verifier": self.passwords.verifier(new)}
        with self.office.store.writing() as act:
            held.put_person(act, values | {"made_ms": self.office.clock.now_ms()})
            self.office.log(act, who.id, "password-changed", who.id)

    def retire(self, who: str, by: Person) -> None:
        """Let somebody in no more; raises `NotAllowed` or `PersonUnknown`."""
        by.need(Right.MANAGE)
        with self.office.store.writing() as act:
            if not held.retire_person(act, who, self.office.clock.now_ms()):
                raise PersonUnknown(who=who[:40])
            self.office.log(act, by.id, "person-retired", who)

    def sign_in(self, who: str, password: str, place: str) -> Person:
        """Return who this is; raises `SignInRefused` or `TooManyTries`.

        Wrong passwords are counted for the account and for the place they come from.
        """
        names = (f"sign-in {who}"[:200], f"sign-in from {place}"[:200])
        for name in names:
            self._wait_turn(name)
        with self.office.store.reading() as act:
            row = held.person_of(act, who)
        if not self.passwords.holds(row.verifier if row else None, password) or row is None:
            self._wrong(names, who)
            raise SignInRefused
        with self.office.store.writing() as act:
            tills.forget_failures(act, names[0])
            self.office.log(act, who, "signed-in", who, place=place)
        return Person(row.id, row.name, Role(row.role))

    def _wait_turn(self, name: str) -> None:
        with self.office.store.reading() as act:
            state = LockState(*tills.failures_of(act, name))
        now_ms = self.office.clock.now_ms()
        until = locked_until(state)
        if until is not None and now_ms < until:
            raise TooManyTries(seconds=-((now_ms - until) // 1000))

    def _wrong(self, names: tuple[str, ...], who: str) -> None:
        now_ms = self.office.clock.now_ms()
        with self.office.store.writing() as act:
            for name in names:
                state = LockState(*tills.failures_of(act, name)).failed(now_ms)
                tills.note_failure(act, name, state.failures, state.last_failure_ms)
            self.office.log(act, who[:40], "sign-in-refused", who[:40])

    def new_token(self, name: str, role: Role, by: Person) -> str:
        """Return a new API token, told once; only its digest is kept.

        Raises `NotAllowed` or `NameUnfit`.
        """
        by.need(Right.MANAGE)
        name = check_name(name, _LONGEST_NAME)
        token = f"tho_{secrets.token_urlsafe(32)}"
        now_ms = self.office.clock.now_ms()
        values = {"digest": sha256_hex(token.encode()), "name": name, "role": role.value}
        with self.office.store.writing() as act:
            held.add_token(act, values | {"made_ms": now_ms, "made_by": by.id})
            self.office.log(act, by.id, "token-made", name, role=role.value)
        return token

    def retire_token(self, name: str, by: Person) -> None:
        """Let API tokens of a name in no more; raises `NotAllowed` or `PersonUnknown`."""
        by.need(Right.MANAGE)
        with self.office.store.writing() as act:
            if not held.retire_token(act, name, self.office.clock.now_ms()):
                raise PersonUnknown(who=name[:40])
            self.office.log(act, by.id, "token-retired", name)

    def of_token(self, token: str) -> Person:
        """Return whose API token this is; raises `TokenRefused`."""
        with self.office.store.reading() as act:
            row = held.token_of(act, sha256_hex(token.encode()))
        if row is None:
            raise TokenRefused
        return Person(f"token {row.name}"[:40], row.name, Role(row.role))

    def all(self) -> list[dict[str, Any]]:
        """Return everybody, without passwords."""
        with self.office.store.reading() as act:
            return [dict(row._mapping) for row in held.people(act)]  # noqa: SLF001 - SQLAlchemy's
