"""A clock that was set wrong: selling stops, TIDs never go back, a supervisor settles it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_app.application.errors import RoleNeeded
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.clock_guard import AHEAD_MS, BEHIND_MS, ClockStopped
from tests.shops import HIGHVELD, START_MS, HeldClock, make_shop, opened, order

DAY_MS = 86_400_000


@pytest.mark.parametrize("jump", [-BEHIND_MS - 1, -DAY_MS, -400 * DAY_MS])
def test_a_clock_set_back_stops_selling_and_leaves_no_trace(tmp_path: Path, jump: int) -> None:
    clock, folder = HeldClock(), make_shop(tmp_path)
    shop = opened(folder, clock)
    sold = shop.desk.sell(order(shop, HIGHVELD, 5000))
    head = shop.ledger.head()
    shop.close()
    clock.now += jump
    shop = opened(folder, clock)
    with pytest.raises(ClockStopped) as stopped:
        shop.desk.sell(order(shop, HIGHVELD, 6000))
    assert stopped.value.facts["reason"] == "behind"
    assert shop.ledger.head() == head
    with pytest.raises(RoleNeeded):
        shop.desk.settle_clock("ama", "1111")
    shop.desk.settle_clock("grace", "3333")
    after = shop.desk.sell(order(shop, HIGHVELD, 6000))
    assert after.tokens[0].minute == sold.tokens[0].minute + 1
    assert after.at_ms == clock.now
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None


def test_a_clock_a_little_behind_sells_on_and_never_stamps_before_the_last(tmp_path: Path) -> None:
    clock, folder = HeldClock(), make_shop(tmp_path)
    shop = opened(folder, clock)
    first = shop.desk.sell(order(shop, HIGHVELD, 5000))
    clock.now -= BEHIND_MS
    second = shop.desk.sell(order(shop, HIGHVELD, 6000))
    assert (first.at_ms, second.at_ms) == (START_MS, START_MS)
    assert second.tokens[0].minute == first.tokens[0].minute + 1
    shop.close()


def test_a_clock_set_far_ahead_stops_selling_until_it_is_settled(tmp_path: Path) -> None:
    clock, folder = HeldClock(), make_shop(tmp_path)
    shop = opened(folder, clock)
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    clock.now += AHEAD_MS + 1
    with pytest.raises(ClockStopped) as stopped:
        shop.desk.sell(order(shop, HIGHVELD, 6000))
    assert stopped.value.facts["reason"] == "ahead"
    shop.desk.settle_clock("grace", "3333")
    assert shop.desk.sell(order(shop, HIGHVELD, 6000)).number == 2
    shop.close()


@pytest.mark.parametrize("days", [2, 3, 400])
def test_signing_in_and_opening_a_shift_vouch_for_no_clock(tmp_path: Path, days: int) -> None:
    clock, folder = HeldClock(), make_shop(tmp_path)
    shop = opened(folder, clock)
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    shop.close()
    clock.now += days * DAY_MS
    for _ in range(2):  # the second time the journal's newest entry has the wrong time already
        shop = opened(folder, clock)
        shop.desk.sign_in("ama", "1111")
        assert shop.desk.status().clock_problem == "ahead"
        with pytest.raises(ClockStopped):
            shop.desk.sell(order(shop, HIGHVELD, 6000))
        shop.close()
    shop = opened(folder, clock)
    shop.desk.settle_clock("grace", "3333")
    assert shop.desk.status().clock_problem == ""
    assert shop.desk.sell(order(shop, HIGHVELD, 6000)).at_ms == clock.now
    shop.close()


def test_a_clock_put_right_after_a_sign_in_is_settled_and_sells_on(tmp_path: Path) -> None:
    clock = HeldClock()
    shop = opened(make_shop(tmp_path), clock)
    clock.now += 3 * DAY_MS
    shop.desk.sign_in("ama", "1111")
    clock.now -= 3 * DAY_MS
    assert shop.desk.status().clock_problem == "behind"
    shop.desk.settle_clock("grace", "3333")
    assert shop.desk.sell(order(shop, HIGHVELD, 6000)).at_ms == clock.now
    shop.close()


def test_a_till_left_on_over_a_holiday_sells_on_and_one_that_was_off_asks(tmp_path: Path) -> None:
    clock, folder = HeldClock(), make_shop(tmp_path)
    shop = opened(folder, clock)
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    for moved in ("now", "steady"):
        setattr(clock, moved, getattr(clock, moved) + 4 * DAY_MS)
    assert shop.desk.sell(order(shop, HIGHVELD, 6000)).at_ms == clock.now
    clock.now += 2 * DAY_MS
    assert shop.desk.status().clock_problem == "ahead"
    clock.now -= 2 * DAY_MS
    shop.close()
    clock.now, clock.steady = clock.now + 4 * DAY_MS, 0
    shop = opened(folder, clock)
    with pytest.raises(ClockStopped):
        shop.desk.sell(order(shop, HIGHVELD, 7000))
    shop.close()
