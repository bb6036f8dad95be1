"""The shop's cash for a supervisor: by keyboard in a window, and on real books without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_app.application.records import Operator, Role
from pos_app.application.shift_records import BatchReport, OpenBatch, ShiftNow, ShiftReport
from pos_app.application.shift_settings import ShiftSettings
from pos_app.application.slip.layout import Slip
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_pins
from pos_app.domain.cash_count import parse_count
from pos_app.domain.cash_rules import CashRules
from pos_app.domain.money import Currency
from pos_app.domain.shift import Level
from pos_app.ui.presenters.shop_cash import (
    MOST_DIGITS,
    ShopCashParts,
    ShopCashPresenter,
    ShopCashScreen,
    Step,
)
from pos_app.ui.views.shift import ShiftPage
from pos_app.ui.views.shop_cash import ShopCashPage
from tests.shops import HIGHVELD, LAGOON, make_shop, opened, order
from tests.ui.conftest import Cashier
from tests.ui.fake_desk import make_desk
from tests.ui.hand import Queue
from tests.ui.shots_cash import put_shop

RAND = Currency("ZAR", 2)
RULES = ShiftSettings(cash=CashRules(variance_limit={"ZAR": Decimal(5)}))


class Hand:
    """Grace at a presenter; slips are what they are of."""

    def __init__(self, shop: OpenShop) -> None:
        self.queue, self.seen = Queue(), 0
        grace = Operator("grace", "Grace", Role.SUPERVISOR)
        parts = ShopCashParts(shop.desk, self.queue, self._shift, self._batch)
        self.presenter = ShopCashPresenter(parts, grace, self)
        self.presenter.begin()

    def show_screen(self, _screen: ShopCashScreen) -> None:
        self.seen += 1

    @staticmethod
    def _shift(report: ShiftReport, _copy: int) -> Slip:
        return Slip(f"{'Z' if report.closed else 'X'} {report.shift} {report.approved_by}", ())

    @staticmethod
    def _batch(report: BatchReport) -> Slip:
        return Slip(f"{report.level} {report.number} {report.reference}", ())

    @property
    def screen(self) -> ShopCashScreen:
        return self.presenter.screen

    @property
    def paper(self) -> str:
        return self.screen.slip.title if self.screen.slip else ""

    def line(self, text: str) -> None:
        self.presenter.typed(text)
        self.presenter.enter()

    def code(self) -> str:
        return self.screen.problem.code if self.screen.problem else ""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    """Ama sold in two currencies and is at it, Tendai closed 20.00 short."""
    made = opened(make_shop(tmp_path))
    desk = replace(made.desk, shift_settings=lambda: RULES)
    shop = replace(made, desk=desk)
    desk.sell(order(shop, HIGHVELD, 4000, operator_id="tendai"))
    desk.shifts.close("tendai", [parse_count("20.00", RAND)])
    desk.sell(order(shop, HIGHVELD, 5000))
    desk.sell(order(shop, LAGOON, 500_000))
    yield shop
    made.close()


def test_a_supervisor_closes_for_others_approves_and_banks(shop: OpenShop) -> None:
    hand = Hand(shop)
    shift, waiting, *batches = hand.screen.choices
    assert isinstance(shift, ShiftNow)
    assert isinstance(waiting, ShiftReport)
    assert [each.row.level for each in batches if isinstance(each, OpenBatch)] == [
        Level.SALES, Level.BANK,
    ]  # fmt: skip

    hand.presenter.choose(2)  # the sales batch, while Ama's shift is open
    assert (hand.code(), hand.screen.step) == ("shifts-still-open", Step.LIST)

    hand.presenter.choose(0)
    hand.presenter.choose(0)
    assert hand.paper.startswith("X 2")
    hand.presenter.choose(1)
    hand.line("many")
    assert (hand.code(), hand.screen.wrong) == ("count-invalid", True)
    hand.line("500000.00")  # naira first, by code
    hand.line("50x1")
    assert (hand.screen.step, hand.paper) == (Step.DONE, "Z 2 ")
    report = shop.desk.shifts.z(2)
    assert {line.expected.currency.code: line.variance for line in report.drawer}.keys() == {
        "NGN", "ZAR",
    }  # fmt: skip
    assert report.by_name == "Grace"

    hand.presenter.enter()
    at = next(at for at, one in enumerate(hand.screen.choices) if isinstance(one, ShiftReport))
    hand.presenter.choose(at)
    assert hand.paper == "Z 1 "
    hand.line("the safe had it")
    hand.line("0000")
    assert (hand.code(), hand.screen.typed) == ("pin-wrong", "")
    hand.line(training_pins()["grace"])
    assert hand.paper == "Z 1 Grace"

    hand.presenter.enter()
    hand.presenter.choose(1)
    assert hand.screen.step is Step.REFERENCE
    hand.line(" ")
    assert hand.code() == "reference-missing"
    hand.line("DEP 7")
    assert hand.paper == "bank 1 DEP 7"
    hand.presenter.enter()
    assert [each for each in hand.screen.choices if isinstance(each, ShiftNow)] == []


def test_escape_steps_back_and_touches_nothing(shop: OpenShop) -> None:
    hand, head = Hand(shop), shop.ledger.head()
    hand.presenter.choose(0)
    hand.presenter.choose(1)
    for step in (Step.ONE, Step.LIST):
        assert hand.presenter.back()
        assert hand.screen.step is step
    assert not hand.presenter.back()
    assert shop.ledger.head() == head


def test_twenty_open_shifts_are_all_reached_by_digits() -> None:
    desk = make_desk()
    put_shop(desk.shifts)
    one = desk.shifts.others[0]
    desk.shifts.others = [replace(one, shift=number) for number in range(1, 21)]
    grace = Operator("thandi", "Thandi", Role.SUPERVISOR)
    parts = ShopCashParts(desk, Queue(), Hand._shift, Hand._batch)

    class Eyes:
        def show_screen(self, screen: ShopCashScreen) -> None:
            assert len(screen.page) <= MOST_DIGITS

    presenter = ShopCashPresenter(parts, grace, Eyes())
    presenter.begin()
    reached = []
    for _ in range(3):
        reached += list(presenter.screen.page)
        presenter.choose(len(presenter.screen.page))
    assert reached == list(presenter.screen.choices)
    assert len(reached) == 23
    assert presenter.screen.first == 0


def test_only_a_supervisor_has_the_key(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F10)
    cashier.press(Qt.Key.Key_2)
    page = cashier.shell.pages.currentWidget()
    assert isinstance(page, ShiftPage)
    assert not page.shop_key.isVisible()
    cashier.press(Qt.Key.Key_F7)
    assert cashier.shell.pages.currentWidget() is page
    page.shop_wanted.emit()  # whatever a window shows, the books refuse a cashier
    shop = cashier.shell.pages.currentWidget()
    assert isinstance(shop, ShopCashPage)
