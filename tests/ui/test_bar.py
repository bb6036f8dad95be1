"""What the bar and the captions say of slips, sums and a locked PIN."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from pos_app.application.key_records import KeyDue
from pos_app.application.records import CurrencySum
from pos_app.domain.money import Currency, Money
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.clock_stop import ClockStopPage
from pos_app.ui.views.sign_in import SignInPage
from tests.ui.conftest import Cashier, Open, texts


def says(chip: QLabel, text: str) -> bool:
    return text in chip.text()


def test_codes_stand_beside_money_once_there_are_two_currencies(cashier: Cashier) -> None:
    cashier.sell(received="200")
    cashier.reach(Step.RESULT)
    waiting = cashier.shell.footer.findChildren(QLabel)[1]
    cashier.sees(lambda: "1 sale, 100.00 waiting" in waiting.accessibleName())
    captions = texts(cashier.till.result).splitlines()
    assert {"Paid", "Change due"} <= set(captions)
    naira = Money(500_000, Currency("NGN", 2))
    cashier.on.desk.elsewhere = (CurrencySum(1, naira),)
    cashier.shell.refresh_now()
    sums = "2 sales waiting, oldest under 1 min: NGN\u00a05,000.00 + ZAR\u00a0100.00"
    cashier.sees(lambda: sums in waiting.accessibleName())
    assert {"Paid, ZAR", "Change due, ZAR"} <= set(texts(cashier.till.result).splitlines())
    cashier.press(Qt.Key.Key_Escape)
    cashier.sell(amount="50", received="20")
    cashier.sees(lambda: "Missing, ZAR" in texts(cashier.till.sale))
    assert cashier.till.sale.accept.text() == "Take 20.00"  # what was typed, not what is due
    assert not cashier.till.sale.accept.isEnabled()


def test_a_slip_on_its_way_is_no_warning(cashier: Cashier) -> None:
    chip = cashier.shell.footer.findChildren(QLabel)[0]
    cashier.on.desk.printer_slow = True
    cashier.sell()
    cashier.reach(Step.RESULT)
    cashier.sees(lambda: "1 slip printing" in chip.text())
    assert not chip.property("state")
    cashier.on.desk.printer_slow, cashier.on.desk.printer_works = False, False
    cashier.press(Qt.Key.Key_Escape)
    cashier.sell(amount="50")
    cashier.reach(Step.RESULT)
    cashier.sees(lambda: "1 slip not printed" in chip.text())
    assert chip.property("state") == "look"


def test_no_printer_is_a_warning_once_a_slip_waits(open_till: Open) -> None:
    cashier = open_till(printer=False)
    cashier.at_the_till()
    chip = cashier.shell.footer.findChildren(QLabel)[0]
    cashier.sees(lambda: "No printer set up" in chip.text())
    assert not chip.property("state")
    cashier.on.desk.printer_slow = True
    cashier.sell()
    cashier.sees(lambda: "No printer set up, 1 slip waits" in chip.text())
    assert chip.property("state") == "look"


def test_a_locked_pin_says_how_long_and_then_nothing(open_till: Open) -> None:
    cashier = open_till()
    cashier.on.desk.tries = 0
    cashier.sign_in()
    page = cashier.on.window.findChild(SignInPage)
    assert page is not None
    cashier.sees(lambda: "Wait 30 s" in page.notice.words())
    cashier.on.hands.seconds += 12
    cashier.sees(lambda: "Wait 18 s" in page.notice.words())
    cashier.on.hands.seconds += 18
    cashier.sees(lambda: not page.notice.isVisible())


def test_a_supervisors_locked_pin_counts_down_too(cashier: Cashier) -> None:
    cashier.on.desk.clock_problem = "behind"
    cashier.on.desk.tries = 0
    cashier.shell.refresh_now()
    cashier.sees(lambda: cashier.on.window.findChild(ClockStopPage) is not None)
    page = cashier.on.window.findChild(ClockStopPage)
    assert page is not None
    cashier.sees(lambda: page.pin.hasFocus() and page.supervisor.count() == 1)
    cashier.type("2468")
    cashier.enter()
    cashier.sees(lambda: "Wait 30 s" in texts(page))
    cashier.on.hands.seconds += 20
    cashier.sees(lambda: "Wait 10 s" in texts(page))
    cashier.on.hands.seconds += 10
    cashier.sees(lambda: "Wait" not in texts(page))


def test_a_key_that_ends_is_told_in_time_and_then_more_urgently(cashier: Cashier) -> None:
    chip = cashier.shell.footer.findChildren(QLabel)[2]
    assert not chip.isVisible()
    for due, state, said in (
        (KeyDue("600111", 1, 80, 90), "", "Key 600111 ends in 80 days"),
        (KeyDue("600111", 1, 30, 30), "look", "ends in 30 days"),
        (KeyDue("600111", 1, 1, 7), "stop", "ends in 1 day:"),
        (KeyDue("600111", 1, 0, 0), "stop", "has ended"),
    ):
        cashier.on.desk.keys_due = (KeyDue("600222", 1, 90, 90), due)
        cashier.shell.refresh_now()
        cashier.sees(partial(says, chip, said))
        assert chip.isVisible()
        assert chip.property("state") == state


def test_a_till_that_was_copied_says_so_before_anything_else(cashier: Cashier) -> None:
    labels = cashier.shell.footer.findChildren(QLabel)
    keys, chip = labels[2], labels[6]
    assert not chip.isVisible()
    cashier.on.desk.keys_due = (KeyDue("600222", 1, 7, 7),)
    cashier.on.desk.parted = True
    cashier.shell.refresh_now()
    cashier.sees(partial(says, chip, "Copied or put back: call head office"))
    assert (chip.isVisible(), chip.property("state"), keys.isVisible()) == (True, "stop", False)
    cashier.on.desk.parted = False
    cashier.shell.refresh_now()
    cashier.sees(lambda: not chip.isVisible())
    assert keys.isVisible()


def test_rules_that_somebody_wrote_into_the_file_are_told(cashier: Cashier) -> None:
    chip = cashier.shell.footer.findChildren(QLabel)[3]
    assert not chip.isVisible()
    cashier.on.desk.rules_outside = True
    cashier.shell.refresh_now()
    cashier.sees(partial(says, chip, "settings.json"))
    assert (chip.isVisible(), chip.property("state")) == (True, "look")
    cashier.on.desk.rules_outside = False
    cashier.shell.refresh_now()
    cashier.sees(lambda: not chip.isVisible())
