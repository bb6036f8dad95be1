"""What is true of the whole office, its people, and the log of what they did."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from pos_app.exchange.canonical import canonical
from pos_app.head_office.store.tables import api_token, audit, fact, staff

_LOG_HEAD: Final = "audit-head"
_BEGINNING: Final = bytes(32)


def fact_of(act: Connection, name: str) -> str | None:
    """Return a fact of the office."""
    return act.execute(select(fact.c.value).where(fact.c.name == name)).scalar_one_or_none()


def put_fact(act: Connection, name: str, value: str) -> None:
    """Keep a fact of the office, in place of an earlier one."""
    if not act.execute(update(fact).where(fact.c.name == name).values(value=value)).rowcount:
        act.execute(insert(fact).values(name=name, value=value))


def begin_log(act: Connection) -> None:
    """Begin the log of a new office."""
    put_fact(act, _LOG_HEAD, _BEGINNING.hex())


def log(  # noqa: PLR0913, PLR0917 - the columns of the log
    act: Connection, at_ms: int, who: str, what: str, subject: str, facts: dict[str, Any]
) -> None:
    """Add a line to the log, sealed over the one before it."""
    held = select(fact.c.value).where(fact.c.name == _LOG_HEAD).with_for_update()
    before = bytes.fromhex(act.execute(held).scalar_one())
    text = canonical(facts).decode()
    digest = line_hash(before, at_ms, who, what, subject, text)
    values = {"at_ms": at_ms, "who": who, "act": what, "subject": subject, "facts": text}
    act.execute(insert(audit).values(**values, hash=digest))
    put_fact(act, _LOG_HEAD, digest.hex())


def line_hash(  # noqa: PLR0913, PLR0917 - the columns of the log
    before: bytes, at_ms: int, who: str, what: str, subject: str, facts: str
) -> bytes:
    """Return what seals a line: SHA-256 over the seal before and the line's canonical JSON."""
    return hashlib.sha256(before + canonical([at_ms, who, what, subject, facts])).digest()


def log_lines(act: Connection, newest: int | None = None) -> list[Row[Any]]:
    """Return the log, the oldest first; with `newest` only so many of its last lines."""
    if newest is None:
        return list(act.execute(select(audit).order_by(audit.c.id)))
    return list(act.execute(select(audit).order_by(audit.c.id.desc()).limit(newest)))[::-1]


def broken_line(act: Connection) -> int | None:
    """Return the number of the first line that was changed or is missing; None: all is well."""
    before = _BEGINNING
    last: int = 0
    for row in log_lines(act):
        last = int(row.id)
        if line_hash(before, row.at_ms, row.who, row.act, row.subject, row.facts) != row.hash:
            return last
        before = row.hash
    return None if fact_of(act, _LOG_HEAD) == before.hex() else last + 1


def person_of(act: Connection, name: str) -> Row[Any] | None:
    """Return somebody of the staff who was not retired."""
    wanted = select(staff).where(staff.c.id == name, staff.c.retired_ms.is_(None))
    return act.execute(wanted).one_or_none()


def people(act: Connection) -> list[Row[Any]]:
    """Return everybody of the staff, without verifiers."""
    wanted = select(staff.c.id, staff.c.name, staff.c.role, staff.c.made_ms, staff.c.retired_ms)
    return list(act.execute(wanted.order_by(staff.c.id)))


def put_person(act: Connection, values: dict[str, Any]) -> None:
    """Keep somebody, new or changed."""
    here = update(staff).where(staff.c.id == values["id"])
    if not act.execute(here.values(values)).rowcount:
        act.execute(insert(staff).values(values))


def retire_person(act: Connection, name: str, now_ms: int) -> bool:
    """Let somebody in no more; return whether there was such a person."""
    here = update(staff).where(staff.c.id == name, staff.c.retired_ms.is_(None))
    return bool(act.execute(here.values(retired_ms=now_ms)).rowcount)


def add_token(act: Connection, values: dict[str, Any]) -> None:
    """Keep an API token by its digest."""
    act.execute(insert(api_token).values(values))


def token_of(act: Connection, digest: str) -> Row[Any] | None:
    """Return an API token that was not retired."""
    wanted = select(api_token).where(api_token.c.digest == digest, api_token.c.retired_ms.is_(None))
    return act.execute(wanted).one_or_none()


def tokens(act: Connection) -> list[Row[Any]]:
    """Return every API token, without its digest."""
    columns = (api_token.c.name, api_token.c.role, api_token.c.made_ms, api_token.c.made_by)
    wanted = select(*columns, api_token.c.retired_ms)
    return list(act.execute(wanted.order_by(api_token.c.made_ms)))


def retire_token(act: Connection, name: str, now_ms: int) -> bool:
    """Let API tokens of a name in no more; return whether there were any."""
    here = update(api_token).where(api_token.c.name == name, api_token.c.retired_ms.is_(None))
    return bool(act.execute(here.values(retired_ms=now_ms)).rowcount)
