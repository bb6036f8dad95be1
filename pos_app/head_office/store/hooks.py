"""Hooks, and the messages that wait for them.

A message is written in the transaction of what it tells of: it is there exactly when that is.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from pos_app.head_office.store.later_tables import hook, hook_message

WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
DEAD: Final = "dead"
SALES: Final = "sales.received"
FINDING: Final = "finding.opened"
DAY: Final = "day.closed"
EVENTS: Final = (SALES, FINDING, DAY)

Told = tuple[str, dict[str, Any]]
"""An event's kind and what it says."""


def announce(act: Connection, told: Iterable[Told], now_ms: int) -> None:
    """Write messages for the hooks that want them; without any hook, nothing."""
    listed = list(told)
    if not listed:
        return
    hooks = act.execute(select(hook.c.id, hook.c.events).where(hook.c.retired_ms.is_(None))).all()
    rows = [
        _message(number, kind, data, now_ms)
        for kind, data in listed
        for number, events in hooks
        if kind in events.split()
    ]
    if rows:
        act.execute(insert(hook_message), rows)


def _message(number: int, kind: str, data: dict[str, Any], now_ms: int) -> dict[str, Any]:
    at = datetime.fromtimestamp(now_ms / 1000, UTC).isoformat(timespec="milliseconds")
    body = {"type": kind, "timestamp": at.replace("+00:00", "Z"), "data": data}
    return {
        "hook": number,
        "message": f"msg_{secrets.token_hex(16)}",
        "kind": kind,
        "body": json.dumps(body, sort_keys=True, separators=(",", ":")),
        "made_ms": now_ms,
        "state": WAITING,
        "tries": 0,
        "next_ms": now_ms,
        "last_status": 0,
        "last_problem": "",
        "done_ms": None,
    }


def add_hook(act: Connection, values: dict[str, Any]) -> int:
    """Keep a hook and return its number."""
    return int(act.execute(insert(hook).values(values).returning(hook.c.id)).scalar_one())


def hook_named(act: Connection, name: str) -> Row[Any] | None:
    """Return a hook that is not retired."""
    wanted = select(hook).where(hook.c.name == name, hook.c.retired_ms.is_(None))
    return act.execute(wanted).one_or_none()


def hooks_with_counts(act: Connection) -> list[dict[str, Any]]:
    """Return the hooks that are not retired, with how many messages are in each state."""
    found = act.execute(select(hook).where(hook.c.retired_ms.is_(None)).order_by(hook.c.name))
    rows = [dict(row) | dict.fromkeys((WAITING, DELIVERED, DEAD), 0) for row in found.mappings()]
    counted = select(hook_message.c.hook, hook_message.c.state, func.count().label("number"))
    counts = act.execute(counted.group_by(hook_message.c.hook, hook_message.c.state)).all()
    by_id = {row["id"]: row for row in rows}
    for number, state, count in counts:
        if number in by_id:
            by_id[number][state] = count
    return rows


def messages_of(act: Connection, number: int, state: str, most: int) -> list[dict[str, Any]]:
    """Return the newest messages of a hook in one state."""
    wanted = select(hook_message).where(
        hook_message.c.hook == number, hook_message.c.state == state
    )
    rows = act.execute(wanted.order_by(hook_message.c.id.desc()).limit(most)).mappings()
    return [dict(row) for row in rows]


def retire(act: Connection, number: int, now_ms: int) -> None:
    """Tell a hook nothing more; what waited for it is dead."""
    act.execute(update(hook).where(hook.c.id == number).values(retired_ms=now_ms))
    waiting = update(hook_message).where(
        hook_message.c.hook == number, hook_message.c.state == WAITING
    )
    act.execute(waiting.values(state=DEAD, last_problem="retired", done_ms=now_ms))


def send_again(act: Connection, number: int, now_ms: int) -> int:
    """Let the dead messages of a hook wait again, at once; return how many."""
    dead = update(hook_message).where(hook_message.c.hook == number, hook_message.c.state == DEAD)
    values = {"state": WAITING, "tries": 0, "next_ms": now_ms, "done_ms": None}
    act.execute(update(hook).where(hook.c.id == number).values(failures=0, rest_until_ms=0))
    return int(act.execute(dead.values(values)).rowcount)


def due(act: Connection, now_ms: int, most: int) -> list[Row[Any]]:
    """Return what is to be sent now, `most` for each hook that does not rest, the oldest first."""
    ready = select(hook).where(hook.c.retired_ms.is_(None), hook.c.rest_until_ms <= now_ms)
    found: list[Row[Any]] = []
    for each in act.execute(ready).all():
        wanted = (
            select(hook_message, hook.c.url, hook.c.box, hook.c.name, hook.c.failures)
            .join(hook, hook.c.id == hook_message.c.hook)
            .where(
                hook_message.c.hook == each.id,
                hook_message.c.state == WAITING,
                hook_message.c.next_ms <= now_ms,
            )
        )
        found += act.execute(wanted.order_by(hook_message.c.id).limit(most)).all()
    return found


def claim(act: Connection, row: Row[Any], until_ms: int) -> bool:
    """Take a message for this server until an instant; False where another one has it."""
    mine = update(hook_message).where(
        hook_message.c.id == row.id,
        hook_message.c.state == WAITING,
        hook_message.c.next_ms == row.next_ms,
    )
    return bool(act.execute(mine.values(next_ms=until_ms)).rowcount)


def put_result(
    act: Connection, row: Row[Any], message: dict[str, Any], held: dict[str, Any]
) -> None:
    """Write down what became of a message, and how its hook is."""
    act.execute(update(hook_message).where(hook_message.c.id == row.id).values(message))
    act.execute(update(hook).where(hook.c.id == row.hook).values(held))


def forget(act: Connection, before_ms: int) -> None:
    """Forget messages that were delivered, or died, before an instant."""
    old = (hook_message.c.state.in_((DELIVERED, DEAD)), hook_message.c.done_ms < before_ms)
    act.execute(delete(hook_message).where(*old))
