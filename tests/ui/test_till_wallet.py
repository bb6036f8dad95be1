"""Keeping the change at the till: asked for by a key, undone by it, spent as a way of paying."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from pos_app.domain.money import Money
from pos_app.domain.wallet import WALLET_KIND
from pos_app.ui.presenters.till_screen import Step
from tests.ui.conftest import Cashier
from tests.ui.fake_desk import FakeDesk
from tests.ui.fake_meters import METERS
from tests.ui.hand import Till

DRN = METERS[0].drn


def with_wallets(desk: FakeDesk, minor: int | None = None) -> None:
    desk.kinds = (*desk.kinds, WALLET_KIND)
    rand = desk.tariff.currency
    desk.wallets.cap = Money(5000, rand)
    if minor is not None:
        desk.wallets.held[DRN] = Money(minor, rand)


@pytest.fixture
def till() -> Till:
    return Till()


def test_one_key_opens_the_wallet_of_a_customer_who_asks_and_keeps_the_change(till: Till) -> None:
    with_wallets(till.desk)
    till.to_tender()
    till.presenter.typed_received("120")
    till.presenter.keep_change()
    assert till.screen.keep
    assert DRN in till.desk.wallets.held
    till.enter()
    (sale,) = till.desk.sales
    assert (sale.change_minor, sale.wallet_in_minor) == (0, 2000)


def test_the_same_key_gives_the_change_back_after_all(till: Till) -> None:
    with_wallets(till.desk, 0)
    till.to_tender()
    till.presenter.typed_received("120")
    till.presenter.keep_change()
    till.presenter.keep_change()
    till.enter()
    assert till.desk.sales[0].change_minor == 2000


def test_the_next_customer_is_asked_anew(till: Till) -> None:
    with_wallets(till.desk, 0)
    till.to_tender()
    till.presenter.typed_received("120")
    till.presenter.keep_change()
    till.enter()
    till.find(METERS[2].drn)
    till.enter()
    assert not till.screen.keep


def test_a_wallet_with_money_is_a_way_of_paying_and_offers_what_it_holds(till: Till) -> None:
    with_wallets(till.desk, 3000)
    till.to_tender()
    assert till.screen.kinds[-1].code == "wallet"
    till.presenter.pay_by("wallet")
    assert till.screen.received == "30.00"
    till.enter()
    assert till.screen.due == Money(7000, till.desk.tariff.currency)
    till.enter()
    assert [(t.kind, t.amount_minor) for t in till.desk.sales[0].tenders] == [
        ("wallet", 3000),
        ("cash", 7000),
    ]


def test_an_empty_wallet_and_a_shop_without_wallets_offer_nothing(till: Till) -> None:
    with_wallets(till.desk, 0)
    till.to_tender()
    assert "wallet" not in [kind.code for kind in till.screen.kinds]
    off = Till()
    off.to_tender()
    off.presenter.typed_received("120")
    off.presenter.keep_change()
    assert not off.screen.keep


def test_a_wallet_that_opens_late_does_not_disturb_the_next_customer(till: Till) -> None:
    with_wallets(till.desk)
    till.to_tender()
    till.presenter.typed_received("120")
    till.queue.held = True
    till.presenter.keep_change()
    till.presenter.back()
    till.presenter.back()
    till.queue.held = False
    till.queue.work()
    assert till.at(Step.IDLE)
    assert not till.screen.keep
    assert till.screen.card is None


def test_in_the_window_f12_keeps_the_change_and_the_result_says_so(cashier: Cashier) -> None:
    with_wallets(cashier.on.desk)
    cashier.type(DRN)
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.type("100")
    cashier.enter()
    cashier.reach(Step.TENDER)
    assert not cashier.till.sale.cash.keep.isVisible()
    cashier.type("150")
    cashier.sees(cashier.till.sale.cash.keep.isVisible)
    cashier.press(Qt.Key.Key_F12)
    cashier.sees(lambda: "50.00 into" in cashier.till.sale.cash.keep.text())
    cashier.enter()
    cashier.reach(Step.RESULT)
    assert cashier.on.desk.sales[0].wallet_in_minor == 5000
