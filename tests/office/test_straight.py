"""The straight way of a bundle leads to the very rows of the exact one, or is not taken."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pos_app.exchange.chain import Entry
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.head_office import ingest, reading, straight
from pos_app.head_office.ingest import Ingest
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import key_tables, later_tables, settling_tables, tables
from pos_app.head_office.store.engine import Store, open_store
from pos_app.head_office.store.hooks import EVENTS
from pos_app.head_office.stretch import Stretch
from pos_app.head_office.taking import Taking
from tests.office.busy_shop import BusyShop
from tests.office.makers import (
    ALLOWANCE,
    NOW_MS,
    MadeTill,
    enrolled,
    make_rooms,
    sale_body,
    send,
    token,
)
from tests.office.seen import entries, one, open_findings

GIVEN = {"currency": "ZAR", "tenths": 50, "receipt": "F1", "operator": "ama", "approver": "grace"}
ACT = GIVEN | {"act": "free_issue", "from_drn": "", "meter": None, "tokens": [], "sale_seq": 0}
CASH = {"kind": "in", "currency": "ZAR", "decimals": 2, "amount_minor": 500}
SEAL = {"day": "2026-11-21", "seal": 1, "first_seq": 1, "last_seq": 4,
        "sums": [{"currency": "ZAR", "sales": 3, "total_minor": 15_000}]}  # fmt: skip
BY_COMPENSATION = [{"kind": "compensation", "amount_minor": 5000, "reference": ""}]
OTHER_METER = sale_body(1, 1)["meter"] | {"drn": "01234567897", "name": "Ọlá “電気”"}

USUAL: list[Callable[[MadeTill], object]] = [
    lambda till: till.sell(),
    lambda till: till.sell(5),
    lambda till: till.sell(meter=OTHER_METER),
    lambda till: till.sell(tokens=[token(m + till.sold, 50) for m in (18_000_000, 18_500_000)]),
    lambda till: till.sell(tokens=[], tenths=0, training=True, shift=7),
    lambda till: till.add("reprint", {"sale_seq": 3}),
    lambda till: till.add("day_seal", SEAL),
    lambda till: till.add("drawer", {"why": "change"}),
    lambda till: till.add("cash_moved", CASH),
]
UNUSUAL: list[Callable[[MadeTill], object]] = [
    lambda till: till.sell(currency="KES"),
    lambda till: till.sell(total_minor=2_000_000),
    lambda till: till.sell(number=till.sold + 7),
    lambda till: till.sell(series=2),
    lambda till: till.sell(number=str(till.sold + 1)),
    lambda till: till.sell(total_minor="5000"),
    lambda till: till.sell(total_minor="much"),
    lambda till: till.sell(shift="9" * 30),
    lambda till: till.sell(tariff_version=2**53 - 1),
    lambda till: till.sell(tenders=BY_COMPENSATION),
    lambda till: till.sell(tokens=[token(17_000_001)]),
    lambda till: till.sell(tokens=[token(18_000_000, tenths=5000)]),
    lambda till: till.add("reprint", {"sale_seq": 99_999}),
    lambda till: till.add("allowance", ALLOWANCE | {"sequence": till.sold, "money_minor": 20_000}),
    lambda till: till.add("allowance", ALLOWANCE | {"sequence": till.sold}),
    lambda till: till.add("allowance_code", {"currency": "ZAR", "sequence": 1, "money_minor": 1}),
    lambda till: till.add("office_enrolled", {}),
    lambda till: till.add("restored", {"series": till.sold % 3}),
    lambda till: till.add("free_issue", ACT),
    lambda till: till.add("free_issue", ACT | {"approver": ""}),
    lambda till: till.add("refund", ACT | {"sale_seq": 4}),
    lambda till: till.add(
        "compensation",
        ACT | {"sale_seq": 5, "sale_id": f"sale-{till.sold + 1}", "amount_minor": 5000},
    ),
    lambda till: till.add("engineering", {"act": 1}),
    lambda till: till.add("K!ND", {"text": "\0"}),
    lambda till: moved_clock(till, -90_000_000, "drawer"),
    lambda till: moved_clock(till, -90_000_000, "clock_settled"),
    lambda till: moved_clock(till, 2 * (NOW_MS - till.at_ms), "drawer"),
]


def moved_clock(till: MadeTill, by_ms: int, kind: str) -> None:
    till.at_ms += by_ms
    till.add(kind, {})


class Exactly(Ingest):
    """Takes every entry by itself."""

    def _take_straight(self, *_: object) -> bool:
        return False


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """Return the database of another office, on SQLite."""
    folder = tmp_path / "exact"
    folder.mkdir()
    store = open_store("", folder)
    yield store
    store.close()


@pytest.fixture
def exact(other: Store) -> Rooms:
    """Return another office that knows the exact way only."""
    return slowly(make_rooms(other))


def slowly(rooms: Rooms) -> Rooms:
    slow = Exactly(rooms.office.store, rooms.ingest.clock, rooms.ingest.workers)
    return replace(rooms, ingest=slow)


@pytest.fixture
def went(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return what became of every stretch that was tried."""
    found: list[bool] = []
    real = straight.take_straight

    def spy(taking: Taking, stretch: Stretch) -> bool:
        found.append(real(taking, stretch))
        return found[-1]

    monkeypatch.setattr(ingest, "take_straight", spy)
    monkeypatch.setattr(reading, "MOST_LINES", 8)
    return found


TABLES = (
    tables.entry, tables.sale, tables.token, tables.branch, tables.signature_due,
    settling_tables.tally, settling_tables.closing, key_tables.key_fact, key_tables.key_head,
)  # fmt: skip
ASIDE = tables.quarantine, tables.finding, later_tables.hook_message
BY_CHANCE = {"id", "message"}


def stored(rooms: Rooms) -> dict[str, list[str]]:
    found = {}
    with rooms.office.store.reading() as act:
        for table in (*TABLES, *ASIDE):
            wanted = [column for column in table.columns if column.name not in BY_CHANCE]
            there = [repr([plain(value) for value in row]) for row in act.execute(select(*wanted))]
            found[table.name] = sorted(there)
    return found


def plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return bytes(value) if isinstance(value, memoryview) else value


def both_take(fast: Rooms, slow: Rooms, till: MadeTill, raw: bytes) -> None:
    both_answer(fast, slow, till, raw)
    assert stored(fast) == stored(slow)


def both_answer(fast: Rooms, slow: Rooms, till: MadeTill, raw: bytes) -> None:
    answers = []
    for rooms in (fast, slow):
        try:
            answers.append(send(rooms, till, raw))
        except ExchangeInvalid as bad:
            answers.append(bad.facts)
    assert answers[0] == answers[1]


def ready(fast: Rooms, slow: Rooms, till: MadeTill) -> None:
    for rooms in (fast, slow):
        enrolled(rooms, till)
        if not rooms.hooks.all():
            rooms.hooks.add("billing", "https://93.184.216.34/", EVENTS, "ada")


def test_what_tills_usually_write_goes_straight(
    rooms: Rooms, exact: Rooms, went: list[bool]
) -> None:
    till = MadeTill()
    ready(rooms, exact, till)
    for act in USUAL * 3:
        act(till)
    both_take(rooms, exact, till, till.bundle())
    assert went == [True] * -(-len(till.entries) // 8)
    assert one(rooms, "select count(*) from sale") == till.sold
    assert open_findings(rooms) == []


def test_a_real_tills_month_leads_to_the_same_rows(
    store: Store, other: Store, busy: BusyShop, went: list[bool]
) -> None:
    rooms, exact = busy.rooms(store), slowly(busy.rooms(other))
    for each in (rooms, exact):
        busy.enrol(each)
        each.hooks.add("billing", "https://93.184.216.34/", EVENTS, "ada")
        busy.send(each)
    assert stored(rooms) == stored(exact)
    assert went.count(True) > len(went) // 2 > 10, went


def test_a_replay_goes_straight_and_changes_nothing(
    rooms: Rooms, exact: Rooms, went: list[bool]
) -> None:
    till = MadeTill()
    ready(rooms, exact, till)
    till.sell(30)
    both_take(rooms, exact, till, till.bundle())
    went.clear()
    both_take(rooms, exact, till, till.bundle())
    both_take(rooms, exact, till, till.bundle(9, 20))
    assert went == [True] * 6


def test_what_is_partly_known_is_taken_exactly(
    rooms: Rooms, exact: Rooms, went: list[bool]
) -> None:
    till = MadeTill()
    ready(rooms, exact, till)
    till.sell(3)
    both_take(rooms, exact, till, till.bundle())
    till.sell(20)
    both_take(rooms, exact, till, till.bundle())
    assert went == [True, False, True, True, True]


def test_the_longer_branch_of_a_fork_goes_straight_from_the_second_bundle_on(
    rooms: Rooms, exact: Rooms, went: list[bool]
) -> None:
    till = MadeTill()
    ready(rooms, exact, till)
    till.sell(3)
    copy = till.copied()
    till.sell(3)
    copy.sell(3)
    for each in (till, copy):
        both_take(rooms, exact, each, each.bundle())
    copy.sell(8)
    both_take(rooms, exact, copy, copy.bundle(9))
    went.clear()
    copy.sell(8)
    both_take(rooms, exact, copy, copy.bundle(17))
    assert went == [True]
    assert entries(rooms)[-1] == 24
    till.sell(8)
    both_take(rooms, exact, till, till.bundle(9))
    assert {"forked", "cloned"} <= set(open_findings(rooms))


def test_one_thing_out_of_the_ordinary(rooms: Rooms, exact: Rooms, went: list[bool]) -> None:
    for number, act in enumerate(UNUSUAL):
        till = MadeTill(f"TILL{number}", sold=100 * number)  # a meter gets no TID twice
        ready(rooms, exact, till)
        till.sell(7)
        act(till)
        till.sell(8)
        both_answer(rooms, exact, till, till.bundle())
    assert stored(rooms) == stored(exact)


def damaged(chance: random.Random, journal: list[Entry]) -> Iterator[Entry]:
    for each in journal:
        way = chance.random()
        if way < 0.01:
            continue
        if way < 0.02:
            yield replace(each, body=each.body.replace("5000", "1"))
        elif way < 0.03:
            yield replace(each, signature=bytes(64))
        else:
            yield each


@pytest.mark.parametrize("seed", range(1, 5))
def test_any_journal_in_any_parts_and_any_order(
    rooms: Rooms, exact: Rooms, went: list[bool], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    till = MadeTill()
    ready(rooms, exact, till)
    copy: MadeTill | None = None
    for _ in range(40):
        chance.choice(USUAL if chance.random() < 0.93 else UNUSUAL)(till)
        if copy is None and chance.random() < 0.03:
            copy = till.copied()
    machines = [till]
    if copy is not None:
        copy.sell(20)
        machines.append(copy)
    for _ in range(7):
        each = chance.choice(machines)
        first = chance.randint(1, len(each.entries))
        part = each.entries[first - 1 : first + chance.randint(5, 40)]
        both_take(rooms, exact, each, each.bundle_of(list(damaged(chance, part)) or part))
    for each in machines:
        both_take(rooms, exact, each, each.bundle())
    assert True in went


def test_another_server_that_wrote_first_is_seen(
    rooms: Rooms, till: MadeTill, went: list[bool]
) -> None:
    till.sell(20)
    for _ in range(2):
        other = Ingest(rooms.ingest.store, rooms.ingest.clock, rooms.ingest.workers)
        outcome = other(rooms.till(till.name), io.BytesIO(till.bundle()))
        assert outcome.new + outcome.known == 22
    assert entries(rooms) == list(range(1, 23))
    assert one(rooms, "select count(*) from sale") == one(rooms, "select count(*) from token") == 20
