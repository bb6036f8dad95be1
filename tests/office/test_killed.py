"""A server that is killed at any moment loses nothing that it acknowledged and books nothing twice.

``TOKENTILL_KILLS=50`` runs the full form; the short one is for every day.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest

from pos_app.exchange.acknowledgement import read_acknowledgement
from pos_app.exchange.enrolment import read_answer
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import due
from tests.bench.ingest import journal
from tests.office.makers import NOW_MS, MadeTill
from tests.office.seen import one, open_findings, rows
from tests.office.served import Killable, killable, office_in

KILLS = int(os.environ.get("TOKENTILL_KILLS", "3"))
PER_KILL = 160
BUNDLE = 40
PATIENCE_S = 60 + 10 * KILLS
NONCES = count()


@dataclass
class Sender:
    """A till that sends until all is acknowledged, whatever the line says in between."""

    till: MadeTill
    url: str
    office: bytes = b""
    done: int = 0
    failures: int = 0

    def __post_init__(self) -> None:
        self.line = httpx.Client(base_url=self.url, verify=False, trust_env=False, timeout=60)  # noqa: S501 - http

    def enrol(self, code: str) -> None:
        self.office = read_answer(self._post("/api/v1/enrol", self.till.request(code), {})).office

    def run(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while self.done < len(self.till.entries):
            assert time.monotonic() < until
            try:
                self._send()
            except (httpx.HTTPError, OSError):
                self.failures += 1
                time.sleep(0.01)

    def _send(self) -> None:
        last = min(self.done + BUNDLE, len(self.till.entries))
        word = {"Authorization": self.till.header(self.office, NOW_MS, next(NONCES))}
        self._post("/api/v1/bundles", self.till.bundle(self.done + 1, last), word)

    def _post(self, path: str, raw: bytes, headers: dict[str, str]) -> bytes:
        answer = self.line.post(path, content=raw, headers=headers)
        answer.raise_for_status()
        if path.endswith("bundles"):
            values = answer.json()["acknowledged"]
            said = read_acknowledgement(values, self.till.name, self.office)
            assert said.seq >= self.done  # what was acknowledged is not forgotten
            assert said.hash == self.till.entries[said.seq - 1].hash
            self.done = said.seq
        return answer.content


def kill_on_the_way(server: Killable, progress: Callable[[], int], whole: int) -> None:
    """Kill and start again, each time somewhere in the next part of the way."""
    chance = random.Random(3)  # noqa: S311 - when it strikes is not repeatable anyway
    for number in range(KILLS):
        until = time.monotonic() + PATIENCE_S
        while progress() < whole * number // (KILLS + 1) and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.2)
        server.kill()
        server.start()


@pytest.mark.timeout(PATIENCE_S + 60)
def test_a_server_killed_while_it_takes_bundles_loses_nothing_and_books_nothing_twice(
    database: str, tmp_path: Path
) -> None:
    with killable(database, tmp_path) as server:
        here = Rooms.of(office_in(database, tmp_path))
        senders = [Sender(MadeTill(name), server.url) for name in ("LEFT", "RIGHT")]
        for each in senders:
            each.till.entries = list(journal(each.till, PER_KILL * KILLS // 2))
            each.enrol(here.enrolling.code_for(each.till.name))
        whole = sum(len(each.till.entries) for each in senders)
        with ThreadPoolExecutor(2) as pool:
            running = [pool.submit(each.run) for each in senders]
            kill_on_the_way(server, lambda: sum(each.done for each in senders), whole)
            for one_of in running:
                one_of.result()
        assert sum(each.failures for each in senders) > 0
        assert len(server.workers) == KILLS  # each ended with its server
    for each in senders:
        each.line.close()
        check(here, each.till)
    here.second_look()
    with here.office.store.reading() as act:
        assert due.count(act) == 0
    assert open_findings(here) == []
    here.office.store.close()


def check(rooms: Rooms, till: MadeTill) -> None:
    journal_held = "select seq, hash, branch from entry where till = :t order by seq"
    held = rows(rooms, journal_held, t=till.name)
    assert [(seq, bytes(made), on) for seq, made, on in held] == [
        (each.seq, each.hash, 0) for each in till.entries
    ]
    booked = "select count(*), count(distinct receipt), sum(total_minor) from sale where till = :t"
    sales = len(till.entries) - 2  # the first two make the shop and its allowance
    assert rows(rooms, booked, t=till.name) == [(sales, sales, 5000 * sales)]
    summed = "select sum(times), sum(minor) from tally where till = :t and what = 'sale'"
    assert rows(rooms, summed, t=till.name) == [(sales, 5000 * sales)]
    tokens = "select count(*) from token where till = :t"
    assert one(rooms, tokens, t=till.name) == sales
