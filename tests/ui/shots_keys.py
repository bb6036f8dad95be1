"""Key changes as pictures: before the sale, after it, and on the meter's record."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_app.domain.meter_life import Act
from pos_app.ui.presenters.record import AGAIN
from pos_app.ui.views.record import RecordPage
from tests.ui.shots_hand import MOYO, Cashier, settle


def key_ready(c: Cashier) -> None:
    c.on.desk.key_changes.ready[MOYO] = 2
    c.sign_in()
    c.type(MOYO)
    c.enter()
    settle(120)


def key_sold(c: Cashier) -> None:
    key_ready(c)
    c.type("50")
    c.enter()
    c.enter()
    settle(200)


def key_sold_four(c: Cashier) -> None:
    c.on.desk.key_changes.ready[MOYO] = 4
    c.sign_in()
    c.type(MOYO)
    c.enter()
    c.type("50")
    c.enter()
    c.enter()
    settle(200)


def key_record(c: Cashier) -> None:
    key_sold(c)
    c.type(MOYO)
    c.enter()
    c.press(Qt.Key.Key_F3)
    settle(120)
    page = c.on.window.findChild(RecordPage)
    assert page is not None
    page.what.setCurrentIndex(page.what.findData(AGAIN))
    c.press(Qt.Key.Key_F2)
    settle(120)


def record_swap(c: Cashier) -> None:
    c.sign_in("3", "2468")
    c.type(MOYO)
    c.enter()
    c.press(Qt.Key.Key_F3)
    settle(120)
    page = c.on.window.findChild(RecordPage)
    assert page is not None
    page.what.setCurrentIndex(page.what.findData(Act.SWAP.value))
    page.swap.new.setFocus()
    c.type("07124484821")
    c.enter()
    c.type("12.5")


KEY_STATES: tuple[Callable[[Cashier], None], ...] = (
    key_ready,
    key_sold,
    key_sold_four,
    key_record,
    record_swap,
)
