"""A key change through the real window: sold at the till, keyed into the virtual meter beside it.

Shop, vault, ledger, printing and the meter's file are the real ones; only the display is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app.adapters.system.clock import SystemClock
from pos_app.adapters.vault.header import read_identity
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import open_shop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.bootstrap.window import Till
from pos_app.domain.meter_life import Act
from pos_app.ui.presenters.record import AGAIN
from pos_app.ui.presenters.till_screen import Step, TillScreen
from pos_app.ui.views.meter_face import MeterFace
from pos_app.ui.views.meters import MetersPage
from pos_app.ui.views.record import RecordPage
from pos_app.ui.views.shell import Shell
from pos_app.ui.views.sign_in import SignInPage
from tests.e2e.program import shop_of_today
from tests.key_makers import DAY_MS, GRACE, JOSEPH, STS_KEY, key_file, trusting
from tests.key_meters import FIRST_KEY, vending_attributes
from tests.shops import HIGHVELD
from tests.ui.conftest import Cashier
from tests.ui.stage import PATIENCE_MS

BOUNCE_MS = 450
"""Two Enters of a sale within 400 ms may be one."""
Key = Qt.Key


def shop_with_the_next_key(folder: Path) -> Path:
    """Make a shop whose utility has just brought the second revision of its key."""
    place = shop_of_today(folder)
    shop = open_shop(place, training_passphrase())
    try:
        keys = trusting(shop)
        now = SystemClock().now_ms()
        attributes = vending_attributes(replace(FIRST_KEY, krn=2), STS_KEY, now - DAY_MS)
        keys.bring_in(key_file(shop, (attributes, STS_KEY)), GRACE, JOSEPH)
    finally:
        shop.close()
    return place


class Hand:
    """Somebody at the window: keys go where the focus is, eyes wait for what they look for."""

    def __init__(self, till: Till, qtbot: QtBot) -> None:
        self.till, self._qtbot = till, qtbot

    @property
    def shell(self) -> Shell:
        content = self.till.window.content
        assert isinstance(content, Shell)
        return content

    def sees(self, what: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(what, timeout=PATIENCE_MS)

    @property
    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.focus, key)

    def enter(self) -> None:
        QTest.qWait(BOUNCE_MS)
        self.press(Key.Key_Return)

    def reach(self, step: Step) -> None:
        self.sees(lambda: self.shell.step is step)

    def sign_in(self, name: str = "Ama", pin: str = "1111") -> None:
        window = self.till.window
        self.sees(lambda: window.findChild(SignInPage) is not None)
        page = window.findChild(SignInPage)
        assert page is not None
        self.sees(lambda: bool(page.tiles) and page.hasFocus())
        at = next(n for n, tile in enumerate(page.tiles, 1) if tile.text().startswith(name))
        self.type(str(at))
        self.type(pin)
        self.enter()
        self.sees(lambda: isinstance(window.content, Shell))
        self.sees(self.shell.till.search.hasFocus)

    def meters(self) -> MetersPage:
        self.press(Key.Key_F10)
        self.press(Key.Key_6)
        self.sees(lambda: isinstance(self.shell.pages.currentWidget(), MetersPage))
        page = self.shell.pages.currentWidget()
        assert isinstance(page, MetersPage)
        return page

    def key_in(self, face: MeterFace, digits: str) -> None:
        """Type a token into the meter in the hand."""
        self.type("".join(digit for digit in digits if digit.isdigit()))
        self.sees(lambda: "20/20" in face.typed.text())
        self.press(Key.Key_Return)
        self.sees(lambda: "20/20" not in face.typed.text())

    def record(self) -> RecordPage:
        """Find the meter and open its record."""
        self.type(HIGHVELD)
        self.enter()
        self.reach(Step.AMOUNT)
        self.press(Key.Key_F3)
        self.sees(lambda: isinstance(self.shell.pages.currentWidget(), RecordPage))
        page = self.shell.pages.currentWidget()
        assert isinstance(page, RecordPage)
        self.sees(lambda: page.what.count() > 0)
        return page

    def to_the_till(self) -> None:
        self.shell.open_page("till")
        self.sees(self.shell.till.search.hasFocus)

    def sell(self, amount: str) -> list[tuple[str, str, str]]:
        """Sell and return what the screen shows: number, digits, what then."""
        self.type(HIGHVELD)
        self.enter()
        self.reach(Step.AMOUNT)
        return self.pay(amount)

    def pay(self, amount: str) -> list[tuple[str, str, str]]:
        """Sell to the meter that was found."""
        self.type(amount)
        self.enter()
        self.reach(Step.TENDER)
        self.enter()
        self.reach(Step.RESULT)
        return self.shell.till.result.steps.shown()


@pytest.fixture
def hand(tmp_path: Path, qtbot: QtBot) -> Iterator[Hand]:
    place = shop_with_the_next_key(tmp_path)
    till = Till(place, read_identity(place))
    till.window.resize(1024, 600)
    till.window.show()
    till.window.activateWindow()
    qtbot.waitExposed(till.window)
    yield Hand(till, qtbot)
    till.window.close()
    till.close()
    assert verify_shop(place, training_passphrase()).fault is None


def test_tokens_of_the_screen_change_the_meters_key_and_bring_its_credit(hand: Hand) -> None:
    hand.sign_in()
    page = hand.meters()
    hand.sees(page.add_panel.number.hasFocus)
    hand.type(HIGHVELD)  # the meter hangs on the wall before its key is changed
    hand.enter()
    face = page.faces[0]
    hand.sees(lambda: face.number.text() == HIGHVELD)
    assert face.credit.text().startswith("0")
    hand.to_the_till()
    rows = hand.sell("100")
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert [row[2] for row in rows[:2]] == [
        "then the meter asks for 2",
        "then the meter has its new key",
    ]
    page = hand.meters()
    said = []
    for _, digits, _ in rows:
        hand.key_in(face, digits)
        said.append(face.says.text())
    assert said[0].startswith("First token of a key change taken")
    assert said[1:] == ["Accepted.", "Accepted."]
    bought = rows[2][2].split()[0]
    assert float(face.credit.text().split()[0]) == float(bought)
    assert "Supply on" in face.lamp.text()


def test_the_key_a_meter_shows_is_noted_and_the_next_sale_changes_that_key(hand: Hand) -> None:
    hand.sign_in("Grace", "3333")
    page = hand.meters()
    hand.sees(page.add_panel.number.hasFocus)
    hand.type(HIGHVELD)
    hand.enter()
    face = page.faces[0]
    hand.sees(lambda: face.number.text() == HIGHVELD)
    hand.to_the_till()
    rows = hand.sell("50")  # the change that this customer loses: the meter keeps its first key
    assert len(rows) == 3
    record = hand.record()
    record.what.setCurrentIndex(record.what.findData(Act.SHOWN_KEY.value))
    hand.sees(record.key.isVisible)
    for name, value in (("sgc", FIRST_KEY.sgc), ("krn", "1"), ("ti", "1"), ("ken", "255")):
        field = record.key.fields[name]
        field.setFocus()
        hand.sees(field.hasFocus)
        hand.type(value)
    hand.press(Key.Key_F2)
    hand.sees(lambda: bool(record.notice.words()))
    hand.press(Key.Key_Escape)
    hand.reach(Step.AMOUNT)  # the till has read the meter anew
    hand.sees(hand.shell.till.sale.amount.hasFocus)
    rows = hand.pay("100")
    assert [row[0] for row in rows] == ["1", "2", "3"]
    page = hand.meters()
    face = page.faces[0]
    for _, digits, _ in rows:
        hand.key_in(face, digits)
    assert face.says.text() == "Accepted."
    assert float(face.credit.text().split()[0]) == float(rows[2][2].split()[0])


def test_a_key_change_is_printed_again_from_the_meters_record(hand: Hand) -> None:
    hand.sign_in()
    rows = hand.sell("50")
    assert len(rows) == 3
    record = hand.record()
    hand.sees(lambda: "given, not confirmed" in record.keys.text())
    record.what.setCurrentIndex(record.what.findData(AGAIN))
    hand.press(Key.Key_F2)
    hand.sees(lambda: "printing, free of charge" in record.notice.words())


def test_a_copy_of_a_sale_that_was_put_right_shows_no_tokens(
    open_till: Callable[..., Cashier],
) -> None:
    cashier = open_till()
    cashier.at_the_till()
    cashier.on.desk.key_changes.ready["07124482166"] = 2
    cashier.sell()
    cashier.reach(Step.RESULT)
    result = cashier.till.result
    cashier.sees(result.steps.isVisible)
    withheld = replace(cashier.on.desk.sales[0], tokens=(), key_change=None)
    result.show_screen(TillScreen(step=Step.RESULT, sale=withheld, copy=1))
    assert not result.steps.isVisible()
    assert not result.token.isVisible()
