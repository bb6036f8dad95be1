"""Every step of a shift, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from tests.ui.fake_meters import METERS
from tests.ui.fake_shifts import NAIRA, RAND
from tests.ui.shots_hand import Cashier


def shift_float(c: Cashier) -> None:
    c.sign_in()
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_2)


def shift_float_wrong(c: Cashier) -> None:
    c.on.desk.shifts.till = (NAIRA, RAND)
    shift_float(c)
    c.press(Qt.Key.Key_Down)
    c.type("300.555")
    c.enter()


def shift_open(c: Cashier) -> None:
    shift_float(c)
    c.type("300")
    c.enter()
    c.press(Qt.Key.Key_Escape)
    c.sell()
    c.on.desk.now_ms += 2 * 3_600_000
    c.sell(METERS[1].drn, "1250", "1300")
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_2)


def shift_x(c: Cashier) -> None:
    shift_open(c)
    c.press(Qt.Key.Key_5)


def shift_drop(c: Cashier) -> None:
    shift_open(c)
    c.press(Qt.Key.Key_3)
    c.type("1000")
    c.enter()


def shift_reasonless(c: Cashier) -> None:
    c.on.desk.shifts.till = (NAIRA, RAND)
    shift_open(c)
    c.press(Qt.Key.Key_1)
    c.type("1000")
    c.enter()
    c.enter()


def shift_dropped(c: Cashier) -> None:
    shift_drop(c)
    c.type("bag 14")
    c.enter()


def shift_drawer(c: Cashier) -> None:
    shift_open(c)
    c.press(Qt.Key.Key_4)


def shift_count(c: Cashier) -> None:
    shift_dropped(c)
    c.enter()
    for pieces in ("1", "3", "2"):
        c.type(pieces)
        c.enter()


def shift_counted(c: Cashier) -> None:
    shift_count(c)
    for _ in range(10):
        c.enter()


def shift_closed(c: Cashier) -> None:
    shift_counted(c)
    c.enter()


def shift_two(c: Cashier) -> None:
    c.on.desk.shifts.till = (NAIRA, RAND)
    shift_float(c)
    c.type("5000")
    c.press(Qt.Key.Key_Down)
    c.type("300")
    c.enter()


def shift_two_counted(c: Cashier) -> None:
    shift_two(c)
    c.enter()
    c.type("5")
    c.press(Qt.Key.Key_F9)
    c.type("1")
    c.press(Qt.Key.Key_F9)


SHIFT_STATES: tuple[Callable[[Cashier], None], ...] = (
    shift_float,
    shift_float_wrong,
    shift_open,
    shift_x,
    shift_drop,
    shift_reasonless,
    shift_dropped,
    shift_drawer,
    shift_count,
    shift_counted,
    shift_closed,
    shift_two,
    shift_two_counted,
)
