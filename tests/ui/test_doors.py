"""Where selling begins and stops: the passphrase, the lock, the stopped clock."""

from __future__ import annotations

from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.clock_stop import ClockStopPage
from pos_app.ui.views.shell import Shell
from pos_app.ui.views.sign_in import SignInPage
from pos_app.ui.views.unlock import UnlockPage
from tests.ui.conftest import Cashier, Open, only, texts
from tests.ui.trouble import ShopInUse


def test_a_stopped_clock_needs_a_supervisors_pin(cashier: Cashier) -> None:
    cashier.on.desk.clock_problem = "behind"
    cashier.shell.refresh_now()
    cashier.sees(lambda: cashier.on.window.findChild(ClockStopPage) is not None)
    page = only(cashier, ClockStopPage)
    cashier.sees(page.pin.hasFocus)
    cashier.sees(lambda: page.supervisor.count() == 1)
    cashier.type("0000")
    cashier.enter()
    cashier.sees(lambda: "PIN is wrong" in texts(page))
    cashier.type("2468")
    cashier.enter()
    cashier.sees(lambda: cashier.shell.pages.currentWidget() is cashier.till)
    assert cashier.till.search.hasFocus()


def test_a_stopped_clock_does_not_hide_a_token(cashier: Cashier) -> None:
    cashier.sell()
    cashier.reach(Step.RESULT)
    cashier.on.desk.clock_problem = "ahead"
    calls = cashier.on.desk.calls.count("status")
    cashier.shell.refresh_now()
    cashier.sees(lambda: cashier.on.desk.calls.count("status") > calls)
    cashier.settle()
    assert cashier.till.result.token.isVisible()


def test_locking_asks_who_is_there(cashier: Cashier) -> None:
    cashier.shell.open_page("lock")
    cashier.sees(lambda: cashier.on.window.findChild(SignInPage) is not None)
    assert not isinstance(cashier.on.window.content, Shell)


def test_locking_while_a_question_is_open_breaks_nothing(cashier: Cashier) -> None:
    cashier.type("moyo")
    cashier.shell.open_page("lock")
    cashier.at_the_till()
    assert cashier.till.search.text() == ""


def test_a_passphrase_opens_the_shop_and_a_wrong_one_does_not(open_till: Open) -> None:
    cashier = open_till(passphrase="")
    page = only(cashier, UnlockPage)
    cashier.sees(page.passphrase.hasFocus)
    cashier.type("guess")
    cashier.enter()
    cashier.sees(lambda: "passphrase is wrong" in texts(page))
    cashier.sees(page.passphrase.hasFocus)
    cashier.type("correct horse battery staple")
    cashier.enter()
    cashier.at_the_till()
    assert isinstance(cashier.on.window.content, Shell)


def test_a_shop_with_a_known_passphrase_asks_for_none_when_it_stays_shut(open_till: Open) -> None:
    cashier = open_till(shut=ShopInUse(folder="shops/training"))
    page = only(cashier, UnlockPage)
    cashier.sees(lambda: "already open in another Tokentill" in texts(page))
    assert not page.passphrase.isVisible()
    assert not page.enter.isVisible()
    cashier.sees(page.retry.hasFocus)
    cashier.enter()
    cashier.at_the_till()
