"""Who stands at the till: PINs, a lock-out that cannot be waited or restarted away, the clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_app.application.errors import OperatorUnknown, PinWrong, RoleNeeded
from pos_app.application.records import Role
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.lockout import PinLocked
from tests.shops import HIGHVELD, START_MS, HeldClock, make_shop, opened, order

WRONG = "8642"


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_shop(tmp_path)


@pytest.fixture
def shop(folder: Path, clock: HeldClock) -> Iterator[OpenShop]:
    shop = opened(folder, clock)
    yield shop
    shop.close()


def entries(shop: OpenShop, after: int) -> list[tuple[str, dict[str, Any]]]:
    return [(entry.kind, entry.reading()) for entry in shop.ledger.entries(after)]


def fail(shop: OpenShop, times: int = 1, operator: str = "ama") -> list[object]:
    """Give a wrong PIN and return how many tries were left each time."""
    left = []
    for _ in range(times):
        with pytest.raises(PinWrong) as caught:
            shop.desk.sign_in(operator, WRONG)
        left.append(caught.value.facts["tries_left"])
    return left


def seconds_locked(shop: OpenShop, pin: str = WRONG) -> object:
    with pytest.raises(PinLocked) as caught:
        shop.desk.sign_in("ama", pin)
    return caught.value.facts["seconds"]


def test_the_right_pin_signs_in_and_is_journalled(shop: OpenShop) -> None:
    head = shop.ledger.head().seq
    operator = shop.desk.sign_in("ama", "1111")
    assert (operator.id, operator.name, operator.role) == ("ama", "Ama", Role.CASHIER)
    assert entries(shop, head) == [("sign_in", {"operator": "ama"})]


def test_a_wrong_pin_is_journalled_without_the_pin(shop: OpenShop, clock: HeldClock) -> None:
    clock.steady = 5_000
    head = shop.ledger.head().seq
    assert fail(shop, 2) == [4, 3]
    assert entries(shop, head) == [
        ("sign_in_refused", {"operator": "ama", "failures": 1, "shift": 0, "steady_ms": 5_000}),
        ("sign_in_refused", {"operator": "ama", "failures": 2, "shift": 0, "steady_ms": 5_000}),
    ]
    assert all(WRONG not in entry.body for entry in shop.ledger.entries(head))


def test_the_fifth_wrong_pin_locks_for_longer_each_time(shop: OpenShop, clock: HeldClock) -> None:
    assert fail(shop, 5) == [4, 3, 2, 1, 0]
    for seconds in (30, 60, 120, 240, 480, 960, 1920, 3600, 3600):
        assert seconds_locked(shop) == seconds
        clock.steady += seconds * 1000 - 1
        assert seconds_locked(shop) == 1
        clock.steady += 1
        fail(shop)


def test_the_right_pin_does_not_open_a_lock_and_is_not_counted(
    shop: OpenShop, clock: HeldClock
) -> None:
    fail(shop, 5)
    head = shop.ledger.head()
    assert seconds_locked(shop, "1111") == 30
    assert shop.ledger.head() == head
    clock.steady += 30_000
    assert shop.desk.sign_in("ama", "1111").id == "ama"


def test_a_restart_does_not_open_a_lock(folder: Path, clock: HeldClock) -> None:
    shop = opened(folder, clock)
    fail(shop, 5)
    shop.close()
    again = opened(folder, clock)
    assert seconds_locked(again, "1111") == 30
    again.close()


HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def test_a_clock_that_is_set_neither_shortens_nor_lengthens_a_lock(
    shop: OpenShop, clock: HeldClock
) -> None:
    fail(shop, 5)
    for now in (START_MS - DAY_MS, START_MS - 60_000, 0, START_MS + HOUR_MS, START_MS + 9 * DAY_MS):
        clock.now = now
        assert seconds_locked(shop, "1111") == 30
    clock.now, clock.steady = START_MS - DAY_MS, 30_000
    assert shop.desk.sign_in("ama", "1111").id == "ama"


def test_neither_a_restart_nor_a_clock_set_ahead_nor_a_sale_then_shortens_a_lock(
    folder: Path, clock: HeldClock
) -> None:
    clock.steady = 50_000
    shop = opened(folder, clock)
    fail(shop, 5)
    shop.close()
    clock.now, clock.steady = START_MS + 20 * HOUR_MS, 60_000
    again = opened(folder, clock)
    assert seconds_locked(again, "1111") == 20  # the steady clock ran on while it was closed
    again.desk.sell(order(again, HIGHVELD, 5_000, operator_id="tendai"))
    assert seconds_locked(again, "1111") == 20
    again.close()
    clock.steady = 4_000  # the computer was started again
    restarted = opened(folder, clock)
    assert seconds_locked(restarted, "1111") == 26
    clock.steady = 30_000
    assert restarted.desk.sign_in("ama", "1111").id == "ama"
    restarted.close()


def test_days_that_were_vouched_for_open_a_lock_on_a_computer_just_started(
    folder: Path, clock: HeldClock
) -> None:
    clock.steady = 9_000_000
    shop = opened(folder, clock)
    fail(shop, 5)
    shop.close()
    clock.now, clock.steady = START_MS + 2 * DAY_MS, 1_000
    again = opened(folder, clock)
    assert seconds_locked(again, "1111") == 29
    again.desk.settle_clock("grace", "3333")
    assert again.desk.sign_in("ama", "1111").id == "ama"
    again.close()


def test_a_lock_from_before_steady_times_runs_from_the_start_of_the_program(
    folder: Path, clock: HeldClock
) -> None:
    shop = opened(folder, clock)
    with shop.ledger.writing() as act:
        for failures in range(1, 6):
            body = {"operator": "ama", "failures": failures, "shift": 0}
            act.append("sign_in_refused", body, clock.now)
    shop.close()
    clock.now, clock.steady = START_MS + HOUR_MS, 700_000
    again = opened(folder, clock)
    assert seconds_locked(again, "1111") == 30
    clock.steady += 30_000
    assert again.desk.sign_in("ama", "1111").id == "ama"
    again.close()


def test_a_right_pin_clears_the_count(shop: OpenShop) -> None:
    fail(shop, 4)
    shop.desk.sign_in("ama", "1111")
    assert fail(shop) == [4]


def test_one_operators_lock_is_not_anothers(shop: OpenShop) -> None:
    fail(shop, 5)
    assert shop.desk.sign_in("tendai", "2222").name == "Tendai"
    assert seconds_locked(shop) == 30


def test_nobody_else_can_sign_in(shop: OpenShop) -> None:
    head = shop.ledger.head()
    for name in ("nobody", "", "AMA", "ama ", "\ud800"):
        with pytest.raises(OperatorUnknown):
            shop.desk.sign_in(name, "1111")
    assert shop.ledger.head() == head


@pytest.mark.parametrize("pin", ["", "111", "11111", " 1111", "１１１１", "\0", "2222"])  # noqa: RUF001 - wide digits
def test_only_the_very_pin_is_the_pin(shop: OpenShop, pin: str) -> None:
    with pytest.raises(PinWrong):
        shop.desk.sign_in("ama", pin)


def test_the_clock_is_settled_by_a_supervisor_only(shop: OpenShop, clock: HeldClock) -> None:
    shop.desk.sign_in("ama", "1111")
    clock.now -= 86_400_000
    head = shop.ledger.head()
    with pytest.raises(RoleNeeded) as caught:
        shop.desk.settle_clock("ama", "1111")
    assert caught.value.facts == {"role": "supervisor"}
    assert shop.ledger.head() == head
    assert shop.desk.status().clock_problem == "behind"
    shop.desk.settle_clock("grace", "3333")
    (settled,) = entries(shop, head.seq)
    assert settled == (
        "clock_settled",
        {"operator": "grace", "was": START_MS, "is": START_MS - 86_400_000},
    )
    assert shop.desk.status().clock_problem == ""


def test_a_wrong_pin_at_the_clock_counts_towards_the_lock(shop: OpenShop) -> None:
    fail(shop, 4, "grace")
    with pytest.raises(PinWrong):
        shop.desk.settle_clock("grace", WRONG)
    with pytest.raises(PinLocked):
        shop.desk.settle_clock("grace", "3333")
    with pytest.raises(PinLocked):
        shop.desk.sign_in("grace", "3333")


def test_who_takes_over_is_journalled_with_whom_she_relieves(shop: OpenShop) -> None:
    head = shop.ledger.head().seq
    shop.desk.sign_in("tendai", "2222", "ama")
    assert entries(shop, head) == [("sign_in", {"operator": "tendai", "instead_of": "ama"})]
