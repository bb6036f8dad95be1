"""Copies of slips and the numbers of the status bar, counted again from the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_app.application.errors import OperatorUnknown, ReceiptUnknown
from pos_app.application.printing import PrintOutcome, PrintState
from pos_app.application.records import CurrencySum
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_plan
from tests.shops import HIGHVELD, LAGOON, LAKESIDE, START_MS, HeldClock, make_shop, opened, order

DAY_MS = 86_400_000


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), clock)
    yield shop
    shop.close()


def print_all(shop: OpenShop, state: PrintState) -> list[tuple[int, int]]:
    """Let a printer end every waiting slip in `state`; return (sale, copy) in order."""
    printed = []
    while (task := shop.ledger.next_print_task()) is not None:
        printed.append((task.sale_seq, task.copy))
        shop.ledger.note_print(task, PrintOutcome(state))
    return printed


def test_copies_are_counted_reasoned_and_queued(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    head = shop.ledger.head().seq
    print_all(shop, PrintState.PRINTED)
    assert shop.desk.reprint(sale.receipt, "lost", "ama") == (sale, 1)
    assert shop.desk.reprint(sale.receipt, "unreadable", "grace") == (sale, 2)
    bodies = [entry.reading() for entry in shop.ledger.entries(head)]
    common = {"sale_seq": head, "receipt": sale.receipt}
    assert bodies == [
        {**common, "copy": 1, "reason": "lost", "operator": "ama", "shift": 1},
        {**common, "copy": 2, "reason": "unreadable", "operator": "grace", "shift": 0},
    ]
    assert print_all(shop, PrintState.PRINTED) == [(head, 1), (head, 2)]
    (row,) = shop.desk.sales_today()
    assert (row.copies, row.print_state) == (2, PrintState.PRINTED)


def test_a_copy_sells_nothing(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    before, spent = shop.desk.status(), shop.ledger.allowances()
    shop.desk.reprint(sale.receipt, "lost", "ama")
    after = shop.desk.status()
    assert shop.ledger.allowances() == spent
    assert (after.today, after.waiting) == (before.today, before.waiting)
    assert shop.desk.sale(sale.receipt) == sale


def test_what_cannot_be_copied_is_refused_without_an_entry(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    head = shop.ledger.head()
    series = sale.receipt.replace("-A", "-B")
    for receipt in ("", "TRAIN1-A000002", series, "OTHER-A000001", "000001", "\ud800"):
        with pytest.raises(ReceiptUnknown):
            shop.desk.reprint(receipt, "lost", "ama")
    with pytest.raises(OperatorUnknown):
        shop.desk.reprint(sale.receipt, "lost", "nobody")
    with pytest.raises(ValueError, match="bored"):
        shop.desk.reprint(sale.receipt, "bored", "ama")
    assert shop.ledger.head() == head


def test_a_slip_that_did_not_come_out_is_printed_again_and_is_no_copy(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    head = shop.ledger.head()
    assert not shop.desk.print_again(sale.receipt)
    assert print_all(shop, PrintState.FAILED) == [(head.seq, 0)]
    assert shop.desk.print_again(sale.receipt)
    assert print_all(shop, PrintState.PRINTED) == [(head.seq, 0)]
    assert shop.ledger.head() == head
    with pytest.raises(ReceiptUnknown):
        shop.desk.print_again("TRAIN1-A000009")


def sell_some(shop: OpenShop, clock: HeldClock) -> None:
    for drn, minor in ((HIGHVELD, 5000), (LAGOON, 250_000), (LAKESIDE, 9000), (HIGHVELD, 12_340)):
        clock.now += 60_000
        shop.desk.sell(order(shop, drn, minor))


def sales(shop: OpenShop) -> list[dict[str, Any]]:
    return [entry.reading() for entry in shop.ledger.entries() if entry.kind == "sale"]


def counted(bodies: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    count = Counter(body["currency"] for body in bodies)
    money: Counter[str] = Counter()
    for body in bodies:
        money[body["currency"]] += sum(line["amount_minor"] for line in body["lines"])
    return {code: (count[code], money[code]) for code in count}


def told(sums: tuple[CurrencySum, ...]) -> dict[str, tuple[int, int]]:
    return {each.total.currency.code: (each.sales, each.total.minor) for each in sums}


def test_the_status_equals_a_recount_of_the_journal(shop: OpenShop, clock: HeldClock) -> None:
    sell_some(shop, clock)
    first = sales(shop)
    status = shop.desk.status()
    assert told(status.today) == told(status.waiting) == counted(first)
    assert len(counted(first)) == 3
    assert status.waiting_oldest_ms == first[0]["at_ms"] == START_MS + 60_000
    assert (status.slips_waiting, status.slips_failed) == (4, 0)
    assert (status.clock_problem, status.tariff_age_days) == ("", 0)


def test_a_new_day_begins_with_nothing_sold_and_everything_waiting(
    shop: OpenShop, clock: HeldClock
) -> None:
    sell_some(shop, clock)
    clock.now = START_MS + DAY_MS
    status = shop.desk.status()
    assert (told(status.today), status.tariff_age_days) == ({}, 1)
    assert shop.desk.sales_today() == ()
    clock.now -= 60_000  # less than a day ahead: sales go on
    shop.desk.sell(order(shop, HIGHVELD, 7000))
    status = shop.desk.status()
    assert told(status.today) == {"ZAR": (1, 7000)}
    assert told(status.waiting) == counted(sales(shop))


def test_the_allowance_is_what_is_left_of_the_scarcest_bound(
    shop: OpenShop, clock: HeldClock
) -> None:
    assert shop.desk.status().allowance_percent == 100
    sell_some(shop, clock)
    bounds = training_plan()["allowance"]
    left = []
    for code in counted(sales(shop)):
        of_code = [body for body in sales(shop) if body["currency"] == code]
        for granted, used in (
            (bounds["money"], sum(body["total_minor"] for body in of_code)),
            (bounds["tenths"], sum(body["tenths"] for body in of_code)),
            (bounds["count"], len(of_code)),
        ):
            left.append((granted - used) * 100 // granted)
    assert shop.desk.status().allowance_percent == min(left) == 99


def test_slips_count_until_they_are_on_paper(shop: OpenShop, clock: HeldClock) -> None:
    def slips() -> tuple[int, int]:
        status = shop.desk.status()
        return status.slips_waiting, status.slips_failed

    sell_some(shop, clock)
    task = shop.ledger.next_print_task()
    assert task is not None
    assert slips() == (4, 0)  # one of them is on its way
    shop.ledger.note_print(task, PrintOutcome(PrintState.SENT))
    assert slips() == (3, 0)
    print_all(shop, PrintState.FAILED)
    assert slips() == (0, 3)


def test_todays_sales_are_listed_newest_first_and_found_by_a_fragment(
    shop: OpenShop, clock: HeldClock
) -> None:
    sell_some(shop, clock)
    rows = shop.desk.sales_today()
    assert [row.receipt[-1] for row in rows] == ["4", "3", "2", "1"]
    assert [row.drn for row in shop.desk.sales_today(LAGOON[:6])] == [LAGOON]
    name = rows[0].name
    assert {row.name for row in shop.desk.sales_today(name.lower()[1:6])} == {name}
    assert shop.desk.sales_today("%") == shop.desk.sales_today("\ud800") == ()
    assert len(shop.desk.sales_today(limit=2)) == 2
