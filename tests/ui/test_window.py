"""The window around the till: its other pages, its thread, its focus."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from pos_app.application.printing import PrintOutcome, PrintState
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.more import MorePage
from pos_app.ui.views.sales import SalesPage
from pos_app.ui.views.settings import SettingsPage
from tests.ui.conftest import Cashier, only, texts


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
    assert cashier.on.desk.threads.isdisjoint({threading.get_ident()})


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


def test_the_shop_is_never_asked_on_the_windows_thread(cashier: Cashier) -> None:
    cashier.sell()
    cashier.reach(Step.RESULT)
    assert len(cashier.on.desk.threads) == 1
    assert threading.get_ident() not in cashier.on.desk.threads


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
