"""Pictures of the page of keys: the list in every state, the ceremony, the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt

from pos_app.domain.track2 import MeterCardData, track_text
from pos_app.sts.identity import luhn_digit, meter_pan
from pos_app.ui.widgets.entry import Entry
from tests.ui.fake_key_desk import OLD, RABIA, NotKeys
from tests.ui.shots_hand import MOYO, Cashier, settle, target

TRACK = track_text(
    MeterCardData(meter_pan(MOYO[:10] + luhn_digit(MOYO[:10])), "3012", "999901", 1, 1)
)


def keys_home(c: Cashier) -> None:
    c.on.desk.colleagues = (RABIA,)
    c.sign_in("3", "2468")
    c.press(Qt.Key.Key_F10)
    c.type("k")
    settle(150)


def keys_more(c: Cashier) -> None:
    c.sign_in("3", "2468")
    c.press(Qt.Key.Key_F10)


def keys_none(c: Cashier) -> None:
    c.on.desk.keys.held = ()
    c.on.desk.keys.till = replace(c.on.desk.keys.till, authorities=())
    keys_home(c)


def keys_moving(c: Cashier) -> None:
    c.on.desk.keys.till = replace(c.on.desk.keys.till, moving=True)
    keys_home(c)


def keys_file(c: Cashier) -> None:
    keys_home(c)
    c.press(Qt.Key.Key_F3)
    c.type("/media/stick/till.keys")


def keys_file_bad(c: Cashier) -> None:
    c.on.desk.keys.files.files["/media/stick/photo.jpg"] = b"photo"
    keys_home(c)
    c.press(Qt.Key.Key_F3)
    c.type("/media/stick/photo.jpg")
    c.enter()
    settle(150)


def keys_compare(c: Cashier) -> None:
    keys_file(c)
    c.enter()
    settle(150)


def keys_second(c: Cashier) -> None:
    keys_compare(c)
    c.enter()
    c.type("2468")
    c.enter()
    settle(150)


def keys_second_pin(c: Cashier) -> None:
    keys_second(c)
    c.type("1")
    settle(100)


def keys_code(c: Cashier) -> None:
    keys_second_pin(c)
    c.press(Qt.Key.Key_F5)
    settle(150)
    c.type("4821")


def keys_card(c: Cashier) -> None:
    keys_second_pin(c)
    c.type("12")
    c.shell.take_card(TRACK)
    settle(150)


def keys_more_acts(c: Cashier) -> None:
    keys_home(c)
    c.press(Qt.Key.Key_F2)
    settle(100)


def keys_trust(c: Cashier) -> None:
    c.on.desk.keys.files.files["/media/stick/grid.pub"] = b"ab" * 32
    keys_more_acts(c)
    c.type("1")
    c.type("River key office")
    c.enter()
    c.type("/media/stick/grid.pub")
    c.enter()
    settle(150)


def keys_copy(c: Cashier) -> None:
    keys_more_acts(c)
    c.type("3")
    settle(150)
    c.type("1")
    settle(150)


def keys_refused(c: Cashier) -> None:
    c.on.desk.keys.trouble.append(NotKeys(problem="box"))
    keys_second_pin(c)
    c.type("1357")
    c.enter()
    settle(150)


def keys_taken(c: Cashier) -> None:
    keys_second_pin(c)
    c.type("1357")
    c.enter()
    settle(200)


def keys_request(c: Cashier) -> None:
    keys_home(c)
    c.press(Qt.Key.Key_F4)
    settle(100)


def keys_moved(c: Cashier) -> None:
    keys_moving(c)
    c.press(Qt.Key.Key_F7)
    c.type("2468")
    c.enter()
    settle(100)
    c.type("1")
    c.type("1357")
    c.enter()
    settle(200)


def keys_word(c: Cashier) -> None:
    keys_home(c)
    c.press(Qt.Key.Key_F8)
    settle(100)


def keys_destroyed(c: Cashier) -> None:
    keys_word(c)
    japanese = c.on.choices.kept.language == "ja"
    field = target()
    assert isinstance(field, Entry)
    field.setText("破棄" if japanese else "destroy")  # no key of a test types it
    field.textEdited.emit(field.text())
    settle(40)
    c.enter()
    settle(80)
    c.enter()
    settle(80)
    c.type(OLD)
    c.enter()
    c.type("2468")
    c.enter()
    settle(100)
    c.type("1")
    c.type("1357")
    c.enter()
    settle(200)


KEY_DESK_STATES: tuple[Callable[[Cashier], None], ...] = (
    keys_home,
    keys_more,
    keys_none,
    keys_moving,
    keys_file,
    keys_file_bad,
    keys_compare,
    keys_second,
    keys_second_pin,
    keys_code,
    keys_card,
    keys_more_acts,
    keys_trust,
    keys_copy,
    keys_refused,
    keys_taken,
    keys_request,
    keys_moved,
    keys_word,
    keys_destroyed,
)
