"""The window, by keyboard, on a fake shop: what a cashier types and what she sees."""

from __future__ import annotations

import threading
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from pos_app.application.printing import PrintOutcome, PrintState
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.clock_stop import ClockStopPage
from pos_app.ui.views.more import MorePage
from pos_app.ui.views.sales import SalesPage
from pos_app.ui.views.settings import SettingsPage
from pos_app.ui.views.shell import Shell
from pos_app.ui.views.sign_in import SignInPage
from pos_app.ui.views.unlock import UnlockPage
from tests.ui.conftest import Cashier, Open
from tests.ui.trouble import LedgerUnavailable, ShopInUse

Found = TypeVar("Found", bound=QWidget)


def texts(widget: QWidget) -> str:
    return "\n".join(part.text() for part in widget.findChildren(QLabel) if part.isVisible())


def only(cashier: Cashier, kind: type[Found]) -> Found:
    found = cashier.on.window.findChild(kind)
    assert found is not None
    return found


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
    cashier.sees(lambda: "The token counts" in texts(cashier.till.result))
    cashier.sees(lambda: "1 slip not printed" in texts(cashier.shell.footer))
    assert cashier.till.result.token.isVisible()


def test_without_a_printer_the_till_says_so_and_the_slip_waits(open_till: Open) -> None:
    cashier = open_till(printer=False)
    cashier.at_the_till()
    cashier.sell()
    cashier.reach(Step.RESULT)
    assert "No printer set up: the slip waits" in texts(cashier.till.result)


def test_the_sales_of_today_print_again(cashier: Cashier) -> None:
    cashier.sell()
    cashier.reach(Step.RESULT)
    cashier.press(Qt.Key.Key_Escape)
    cashier.press(Qt.Key.Key_F9)
    page = only(cashier, SalesPage)
    cashier.sees(lambda: page.model.rowCount() == 1)
    cashier.enter()
    cashier.sees(lambda: page.paper.reason.first().hasFocus())
    cashier.press(Qt.Key.Key_1)
    cashier.sees(lambda: "Copy 1 of 3-A000142" in texts(page))
    assert page.search.hasFocus()
    cashier.press(Qt.Key.Key_Escape)
    assert cashier.till.search.hasFocus()


def test_another_language_dresses_the_window_anew(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F10)
    assert only(cashier, MorePage).isVisible()
    cashier.press(Qt.Key.Key_3)
    page = only(cashier, SettingsPage)
    page.language.setFocus()
    QTest.keyClick(page.language, Qt.Key.Key_Down)
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: cashier.on.window.look.words.language == "ja")
    cashier.sees(cashier.till.search.hasFocus)
    assert "カードを読み取る" in texts(cashier.till)
    assert cashier.on.choices.kept.language == "ja"


def test_the_printer_is_asked_without_stopping_the_window(cashier: Cashier) -> None:
    cashier.on.choices.outcome = PrintOutcome(PrintState.FAILED, "unreachable")
    cashier.shell.open_page("settings")
    page = only(cashier, SettingsPage)
    cashier.press(Qt.Key.Key_F5)
    cashier.sees(lambda: "does not answer" in texts(page))


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
    cashier.qtbot.wait(30)
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


def test_a_shop_with_a_known_passphrase_asks_for_none_when_it_stays_shut(open_till: Open) -> None:
    cashier = open_till(shut=ShopInUse(folder="shops/training"))
    page = only(cashier, UnlockPage)
    cashier.sees(lambda: "already open in another Tokentill" in texts(page))
    assert not page.passphrase.isVisible()
    assert not page.enter.isVisible()
    cashier.sees(page.retry.hasFocus)
    cashier.enter()
    cashier.at_the_till()


def test_a_meter_that_may_not_buy_is_not_promised_a_first_sale(cashier: Cashier) -> None:
    cashier.type("banda")
    cashier.sees(lambda: cashier.till.hits.rows.model().rowCount() == 1)
    cashier.enter()
    cashier.reach(Step.STOPPED)
    assert "may not buy" in texts(cashier.till.sale)
    assert "First sale" not in texts(cashier.till.sale)


def test_the_shop_is_never_asked_on_the_windows_thread(cashier: Cashier) -> None:
    cashier.sell()
    cashier.reach(Step.RESULT)
    assert len(cashier.on.desk.threads) == 1
    assert threading.get_ident() not in cashier.on.desk.threads


def test_typing_on_the_page_itself_lands_in_the_search_field(cashier: Cashier) -> None:
    cashier.till.again.setFocus()
    QTest.keyClicks(cashier.till, "0")
    cashier.type("7")
    assert cashier.till.search.text() == "07"
    assert cashier.till.search.hasFocus()


@pytest.mark.parametrize("page", ["till", "more", "sales", "shift", "settings", "clock"])
def test_everything_that_takes_the_focus_has_a_name(cashier: Cashier, page: str) -> None:
    cashier.shell.open_page(page)
    shown = cashier.shell.pages.currentWidget()
    assert shown is not None
    nameless = [
        part
        for part in shown.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not part.accessibleName()
    ]
    assert nameless == []


def test_the_ring_is_where_the_next_key_goes(cashier: Cashier) -> None:
    field = cashier.till.search
    inside = QPointF(field.width() / 2, 1).toPoint()
    accent = cashier.on.window.look.tokens.palette.accent
    assert field.grab().toImage().pixelColor(inside).name() == accent
    cashier.type("07124482166")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    assert field.grab().toImage().pixelColor(inside).name() != accent
