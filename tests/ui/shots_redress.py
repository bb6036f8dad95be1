"""Every step of putting a sale right, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from tests.ui.fake_meters import METERS
from tests.ui.shots_hand import Cashier


def redress_kind(c: Cashier) -> None:
    c.sign_in()
    c.sell()
    c.press(Qt.Key.Key_Escape)
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_1)
    c.press(Qt.Key.Key_F8)


def redress_reason(c: Cashier) -> None:
    redress_kind(c)
    c.press(Qt.Key.Key_1)


def redress_token(c: Cashier) -> None:
    redress_reason(c)
    c.press(Qt.Key.Key_1)


def redress_amount(c: Cashier) -> None:
    redress_token(c)
    c.press(Qt.Key.Key_3)


def redress_too_much(c: Cashier) -> None:
    redress_amount(c)
    c.type("250")
    c.enter()


def redress_approver(c: Cashier) -> None:
    redress_amount(c)
    c.enter()


def redress_pin(c: Cashier) -> None:
    redress_approver(c)
    c.press(Qt.Key.Key_1)
    c.type("24")


def redress_pin_wrong(c: Cashier) -> None:
    redress_pin(c)
    c.enter()


def redress_done(c: Cashier) -> None:
    redress_pin(c)
    c.type("68")
    c.enter()


def redress_meter(c: Cashier) -> None:
    redress_kind(c)
    c.press(Qt.Key.Key_2)
    c.press(Qt.Key.Key_1)
    c.press(Qt.Key.Key_1)
    c.type(METERS[1].drn)
    c.enter()


def redress_sold_again(c: Cashier) -> None:
    redress_meter(c)
    c.enter()
    c.press(Qt.Key.Key_1)
    c.type("2468")
    c.enter()


REDRESS_STATES: tuple[Callable[[Cashier], None], ...] = (
    redress_kind,
    redress_reason,
    redress_token,
    redress_amount,
    redress_too_much,
    redress_approver,
    redress_pin,
    redress_pin_wrong,
    redress_done,
    redress_meter,
    redress_sold_again,
)
