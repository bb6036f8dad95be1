"""Another operator takes over: the sale stays on the screen, and whoever commits answers for it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.sign_in import SignInPage
from tests.ui.conftest import Cashier
from tests.ui.fake_desk import OPERATORS
from tests.ui.hand import Till


def to_amount(cashier: Cashier) -> None:
    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.type("40")
    cashier.sees(lambda: cashier.till.sale.amount.text() == "40")


def switch_page(cashier: Cashier) -> SignInPage:
    cashier.sees(lambda: isinstance(cashier.shell.pages.currentWidget(), SignInPage))
    page = cashier.shell.pages.currentWidget()
    assert isinstance(page, SignInPage)
    cashier.sees(lambda: bool(page.tiles) and page.hasFocus())
    return page


def sign_as(cashier: Cashier, number: str, pin: str) -> None:
    switch_page(cashier)
    cashier.type(number)
    cashier.type(pin)
    cashier.enter()
    cashier.sees(lambda: cashier.shell.pages.currentWidget() is cashier.till)


def test_the_sale_stays_and_is_committed_by_who_is_signed_in(cashier: Cashier) -> None:
    to_amount(cashier)
    cashier.press(Qt.Key.Key_F11)
    sign_as(cashier, "2", "4321")
    assert cashier.shell.step is Step.AMOUNT
    assert cashier.till.sale.amount.text() == "40"
    cashier.sees(cashier.till.sale.amount.hasFocus)
    cashier.enter()
    cashier.reach(Step.TENDER)
    cashier.enter()
    cashier.reach(Step.RESULT)
    assert cashier.on.desk.sales[0].operator == "kofi"
    assert "sign_in instead of ama" in cashier.on.desk.calls


def test_esc_leaves_everything_as_it_was(cashier: Cashier) -> None:
    to_amount(cashier)
    cashier.press(Qt.Key.Key_F11)
    switch_page(cashier)
    cashier.type("2")
    cashier.press(Qt.Key.Key_Escape)
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees(lambda: cashier.shell.pages.currentWidget() is cashier.till)
    assert cashier.shell.step is Step.AMOUNT
    assert cashier.on.desk.calls.count("sign_in") == 1


def test_a_wrong_pin_is_told_in_place_and_nobody_takes_over(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F11)
    page = switch_page(cashier)
    cashier.type("2")
    cashier.type("9999")
    cashier.enter()
    cashier.sees(page.notice.isVisible)
    assert cashier.shell.pages.currentWidget() is page


def test_a_press_on_the_name_does_the_same(cashier: Cashier) -> None:
    header = cashier.shell.header
    at = header._operator.geometry().center()
    QTest.mouseClick(header, Qt.MouseButton.LeftButton, pos=QPoint(at.x(), at.y()))
    switch_page(cashier)
    assert cashier.shell.step is Step.IDLE


def test_the_ways_of_paying_follow_the_role_of_who_takes_over() -> None:
    till = Till()
    till.to_tender()
    assert "account" not in [kind.code for kind in till.screen.kinds]
    till.presenter.take_over(OPERATORS[2])
    assert "account" in [kind.code for kind in till.screen.kinds]
    till.presenter.pay_by("account")
    till.presenter.take_over(OPERATORS[0])
    assert till.screen.kind == "cash"
    till.enter()
    assert till.desk.sales[0].operator == "ama"


@pytest.mark.parametrize("name", ["sales", "shift", "reports", "record", "settings"])
def test_a_page_is_made_anew_for_the_rights_of_who_takes_over(cashier: Cashier, name: str) -> None:
    to_amount(cashier)
    cashier.shell.open_page(name)
    before = cashier.shell.pages.currentWidget()
    cashier.settle()
    cashier.shell.open_page("till")
    cashier.sees(cashier.till.sale.amount.hasFocus)
    cashier.press(Qt.Key.Key_F11)
    sign_as(cashier, "3", "2468")
    cashier.shell.open_page(name)
    assert cashier.shell.pages.currentWidget() is not before
