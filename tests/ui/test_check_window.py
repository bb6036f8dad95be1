"""Checking a token in the window: F2 from anywhere on the till, Enter by Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.ui.presenters.check import METER, SHOWS, TOKEN
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.check import CheckPage
from pos_app.ui.views.more import MorePage
from tests.ui.conftest import Cashier, only

MOYO = "07124482166"


def opened(cashier: Cashier) -> CheckPage:
    cashier.press(Qt.Key.Key_F2)
    return only(cashier, CheckPage)


def test_a_found_meter_is_taken_along_and_the_verdict_comes_first(cashier: Cashier) -> None:
    cashier.type(MOYO)
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    page = opened(cashier)
    assert page.fields[METER].text() == MOYO
    cashier.sees(page.fields[TOKEN].hasFocus)
    cashier.type("5649 3153 7254 5031 3471")
    cashier.enter()
    cashier.sees(lambda: page.verdict.words() == "It fits this meter.")
    assert "41.3 kWh" in page.facts.text()
    assert page.fields[SHOWS].hasFocus()


def test_what_the_meter_shows_gives_one_next_action(cashier: Cashier) -> None:
    page = opened(cashier)
    cashier.sees(page.fields[METER].hasFocus)
    cashier.type(MOYO)
    cashier.enter()
    cashier.sees(page.fields[TOKEN].hasFocus)
    cashier.enter()
    cashier.sees(page.fields[SHOWS].hasFocus)
    cashier.type("AAAAA")
    cashier.enter()
    cashier.sees(page.action.isVisible)
    assert page.action.text().startswith("Let the customer type all 20 digits again")
    cashier.press(Qt.Key.Key_F6)
    cashier.sees(lambda: "1844 6744 0738 4377 2416" in page.action.text())
    assert not page.again.isVisible()


def test_makers_who_differ_are_told_apart_by_the_list(cashier: Cashier) -> None:
    page = opened(cashier)
    page.about_meter(MOYO)
    page.fields[SHOWS].setFocus()
    cashier.type("ddddd")
    cashier.enter()
    cashier.sees(lambda: "which maker" in page.action.text())
    at = page.maker.findData("conlog")
    page.maker.setCurrentIndex(at)
    page.maker.activated.emit(at)
    cashier.sees(lambda: page.action.text().startswith("Compare the credit on the meter"))
    assert page.shown.text() == "The meter took this very token before."


def test_a_pasted_token_is_checked_and_a_wrong_length_told_in_place(cashier: Cashier) -> None:
    page = opened(cashier)
    page.about_meter(MOYO)
    QApplication.clipboard().setText("5649-3153-7254-5031-3472")
    page.fields[TOKEN].paste()
    page.fields[TOKEN].textEdited.emit(page.fields[TOKEN].text())
    cashier.enter()
    cashier.sees(lambda: "Probably used" in page.facts.text())
    page.mark(TOKEN)
    cashier.type("1234")
    cashier.enter()
    cashier.sees(lambda: "20 digits" in page.verdict.words())
    assert page.fields[TOKEN].hasFocus()
    assert page.fields[TOKEN].selectedText() == "1234"


def test_an_unknown_meter_is_told_at_the_meter(cashier: Cashier) -> None:
    page = opened(cashier)
    page.about_meter("07124482167")
    cashier.type("5649 3153 7254 5031 3471")
    cashier.enter()
    cashier.sees(page.fields[METER].hasFocus)
    assert "07124482167" in page.verdict.words()


def test_escape_leads_back_and_the_tile_leads_here(cashier: Cashier) -> None:
    page = opened(cashier)
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees(lambda: cashier.shell.pages.currentWidget() is cashier.till)
    cashier.press(Qt.Key.Key_F10)
    tiles = only(cashier, MorePage).tiles
    tile = next(each for each in tiles if each.text() == "Check a token")
    tile.click()
    cashier.sees(lambda: cashier.shell.pages.currentWidget() is page)
    assert cashier.on.desk.sales == []
