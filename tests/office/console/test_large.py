"""Large tables: the first page and one from the middle take what a small table takes.

``TOKENTILL_ROWS`` says how large (20,000 rows in the short form, 100,000 before a release): a list
that reads its whole table takes forty times a small one in either.
"""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete

from pos_app.head_office import tally_rows
from pos_app.head_office.acting import Acting
from pos_app.head_office.acting.pages import ROWS, Page
from pos_app.head_office.people import Person, Role
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import tallies
from pos_app.head_office.store.bulk import add_rows
from pos_app.head_office.store.settling_tables import closing, tally
from pos_app.head_office.store.tables import audit, draft, finding, meter, sale
from tests.office.makers import NOW_MS, MadeTill, enrolled, stored_tills

LARGE = int(os.environ.get("TOKENTILL_ROWS", "20000"))
SMALL = 500
TABLES = (sale, meter, finding, audit, draft)
DAYS = ("2026-01-01", "2026-12-31")
TIMES_SLOWER = 4
"""What a page of the large office may take of the same page of the small one."""


def day(at: int, of: int) -> str:
    return f"2026-{1 + at * 12 // of:02d}-{1 + at % 28:02d}"


def fill(rooms: Rooms, size: int) -> Rooms:
    if not stored_tills(rooms.office):
        enrolled(rooms, MadeTill())
    sales = [
        ("TILL7", at, 0, f"s{at}", f"R-{at}", NOW_MS + at, day(at, size), f"14{at % 90:09d}", "ama",
         1, "grid", "home", 1, "ZAR", 2, 5000, 100, "kWh", False)
        for at in range(size)
    ]  # fmt: skip
    meters = [
        (f"15{at:09d}", 1, False, f"15{at:09d} name {at}",
         json.dumps({"drn": f"15{at:09d}", "name": f"Name {at}"}))
        for at in range(size)
    ]  # fmt: skip
    findings = [
        (at + 1, f"TILL{at % 50}", "gap", f"m{at}", None, NOW_MS + at, '{"head":1,"next":2}',
         None, "", "")
        for at in range(size)
    ]  # fmt: skip
    log = [
        (at + 1000, NOW_MS, "ada", "signed-in", "ada", "{}", hashlib.sha256(b"").digest())
        for at in range(size)
    ]
    drafts = [
        (at + 1, "TILL7", "waiting", False, "", 0, NOW_MS, "ivy", None, "") for at in range(size)
    ]
    with rooms.office.store.writing() as act:
        held: Any
        for table, held in zip(TABLES, (sales, meters, findings, log, drafts), strict=True):
            add_rows(act, table, held)
    with rooms.office.store.writing() as act:
        act.exec_driver_sql("analyze")
    return rooms


def clear(rooms: Rooms) -> None:
    with rooms.office.store.writing() as act:
        for table in TABLES:
            act.execute(delete(table))


def lists(rooms: Rooms, size: int) -> dict[str, Callable[[], Page]]:
    see = Acting(rooms, Person("oda", "Oda", Role.AUDITOR)).see
    half = size // 2
    return {
        "sales": lambda: see.sales("TILL7", DAYS, ""),
        "sales, middle": lambda: see.sales("TILL7", DAYS, f"{day(half, size)}:{half}:0"),
        "history": lambda: see.history("14000000007", ""),
        "exceptions": lambda: see.findings("", "", settled=False),
        "exceptions, middle": lambda: see.findings("", str(half), settled=False),
        "meters": lambda: see.meters("", ""),
        "meters, middle": lambda: see.meters("", f"15{half:09d}"),
        "meters, found": lambda: see.meters("name 7", ""),
        "log": lambda: see.log(""),
        "log, middle": lambda: see.log(str(half + 1000)),
        "drafts": lambda: see.drafts("waiting", ""),
        "drafts, middle": lambda: see.drafts("waiting", str(half)),
    }


def seconds(ask: Callable[[], object]) -> float:
    took = []
    for _ in range(7):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


@pytest.mark.timeout(600)
def test_lists_of_a_large_office_are_as_fast_as_those_of_a_small_one(rooms: Rooms) -> None:
    fill(rooms, SMALL)
    small = {name: seconds(ask) for name, ask in lists(rooms, SMALL).items()}
    clear(rooms)
    fill(rooms, LARGE)
    slow = []
    for name, ask in lists(rooms, LARGE).items():
        page = ask()
        assert len(page.rows) == ROWS, name
        assert page.after, name
        # A few thousandths of a second are what a busy machine adds to anything.
        bound = TIMES_SLOWER * small[name] + 0.005
        took = seconds(ask)
        print(f"{name}: {1000 * took:.1f} ms, of {SMALL}: {1000 * small[name]:.1f} ms")
        slow += [(name, took, bound)] if took > bound else []
    assert not slow


def test_a_list_that_is_paged_through_has_every_row_once(rooms: Rooms) -> None:
    size = 3 * ROWS + 7
    fill(rooms, size)
    see = Acting(rooms, Person("oda", "Oda", Role.AUDITOR)).see
    walks: dict[str, tuple[Callable[[str], Page], str, int]] = {
        "sales": (lambda after: see.sales("TILL7", DAYS, after), "seq", size),
        "findings": (lambda after: see.findings("", after, settled=False), "id", size),
        "meters": (lambda after: see.meters("", after), "drn", size),
        "log": (see.log, "id", size + 2),
        "drafts": (lambda after: see.drafts("waiting", after), "id", size),
    }
    for name, (ask, key, count) in walks.items():
        seen, after = [], ""
        while True:
            page = ask(after)
            seen += [row[key] for row in page.rows]
            after = page.after
            if not after:
                break
        assert len(seen) == len(set(seen)) == count, name


def test_sums_of_a_year_of_sales_are_right_and_by_the_tills_index(rooms: Rooms) -> None:
    fill(rooms, LARGE)
    see = Acting(rooms, Person("oda", "Oda", Role.AUDITOR)).see
    began = time.perf_counter()
    sums = see.sums(DAYS, "")
    print(f"a year: {1000 * (time.perf_counter() - began):.0f} ms")
    assert sum(row["sales"] for row in sums) == LARGE
    assert sum(row["total_minor"] for row in sums) == LARGE * 5000
    assert see.last_day() == max(row["day"] for row in sums)


def fill_sums(rooms: Rooms, size: int) -> None:
    """Add up so many sales, as a journal of them would, and a shift for every day."""
    if not stored_tills(rooms.office):
        enrolled(rooms, MadeTill())
    sums: tally_rows.Sums = {}
    lines = (("energy", "Energy", ""), ("charge", "Network", ""), ("tax", "VAT", "15"))
    for at in range(size):
        head = (day(at, size), ("grid", "home", 1, "ZAR", 2), ("kWh", False), "", False)
        shape = ("sale", *head, lines, ("cash",), ("credit",), 0, False)
        amounts = (5000, 100, 0, 0, 0, 0, 0, 4000, 348, 652, 5000, 100)
        tally_rows.add(sums, 0, (shape, amounts), {})
    drawer = {"currency": "ZAR", "decimals": 2, "expected": 1, "counted": 1}
    facts = json.dumps({"drawer": [drawer], "operator_name": "Ama", "over_limit": []})
    shifts = [
        (at, 0, "shift", at, day(at, size), NOW_MS, "ama", False, facts)
        for at in range(0, size, 10)
    ]
    with rooms.office.store.writing() as act:
        tallies.add(act, "TILL7", tally_rows.rows_of(sums), shifts)
    with rooms.office.store.writing() as act:
        act.exec_driver_sql("analyze")


@pytest.mark.timeout(600)
def test_settling_a_year_takes_what_its_days_take_however_many_sales_they_had(rooms: Rooms) -> None:
    finance = Acting(rooms, Person("bill", "Bill", Role.BILLING)).finance
    asked: dict[str, Callable[[], object]] = {
        "settlement": lambda: finance.settlement(DAYS, ""),
        "settlement of a till": lambda: finance.settlement(DAYS, "TILL7"),
        "by day": lambda: finance.by_day(DAYS, ""),
        "statement": lambda: finance.statement("TILL7", DAYS),
        "shifts": lambda: finance.shifts(DAYS, "", ""),
        "table": lambda: list(finance.csv(DAYS, "")),
    }
    fill_sums(rooms, SMALL)
    small = {name: seconds(ask) for name, ask in asked.items()}
    with rooms.office.store.writing() as act:
        for table in (tally, closing):
            act.execute(delete(table))
    fill_sums(rooms, LARGE)
    found = finance.settlement(DAYS, "")["money"][0]
    assert (found["sales"], found["gross_minor"]) == (LARGE, LARGE * 5000)
    assert sum(row["minor"] for row in found["lines"]) == LARGE * 5000
    slow = []
    for name, ask in asked.items():
        took, bound = seconds(ask), TIMES_SLOWER * small[name] + 0.05
        print(f"{name}: {1000 * took:.1f} ms, of {SMALL}: {1000 * small[name]:.1f} ms")
        slow += [(name, took, bound)] if took > bound else []
    assert not slow
