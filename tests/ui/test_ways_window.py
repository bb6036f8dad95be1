"""Paying in several ways in the real window: by keys alone, and by touch alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pos_app.domain.tender_kind import CASH_KIND, TenderKind
from pos_app.ui.presenters.till_screen import Step
from tests.ui.conftest import Cashier, Open


def to_tender(cashier: Cashier) -> None:
    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.type("100")
    cashier.enter()
    cashier.reach(Step.TENDER)
    cashier.sees(lambda: len(cashier.till.sale.cash.ways.buttons) == 4)


def touch(cashier: Cashier, code: str) -> None:
    button = cashier.till.sale.cash.ways.buttons[code]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    cashier.sees(button.isChecked)


def paid(cashier: Cashier) -> list[tuple[str, int, str]]:
    (sale,) = cashier.on.desk.sales
    return [(each.kind, each.amount_minor, each.reference) for each in sale.tenders]


def test_the_numeric_pad_turns_the_way_and_letters_go_into_its_number(cashier: Cashier) -> None:
    to_tender(cashier)
    cashier.press(Qt.Key.Key_Asterisk, pad=True)
    cashier.press(Qt.Key.Key_Asterisk, pad=True)
    cashier.type("60")
    assert cashier.till.sale.received.text() == "60"
    cashier.enter()
    cashier.reach(Step.REFERENCE)
    cashier.sees(cashier.till.sale.cash.reference.hasFocus)
    cashier.type("qk72m8x9p")
    cashier.enter()
    cashier.reach(Step.TENDER)
    cashier.sees(cashier.till.sale.received.hasFocus)
    cashier.enter()
    cashier.reach(Step.RESULT)
    assert paid(cashier) == [("mobile", 6000, "QK72M8X9P"), ("cash", 4000, "")]


def test_touch_alone_chooses_the_way(cashier: Cashier) -> None:
    to_tender(cashier)
    touch(cashier, "cheque")
    cashier.on.hands.seconds += 1
    QTest.mouseClick(cashier.till.sale.accept, Qt.MouseButton.LeftButton)
    cashier.reach(Step.REFERENCE)
    assert not cashier.till.sale.cash.ways.buttons["cash"].isEnabled()
    cashier.type("000123")
    cashier.on.hands.seconds += 1
    QTest.mouseClick(cashier.till.sale.accept, Qt.MouseButton.LeftButton)
    cashier.reach(Step.RESULT)
    assert paid(cashier) == [("cheque", 10_000, "000123")]


def test_the_minus_of_the_pad_leaves_the_number_and_the_way(cashier: Cashier) -> None:
    to_tender(cashier)
    cashier.press(Qt.Key.Key_Asterisk, pad=True)
    cashier.enter()
    cashier.reach(Step.REFERENCE)
    cashier.press(Qt.Key.Key_Minus, pad=True)
    cashier.reach(Step.TENDER)
    cashier.press(Qt.Key.Key_Minus, pad=True)
    cashier.sees(cashier.till.sale.cash.ways.buttons["cash"].isChecked)
    cashier.enter()
    cashier.reach(Step.RESULT)
    assert paid(cashier) == [("cash", 10_000, "")]


def test_ways_that_do_not_fit_side_by_side_come_one_after_the_other(open_till: Open) -> None:
    long = tuple(TenderKind(f"payment-number-{n}-here") for n in range(6))
    cashier = open_till()
    cashier.on.desk.kinds = (CASH_KIND, *long)
    cashier.at_the_till()
    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.enter()
    cashier.reach(Step.TENDER)
    ways = cashier.till.sale.cash.ways
    assert not any(button.isVisible() for button in ways.buttons.values())
    assert ways.width() <= cashier.till.width()
    assert cashier.on.window.width() == 1024
    cashier.type("*")
    cashier.sees(cashier.till.sale.received.isVisible)
    cashier.type("40")
    cashier.enter()
    cashier.enter()
    cashier.reach(Step.RESULT)
    assert paid(cashier) == [("payment-number-0-here", 4000, ""), ("cash", 6000, "")]


def test_a_till_that_takes_cash_only_looks_as_it_always_did(open_till: Open) -> None:
    cashier = open_till()
    cashier.on.desk.kinds = (CASH_KIND,)
    cashier.at_the_till()
    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    assert not cashier.till.sale.cash.ways.isVisible()
    cashier.enter()
    cashier.reach(Step.TENDER)
    cashier.enter()
    cashier.reach(Step.RESULT)
    assert paid(cashier) == [("cash", 10_000, "")]
