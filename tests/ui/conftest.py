"""A till in a window, on a fake shop, with a cashier's hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.errors import PosError
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.shell import Shell
from pos_app.ui.views.sign_in import SignInPage
from pos_app.ui.views.till import TillPage
from tests.ui.stage import PASSPHRASE, PATIENCE_MS, Stage, stage

Found = TypeVar("Found", bound=QWidget)


@pytest.fixture(scope="session", autouse=True)
def fusion(qapp: QApplication) -> None:
    qapp.setStyle("Fusion")


class Cashier:
    """Types into whatever has the focus; waits for what she sees, never for a time."""

    def __init__(self, on: Stage, qtbot: QtBot) -> None:
        self.on, self.qtbot = on, qtbot

    @property
    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    @property
    def shell(self) -> Shell:
        content = self.on.window.content
        assert isinstance(content, Shell)
        return content

    @property
    def till(self) -> TillPage:
        return self.shell.till

    def sees(self, what: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(what, timeout=PATIENCE_MS)

    def settle(self) -> None:
        """Wait until every answer is there and shown: a key never meets a page half made."""
        QApplication.processEvents()
        self.sees(lambda: not self.on.tasks.under_way)

    def type(self, text: str) -> None:
        self.settle()
        QTest.keyClicks(self.focus, text)

    def press(self, key: Qt.Key, *, pad: bool = False) -> None:
        self.settle()
        self.on.hands.seconds += 1
        keypad = Qt.KeyboardModifier.KeypadModifier
        QTest.keyClick(self.focus, key, keypad if pad else Qt.KeyboardModifier.NoModifier)

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)

    def reach(self, step: Step) -> None:
        self.sees(lambda: self.shell.step is step)

    def sign_in(self, pin: str = "1234", number: str = "1") -> None:
        page = self.on.window.findChild(SignInPage)
        if page is None:
            self.sees(lambda: self.on.window.findChild(SignInPage) is not None)
            page = self.on.window.findChild(SignInPage)
        assert page is not None
        tiles = page.tiles
        self.sees(lambda: bool(page.tiles or tiles))
        self.sees(page.hasFocus)
        self.type(number)
        self.type(pin)
        self.enter()

    def at_the_till(self) -> None:
        self.sign_in()
        self.sees(lambda: isinstance(self.on.window.content, Shell))
        self.sees(self.till.search.hasFocus)

    def sell(self, meter: str = "07124482166", amount: str = "100", received: str = "") -> None:
        self.type(meter)
        self.enter()
        self.reach(Step.AMOUNT)
        self.type(amount)
        self.enter()
        self.reach(Step.TENDER)
        self.type(received)
        self.enter()


def texts(widget: QWidget) -> str:
    return "\n".join(part.text() for part in widget.findChildren(QLabel) if part.isVisible())


def only(cashier: Cashier, kind: type[Found]) -> Found:
    found = cashier.on.window.findChild(kind)
    assert found is not None
    return found


Open = Callable[..., Cashier]


@pytest.fixture
def open_till(qtbot: QtBot) -> Iterator[Open]:
    opened: list[Stage] = []

    def open_one(
        *,
        language: str = "en",
        theme: str = "light",
        size: tuple[int, int] = (1024, 600),
        scale: float = 1.0,
        passphrase: str = PASSPHRASE,
        printer: bool = True,
        shut: PosError | None = None,
    ) -> Cashier:
        on = stage(
            language=language,
            theme=theme,
            scale=scale,
            passphrase=passphrase,
            printer=printer,
            shut=shut,
        )
        opened.append(on)
        qtbot.addWidget(on.window)
        on.window.resize(*size)
        on.window.show()
        on.window.activateWindow()
        qtbot.waitExposed(on.window)
        return Cashier(on, qtbot)

    yield open_one
    for on in opened:
        on.close()


@pytest.fixture
def cashier(open_till: Open) -> Cashier:
    made = open_till()
    made.at_the_till()
    return made
