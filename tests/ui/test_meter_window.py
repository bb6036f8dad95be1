"""The page of the virtual meters in a window: keyboard alone, every reason in view, no word cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from pos_app.meter.device import Power
from pos_app.ui.views.meters import MetersPage
from tests.ui.conftest import Cashier, Open
from tests.ui.fake_bench import HALL, HOUSE, WATER
from tests.ui.test_clipping import SCREENS, fits
from tests.ui.test_fingers import small

Key = Qt.Key


def at_the_meters(cashier: Cashier) -> MetersPage:
    cashier.at_the_till()
    cashier.press(Key.Key_F10)
    cashier.press(Key.Key_5)
    page = cashier.shell.pages.currentWidget()
    assert isinstance(page, MetersPage)
    cashier.sees(page.add_panel.number.hasFocus)  # there is no meter yet
    return page


def placed(cashier: Cashier, page: MetersPage, drn: str) -> None:
    if not page.add_panel.isVisible():
        cashier.press(Key.Key_F2)
    cashier.sees(page.add_panel.number.hasFocus)
    cashier.type(drn)
    cashier.enter()
    cashier.sees(lambda: any(f.isVisible() and f.number.text() == drn for f in page.faces))


def test_a_token_is_keyed_in_by_the_keyboard_alone(open_till: Open) -> None:
    cashier = open_till()
    page = at_the_meters(cashier)
    placed(cashier, page, HOUSE)
    face = page.faces[0]
    assert "Supply off" in face.lamp.text()
    assert face.reasons.text() == "no credit"
    cashier.type(cashier.on.bench.sell(HOUSE, 229))
    assert "20/20" in face.typed.text()
    cashier.enter()
    cashier.sees(lambda: face.credit.text() == "22.90 kWh")
    assert "Supply on" in face.lamp.text()
    assert face.says.text() == "Accepted."
    cashier.press(Key.Key_F9)
    cashier.sees(lambda: "used" in face.says.text())


def test_a_finger_types_on_the_pad_and_enters_only_a_whole_token(open_till: Open) -> None:
    cashier = open_till()
    page = at_the_meters(cashier)
    placed(cashier, page, HOUSE)
    page.pad.keys["5"].click()
    page.pad.keys["erase"].click()
    for digit in cashier.on.bench.sell(HOUSE, 35):
        assert not page.pad.keys["enter"].isEnabled()
        page.pad.keys[digit].click()
    page.pad.keys["enter"].click()
    cashier.sees(lambda: page.faces[0].credit.text() == "3.50 kWh")


def test_load_time_and_trouble_are_keys_too(open_till: Open) -> None:
    cashier = open_till()
    page = at_the_meters(cashier)
    placed(cashier, page, HOUSE)
    cashier.press(Key.Key_Right)
    cashier.sees(lambda: page.hand.load.value.text() == "60 W")
    cashier.press(Key.Key_Up)
    cashier.sees(lambda: page.hand.speed.value.text() == "real time")
    cashier.press(Key.Key_Down)
    cashier.press(Key.Key_F5)
    cashier.sees(lambda: "Supply on" in page.faces[0].lamp.text())
    cashier.press(Key.Key_F8)
    cashier.sees(lambda: "tamper" in page.faces[0].reasons.text())
    cashier.press(Key.Key_F7)
    cashier.sees(lambda: "No mains" in page.faces[0].lamp.text())
    assert page.hand.acts["mains"].text() == "Mains back"
    page.hand.load.slider.setValue(3)
    cashier.sees(lambda: page.hand.load.value.text() == "1,000 W")


def test_tab_goes_from_meter_to_meter_and_a_click_chooses(open_till: Open) -> None:
    cashier = open_till()
    page = at_the_meters(cashier)
    placed(cashier, page, HOUSE)
    placed(cashier, page, WATER)
    assert page.faces[1].property("chosen") is True
    cashier.press(Key.Key_Tab)
    assert page.faces[0].property("chosen") is True
    QTest.mouseClick(page.faces[1], Qt.MouseButton.LeftButton)
    assert page.faces[1].property("chosen") is True
    cashier.press(Key.Key_F4)
    cashier.sees(lambda: not page.faces[1].isVisible())


def test_escape_first_takes_back_what_was_typed_then_leaves(open_till: Open) -> None:
    cashier = open_till()
    page = at_the_meters(cashier)
    placed(cashier, page, HOUSE)
    cashier.type("12")
    cashier.press(Key.Key_Escape)
    assert "2/20" not in page.faces[0].typed.text()
    cashier.press(Key.Key_F2)
    cashier.sees(page.add_panel.number.hasFocus)
    cashier.press(Key.Key_Escape)
    cashier.sees(page.hasFocus)
    cashier.press(Key.Key_Escape)
    cashier.sees(lambda: cashier.shell.pages.currentWidget() is cashier.till)


def test_a_token_from_the_clipboard_is_pasted(open_till: Open) -> None:
    cashier = open_till()
    page = at_the_meters(cashier)
    placed(cashier, page, HOUSE)
    digits = cashier.on.bench.sell(HOUSE, 10)
    QApplication.clipboard().setText(f"{digits[:4]} {digits[4:]}")
    QTest.keyClick(page, Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    cashier.enter()
    cashier.sees(lambda: page.faces[0].credit.text() == "1.00 kWh")


def test_a_wrong_number_is_told_beside_its_field_and_selected(open_till: Open) -> None:
    cashier = open_till()
    page = at_the_meters(cashier)
    cashier.type("14123456784")
    cashier.enter()
    cashier.sees(lambda: "check digit" in page.add_panel.notice.words())
    assert page.add_panel.number.selectedText() == "14123456784"


@pytest.mark.parametrize(("size", "scale"), SCREENS)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_word_of_the_page_is_cut_off(
    open_till: Open, language: str, size: tuple[int, int], scale: float
) -> None:
    cashier = open_till(language=language, scale=scale, size=size)
    page = at_the_meters(cashier)
    fits(cashier, size)
    placed(cashier, page, HOUSE)
    fits(cashier, size)
    assert small(page, cashier.on.window.look.tokens.target) == []
    sliders = page.findChildren(QSlider)
    assert {slider.height() for slider in sliders} == {cashier.on.window.look.tokens.target}
    for drn in (WATER, HALL):
        placed(cashier, page, drn)
    fits(cashier, size)
    cashier.type("12345678901234567890")
    fits(cashier, size)
    cashier.enter()
    cashier.sees(lambda: page.faces[2].says.text() != "")
    cashier.press(Key.Key_F8)
    cashier.press(Key.Key_F9)
    cashier.sees(lambda: page.notice.words() != "")
    cashier.on.bench.do(WATER, Power(on=False))
    fits(cashier, size)
