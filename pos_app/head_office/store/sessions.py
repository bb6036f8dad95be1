"""Who is signed in at the console, by the digest of what only their browser knows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from pos_app.head_office.store.tables import console_session, staff

Held = Row[Any, Any, Any, Any, Any, Any, Any]
"""Person's id, name, role, when their account was last put; session made, seen, ends."""


def add(act: Connection, digest: str, who: str, now_ms: int, ends_ms: int) -> None:
    """Keep a session."""
    values = {"digest": digest, "who": who, "made_ms": now_ms, "seen_ms": now_ms}
    act.execute(insert(console_session).values(**values, ends_ms=ends_ms))


def held(act: Connection, digest: str) -> Held | None:
    """Return a session with who it is of, as long as they were not retired."""
    wanted = (
        select(
            staff.c.id, staff.c.name, staff.c.role, staff.c.made_ms,
            console_session.c.made_ms.label("since_ms"), console_session.c.seen_ms,
            console_session.c.ends_ms,
        )
        .join(staff, staff.c.id == console_session.c.who)
        .where(console_session.c.digest == digest, staff.c.retired_ms.is_(None))
    )  # fmt: skip
    return act.execute(wanted).one_or_none()


def seen(act: Connection, digest: str, now_ms: int) -> None:
    """Note that a session is used."""
    here = update(console_session).where(console_session.c.digest == digest)
    act.execute(here.values(seen_ms=now_ms))


def end(act: Connection, digest: str) -> bool:
    """Forget a session; return whether there was one."""
    here = delete(console_session).where(console_session.c.digest == digest)
    return bool(act.execute(here).rowcount)


def end_over(act: Connection, now_ms: int) -> None:
    """Forget every session that is over."""
    act.execute(delete(console_session).where(console_session.c.ends_ms <= now_ms))


def anybody(act: Connection) -> bool:
    """Tell whether the staff was ever more than nobody."""
    return bool(act.execute(select(func.count()).select_from(staff)).scalar_one())
