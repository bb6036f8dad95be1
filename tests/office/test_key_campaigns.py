"""Large campaigns: how far they are is asked in a few questions, whatever the number of meters.

``TOKENTILL_ROWS`` says how many (2,000 in the short form, 100,000 before a release).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pytest
from sqlalchemy import event

from pos_app.head_office.key_facts import written
from pos_app.head_office.keys import hold_keys
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import campaigns
from pos_app.head_office.store.bulk import add_rows
from pos_app.head_office.store.engine import Store
from pos_app.head_office.store.key_tables import key_fact, list_key
from pos_app.head_office.store.later_tables import key_set
from pos_app.head_office.store.tables import draft, meter, sale
from pos_app.sts.identity import luhn_digit, meter_pan
from pos_app.sts.keys import DecoderKey, VendingKey
from tests.key_makers import STS_KEY
from tests.key_meters import FIRST_KEY, vending_attributes
from tests.office.makers import NOW_MS, MadeTill, enrolled, make_rooms
from tests.office.test_key_sets import CAMPAIGN, NEW_KEY, NEW_VENDING
from tests.shops import HeldClock

LARGE = int(os.environ.get("TOKENTILL_ROWS", "2000"))
OLD, NEW = written(asdict(FIRST_KEY)), written(asdict(NEW_KEY))
OLDER = OLD.replace("201457 1", "201457 9")
FEW = 14
STATES = 10
"""Of ten meters one is in a draft, two have a set, one has its tokens, one is done, one of each:
no whole record, another key than listed, no old key here; two are to do."""


@pytest.fixture
def here(store: Store) -> Rooms:
    rooms = make_rooms(store, HeldClock())
    enrolled(rooms, MadeTill())
    held = [(FIRST_KEY, STS_KEY), (NEW_KEY, NEW_VENDING)]
    keys = [(asdict(vending_attributes(key, raw, 1)), VendingKey(raw)) for key, raw in held]
    hold_keys(rooms.office, keys, "ada")
    return Rooms.of(rooms.office)


def drn_of(at: int) -> str:
    body = f"15{at:08d}"
    return body + luhn_digit(body)


def fact(at: int, key: str, old: str) -> tuple[Any, ...]:
    sgc, krn, *_ = key.split(" ")
    return (
        "TILL7",
        at,
        0,
        drn_of(at),
        NOW_MS,
        "given",
        "holds",
        sgc,
        int(krn),
        2014,
        key,
        old,
        old,
    )


def fill(rooms: Rooms, size: int) -> None:
    every: list[int] = list(range(size))

    def of(*kinds: int) -> Iterator[int]:
        return (at for at in every if at % STATES in kinds)

    rest = ("TILL7", NOW_MS, "ivy", NOW_MS, "abe")
    drafts = [
        (number, "TILL7", state, False, CAMPAIGN.name, 0, NOW_MS, *rest[2:])
        for number, state in ((91, "waiting"), (92, "issued"))
    ]
    odd = {5: "", 7: OLD.replace(" 2014", " 1993")}
    tables: list[tuple[Any, list[tuple[Any, ...]]]] = [
        (draft, drafts),
        (meter, [(drn_of(at), 1, False, "", json.dumps({"name": f"N {at}"})) for at in every]),
        (list_key, [(drn_of(at), "201457", 1, odd.get(at % STATES, OLD), 0) for at in every]),
        (key_set, [
            ("TILL7", drn_of(at), "201461", 2, 2014, 91 if at % STATES == 0 else 92, NOW_MS)
            for at in of(0, 1, 2, 3, 4)
        ]),
        (key_fact, [fact(at, NEW, OLD) for at in of(3, 4)]),
        (key_fact, [fact(at, OLDER, OLD) for at in of(6)]),
        (sale, [
            ("TILL7", size + at, 0, f"s{at}", f"R-{at}", NOW_MS + 1, "2026-11-22", drn_of(at),
             "ama", 1, "grid", "home", 1, "ZAR", 2, 5000, 100, "kWh", True) for at in of(4)
        ]),
    ]  # fmt: skip
    with rooms.office.store.writing() as act:
        for table, held in tables:
            add_rows(act, table, held)
    with rooms.office.store.writing() as act:
        act.exec_driver_sql("analyze")


@contextmanager
def counted(rooms: Rooms) -> Iterator[list[str]]:
    """Count the questions that the database is asked."""
    asked: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = rooms.office.store.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", heard)


def test_a_campaign_is_counted_and_listed_in_a_few_questions(here: Rooms) -> None:
    fill(here, LARGE)
    part = LARGE // STATES
    began = time.perf_counter()
    with counted(here) as asked:
        progress = here.key_sets.progress(CAMPAIGN)
    print(f"{LARGE} meters counted in {1000 * (time.perf_counter() - began):.0f} ms")
    assert len(asked) <= FEW
    assert progress.counts == {
        "todo": 2 * part, "made": part, "sent": 2 * part, "given": part, "done": part,
        "cannot": 3 * part,
    }  # fmt: skip
    assert progress.cannot == {
        "meter-record-partial": part, "meter-key-moved": part, "vending-key-missing": part,
    }  # fmt: skip
    for state in campaigns.STATES:
        began = time.perf_counter()
        with counted(here) as asked:
            found = here.key_sets.meters(CAMPAIGN, state, drn_of(LARGE // 2), 50)
        print(f"{state}, 50 from the middle: {1000 * (time.perf_counter() - began):.0f} ms")
        assert len(asked) <= FEW
        assert len(found) == min(50, progress.counts[state] // 2)
        drns = [each["drn"] for each in found]
        assert drns == sorted(drns)
        assert all(drn > drn_of(LARGE // 2) for drn in drns)
        assert all(bool(each["reason"]) == (state == "cannot") for each in found)


def test_a_draft_of_a_large_campaign_takes_the_first_and_counts_the_others(
    here: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(here, 200)
    monkeypatch.setattr("pos_app.head_office.key_sets.MOST_SETS", 10)
    made = here.key_sets.draft(CAMPAIGN, "TILL7", "ivy")
    assert (made.sets, made.left, made.unfit.total()) == (10, 30, 60)
    assert here.key_sets.progress(CAMPAIGN).counts["made"] == 30


def test_a_meter_whose_own_old_key_is_here_can_have_a_set(here: Rooms) -> None:
    fill(here, 50)
    raw = DecoderKey(bytes(range(8)))
    place = {"kind": "decoder", "sgc": "201457", "krn": 1, "kt": 2, "base": 1993, "dkga": 4}
    place |= {"pan": meter_pan(drn_of(7)), "ti": 1, "ea": 7, "kcv": raw.check_value()}
    hold_keys(here.office, [(place, raw)], "ada")
    assert here.key_sets.progress(CAMPAIGN).counts["cannot"] == 14
    listed: Callable[..., Any] = here.key_sets.meters
    assert drn_of(7) in {each["drn"] for each in listed(CAMPAIGN, "todo", "", 50)}
    assert drn_of(7) not in {each["drn"] for each in listed(CAMPAIGN, "cannot", "", 50)}
