"""The real till in its window: a dead printer delays no sale, and gets its slip when it lives."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from pos_app.adapters.vault.header import read_identity
from pos_app.application.printing import PrintState
from pos_app.application.records import SaleRow
from pos_app.bootstrap.window import Till
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.shell import Shell
from pos_app.ui.views.sign_in import SignInPage
from tests.e2e.loopback_printer import Printer, closed_door
from tests.e2e.program import shop_of_today
from tests.shops import HIGHVELD, LAGOON
from tests.ui.stage import PATIENCE_MS

T = TypeVar("T")

BOUNCE_MS = 450  # keys within 400 ms of each other may be one key


AT_ONCE = 3.0  # seconds, of a busy computer; a printer is given 15


class Hands:
    """A cashier's hands and eyes at a real till."""

    def __init__(self, till: Till, qtbot: QtBot) -> None:
        self.till, self._qtbot = till, qtbot

    def sees(self, what: Callable[[], bool], milliseconds: int = PATIENCE_MS) -> None:
        self._qtbot.waitUntil(what, timeout=milliseconds)

    def type(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, text)

    def enter(self) -> None:
        self._qtbot.wait(BOUNCE_MS)
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Return)

    def sign_in(self) -> None:
        pages = self.till.window.findChildren
        self.sees(lambda: any(page.tiles and page.hasFocus() for page in pages(SignInPage)))
        self.type("1")
        self.type("1111")
        self.enter()
        self.sees(lambda: isinstance(self.till.window.content, Shell))
        shell = self.till.window.content
        assert isinstance(shell, Shell)
        self.sees(shell.till.search.hasFocus)

    def reach(self, step: Step, milliseconds: int = PATIENCE_MS) -> None:
        shell = self.till.window.content
        assert isinstance(shell, Shell)
        self.sees(lambda: shell.step is step, milliseconds)

    def sell(self, meter: str, amount: str) -> float:
        """Return the seconds from the last key to the token on the screen."""
        self.type(meter)
        self.enter()
        self.reach(Step.AMOUNT)
        self.type(amount)
        self.enter()
        self.reach(Step.TENDER)
        self._qtbot.wait(BOUNCE_MS)
        start = time.monotonic()
        self.enter()
        self.reach(Step.RESULT)
        return time.monotonic() - start - BOUNCE_MS / 1000

    def reads(self, text: str) -> None:
        """Wait until a label on the screen says `text`."""
        window = self.till.window
        self.sees(
            lambda: any(
                text in label.text() for label in window.findChildren(QLabel) if label.isVisible()
            )
        )

    def ask(self, job: Callable[[], T]) -> T:
        """Return the answer of a job on the ledger's thread."""
        answers: list[T] = []
        errors: list[BaseException] = []
        self.till.tasks.ledger(job, answers.append, errors.append)
        self.sees(lambda: bool(answers or errors))
        assert not errors
        return answers[0]

    def row(self, receipt_ends: str) -> SaleRow:
        shop = self.till._shop
        assert shop is not None
        rows = self.ask(lambda: shop.desk.sales_today(receipt_ends))
        assert len(rows) == 1
        return rows[0]


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with closed_door() as door:
        yield door


@pytest.fixture
def hands(tmp_path: Path, door: socket.socket, qtbot: QtBot) -> Iterator[Hands]:
    shop = shop_of_today(tmp_path)
    address = f"127.0.0.1:{door.getsockname()[1]}"
    values = {"printer": {"transport": "tcp", "address": address}}
    (shop / "settings.json").write_text(json.dumps(values))
    till = Till(shop, read_identity(shop))
    till.window.resize(1024, 600)
    till.window.show()
    till.window.activateWindow()
    yield Hands(till, qtbot)
    till.window.close()
    till.close()
    till.window.deleteLater()


def test_a_dead_printer_delays_nothing_and_prints_when_it_lives(
    hands: Hands, door: socket.socket
) -> None:
    hands.sign_in()
    assert hands.sell(HIGHVELD, "50") < AT_ONCE
    hands.sees(lambda: hands.row("000001").print_state is PrintState.FAILED)
    hands.reads("1 slip not printed")

    hands.type(LAGOON)
    hands.enter()
    hands.reach(Step.AMOUNT)
    hands.reads("1 slip not printed")

    shop = hands.till._shop
    assert shop is not None
    sale = hands.ask(lambda: shop.desk.sale("TRAIN1-A000001"))
    printer = Printer(door=door)
    try:
        assert hands.ask(lambda: shop.desk.print_again(sale.receipt))
        hands.sees(lambda: sale.tokens[0].digits[:4].encode() in printer.paper)
        done = (PrintState.PRINTED, PrintState.SENT)
        hands.sees(lambda: hands.row("000001").print_state in done)
        hands.reads("No slip waiting")
    finally:
        printer.close()


def test_a_printer_that_never_answers_delays_no_sale(hands: Hands, door: socket.socket) -> None:
    door.listen()  # the system takes the bytes; nobody reads or answers
    hands.sign_in()
    for amount in ("50", "60", "70"):
        assert hands.sell(HIGHVELD, amount) < AT_ONCE
    rows = [hands.row(f"00000{n}") for n in (1, 2, 3)]
    assert [row.total.minor for row in rows] == [5000, 6000, 7000]
    hands.sees(lambda: hands.row("000003").print_state is PrintState.SENT)
    hands.reads("No slip waiting")
