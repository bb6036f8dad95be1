"""Fingers and keys: the pad alone, the size of what is hit, the ring, the way of the Tab key."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from pos_app.domain.money import Currency, Money
from pos_app.ui.presenters.shift_screen import Step as Shift
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.more import MorePage
from pos_app.ui.views.sales import SalesPage
from pos_app.ui.views.settings import SettingsPage
from pos_app.ui.views.shell import Shell
from pos_app.ui.views.shift import ShiftPage
from pos_app.ui.views.sign_in import SignInPage
from tests.ui.conftest import Cashier, Open, only
from tests.ui.fake_shifts import RAND

MOYO = "07124482166"
SCALES = (1.0, 1.25)


def on_the_pad(cashier: Cashier, digits: str) -> None:
    for digit in digits:
        cashier.press(Qt.Key(ord(digit)), pad=True)
    cashier.press(Qt.Key.Key_Enter, pad=True)


def at_the_door(cashier: Cashier) -> SignInPage:
    cashier.sees(lambda: cashier.on.window.findChild(SignInPage) is not None)
    page = only(cashier, SignInPage)
    cashier.sees(lambda: page.hasFocus() and bool(page.tiles))
    return page


def test_the_numeric_pad_alone_goes_from_the_sign_in_to_the_token(open_till: Open) -> None:
    cashier = open_till()
    at_the_door(cashier)
    cashier.press(Qt.Key.Key_1, pad=True)
    on_the_pad(cashier, "1234")
    cashier.sees(lambda: isinstance(cashier.on.window.content, Shell))
    cashier.sees(cashier.till.search.hasFocus)
    on_the_pad(cashier, MOYO)
    cashier.reach(Step.AMOUNT)
    on_the_pad(cashier, "100")
    cashier.reach(Step.TENDER)
    on_the_pad(cashier, "200")
    cashier.reach(Step.RESULT)
    assert cashier.till.result.due.text() == "100.00"


def small(root: QWidget, least: int) -> list[str]:
    """Return what can be pressed or typed into and is smaller than a finger needs."""
    return [
        f"{part.accessibleName()} {part.width()} x {part.height()}"
        for kind in (QAbstractButton, QLineEdit, QComboBox)
        for part in root.findChildren(kind)
        if part.isVisible() and min(part.width(), part.height()) < least
    ]


def size(scale: float) -> tuple[int, int]:
    return (1024, 600) if scale == 1 else (1920, 1080)


def to_the_result(cashier: Cashier) -> None:
    cashier.at_the_till()
    cashier.sell(received="200")
    cashier.reach(Step.RESULT)


@pytest.mark.parametrize("scale", SCALES)
def test_everything_a_finger_hits_is_large_enough(open_till: Open, scale: float) -> None:
    cashier = open_till(size=size(scale), scale=scale)
    window, tokens = cashier.on.window, cashier.on.window.look.tokens
    page = at_the_door(cashier)
    assert small(window, tokens.target) == []
    assert small_keys(page.pad.values(), tokens.key) == []
    to_the_result(cashier)
    assert small(window, tokens.target) == []
    cashier.press(Qt.Key.Key_F9)
    cashier.reach(Step.REASON)
    assert small(window, tokens.target) == []
    cashier.press(Qt.Key.Key_Escape)
    cashier.sell(received="200")
    cashier.reach(Step.DUPLICATE)
    assert small(window, tokens.target) == []
    cashier.press(Qt.Key.Key_Escape)
    assert small_keys(cashier.till.sale.notes, tokens.key) == []
    for name in ("more", "sales", "settings", "shift"):
        cashier.shell.open_page(name)
        cashier.settle()
        assert small(window, tokens.target) == [], name
    rows = only(cashier, SalesPage).table.verticalHeader()
    assert rows.defaultSectionSize() >= tokens.target


def small_keys(keys: object, least: int) -> list[str]:
    assert hasattr(keys, "__iter__")
    return [
        key.accessibleName()
        for key in keys
        if key.isVisible() and min(key.width(), key.height()) < least
    ]


@pytest.mark.parametrize("scale", SCALES)
def test_the_pad_of_the_count_is_as_large_as_a_note_key(open_till: Open, scale: float) -> None:
    cashier = open_till(size=size(scale), scale=scale)
    cashier.at_the_till()
    cashier.on.desk.shifts.till = (RAND,)
    cashier.shell.open_page("shift")
    page = only(cashier, ShiftPage)
    cashier.sees(lambda: page.step is Shift.FLOAT)
    cashier.enter()
    cashier.sees(lambda: page.step is Shift.OPEN)
    cashier.enter()
    cashier.sees(lambda: page.step is Shift.COUNT)
    tokens = cashier.on.window.look.tokens
    assert small_keys(page.side.pad.values(), tokens.key) == []
    assert small(page, tokens.target) == []
    assert page.count.fields[0].x() < tokens.px(96)  # beside its note, not across the screen


def tabbed(cashier: Cashier, root: QWidget) -> list[QWidget]:
    """Press Tab until the focus is where it began; return where it stood."""
    stood: list[QWidget] = []
    while cashier.focus not in stood:
        stood.append(cashier.focus)
        QTest.keyClick(cashier.focus, Qt.Key.Key_Tab)
    assert all(root.isAncestorOf(part) for part in stood)
    return stood


def ringed(part: QWidget, colours: set[str]) -> bool:
    """Tell whether the upper edge of a part in focus has one of `colours`, two pixels deep."""
    part.setFocus(Qt.FocusReason.TabFocusReason)
    picture = part.grab().toImage()
    across = int(part.width() * picture.devicePixelRatio() / 2)
    return all(picture.pixelColor(across, deep).name() in colours for deep in (0, 1))


def stands_on(page: QWidget) -> bool:
    part = QApplication.focusWidget()
    return part is not None and page.isAncestorOf(part) and part is not page


def dress(open_till: Open, theme: str) -> Cashier:
    cashier = open_till(theme=theme)
    cashier.at_the_till()
    return cashier


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_focus_is_seen_wherever_tab_takes_it(open_till: Open, theme: str) -> None:
    cashier = dress(open_till, theme)
    palette = cashier.on.window.look.tokens.palette
    pages: dict[str, type[QWidget]] = {
        "more": MorePage,
        "settings": SettingsPage,
        "shift": ShiftPage,
    }
    for name, kind in pages.items():
        cashier.shell.open_page(name)
        page: QWidget = only(cashier, kind)
        cashier.sees(partial(stands_on, page))
        dim = [
            f"{type(part).__name__} {part.accessibleName()}"
            for part in tabbed(cashier, page)
            if not ringed(part, {palette.accent, palette.ink})
        ]
        assert dim == [], name


def test_tab_goes_through_the_settings_as_they_are_read(cashier: Cashier) -> None:
    cashier.shell.open_page("settings")
    page = only(cashier, SettingsPage)
    cashier.sees(page.transport.hasFocus)
    stood = tabbed(cashier, page)
    half = page.width() / 2
    places = [part.mapTo(page, QPoint(0, 0)) for part in stood]
    keys = page.probe.mapTo(page, QPoint(0, 0)).y()
    read = sorted(
        range(len(places)),
        key=lambda at: (
            places[at].y() >= keys,
            places[at].y() < keys and places[at].x() > half,
            places[at].y(),
            places[at].x(),
        ),
    )
    assert [stood[at].accessibleName() for at in read] == [one.accessibleName() for one in stood]
    assert len(stood) >= 9


def test_a_name_keeps_its_room_when_two_currencies_need_more(cashier: Cashier) -> None:
    cashier.on.desk.printer_works = False
    cashier.sell(received="200")
    cashier.reach(Step.RESULT)
    row = next(iter(cashier.on.desk.rows.values()))
    naira = Currency("NGN", 2)
    other = replace(row, receipt="3-A000999", total=Money(99_999_999_999, naira))
    cashier.on.desk.rows[other.receipt] = other
    cashier.press(Qt.Key.Key_Escape)
    cashier.press(Qt.Key.Key_F9)
    table = only(cashier, SalesPage).table
    cashier.sees(lambda: table.model().rowCount() == 2)
    cashier.sees(lambda: table.isColumnHidden(3))
    assert table.columnWidth(2) >= 120
