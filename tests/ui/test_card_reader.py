"""A card reader types into the window like a keyboard: it is caught wherever the caret is."""

from __future__ import annotations

import random

from PySide6.QtCore import Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from pos_app.domain.track2 import MeterCardData, track_text
from pos_app.sts.identity import luhn_digit, meter_pan
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.presenters.wedge import GAP_MS, Heard, Wedge
from pos_app.ui.views.check import CheckPage
from tests.ui.conftest import Cashier, only

MOYO = "07124482166"
PAN = meter_pan(MOYO[:10] + luhn_digit(MOYO[:10]))
TRACK = track_text(MeterCardData(PAN, "3012", "999901", 1, 1))
PAYMENT_TRACK = ";4111111111111111=25121010000012345678?"


def window(cashier: Cashier) -> QWindow:
    handle = cashier.on.window.windowHandle()
    assert handle is not None
    return handle


def swipe(cashier: Cashier, track: str, *, enter: bool = True) -> None:
    for sign in track:
        key = Qt.Key.Key_Return if sign == "\r" else Qt.Key(ord(sign))
        QTest.keyClick(window(cashier), key)
    if enter:
        QTest.keyClick(window(cashier), Qt.Key.Key_Return)


def typed_anywhere(cashier: Cashier) -> str:
    return "".join(field.text() for field in cashier.on.window.findChildren(QLineEdit))


def test_a_swipe_on_the_till_opens_the_meter(cashier: Cashier) -> None:
    swipe(cashier, TRACK)
    cashier.reach(Step.AMOUNT)
    assert cashier.till.search.text() == MOYO
    assert not cashier.shell.card_notice.isVisible()


def test_a_swipe_is_caught_while_an_amount_is_typed(cashier: Cashier) -> None:
    cashier.type("02211340558")
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.type("50")
    swipe(cashier, TRACK)
    cashier.sees(lambda: cashier.till.search.text() == MOYO)
    cashier.reach(Step.AMOUNT)
    cashier.sees(lambda: cashier.till.sale.amount.text() != "50")
    assert cashier.till.search.text() == MOYO


def test_a_swipe_on_the_page_of_checks_names_the_meter_there(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F2)
    page = only(cashier, CheckPage)
    swipe(cashier, TRACK)
    cashier.sees(lambda: page.fields["meter"].text() == MOYO)
    assert cashier.shell.pages.currentWidget() is page


def test_a_payment_card_is_refused_and_no_field_shows_a_digit(cashier: Cashier) -> None:
    for track in (PAYMENT_TRACK, PAYMENT_TRACK[:-9], PAYMENT_TRACK[::-1], PAYMENT_TRACK * 2):
        swipe(cashier, track)
        cashier.sees(lambda: "payment card" in cashier.shell.card_notice.words())
        assert typed_anywhere(cashier) == ""
        cashier.shell.card_notice.say("")
    assert cashier.shell.step is Step.IDLE


def test_a_cut_and_a_backward_swipe_say_what_to_do(cashier: Cashier) -> None:
    swipe(cashier, TRACK[:20])
    cashier.sees(lambda: "Swipe it again" in cashier.shell.card_notice.words())
    swipe(cashier, TRACK[::-1])
    cashier.sees(lambda: "backwards" in cashier.shell.card_notice.words())
    assert typed_anywhere(cashier) == ""


def test_a_doubled_swipe_opens_the_meter_once(cashier: Cashier) -> None:
    swipe(cashier, f"{TRACK}\r{TRACK}")
    cashier.reach(Step.AMOUNT)
    assert cashier.till.search.text() == MOYO


def test_a_card_whose_key_differs_is_told_and_the_record_counts(cashier: Cashier) -> None:
    swipe(cashier, track_text(MeterCardData(PAN, "3012", "999901", 7, 2)))
    cashier.reach(Step.AMOUNT)
    assert "tariff index, key revision" in cashier.shell.card_notice.words()


def test_what_a_hand_types_arrives_with_its_sentinels(cashier: Cashier) -> None:
    for sign in "12;5?":
        QTest.keyClick(window(cashier), Qt.Key(ord(sign)), Qt.KeyboardModifier.NoModifier, 160)
    cashier.sees(lambda: cashier.till.search.text() == "12;5?")


def test_before_anyone_signed_in_a_swipe_goes_nowhere(cashier: Cashier) -> None:
    cashier.shell.open_page("lock")
    swipe(cashier, PAYMENT_TRACK)
    cashier.qtbot.wait(200)
    assert typed_anywhere(cashier) == ""


def test_ten_thousand_streams_are_a_swipe_or_typing_and_never_half_of_each() -> None:
    chance = random.Random(7811)  # noqa: S311 - cases, no secrets
    for _ in range(10_000):
        wedge, now, passed, held = Wedge(), 1_000, "", ""
        text = "".join(chance.choices("0123456789;=?%\r", k=chance.randrange(1, 50)))
        quick = chance.random() < 0.5
        for sign in text:
            now += chance.randrange(1, GAP_MS) if quick else chance.randrange(GAP_MS + 1, 400)
            heard = wedge.key(sign, now)
            if heard is Heard.RELEASE:
                assert wedge.end() is None
                passed, held = passed + held, ""
                heard = wedge.key(sign, now)
            if heard is Heard.HOLD:
                held += sign
            else:
                passed += sign
        swipe_text = wedge.end()
        assert passed + held == text
        assert (swipe_text or held) == held
        assert quick or swipe_text is None
