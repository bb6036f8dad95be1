"""Sales rebuilt from receipts stand in every list of single sales, marked, and once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import delete

from pos_app.head_office.acting import Acting
from pos_app.head_office.acting.pages import ROWS, Page
from pos_app.head_office.errors import PageUnknown
from pos_app.head_office.people import THE_OFFICE, Role
from pos_app.head_office.queries import sales
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.bulk import add_rows
from pos_app.head_office.store.later_tables import rebuilt
from pos_app.head_office.store.tables import sale
from tests.office.console.test_large import LARGE, SMALL, TIMES_SLOWER, day, seconds
from tests.office.console.visitors import hire, visitor
from tests.office.makers import DRN, NOW_MS, MadeTill, send
from tests.office.servers import running
from tests.office.test_scanning import DAYS, code

WIDE = ("2026-01-01", "2026-12-31")


def listed(rooms: Rooms) -> list[tuple[int, int, bool]]:
    """Return (entry, branch, rebuilt), the same from every list that there is."""
    see = Acting(rooms, THE_OFFICE).see

    def told(found: list[dict[str, Any]]) -> list[tuple[int, int, bool]]:
        return sorted((row["seq"], row["branch"], row["rebuilt"]) for row in found)

    known = told(list(sales.every(rooms.office, DAYS)))
    assert told(see.sales("TILL7", DAYS, "").rows) == known
    assert told(see.history(DRN, "").rows) == known
    assert told(sales.of_meter(rooms.office, DRN)) == known
    table = csv.DictReader(io.StringIO("".join(sales.as_csv(rooms.office, DAYS))))
    assert sorted((int(row["seq"]), row["rebuilt"] == "True") for row in table) == [
        (seq, rebuilt) for seq, _, rebuilt in known
    ]
    return known


def test_a_rebuilt_sale_is_listed_until_its_entry_comes_in_its_place(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(2, training=True)
    send(rooms, till, till.bundle())
    lost = [till.sell(1, training=True) for _ in range(2)]
    for entry in lost:
        rooms.scanning(code(till, entry), "ada")
    assert listed(rooms) == [(3, 0, False), (4, 0, False), (5, -1, True), (6, -1, True)]
    assert sum(row["sales"] for row in sales.sums(rooms.office, DAYS)) == 4
    send(rooms, till, till.bundle(5))
    assert listed(rooms) == [(seq, 0, False) for seq in (3, 4, 5, 6)]


def test_two_receipts_of_one_entry_are_two_sales_of_a_copied_till(
    rooms: Rooms, till: MadeTill
) -> None:
    clone = till.copied()
    for each in (till, clone):
        rooms.scanning(code(each, each.sell(1, training=True)), "ada")
    assert listed(rooms) == [(3, -2, True), (3, -1, True)]


def test_what_a_receipt_does_not_say_is_empty_and_its_page_says_so(
    rooms: Rooms, till: MadeTill
) -> None:
    entry = till.sell(1, training=True)
    rooms.scanning(code(till, entry), "ada")
    see = Acting(rooms, THE_OFFICE).see
    (row,) = see.sales("TILL7", DAYS, "").rows
    assert (row["sale_id"], row["shift"], row["utility"]) == (None, None, None)
    assert (row["total_minor"], row["operator"], row["drn"]) == (5000, "ama", DRN)
    shown = see.sale("TILL7", entry.seq, -1)
    assert (shown["tokens"], shown["body"], shown["scanned_by"]) == ([], {}, "ada")
    assert shown["settled_ms"] is None
    with pytest.raises(PageUnknown):
        see.sale("TILL7", entry.seq, -2)
    send(rooms, till, till.bundle())
    assert see.sale("TILL7", entry.seq, -1)["settled_ms"] is not None
    assert see.sale("TILL7", entry.seq, 0)["rebuilt"] is False


def test_the_documents_leave_them_out_and_say_how_many(rooms: Rooms, till: MadeTill) -> None:
    till.sell(1, training=True)
    send(rooms, till, till.bundle())
    whole = b"".join(sales.as_xml(rooms.office, DAYS))
    assert b"left out" not in whole
    rooms.scanning(code(till, till.sell(1, training=True)), "ada")
    document = b"".join(sales.as_xml(rooms.office, DAYS))
    assert document.count(b"creditVendResp>") == whole.count(b"creditVendResp>")
    assert b"<!-- left out, because only their receipts are known: 1 -->" in document


def test_billing_and_the_console_mark_them(rooms: Rooms, till: MadeTill, tmp_path: Any) -> None:
    entry = till.sell(1, training=True)
    rooms.scanning(code(till, entry), "ada")
    token = rooms.people.new_token("billing", Role.BILLING, THE_OFFICE)
    with running(rooms, tmp_path) as server, server.client() as client:
        client.headers["Authorization"] = f"Bearer {token}"
        asked: dict[str, str] = {"from": DAYS[0], "to": DAYS[1], "limit": "1"}
        answer = client.get("/api/v1/sales", params=asked).json()
        (found,) = answer["sales"]
        assert (found["rebuilt"], found["branch"], found["shift"]) == (True, -1, None)
        assert answer["next"] == f"TILL7:{entry.seq}:-1"
        after = {"after": answer["next"]}
        assert client.get("/api/v1/sales", params=asked | after).json()["sales"] == []
        history = client.get(f"/api/v1/meters/{DRN}/sales").json()
        assert [row["rebuilt"] for row in history["sales"]] == [True]
        hire(rooms, "ivy")
        with visitor(server, "ivy") as ivy:
            for place in ("/sales/TILL7", f"/meters/{DRN}", "/scan"):
                page = ivy.get(place, **{"from": DAYS[0], "to": DAYS[1]})
                assert f'href="/console/sales/TILL7/{entry.seq}/-1"' in page.text, place
            sale = ivy.get(f"/sales/TILL7/{entry.seq}/-1")
            assert "Only the receipt of this sale is known" in sale.text
            assert ivy.get(f"/sales/TILL7/{entry.seq}/--1").status_code == 400


def fill(rooms: Rooms, size: int) -> None:
    """Put in as many sales from receipts as from the journal; half of the receipts came."""
    booked = [
        ("TILL7", at, 0, f"s{at}", f"R-{at}", NOW_MS + at, day(at - 1, size), f"14{at % 90:09d}",
         "ama", 1, "grid", "home", 1, "ZAR", 2, 5000, 100, "kWh", False)
        for at in range(1, size + 1)
    ]  # fmt: skip
    scanned = [
        ("TILL7", at, bytes(8), f"R-{at}", NOW_MS + at, day(at - 1, 3 * size), f"14{at % 90:09d}",
         "ama", "home", 1, "ZAR", 2, 5000, 100, "kWh", False, 1, NOW_MS, "ada",
         NOW_MS if at % 2 else None, -1)
        for at in range(size + 1, 3 * size + 1)
    ]  # fmt: skip
    with rooms.office.store.writing() as act:
        act.execute(delete(sale))
        act.execute(delete(rebuilt))
        add_rows(act, sale, booked)
        add_rows(act, rebuilt, scanned)
    with rooms.office.store.writing() as act:
        act.exec_driver_sql("analyze")


def lists(rooms: Rooms, size: int) -> dict[str, Callable[[], list[dict[str, Any]]]]:
    see = Acting(rooms, THE_OFFICE).see
    half = size + size // 2
    place = ("TILL7", half, -1)
    middle = f"{day(half - 1, 3 * size)}:{half}:-1"
    return {
        "till": lambda: see.sales("TILL7", WIDE, "").rows,
        "till, middle": lambda: see.sales("TILL7", WIDE, middle).rows,
        "history": lambda: see.history("14000000007", "").rows,
        "billing": lambda: sales.page(rooms.office, WIDE, most=ROWS),
        "billing, middle": lambda: sales.page(rooms.office, WIDE, "", place, ROWS),
    }


@pytest.mark.timeout(600)
def test_lists_with_many_rebuilt_sales_are_as_fast_as_short_ones(
    rooms: Rooms, till: MadeTill
) -> None:
    assert till.name == "TILL7"
    fill(rooms, SMALL)
    small = {name: seconds(ask) for name, ask in lists(rooms, SMALL).items()}
    fill(rooms, LARGE)
    slow = []
    for name, ask in lists(rooms, LARGE).items():
        assert len(ask()) == ROWS or name == "history", name
        took, bound = seconds(ask), TIMES_SLOWER * small[name] + 0.005
        print(f"{name}: {1000 * took:.1f} ms, of {SMALL}: {1000 * small[name]:.1f} ms")
        slow += [(name, took, bound)] if took > bound else []
    assert not slow


def test_paging_through_both_kinds_has_every_sale_once(rooms: Rooms, till: MadeTill) -> None:
    assert till.name == "TILL7"
    fill(rooms, 2 * ROWS)
    see = Acting(rooms, THE_OFFICE).see

    def walk(ask: Callable[[str], Page]) -> Iterator[tuple[int, int]]:
        after = ""
        while True:
            page = ask(after)
            yield from ((row["seq"], row["branch"]) for row in page.rows)
            after = page.after
            if not after:
                return

    seen = list(walk(lambda after: see.sales("TILL7", WIDE, after)))
    assert len(seen) == len(set(seen)) == 4 * ROWS
    pages: list[tuple[int, int]] = []
    place = sales.START
    while found := sales.page(rooms.office, WIDE, "", place, 7):
        pages += [(row["seq"], row["branch"]) for row in found]
        place = found[-1]["till"], found[-1]["seq"], found[-1]["branch"]
    assert pages == sorted(seen)
