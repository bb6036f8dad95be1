"""Pictures of head office's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt

from pos_app.application.office_records import OfficeNotTrusted, OfficeUnreachable
from tests.ui.fake_office import CLONED, STATUS, WORDS, FakeOffice
from tests.ui.shots_hand import Cashier, settle


def _open(c: Cashier) -> FakeOffice:
    c.sign_in()
    c.shell.open_page("office")
    settle(150)
    return c.on.office


def more_with_office(c: Cashier) -> None:
    c.sign_in()
    c.press(Qt.Key.Key_F10)


def office(c: Cashier) -> None:
    _open(c)


def office_words(c: Cashier) -> None:
    c.on.office.status = replace(STATUS, messages=(WORDS,), waiting_keys=0)
    _open(c)
    c.press(Qt.Key.Key_F6)
    settle(150)


def office_cloned(c: Cashier) -> None:
    c.on.office.status = replace(STATUS, standing=CLONED)
    c.on.desk.parted = True
    _open(c)


def till_cloned(c: Cashier) -> None:
    c.on.desk.parted = True
    c.sign_in()
    c.shell.refresh_now()
    settle(150)


def office_sticks(c: Cashier) -> None:
    door = _open(c)
    door.found = ("/media/counter/STICK", "/media/counter/BLUE")
    c.press(Qt.Key.Key_F7)
    settle(150)


def office_trouble(c: Cashier) -> None:
    door = _open(c)
    door.trouble = OfficeUnreachable(url="https://office.example", reason="timed out")
    c.press(Qt.Key.Key_F5)
    settle(150)


def office_alone(c: Cashier) -> None:
    c.on.office.alone()
    c.on.office.found = ()
    _open(c)
    c.press(Qt.Key.Key_F6)
    settle(150)


def office_compare(c: Cashier) -> None:
    c.on.office.alone()
    c.on.office.known = False
    _open(c)
    c.type("https://office.lagoon.example:8460")
    c.enter()
    c.type("02E0-3M04-R04G-000V")
    c.enter()
    settle(250)


def office_certificate(c: Cashier) -> None:
    door = _open(c)
    door.trouble = OfficeNotTrusted(url="https://office.example")
    c.press(Qt.Key.Key_F5)
    settle(250)


def office_enrolled(c: Cashier) -> None:
    c.on.office.alone()
    _open(c)
    c.type("office.lagoon.example")
    c.enter()
    c.type("02E0-3M04-R04G-000V")
    c.enter()
    settle(250)


OFFICE_STATES: tuple[Callable[[Cashier], None], ...] = (
    more_with_office,
    office,
    office_words,
    office_cloned,
    till_cloned,
    office_sticks,
    office_trouble,
    office_alone,
    office_compare,
    office_certificate,
    office_enrolled,
)
