"""The till in its window, by keyboard, on a fake shop: what is typed and what is seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos_app.ui.presenters.till_screen import Step
from tests.ui.conftest import Cashier, Open, texts
from tests.ui.trouble import LedgerUnavailable


def test_a_sale_needs_only_the_keyboard(cashier: Cashier) -> None:
    cashier.sell(received="200")
    cashier.reach(Step.RESULT)
    till = cashier.till
    assert till.result.token.accessibleDescription() == "5649 3153 7254 5031 3471"
    assert till.result.due.text() == "100.00"
    assert till.search.hasFocus()
    assert till.search.text() == ""


def test_the_numeric_pad_alone_makes_a_sale_in_units(cashier: Cashier) -> None:
    for digit in "07124482166":
        cashier.press(Qt.Key(ord(digit)), pad=True)
    cashier.press(Qt.Key.Key_Enter, pad=True)
    cashier.reach(Step.AMOUNT)
    for key in (Qt.Key.Key_Slash, Qt.Key.Key_4, Qt.Key.Key_0):
        cashier.press(key, pad=True)
    assert cashier.till.sale.amount.text() == "/40"
    cashier.press(Qt.Key.Key_Enter, pad=True)
    cashier.reach(Step.TENDER)
    cashier.press(Qt.Key.Key_Minus, pad=True)
    assert cashier.shell.step is Step.AMOUNT
    cashier.press(Qt.Key.Key_Enter, pad=True)
    cashier.press(Qt.Key.Key_Enter, pad=True)
    cashier.reach(Step.RESULT)
    assert cashier.on.desk.sales[0].tenths == 400


def test_a_pads_comma_is_a_decimal_point_and_letters_are_not_typed(cashier: Cashier) -> None:
    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.type("x10")
    cashier.press(Qt.Key.Key_Comma, pad=True)
    cashier.type(",5")
    assert cashier.till.sale.amount.text() == "10.5"


def test_a_key_that_repeats_itself_is_not_an_enter(cashier: Cashier) -> None:
    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.sees(cashier.till.sale.accept.isEnabled)
    for _ in range(5):
        cashier.on.hands.seconds += 1
        held = QKeyEvent(
            QEvent.Type.KeyPress,
            Qt.Key.Key_Return,
            Qt.KeyboardModifier.NoModifier,
            "\r",
            autorep=True,
        )
        QApplication.sendEvent(cashier.focus, held)
    assert cashier.shell.step is Step.AMOUNT


def test_a_scanner_faster_than_the_shop_opens_the_right_card(cashier: Cashier) -> None:
    QTest.keyClicks(cashier.focus, "02211340558")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    assert "Grace Phiri" in texts(cashier.till.sale)


def test_a_scan_while_the_result_stands_starts_the_next_sale(cashier: Cashier) -> None:
    cashier.sell()
    cashier.reach(Step.RESULT)
    cashier.type("0")
    assert cashier.shell.step is Step.SEARCH


def test_note_keys_are_on_f5_to_f8(cashier: Cashier) -> None:
    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.sees(cashier.till.sale.accept.isEnabled)
    cashier.enter()
    cashier.press(Qt.Key.Key_F8)
    cashier.reach(Step.RESULT)
    assert cashier.till.result.due.text() == "100.00"


def test_hands_and_keys_do_the_same(cashier: Cashier) -> None:
    cashier.type("moyo")
    rows = cashier.till.hits.rows
    cashier.sees(lambda: rows.model().rowCount() == 2)
    at = rows.visualRect(rows.model().index(1, 0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
    cashier.reach(Step.AMOUNT)
    assert "Rudo Moyo" in texts(cashier.till.sale)
    cashier.type("100")
    cashier.sees(cashier.till.sale.accept.isEnabled)
    for step in (Step.TENDER, Step.RESULT):
        cashier.on.hands.seconds += 1
        QTest.mouseClick(cashier.till.sale.accept, Qt.MouseButton.LeftButton)
        cashier.reach(step)


def test_trouble_is_told_where_it_happened_with_the_text_selected(cashier: Cashier) -> None:
    cashier.on.desk.trouble = [LedgerUnavailable(reason="disk full")]
    cashier.sell(received="200")
    cashier.sees(lambda: "the disk cannot be written" in texts(cashier.till.sale))
    assert cashier.till.sale.received.hasFocus()
    assert cashier.till.sale.received.selectedText() == "200"
    cashier.enter()
    cashier.reach(Step.RESULT)


def test_selling_twice_offers_the_slip_first(cashier: Cashier) -> None:
    cashier.sell()
    cashier.reach(Step.RESULT)
    cashier.on.desk.now_ms += 125_000
    cashier.sell()
    cashier.reach(Step.DUPLICATE)
    assert "Sold 2 minutes ago by Ama Owusu" in texts(cashier.till.sale)
    assert cashier.till.sale.duplicate.print.hasFocus()
    cashier.enter()
    cashier.reach(Step.RESULT)
    assert "Copy 1" in texts(cashier.till.result)
    assert len(cashier.on.desk.sales) == 1


def test_f12_sells_twice_on_purpose(cashier: Cashier) -> None:
    cashier.sell()
    cashier.reach(Step.RESULT)
    cashier.sell()
    cashier.reach(Step.DUPLICATE)
    cashier.press(Qt.Key.Key_F12)
    cashier.reach(Step.RESULT)
    assert len(cashier.on.desk.sales) == 2


def test_f9_and_a_digit_print_a_copy_of_the_sale_on_the_screen(cashier: Cashier) -> None:
    cashier.sell()
    cashier.reach(Step.RESULT)
    cashier.press(Qt.Key.Key_F9)
    cashier.reach(Step.REASON)
    cashier.press(Qt.Key.Key_2)
    cashier.sees(lambda: "reprint 3-A000142 unreadable" in cashier.on.desk.calls)
    cashier.reach(Step.RESULT)
    assert cashier.till.search.hasFocus()


def test_a_slip_that_failed_says_that_the_token_counts(cashier: Cashier) -> None:
    cashier.on.desk.printer_works = False
    cashier.sell()
    cashier.reach(Step.RESULT)
    cashier.shell.refresh_now()
    cashier.sees(lambda: "The token is valid" in texts(cashier.till.result))
    cashier.sees(lambda: "1 slip not printed" in texts(cashier.shell.footer))
    assert cashier.till.result.token.isVisible()


def test_without_a_printer_the_till_says_so_and_the_slip_waits(open_till: Open) -> None:
    cashier = open_till(printer=False)
    cashier.at_the_till()
    cashier.sell()
    cashier.reach(Step.RESULT)
    assert "No printer set up: the slip waits" in texts(cashier.till.result)


def test_a_meter_that_may_not_buy_is_not_promised_a_first_sale(cashier: Cashier) -> None:
    cashier.type("banda")
    cashier.sees(lambda: cashier.till.hits.rows.model().rowCount() == 1)
    cashier.enter()
    cashier.reach(Step.STOPPED)
    assert "may not buy" in texts(cashier.till.sale)
    assert "First sale" not in texts(cashier.till.sale)


def test_typing_on_the_page_itself_lands_in_the_search_field(cashier: Cashier) -> None:
    cashier.till.again.setFocus()
    QTest.keyClicks(cashier.till, "0")
    cashier.type("7")
    assert cashier.till.search.text() == "07"
    assert cashier.till.search.hasFocus()
