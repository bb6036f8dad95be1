"""The sums that step 0007 makes of what is stored are those of booking; ends are kept apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.exchange.entry_line import entry_line
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import settling
from pos_app.head_office.store.engine import Store, open_store
from tests.office.makers import MadeTill, enrolled, make_rooms, sale_body, send
from tests.office.older import back_to_0006
from tests.office.seen import everything_summed, one, rows
from tests.office.settling_bodies import BANKED, CLOSED, GIVEN, REFUND

DAY = "2026-11-21"
CASH: dict[str, Any] = {"shift": 1, "kind": "in", "currency": "ZAR", "decimals": 2,
                        "amount_minor": 700, "reason": "float", "operator": "ama"}  # fmt: skip
REPRINT = {"sale_seq": 3, "receipt": "TILL7-1-1", "copy": 1, "reason": "lost", "operator": "ama",
           "shift": 1}  # fmt: skip


def older(store: Store, database: str, folder: Path) -> Store:
    """Return the database as an older program left it, opened by this one."""
    back_to_0006(store)
    store.close()
    told: list[tuple[str, int, int]] = []
    again = open_store(database, folder, lambda *said: told.append(said))
    assert told
    assert told[-1][1] == told[-1][2]
    return again


def lived(rooms: Rooms) -> None:
    """Let two tills send what forks, what waits, what cannot be booked, and what is edited."""
    till, other = MadeTill(), MadeTill("TILL8")
    for each in (till, other):
        enrolled(rooms, each)
    till.sell(4)
    till.add("cash_moved", CASH)
    till.add("reprint", REPRINT)
    till.add("cash_moved", CASH | {"amount_minor": "much"})  # cannot be booked
    fork = till.copied()
    till.sell(3)
    till.add("cash_moved", CASH | {"kind": "out"})
    fork.sell(2, total_minor=777, offset_minutes=-840)
    fork.at_ms += 1000
    fork.add("cash_moved", CASH | {"amount_minor": 5})
    send(rooms, till, till.bundle())
    send(rooms, till, fork.bundle(9))
    other.sell(6)
    send(rooms, other, other.bundle(1, 4))
    send(rooms, other, other.bundle(7))  # its past is missing


def test_what_was_stored_before_adds_up_as_what_is_booked_now(
    store: Store, database: str, tmp_path: Path
) -> None:
    rooms = make_rooms(store)
    lived(rooms)
    booked = everything_summed(rooms)
    books = rows(rooms, "select till, branch, books from branch order by till, branch")
    assert len(booked[0]) > 20
    again = older(store, database, tmp_path)
    later = Rooms.of(replace(rooms.office, store=again))
    assert everything_summed(later) == booked
    assert rows(later, "select till, branch, books from branch order by till, branch") == books
    again.close()


def test_a_fork_is_kept_apart_and_both_ends_count(rooms: Rooms) -> None:
    lived(rooms)
    sold = rows(rooms, """select branch, times, minor from tally where till = 'TILL7'
        and what = 'sale' order by branch""")  # fmt: skip
    assert sold == [(0, 7, 35_000), (1, 2, 1_554)]
    assert rows(rooms, "select branch, count(*), sum(total_minor) from sale where till = 'TILL7'"
                " group by branch order by 1") == sold  # fmt: skip
    cash = rows(
        rooms, "select branch, name, minor, day from tally where what = 'cash' order by 1, 2"
    )
    # the other machine stands elsewhere: its day is still the one before
    assert cash == [(0, "in", 700, DAY), (0, "out", 700, DAY), (1, "in", 5, "2026-11-20")]
    with rooms.office.store.reading() as act:
        assert settling.forked(act, ("2026-11-01", "2026-11-30")) == [
            {"till": "TILL7", "currency": "ZAR", "decimals": 2, "times": 2, "minor": 1_554}
        ]


def test_an_entry_that_comes_after_its_edited_copy_adds_once(rooms: Rooms, till: MadeTill) -> None:
    till.sell(3)
    moved = till.add("cash_moved", CASH)
    till.sell(2)
    edited = replace(moved, body=moved.body.replace("700", "900"))
    bad = [*till.entries[: moved.seq - 1], edited, *till.entries[moved.seq :]]
    send(rooms, till, till.bundle_of(bad))
    assert one(rooms, "select count(*) from tally where what = 'cash'") == 0
    for _ in range(3):
        send(rooms, till, till.bundle())
    assert rows(rooms, "select day, times, minor from tally where what = 'cash'") == [(DAY, 1, 700)]
    assert entry_line(edited) != entry_line(moved)


LINE = {"kind": "energy", "amount_minor": 5, "name": "Energy", "percent": ""}
NONSENSE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("sale", {"lines": [LINE | {"name": ["x"]}]}),
    ("sale", {"lines": [LINE | {"percent": 15}]}),
    ("sale", {"lines": [LINE | {"amount_minor": "5"}]}),
    ("sale", {"lines": [LINE | {"amount_minor": 9 * 10**15}]}),
    ("sale", {"lines": {"kind": "energy"}}),
    ("sale", {"tenders": [{"kind": None, "amount_minor": 1}]}),
    ("sale", {"change_minor": None}),
    ("refund", REFUND | {"amount_minor": 9 * 10**15}),
    ("refund", REFUND | {"currency": "money"}),
    ("refund", REFUND | {"parts": 1}),
    ("free_issue", GIVEN | {"tenths": 9 * 10**15}),
    ("shift_closed", CLOSED | {"drawer": [{"currency": "ZAR"}]}),
    ("shift_closed", CLOSED | {"shift": "9" * 30}),
    ("shift_closed", CLOSED | {"drawer": [CLOSED["drawer"][0] | {"counted_minor": 9 * 10**15}]}),
    ("batch_closed", BANKED | {"deposits": [BANKED["deposits"][0] | {"decimals": 99}]}),
    ("cash_moved", CASH | {"kind": ["in"]}),
)


@pytest.mark.parametrize(("kind", "body"), NONSENSE)
def test_nonsense_that_a_till_signs_adds_nothing_and_stops_nothing(
    rooms: Rooms, till: MadeTill, kind: str, body: dict[str, Any]
) -> None:
    till.sell(1)
    whole = sale_body(2, till.at_ms) | body if kind == "sale" else body
    till.add(kind, whole)
    till.sold += 1
    till.sell(1)
    send(rooms, till, till.bundle())
    assert rows(rooms, "select sum(times), sum(minor) from tally where what = 'sale'") == [
        (2, 10_000)
    ]
    assert one(rooms, "select count(*) from tally where what not in ('sale', 'net', 'tariff',"
               " 'change', 'rounding', 'tender.cash', 'token.credit')") == 0  # fmt: skip
    assert one(rooms, "select count(*) from closing") == 0


AMOUNTS = st.integers(0, 10**6)
NUMBERS = count()


@given(st.data())
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_however_a_journal_is_cut_it_adds_up_to_its_own_sums(
    rooms: Rooms, data: st.DataObject
) -> None:
    till = MadeTill(f"CUT{next(NUMBERS)}")
    enrolled(rooms, till)
    total = 0
    for minor in data.draw(st.lists(AMOUNTS, min_size=3, max_size=8)):
        energy = {"kind": "energy", "amount_minor": minor, "name": "Energy", "percent": ""}
        tax = {"kind": "tax", "amount_minor": -minor // 3, "name": "VAT", "percent": "15"}
        till.sell(1, total_minor=minor, lines=[energy, tax])
        total += minor
    ends = st.integers(1, len(till.entries))
    for first, last in data.draw(st.lists(st.tuples(ends, ends), max_size=4)):
        send(rooms, till, till.bundle(min(first, last), max(first, last)))
    send(rooms, till, till.bundle())
    found = rows(
        rooms,
        "select what, sum(minor), sum(times) from tally where till = :till and what in"
        " ('sale', 'line.energy', 'tender.cash') group by what order by what",
        till=till.name,
    )
    sold, money = till.sold, {"line.energy": total, "sale": total, "tender.cash": 5000 * till.sold}
    assert found == [(what, minor, sold) for what, minor in money.items()]
