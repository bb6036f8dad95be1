"""Delivering messages to hooks, apart from whatever else the server does.

At least once: a message is delivered when the hook answered 2xx, and is sent again after anything
else, a little later each time and spread by chance, until it is dead. Each hook has one request at
a time; a hook that fails rests, so that it holds up no other.
"""

from __future__ import annotations

import http.client
import random
import ssl
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from pos_app.head_office.errors import HookAddressRefused, OfficeRefusal
from pos_app.head_office.hooks.address import Network, address_of, target_of
from pos_app.head_office.hooks.keeping import PURPOSE
from pos_app.head_office.hooks.line import Answer, post
from pos_app.head_office.hooks.signing import headers
from pos_app.head_office.office import Office
from pos_app.head_office.sealing import BoxBroken
from pos_app.head_office.store import hooks
from pos_app.head_office.store.engine import RowRefused

MOST_TRIES: Final = 10
FIRST_WAIT_MS: Final = 5_000
LONGEST_WAIT_MS: Final = 6 * 3_600_000
LONGEST_REST_MS: Final = 10 * 60_000
LONGEST_LIFE_MS: Final = 3 * 86_400_000
"""A message that is older than this when it fails is dead."""
KEPT_MS: Final = 30 * 86_400_000
SECONDS: Final = 10.0
"""How long one request may take, from the first byte to the last."""
AT_ONCE: Final = 20
GAP_SECONDS: Final = 0.1
"""So many messages of one hook in a round, with such gaps: at most ten a second."""
_AT_A_TIME: Final = 4
_LEASE_MS: Final = 5 * 60_000
_GONE: Final = 410


def wait_ms(tries: int, chance: Callable[[], float]) -> int:
    """Return how long to wait after `tries` failures: 5 s, times 4 each, up to 6 h; +-25 %."""
    return int(min(FIRST_WAIT_MS * 4 ** (tries - 1), LONGEST_WAIT_MS) * (0.75 + chance() / 2))


@dataclass(frozen=True, slots=True)
class Delivering:
    """Sends what is due. `allowed` are networks that hooks may reach beside public addresses."""

    office: Office
    allowed: tuple[Network, ...] = ()
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    chance: Callable[[], float] = random.random
    seconds: float = SECONDS
    gap_seconds: float = GAP_SECONDS

    def round(self, stop: threading.Event | None = None) -> int:
        """Send what is due, up to `AT_ONCE` to each hook; return how many were delivered."""
        now_ms = self.office.clock.now_ms()
        stop = stop or threading.Event()
        with self.office.store.reading() as act:
            due = hooks.due(act, now_ms, AT_ONCE)
        if not due:
            return 0
        by_hook = [list(rows) for _, rows in groupby(due, key=lambda row: row.hook)]
        with ThreadPoolExecutor(_AT_A_TIME, "hooks") as pool:
            delivered = sum(pool.map(lambda rows: self._to_one(rows, stop), by_hook))
        with self.office.store.writing() as act:
            hooks.forget(act, now_ms - KEPT_MS)
        return delivered

    def _to_one(self, rows: Sequence[Any], stop: threading.Event) -> int:
        """Send messages to one hook until one fails; return how many were delivered."""
        delivered = 0
        for row in rows:
            if stop.is_set():
                break
            with self.office.store.writing() as act:
                mine = hooks.claim(act, row, self.office.clock.now_ms() + _LEASE_MS)
            if not mine:
                break
            answer, problem = self._send(row)
            good = 200 <= answer.status < 300
            self._keep(row, answer, "" if good else problem or "status")
            if not good:
                break
            delivered += 1
            stop.wait(self.gap_seconds)
        return delivered

    def _send(self, row: Any) -> tuple[Answer, str]:
        """Return what a hook answered (status 0: nothing), and what went wrong."""
        body = row.body.encode()
        try:
            secret = self.office.sealer.unseal(PURPOSE, bytes(row.box), row.name.encode()).decode()
            now_s = self.office.clock.now_ms() // 1000
            signed = headers(secret, row.message, now_s, body)
            target = target_of(row.url)
            address = address_of(target, self.allowed)
            return post(target, address, signed, body, self.seconds, self.trust), ""
        except HookAddressRefused as refused:
            return Answer(0), f"refused {refused.facts['address']}"
        except (OSError, http.client.HTTPException) as problem:
            return Answer(0), type(problem).__name__
        except (OfficeRefusal, BoxBroken) as problem:  # kept by another program, or changed
            return Answer(0), type(problem).__name__

    def _keep(self, row: Any, answer: Answer, problem: str) -> None:
        now_ms, tries = self.office.clock.now_ms(), row.tries + 1
        message: dict[str, Any] = {"tries": tries, "last_status": answer.status}
        message["last_problem"] = problem[:100]
        if not problem:
            message |= {"state": hooks.DELIVERED, "done_ms": now_ms}
            held = {"failures": 0, "rest_until_ms": 0}
        else:
            wait = max(wait_ms(tries, self.chance), answer.retry_after_s * 1000)
            message["next_ms"] = now_ms + min(wait, LONGEST_WAIT_MS)
            old = now_ms - row.made_ms > LONGEST_LIFE_MS
            if old or tries >= MOST_TRIES or answer.status == _GONE:
                message |= {"state": hooks.DEAD, "done_ms": now_ms}
            failures = row.failures + 1
            rest = min(wait_ms(min(failures, MOST_TRIES), self.chance), LONGEST_REST_MS)
            held = {"failures": failures, "rest_until_ms": now_ms + rest}
        with self.office.store.writing() as act:
            hooks.put_result(act, row, message, held)


class HookWorker:
    """Delivers in a thread of its own while the server runs."""

    def __init__(self, delivering: Delivering, every_seconds: float = 1.0) -> None:
        self._delivering, self._every = delivering, every_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hooks", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the request that goes on."""
        self._stop.set()
        self._thread.join(2 * self._delivering.seconds)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                more = self._delivering.round(self._stop)
            except (OfficeRefusal, RowRefused):  # the database is away for a while
                more = 0
            self._stop.wait(0 if more else self._every)
