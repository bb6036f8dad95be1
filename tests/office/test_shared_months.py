"""When a month is corrected and when not, by whom, once, and what page and command say of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pos_app.head_office.oversold import Asked, Line, last_month
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.journals import entries_of
from tests.office.makers import DRN, MadeTill, send
from tests.office.oversellers import HIGHVELD, Counter, oversell, sold
from tests.office.seen import one, rows
from tests.office.test_scanning import code
from tests.shops import HeldClock

NOW = Asked("2026-11", now=True)
OWED = 8445
"""Two times 700 at 2.18822 up to 350 kWh, 2.47963 above: see `test_oversold`."""
MONTH_MS = 31 * 86_400_000


def lines(rooms: Rooms, asked: Asked = NOW) -> list[Line]:
    return list(rooms.oversold.lines(asked))


def why(rooms: Rooms, asked: Asked = NOW) -> dict[str, int]:
    (line,) = lines(rooms, asked)
    return dict(line.whys)


def test_training_and_earnest_are_never_held_against_each_other(rooms: Rooms) -> None:
    oversell(rooms, "TILL7")
    oversell(rooms, "TILL8", training=False)
    assert lines(rooms) == []
    oversell(rooms, "TILL9")
    (line,) = lines(rooms)
    assert (line.key, line.open, line.till) == ((DRN, True, "2026-11"), OWED, "TILL9")


def test_a_month_is_settled_once_every_till_that_sold_is_heard_of_after_it(
    rooms: Rooms, clock: HeldClock
) -> None:
    tills = oversell(rooms, "TILL7", "TILL8")
    clock.now += MONTH_MS
    assert last_month(clock.now) == "2026-11"
    (line,) = lines(rooms, Asked("2026-11"))
    assert (line.whys, line.waits_for) == ({"waits": 2}, ("TILL7", "TILL8"))
    assert rooms.oversold.draft(Asked("2026-11"), "ivy") == []
    for till, left in zip(tills, ((1, ("TILL8",)), (0, ())), strict=True):
        till.at_ms += MONTH_MS
        till.add("sign_in", {"operator": "ama"})
        send(rooms, till, till.bundle())
        (line,) = lines(rooms, Asked("2026-11"))
        assert (line.whys.get("waits", 0), line.waits_for) == left
    assert len(rooms.oversold.draft(Asked("2026-11"), "ivy")) == 1


def test_the_till_that_sold_last_collects_and_never_one_that_gets_no_packs(rooms: Rooms) -> None:
    oversell(rooms, "TILL7", "TILL8")
    assert lines(rooms)[0].till == "TILL8"
    rooms.block("TILL8")
    assert lines(rooms)[0].till == "TILL7"
    rooms.block("TILL7")
    assert why(rooms) == {"no-till": 1}


def test_a_forked_journal_and_a_sale_from_its_receipt_only_are_reasons(rooms: Rooms) -> None:
    first, second = oversell(rooms, "TILL7", "TILL8")
    copy = second.copied()
    other = first.sell(1, receipt="TILL7-1-9", number=9, training=True)
    rooms.scanning(code(first, other), "ivy")
    assert why(rooms) == {"rebuilt": 1}
    send(rooms, first, first.bundle())  # the journal that comes later has all of it
    assert why(rooms) == {"tariff-unknown": 1}
    for till, minor in ((second, 1), (copy, 2)):
        till.sell(1, total_minor=minor)
        send(rooms, till, till.bundle())
    assert why(rooms) == {"tariff-unknown": 1, "forked": 1}


def test_a_sale_whose_money_went_back_is_not_asked_for_and_a_replaced_token_is(
    rooms: Rooms,
) -> None:
    _, second = oversell(rooms, "TILL7", "TILL8")
    sale = second.entries[-1]
    meter = {"drn": DRN}
    replaced = {"act": "replacement", "sale_seq": sale.seq, "from_drn": "", "meter": meter,
                "tokens": [], "tenths": 0, "approver": "bea", "operator": "ama",
                "currency": "ZAR", "receipt": "TILL8-1-1"}  # fmt: skip
    second.add("replacement", replaced)
    send(rooms, second, second.bundle())
    assert "good" in str(one(rooms, "select books from branch where till = 'TILL8'"))
    assert lines(rooms)[0].open == OWED
    second = journal(rooms, "TILL8")
    sold(second, Counter(HIGHVELD, {"TILL8": Decimal("319.9")}), 50_000)
    sale = second.entries[-1]
    send(rooms, second, second.bundle())
    assert lines(rooms)[0].open > OWED
    refund = {"sale_seq": sale.seq, "sale_id": "x", "amount_minor": 50_000, "approver": "bea",
              "operator": "ama", "receipt": "TILL8-1-2", "currency": "ZAR", "decimals": 2,
              "parts": [], "reason": "wrong-amount"}  # fmt: skip
    second.add("refund", refund)
    send(rooms, second, second.bundle())
    assert lines(rooms)[0].open == OWED


def test_what_is_refused_may_be_drafted_again_and_files_are_numbered_as_they_are_issued(
    rooms: Rooms,
) -> None:
    oversell(rooms, "TILL7", "TILL8")
    oversell_more(rooms, "15000000009")
    (refused,) = rooms.oversold.draft(NOW, "ivy")
    rooms.packing.refuse(refused, "abe")
    (again,) = rooms.oversold.draft(NOW, "ivy")
    refs = rows(rooms, "select ref from oversold where draft = :draft order by ref", draft=again)
    assert refs == [(f"{DRN}-2026-11-2",), ("15000000009-2026-11-2",)]
    oversell_more(rooms, "15000000017")
    (later,) = rooms.oversold.draft(NOW, "ivy")
    rooms.packing.issue(later, "abe")
    rooms.packing.issue(again, "abe")
    found = rows(rooms, "select draft, number from oversold order by number, ref")
    assert found == [(refused, 0), (refused, 0), (later, 1), (again, 2), (again, 3)]
    assert lines(rooms) == []


def oversell_more(rooms: Rooms, drn: str) -> None:
    """Let the two tills of `oversell` sell to another meter as well."""
    counter = Counter(HIGHVELD)
    for name in ("TILL7", "TILL8"):
        till = journal(rooms, name)
        sold(till, counter, 70_000, drn)
        send(rooms, till, till.bundle())


def journal(rooms: Rooms, name: str) -> MadeTill:
    """Return a till that was enrolled, with its journal so far."""
    with rooms.office.store.reading() as act:
        held_here = list(entries_of(act, name))
    last = held_here[-1]
    return MadeTill(name, entries=held_here, at_ms=last.at_ms, sold=last.seq)


def test_two_people_who_draft_at_once_ask_for_it_once(rooms: Rooms) -> None:
    oversell(rooms, "TILL7", "TILL8")
    made: list[int] = []
    at_once(*(lambda who=who: made.extend(rooms.oversold.draft(NOW, who)) for who in ("a", "b")))
    assert len(made) == 1
    assert one(rooms, "select count(*) from oversold") == 1


def at_once(*acts: Callable[[], Any]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_every_meter_is_looked_at_a_piece_at_a_time(rooms: Rooms, monkeypatch: Any) -> None:
    monkeypatch.setattr("pos_app.head_office.oversold._PIECE", 2)
    monkeypatch.setattr("pos_app.head_office.oversold._MANY", 3)
    oversell(rooms, "TILL7", "TILL8")
    for at in range(4):
        oversell_more(rooms, f"1500000000{at}")
    found = [line.key.drn for line in lines(rooms)]
    assert found == [DRN, *(f"1500000000{at}" for at in range(4))]
    first, after = rooms.oversold.page(NOW, None, 3)
    second, end = rooms.oversold.page(NOW, after, 3)
    assert [line.key.drn for line in (*first, *second)] == found
    assert end is None
    monkeypatch.setattr("pos_app.head_office.oversold.LOOKED", 2)
    some, after = rooms.oversold.page(NOW, None, 50)
    assert ([line.key.drn for line in some], after) == (found[:2], some[1].key)
    assert lines(rooms, Asked("2026-10", now=True)) == []
    assert lines(rooms, Asked("2026-11", "TILL9", now=True)) == []
    assert len(lines(rooms, Asked("2026-11", "TILL8", now=True))) == 5
