"""The shift page, by keyboard, on a fake shop."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from pos_app.ui.presenters.shift_screen import Step
from pos_app.ui.presenters.till_screen import Step as Sale
from pos_app.ui.views.shift import ShiftPage
from pos_app.ui.views.sign_in import SignInPage
from tests.ui.conftest import Cashier


def texts(widget: QWidget) -> str:
    return "\n".join(part.text() for part in widget.findChildren(QLabel) if part.isVisible())


def shift_page(cashier: Cashier) -> ShiftPage:
    cashier.press(Qt.Key.Key_F10)
    cashier.press(Qt.Key.Key_2)
    page = cashier.shell.pages.currentWidget()
    assert isinstance(page, ShiftPage)
    return page


def reach(cashier: Cashier, page: ShiftPage, step: Step) -> None:
    def there() -> bool:
        return page.step is step

    cashier.sees(there)


def opened(cashier: Cashier) -> ShiftPage:
    page = shift_page(cashier)
    reach(cashier, page, Step.FLOAT)
    cashier.type("300")
    cashier.enter()
    reach(cashier, page, Step.OPEN)
    return page


def test_a_shift_is_opened_run_counted_and_closed_by_keyboard_alone(cashier: Cashier) -> None:
    page = opened(cashier)
    cashier.press(Qt.Key.Key_Escape)
    cashier.sell(received="200")
    cashier.reach(Sale.RESULT)
    assert shift_page(cashier) is page
    reach(cashier, page, Step.OPEN)
    assert "ZAR\u00a0100.00" in texts(page.open)

    cashier.press(Qt.Key.Key_3)
    reach(cashier, page, Step.MOVE)
    cashier.type("50")
    cashier.enter()
    cashier.type("bag 14")
    cashier.enter()
    reach(cashier, page, Step.OPEN)
    assert page.notice.words() == "ZAR\u00a050.00 moved to the safe"
    cashier.press(Qt.Key.Key_5)
    cashier.sees(lambda: cashier.on.desk.calls[-1] == "x")
    cashier.sees(lambda: not page.paper.slip.blank)

    cashier.enter()
    reach(cashier, page, Step.COUNT)
    cashier.type("1")  # 200
    cashier.enter()
    cashier.type("1x")  # 100; a letter is not typed
    for _ in range(11):
        cashier.enter()
    assert page.side.total.text() == "300.00"
    assert "350" not in texts(page)
    assert page.side.record.hasFocus()
    cashier.enter()
    reach(cashier, page, Step.COUNTED)
    assert "\u221250.00" in texts(page.done)
    cashier.enter()
    reach(cashier, page, Step.CLOSED)
    assert "Shift 7 is closed" in texts(page.done)
    assert "Counted 300.00, should be 350.00" in texts(page.done)
    cashier.enter()
    cashier.sees(lambda: cashier.on.window.findChild(SignInPage) is not None)
    assert {"move drop 50.00 bag 14", "count", "close", "pulse"} <= set(cashier.on.desk.calls)
