"""The tills, their enrolment codes, and who they proved to be lately."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from pos_app.head_office.records import TillRecord, TillState
from pos_app.head_office.store.tables import enrolment_code, nonce, throttle, till


def till_of(act: Connection, name: str) -> TillRecord | None:
    """Return a till, None where none of this name is enrolled."""
    row = act.execute(select(till).where(till.c.till == name)).one_or_none()
    return None if row is None else _record(row)


def all_tills(act: Connection) -> list[TillRecord]:
    """Return every till by name."""
    return [_record(row) for row in act.execute(select(till).order_by(till.c.till))]


def _record(row: Row[Any]) -> TillRecord:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's name for it
    return TillRecord(**values | {"state": TillState(row.state)})


def put_till(act: Connection, record: TillRecord) -> None:
    """Keep a till, new or enrolled again with other keys."""
    values = {column.name: getattr(record, column.name) for column in till.columns}
    values["state"] = record.state.value
    if not change(act, record.till, **values):
        act.execute(insert(till).values(values))


def change(act: Connection, name: str, **values: Any) -> bool:
    """Change some of a till; return whether there is one."""
    return bool(act.execute(update(till).where(till.c.till == name).values(values)).rowcount)


def seen(act: Connection, name: str, now_ms: int) -> None:
    """Note that a till was heard of."""
    change(act, name, seen_ms=now_ms)


def add_code(act: Connection, digest: str, name: str, times: tuple[int, int], by: str) -> None:
    """Keep the digest of an enrolment code; `times` is when it was made and when it ends."""
    made_ms, expires_ms = times
    values = {"digest": digest, "till": name, "made_ms": made_ms, "expires_ms": expires_ms}
    act.execute(insert(enrolment_code).values(**values, made_by=by))


def code_of(act: Connection, digest: str) -> Row[Any] | None:
    """Return a code by its digest, its row held until the transaction ends."""
    wanted = select(enrolment_code).where(enrolment_code.c.digest == digest).with_for_update()
    return act.execute(wanted).one_or_none()


def use_code(act: Connection, digest: str, public: bytes, now_ms: int) -> None:
    """Note who used a code up."""
    here = update(enrolment_code).where(enrolment_code.c.digest == digest)
    act.execute(here.values(used_ms=now_ms, used_by=public))


def take_nonce(act: Connection, name: str, value: str, expires_ms: int, now_ms: int) -> bool:
    """Note that a till used a nonce; return False if it had before."""
    act.execute(delete(nonce).where(nonce.c.till == name, nonce.c.expires_ms < now_ms))
    here = select(nonce.c.nonce).where(nonce.c.till == name, nonce.c.nonce == value)
    if act.execute(here).first() is not None:
        return False
    act.execute(insert(nonce).values(till=name, nonce=value, expires_ms=expires_ms))
    return True


def failures_of(act: Connection, name: str) -> tuple[int, int]:
    """Return how often somebody was wrong, and when last."""
    row = act.execute(select(throttle).where(throttle.c.name == name)).one_or_none()
    return (0, 0) if row is None else (row.failures, row.last_ms)


def note_failure(act: Connection, name: str, failures: int, now_ms: int) -> None:
    """Note that somebody was wrong again."""
    here = update(throttle).where(throttle.c.name == name)
    if not act.execute(here.values(failures=failures, last_ms=now_ms)).rowcount:
        act.execute(insert(throttle).values(name=name, failures=failures, last_ms=now_ms))


def forget_failures(act: Connection, name: str) -> None:
    """Let somebody begin anew who was right."""
    act.execute(delete(throttle).where(throttle.c.name == name))
