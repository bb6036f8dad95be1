"""One office over several servers, and what their falling over does to it.

``TOKENTILL_SPREAD=1`` runs them: three servers of PostgreSQL take some seconds to start.
"""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pos_app.head_office.errors import OfficeStoreUnusable
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import Store, open_store
from pos_app.head_office.store.hooks import SALES
from tests.bench.ingest import journal
from tests.office.makers import MadeTill, enrolled, make_rooms, send
from tests.office.packs import send_message
from tests.office.postgres import programs
from tests.office.seen import one, open_findings, rows
from tests.office.spreading import Spread, spread

NODES = 2
ENTRIES = 400
CRASHES = int(os.environ.get("TOKENTILL_SPREAD_CRASHES", "4"))
SLOW_S = 3.0
_SLOWLY = f"""
create function slowly() returns trigger language plpgsql as
    $$ begin perform pg_sleep({SLOW_S}); return null; end $$;
create constraint trigger slow after insert on branch deferrable initially deferred
    for each row execute function slowly();
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[Spread]:
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL's programs are not installed")
    if "TOKENTILL_SPREAD" not in os.environ:
        pytest.skip("three servers of PostgreSQL are started with TOKENTILL_SPREAD=1 only")
    with spread(folder, NODES, durable=True) as made:
        yield made


@pytest.fixture
def store(servers: Spread, tmp_path: Path) -> Iterator[Store]:
    made = open_store(servers.fresh(tmp_path), tmp_path)
    yield made
    made.close()


@pytest.fixture
def rooms(store: Store) -> Rooms:
    return make_rooms(store)


def on_nodes(servers: Spread, name: str, till: str) -> list[int]:
    """Return how many rows of a till each node holds."""
    found: list[int] = []
    for node in servers.nodes:
        with psycopg.connect(node.url) as connection:
            asked = f"select count(*) from {name} where till = %s"  # noqa: S608 - ours
            found += connection.execute(asked, (till,)).fetchone() or ()
    return found


def test_all_that_a_till_brings_lies_on_one_node(rooms: Rooms, servers: Spread) -> None:
    tills = [MadeTill(f"SHOP{number}") for number in range(6)]
    for till in tills:
        enrolled(rooms, till)
        till.sell(8, tokens=[])
        till.sell(1, number=40, tokens=[])  # a finding: a receipt that is missing
        send(rooms, till, till.bundle(6))
        send(rooms, till, till.bundle())
        send_message(rooms, till, "hello")
        send(rooms, till, till.bundle())
    rooms.second_look()
    assert len(open_findings(rooms)) == len(tills)
    assert rows(rooms, "select count(*), sum(total_minor) from sale") == [(54, 270_000)]
    used = set()
    for till in tills:
        for name in ("branch", "entry", "sale", "finding"):
            found = on_nodes(servers, name, till.name)
            assert sum(map(bool, found)) == 1, (till.name, name, found)
            used.add(max(range(NODES), key=found.__getitem__))
        assert not any(on_nodes(servers, "pack", till.name))
    assert used == set(range(NODES))


def take(rooms: Rooms, till: MadeTill, at: int, most: int) -> int:
    """Bring a bundle in until it is taken; return how often it was not."""
    failures = 0
    raw, record = till.bundle(at, at + most - 1), rooms.till(till.name)
    until = time.monotonic() + 120
    while True:
        try:
            rooms.ingest(record, io.BytesIO(raw))
        except OfficeStoreUnusable:
            failures += 1
            assert time.monotonic() < until
            time.sleep(0.02)
        else:
            return failures


def test_nodes_that_fall_over_lose_nothing_and_book_nothing_twice(
    rooms: Rooms, servers: Spread
) -> None:
    tills = [MadeTill(f"NODE{number}") for number in range(4)]
    for till in tills:
        enrolled(rooms, till)
        till.entries = list(journal(till, ENTRIES))
    failures: list[int] = []

    def send_all(till: MadeTill) -> None:
        failures.extend(take(rooms, till, at, 20) for at in range(1, ENTRIES + 1, 20))

    senders = [threading.Thread(target=send_all, args=(till,)) for till in tills]
    for each in senders:
        each.start()
    for number in range(CRASHES):
        time.sleep(0.3)
        node = servers.nodes[number % NODES]
        node.crash()
        node.start()
    for each in senders:
        each.join()
    assert sum(failures) > 0
    whole(rooms, tills)


def whole(rooms: Rooms, tills: list[MadeTill]) -> None:
    """See that every entry is there once, and nothing is wrong with it."""
    for till in tills:
        held = rows(rooms, "select seq, hash, branch from entry where till = :t order by seq",
                    t=till.name)  # fmt: skip
        assert [(seq, bytes(made), on) for seq, made, on in held] == [
            (each.seq, each.hash, 0) for each in till.entries
        ]
    sales = sum(len(till.entries) - 2 for till in tills)
    booked = rows(rooms, "select count(*), sum(total_minor) from sale")
    assert booked == [(sales, 5000 * sales)]
    assert one(rooms, "select count(*) from token") == sales
    rooms.second_look()
    assert open_findings(rooms) == []
    assert one(rooms, "select count(*) from quarantine") == 0


def test_a_coordinator_that_falls_over_while_a_node_commits_loses_no_sale_and_no_finding(
    rooms: Rooms, servers: Spread
) -> None:
    """The nodes commit one after the other, then the coordinator: no two at one moment.

    What lies on the coordinator alone is lost then: the message to a hook.
    """
    till = MadeTill("SLOW1")
    enrolled(rooms, till)
    rooms.hooks.add("billing", "https://127.0.0.1:9/hooks", [SALES], "ada")
    till.sell(5, tokens=[])
    till.sell(1, number=40, tokens=[])
    for node in servers.nodes:
        with psycopg.connect(node.url, autocommit=True) as connection:
            connection.execute(_SLOWLY)
    record, problems = rooms.till(till.name), list[BaseException]()

    def send_it() -> None:
        try:
            rooms.ingest(record, io.BytesIO(till.bundle()))
        except OfficeStoreUnusable as problem:
            problems.append(problem)

    sender = threading.Thread(target=send_it)
    sender.start()
    time.sleep(SLOW_S / 3)
    servers.head.crash()
    servers.head.start()
    sender.join()
    assert len(problems) == 1
    take(rooms, till, 1, len(till.entries))  # maybe while the node still commits the first
    assert rows(rooms, "select count(*), sum(total_minor) from sale") == [(6, 30_000)]
    assert open_findings(rooms) == ["receipt-gap"]
    assert one(rooms, "select count(*) from quarantine") == 0
    assert one(rooms, "select count(*) from hook_message") == 0
