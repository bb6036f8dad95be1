"""A cashier's hands for pictures: types, and waits until the screen is drawn."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.shell import Shell
from pos_app.ui.views.sign_in import SignInPage
from tests.ui.fake_meters import METERS
from tests.ui.stage import Stage

MOYO = METERS[0].drn


def settle(milliseconds: int = 60) -> None:
    """Let threads answer and the screen be drawn."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(seen: Callable[[], bool]) -> None:
    """Wait for what a busy machine draws later."""
    for _ in range(100):
        if seen():
            return
        settle(30)
    raise AssertionError


def target() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


class Cashier:
    """Types like one, with a breath between keys that the bounce guard likes."""

    def __init__(self, on: Stage) -> None:
        self.on = on

    @property
    def shell(self) -> Shell:
        content = self.on.window.content
        assert isinstance(content, Shell)
        return content

    def type(self, text: str) -> None:
        self.on.hands.seconds += 1
        QTest.keyClicks(target(), text)
        settle()

    def press(self, key: Qt.Key) -> None:
        self.on.hands.seconds += 1
        QTest.keyClick(target(), key)
        settle()

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)

    def sign_in(self) -> None:
        window = self.on.window
        until(lambda: any(page.tiles for page in window.findChildren(SignInPage)))
        settle()
        self.type("1")
        self.type("1234")
        self.enter()
        until(lambda: isinstance(window.content, Shell) and self.shell.till.search.hasFocus())
        settle()

    def sell(self, meter: str = MOYO, amount: str = "100", received: str = "200") -> None:
        self.type(meter)
        self.enter()
        until(lambda: self.shell.step is Step.AMOUNT)
        self.type(amount)
        settle(90)
        self.enter()
        until(lambda: self.shell.step is Step.TENDER)
        if received:
            self.type(received)
        self.enter()
