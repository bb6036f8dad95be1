"""The month's free units at the till: a key asks, an Enter gives, once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from pos_app.domain.money import Money
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.widgets.badges import BadgeRow
from tests.ui.conftest import Cashier, texts
from tests.ui.fake_meters import METERS
from tests.ui.hand import Till

DRN = METERS[0].drn


@pytest.fixture
def till() -> Till:
    made = Till()
    made.desk.accounts.free[DRN] = Decimal(50)
    return made


def press(till: Till) -> None:
    till.seconds += 1
    till.presenter.extra()


def test_a_key_shows_what_is_free_and_an_enter_gives_it(till: Till) -> None:
    till.to_amount()
    press(till)
    assert till.at(Step.FREE)
    assert till.screen.answer is not None
    assert till.screen.answer.quote.free_tenths == 500
    assert till.sold() == 0
    till.enter()
    assert till.at(Step.RESULT)
    (sale,) = till.desk.sales
    assert (sale.asked, sale.total_minor, sale.free_tenths, sale.tenders) == ("free", 0, 500, ())
    assert [token.kind for token in sale.tokens] == ["free-basic"]


def test_the_key_does_nothing_where_nothing_is_due(till: Till) -> None:
    till.desk.accounts.free.clear()
    till.to_amount()
    press(till)
    assert till.at(Step.AMOUNT)
    assert "free" not in till.desk.calls


def test_escape_and_a_digit_go_back_to_the_money(till: Till) -> None:
    till.to_amount()
    press(till)
    till.presenter.back()
    assert till.at(Step.AMOUNT)
    assert till.screen.amount == "100.00"  # what the customer usually pays
    press(till)
    till.presenter.typed_amount("7")
    assert till.at(Step.AMOUNT)
    assert till.screen.amount == "7"
    till.presenter.typed_amount("75")
    till.enter()
    assert till.at(Step.TENDER)
    till.enter()
    assert till.desk.sales[0].total_minor == 7500


def test_a_bounce_of_the_key_does_not_reach_the_wallet_or_ask_twice(till: Till) -> None:
    till.to_amount()
    press(till)
    till.presenter.extra()
    assert till.at(Step.FREE)
    assert till.desk.calls.count("free") == 1


def test_what_was_given_meanwhile_is_said_and_nothing_is_sold(till: Till) -> None:
    till.to_amount()
    press(till)
    till.desk.accounts.free.clear()
    till.enter()
    assert till.at(Step.AMOUNT)
    assert till.code() == "no-free-units"
    assert till.sold() == 0


def test_the_card_says_what_is_owed_and_what_is_free(cashier: Cashier) -> None:
    accounts = cashier.on.desk.accounts
    accounts.owed[DRN] = Money(1200, cashier.on.desk.tariff.currency)
    accounts.free[DRN] = Decimal(50)
    cashier.type(DRN)
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    page = cashier.shell.till
    (row,) = page.sale.findChildren(BadgeRow)
    said = [badge.text() for badge in row.badges if badge.isVisible()]
    assert said[1:3] == ["Owes 12.00", "50 kWh free due"]
    assert page.sale.cash.free.isVisible()
    cashier.press(Qt.Key.Key_F12)
    cashier.reach(Step.FREE)
    assert not page.sale.cash.free.isVisible()
    cashier.enter()
    cashier.reach(Step.RESULT)


def test_badges_without_room_are_left_out_whole(cashier: Cashier) -> None:
    cashier.type(DRN)
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    (row,) = cashier.shell.till.sale.findChildren(BadgeRow)
    row.resize(row.badges[0].sizeHint().width() + 20, row.height())
    assert [badge.isVisible() for badge in row.badges] == [True] + [False] * 5


def test_the_end_of_a_block_is_said_below_the_amount(cashier: Cashier) -> None:
    cashier.type(METERS[2].drn)
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.type("80")
    said = "32.00 more still buys at this price; then 3.248405 a kWh"
    cashier.sees(lambda: "28.8" in texts(cashier.till.sale))
    assert said in texts(cashier.till.sale)
