"""Pictures of checking a token."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_app.domain.meter_life import Act
from pos_app.ui.presenters.record import SLIP
from pos_app.ui.views.record import RecordPage
from tests.ui.shots_hand import MOYO, Cashier, settle


def check(c: Cashier) -> None:
    c.sign_in()
    c.press(Qt.Key.Key_F2)


def check_fits(c: Cashier) -> None:
    c.sign_in()
    c.type(MOYO)
    c.enter()
    c.press(Qt.Key.Key_F2)
    c.type("5649 3153 7254 5031 3471")
    c.enter()


def check_used(c: Cashier) -> None:
    check_fits(c)
    c.press(Qt.Key.Key_Up)
    c.type("5649 3153 7254 5031 3472")
    c.enter()
    c.type("USEd")
    c.enter()


def check_older(c: Cashier) -> None:
    check_fits(c)
    c.press(Qt.Key.Key_Up)
    c.type("5649 3153 7254 5031 3473")
    c.enter()
    c.type("rEJEct")
    c.enter()


def check_refused(c: Cashier) -> None:
    check_fits(c)
    c.type("AAAAA")
    c.enter()


def check_wrong(c: Cashier) -> None:
    check_fits(c)
    c.press(Qt.Key.Key_Up)
    c.type("1234")
    c.enter()


def card_payment(c: Cashier) -> None:
    c.sign_in()
    c.shell.take_card(";4111111111111111=25121010000012345678?")
    settle()


def record(c: Cashier) -> None:
    c.sign_in()
    c.type(MOYO)
    c.enter()
    c.press(Qt.Key.Key_F3)
    settle(120)


def record_fault(c: Cashier) -> None:
    record(c)
    c.press(Qt.Key.Key_Tab)
    c.type("dark since the rain")
    c.press(Qt.Key.Key_F2)


def record_asked(c: Cashier) -> None:
    record(c)
    page = c.shell.findChild(RecordPage)
    assert page is not None
    page.what.setCurrentIndex(page.what.findData("correct:name"))
    page.reason.setFocus()
    c.type("MOYO Tendayi")
    c.press(Qt.Key.Key_F2)
    settle(150)


def record_slip(c: Cashier) -> None:
    record_fault(c)
    settle(120)
    page = c.on.window.findChild(RecordPage)
    assert page is not None
    page.what.setCurrentIndex(page.what.findData(f"{SLIP}:3-F41"))
    settle(40)


def record_key(c: Cashier) -> None:
    c.sign_in("3", "2468")
    c.type(MOYO)
    c.enter()
    c.press(Qt.Key.Key_F3)
    settle(120)
    page = c.on.window.findChild(RecordPage)
    assert page is not None
    page.what.setCurrentIndex(page.what.findData(Act.SHOWN_KEY.value))
    page.key.fields["ti"].setFocus()
    c.type("07")
    settle(40)


def record_key_noted(c: Cashier) -> None:
    record_key(c)
    c.press(Qt.Key.Key_F2)
    settle(120)


CHECK_STATES: tuple[Callable[[Cashier], None], ...] = (
    check,
    check_fits,
    check_used,
    check_older,
    check_refused,
    check_wrong,
    card_payment,
    record,
    record_fault,
    record_asked,
    record_slip,
    record_key,
    record_key_noted,
)
