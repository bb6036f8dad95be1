"""Allowance codes at the till: one use, and guessing is slow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.application.office_code import AllowanceCodeLocked
from pos_app.application.office_records import AllowanceLeft, NotEnrolled
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.allowance import AllowanceUsedUp
from pos_app.exchange.allowance_code import AllowanceCodeWrong, Grant, write_allowance_code
from tests.head_office import SECRET, TILL, PackPress, allowance, enrol, take
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order

DAY_MS = 86_400_000


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    made = opened(make_shop(tmp_path), clock)
    enrol(made)
    take(made, PackPress(TILL).pack(allowance(2, money_minor=10_000, not_after_ms=clock.now + 5)))
    yield made
    made.close()
    assert verify_shop(made.folder, training_passphrase()).fault is None


def code(sequence: int, amount: int = 200, days: int = 7, secret: bytes = SECRET) -> str:
    return write_allowance_code(Grant(sequence, "ZAR", amount, days), TILL, secret)


def left(shop: OpenShop) -> AllowanceLeft:
    (found,) = (e for e in shop.desk.office.status().allowances if e.currency.code == "ZAR")
    return found


def test_a_code_lets_an_empty_till_sell_again(shop: OpenShop, clock: HeldClock) -> None:
    with pytest.raises(AllowanceUsedUp):
        shop.desk.sell(order(shop, HIGHVELD, 12_000))
    grant = shop.desk.office.take_code(code(1), "ama")
    assert (grant.amount, grant.days) == (200, 7)
    after = left(shop).allowance
    assert (after.money_minor, after.tenths, after.count) == (30_000, 120_000, 300)
    assert after.not_after_ms == clock.now + 7 * DAY_MS
    shop.desk.sell(order(shop, HIGHVELD, 12_000))


def test_a_code_counts_once_and_never_after_a_later_one(shop: OpenShop) -> None:
    shop.desk.office.take_code(code(2), "ama")
    for used in (2, 1):
        with pytest.raises(AllowanceCodeWrong):
            shop.desk.office.take_code(code(used), "ama")
    shop.desk.office.take_code(code(3, days=0), "ama")
    assert left(shop).allowance.money_minor == 50_000


def test_guessing_is_shut_out_for_longer_and_longer(shop: OpenShop, clock: HeldClock) -> None:
    for number in range(5):
        with pytest.raises(AllowanceCodeWrong):
            shop.desk.office.take_code(code(1, amount=number + 1, secret=bytes(32)), "ama")
    with pytest.raises(AllowanceCodeLocked) as locked:
        shop.desk.office.take_code(code(1), "ama")
    assert locked.value.facts == {"seconds": 30}
    clock.steady += 30_000
    with pytest.raises(AllowanceCodeWrong):
        shop.desk.office.take_code(code(1, secret=bytes(32)), "ama")
    clock.steady += 30_000
    with pytest.raises(AllowanceCodeLocked):
        shop.desk.office.take_code(code(1), "ama")
    clock.steady += 30_000
    shop.desk.office.take_code(code(1), "ama")


def test_a_slip_of_the_pen_is_no_guess(shop: OpenShop) -> None:
    for _ in range(7):
        with pytest.raises(AllowanceCodeWrong) as wrong:
            shop.desk.office.take_code("1234", "ama")
        assert wrong.value.facts == {"problem": "digits"}
    shop.desk.office.take_code(code(1), "ama")


def test_a_shop_without_head_office_takes_no_code(tmp_path: Path) -> None:
    alone = opened(make_shop(tmp_path / "alone"))
    try:
        with pytest.raises(NotEnrolled):
            alone.desk.office.take_code(code(1), "ama")
    finally:
        alone.close()
