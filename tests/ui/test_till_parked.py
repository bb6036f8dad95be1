"""Parking at the till: what the key does at every step."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from pos_app.application.parked import ParkedFull
from pos_app.ui.presenters.till_screen import Place, Step
from tests.ui.conftest import Cashier
from tests.ui.fake_meters import METERS
from tests.ui.hand import Till


@pytest.fixture
def till() -> Till:
    return Till()


def park(till: Till) -> None:
    till.seconds += 1
    till.presenter.park()


def test_a_sale_at_the_amount_is_put_aside_and_the_till_is_free(till: Till) -> None:
    till.to_amount(amount="75.50")
    park(till)
    assert till.at(Step.IDLE)
    (held,) = till.screen.parked
    assert held.amount is not None
    assert (held.drn, held.amount.plain()) == ("07124482166", "75.50")
    assert till.sold() == 0


def test_the_key_shows_the_list_and_enter_goes_on_where_it_was(till: Till) -> None:
    till.to_amount(amount="u40")
    park(till)
    park(till)
    assert till.at(Step.PARKED)
    assert till.screen.place is Place.CHOICE
    till.presenter.recall(0)
    assert till.at(Step.AMOUNT)
    assert till.screen.amount == "u40.0"
    assert till.screen.parked == ()
    till.enter()
    till.enter()
    assert till.desk.sales[0].tenths == 400


def test_a_sale_at_the_money_is_parked_while_nothing_was_taken(till: Till) -> None:
    till.to_tender()
    park(till)
    assert till.at(Step.IDLE)
    assert len(till.screen.parked) == 1


def test_taken_money_is_given_back_before_a_sale_is_parked(till: Till) -> None:
    till.to_tender()
    till.presenter.note(0)
    till.presenter.pay_by("card")
    park(till)
    assert till.at(Step.TENDER)
    assert till.screen.problem is not None
    assert till.screen.problem.code == "parked-holds-no-money"
    assert till.screen.parked == ()


def test_what_is_parked_stays_in_view_while_others_are_served(till: Till) -> None:
    till.to_amount()
    park(till)
    till.find(METERS[2].drn)
    till.enter()
    assert len(till.screen.parked) == 1
    till.presenter.back()
    assert len(till.screen.parked) == 1


def test_a_sale_that_cannot_be_parked_stays_on_the_screen(till: Till) -> None:
    till.to_amount()
    till.desk.parked.trouble.append(ParkedFull(most=20))
    park(till)
    assert till.at(Step.AMOUNT)
    assert till.screen.problem is not None
    assert till.screen.at_fault is Place.AMOUNT


def test_one_that_was_recalled_elsewhere_is_told_and_leaves_the_list(till: Till) -> None:
    till.to_amount()
    park(till)
    park(till)
    till.desk.parked.held.clear()
    till.presenter.recall(0)
    assert till.at(Step.PARKED)
    assert till.screen.problem is not None
    assert till.screen.parked == ()


def test_arrows_choose_and_f12_drops_the_chosen(till: Till) -> None:
    for meter in METERS[:2]:
        till.find(meter.drn)
        till.enter()
        park(till)
    park(till)
    till.presenter.move(1)
    assert till.screen.chosen == 1
    till.presenter.drop_parked()
    assert [each.drn for each in till.screen.parked] == [METERS[0].drn]
    till.presenter.back()
    assert till.at(Step.IDLE)


def test_in_the_window_f4_parks_and_keys_alone_bring_it_back(cashier: Cashier) -> None:
    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.type("40")
    cashier.press(Qt.Key.Key_F4)
    cashier.reach(Step.IDLE)
    cashier.sees(lambda: cashier.till.park.isVisible() and "1" in cashier.till.park.text())
    cashier.press(Qt.Key.Key_F4)
    cashier.reach(Step.PARKED)
    cashier.sees(cashier.till.parked.hasFocus)
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.sees(lambda: cashier.till.sale.amount.text() == "40.00")
    assert not cashier.on.desk.parked.held


def test_a_scan_at_the_list_starts_the_next_sale(cashier: Cashier) -> None:
    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.press(Qt.Key.Key_F4)
    cashier.reach(Step.IDLE)
    cashier.press(Qt.Key.Key_F4)
    cashier.reach(Step.PARKED)
    cashier.sees(cashier.till.parked.hasFocus)
    cashier.type("0")
    cashier.reach(Step.SEARCH)
    cashier.sees(cashier.till.search.hasFocus)
    cashier.type("221")
    assert cashier.till.search.text() == "0221"
