"""Head office in the window: two clicks for a stick, one sentence after every act."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pos_app.application.errors import RoleNeeded
from pos_app.application.office_records import (
    JournalsPart,
    OfficeNotTrusted,
    OfficeUnreachable,
    PackTaken,
)
from pos_app.ui.presenters.office import CALL, TAKE, WRITE
from pos_app.ui.views.more import MorePage
from pos_app.ui.views.office import SAME, OfficePage
from tests.ui.conftest import Cashier, only
from tests.ui.fake_office import CLONED, FINGERPRINT, SHOWN, STATUS, WORDS


def opened(cashier: Cashier) -> OfficePage:
    cashier.shell.open_page("office")
    page = only(cashier, OfficePage)
    cashier.sees(page.code.hasFocus)
    cashier.sees(lambda: bool(page.facts["office"].text()))
    return page


def click(page: OfficePage, name: str) -> None:
    QTest.mouseClick(page.keys[name], Qt.MouseButton.LeftButton)


def test_the_page_is_behind_f10(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F10)
    tile = next(tile for tile in only(cashier, MorePage).tiles if tile.text() == "Head office")
    tile.click()
    assert only(cashier, OfficePage).isVisible()


def test_it_tells_how_things_stand(cashier: Cashier) -> None:
    page = opened(cashier)
    assert page.facts["office"].text() == "Lagoon Electric"
    assert "686,500.00" in page.facts["allowance"].text()
    fresh = page.facts["fresh"].text().replace("\u00a0", " ")
    assert fresh == "tariffs 1 Nov, meters 20 Nov, accounts 20 Nov, allowance 19 Nov"
    assert "Pack 13 counts from 30 Nov" in page.facts["coming"].text()


def test_words_of_head_office_stand_on_top(cashier: Cashier) -> None:
    cashier.on.office.status = replace(STATUS, messages=(WORDS,))
    page = opened(cashier)
    assert page.words_of_office.words() == "The office in Ikeja is closed on Monday."


def test_that_the_till_was_copied_stands_above_everything_until_it_is_settled(
    cashier: Cashier,
) -> None:
    cashier.on.office.status = replace(STATUS, standing=CLONED)
    page = opened(cashier)
    assert page.standing.words().startswith("Two machines sell as this till")
    assert "Do not sell on this machine; call head office now." in page.standing.words()
    cashier.on.office.status = STATUS
    cashier.press(Qt.Key.Key_F5)
    cashier.sees(lambda: not page.standing.isVisible())


def test_with_one_stick_a_click_writes_and_a_click_takes(cashier: Cashier) -> None:
    page = opened(cashier)
    click(page, WRITE)
    cashier.sees(lambda: page.said.words().startswith("57 entries are on the stick"))
    click(page, TAKE)
    cashier.sees(lambda: page.said.words() == "1 pack is taken.")
    assert cashier.on.office.calls == [
        "write /media/counter/STICK",
        "take /media/counter/STICK",
    ]


def test_of_several_sticks_a_digit_or_a_second_click_chooses(cashier: Cashier) -> None:
    cashier.on.office.found = ("/media/counter/A", "/media/counter/B")
    page = opened(cashier)
    click(page, TAKE)
    cashier.sees(page.sticks[1].isVisible)
    cashier.type("2")
    cashier.sees(lambda: page.said.words() == "1 pack is taken.")
    cashier.sees(page.code.hasFocus)
    click(page, WRITE)
    cashier.sees(page.sticks[0].isVisible)
    QTest.mouseClick(page.sticks[0], Qt.MouseButton.LeftButton)
    cashier.sees(lambda: page.said.words().startswith("57 entries"))
    assert cashier.on.office.calls == ["take /media/counter/B", "write /media/counter/A"]


def test_without_a_stick_it_says_what_to_do(cashier: Cashier) -> None:
    cashier.on.office.found = ()
    page = opened(cashier)
    cashier.press(Qt.Key.Key_F6)
    cashier.sees(lambda: page.said.words().startswith("There is no stick"))
    assert cashier.on.office.calls == []


def test_what_was_set_aside_is_said(cashier: Cashier) -> None:
    refused = ((2, "meters", "meter-file-invalid"),)
    cashier.on.office.packs = (PackTaken("3", 13, 0, {}, refused, 1),)
    page = opened(cashier)
    cashier.press(Qt.Key.Key_F7)
    cashier.sees(page.said.isVisible)
    cashier.sees(lambda: "One moment" not in page.said.words())
    assert "1 record was set aside" in page.said.words()


def test_a_line_that_is_down_is_said_and_nothing_is_stuck(cashier: Cashier) -> None:
    cashier.on.office.trouble = OfficeUnreachable(url="https://office.example", reason="no route")
    page = opened(cashier)
    click(page, CALL)
    cashier.sees(lambda: "does not answer: no route" in page.said.words())
    cashier.press(Qt.Key.Key_F5)
    cashier.sees(lambda: page.said.words().startswith("All is sent: 57 entries"))
    assert cashier.on.office.calls == ["call", "call"]


def test_why_the_line_is_shut_stands_there_from_the_start(cashier: Cashier) -> None:
    cashier.on.office.shut = JournalsPart(seq=900, here=700)
    page = opened(cashier)
    assert page.said.words().startswith("Head office holds entry 900 of this till")


def test_a_code_is_typed_and_entered(cashier: Cashier) -> None:
    page = opened(cashier)
    cashier.type("0037 4404 5939 5941 2737")
    cashier.enter()
    cashier.sees(lambda: page.said.words().startswith("The code is taken"))
    assert page.code.text() == ""
    assert cashier.on.office.calls[0].startswith("code 0037 4404 5939 5941 2737 ")


def test_another_certificate_is_compared_and_then_head_office_is_asked_again(
    cashier: Cashier,
) -> None:
    door = cashier.on.office
    page = opened(cashier)
    door.trouble = OfficeNotTrusted(url="https://office.example")
    cashier.press(Qt.Key.Key_F5)
    cashier.sees(page.keys[SAME].isVisible)
    assert page.keys[SAME].text() == "Both are the same: go on"
    assert SHOWN.fingerprint in page.said.words()
    assert "https://office.example" in page.said.words()
    cashier.press(Qt.Key.Key_F9)
    cashier.sees(lambda: page.said.words().startswith("All is sent"))
    assert [each.split()[0] for each in door.calls] == ["call", "look", "trust", "call"]


def test_a_till_without_head_office_says_so_and_asks_for_it(cashier: Cashier) -> None:
    page = enrolling(cashier)
    assert page.facts["office"].text().startswith("none yet")
    assert page.keys[CALL].text() == "Enrol over the network"
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees(cashier.till.search.hasFocus)


def enrolling(cashier: Cashier) -> OfficePage:
    cashier.on.office.alone()
    cashier.shell.open_page("office")
    page = only(cashier, OfficePage)
    cashier.sees(page.fields.address.hasFocus)
    return page


def test_a_till_is_enrolled_by_keyboard_alone(cashier: Cashier) -> None:
    page = enrolling(cashier)
    cashier.type("office.example:8460")
    cashier.enter()
    cashier.sees(page.fields.code.hasFocus)
    cashier.type("02E0-3M04-R04G-000V")
    cashier.enter()
    cashier.sees(lambda: page.said.words().startswith("Enrolled with Lagoon Electric"))
    assert FINGERPRINT in page.said.words()
    cashier.sees(page.code.hasFocus)
    (call,) = cashier.on.office.calls
    assert call.startswith("enrol https://office.example:8460 02E0-3M04-R04G-000V ")
    assert page.facts["office"].text() == "Lagoon Electric"
    assert not page.fields.isVisible()


def test_a_certificate_that_nobody_knows_is_compared_before_the_code_is_sent(
    cashier: Cashier,
) -> None:
    cashier.on.office.known = False
    page = enrolling(cashier)
    cashier.type("office.example")
    cashier.enter()
    cashier.type("CODE")
    cashier.enter()
    cashier.sees(page.keys[SAME].isVisible)
    assert SHOWN.fingerprint in page.said.words()
    cashier.enter()  # a second Enter of a hasty hand believes nothing
    assert page.keys[SAME].isVisible()
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees(page.fields.code.hasFocus)
    assert page.fields.address.text() == "office.example"
    cashier.enter()
    cashier.sees(page.keys[SAME].isVisible)
    cashier.press(Qt.Key.Key_F9)
    cashier.sees(lambda: page.said.words().startswith("Enrolled with"))
    assert cashier.on.office.calls[-1].endswith(SHOWN.pem)


def test_a_till_is_enrolled_by_stick(cashier: Cashier) -> None:
    page = enrolling(cashier)
    page.fields.code.setText("02E0-3M04-R04G-000V")
    cashier.press(Qt.Key.Key_F6)
    cashier.sees(lambda: page.said.words().startswith("TRAIN1-enrol.request is on the stick"))
    cashier.press(Qt.Key.Key_F7)
    cashier.sees(lambda: page.said.words().startswith("Enrolled with"))
    asked, answered = cashier.on.office.calls
    assert asked.startswith("ask /media/counter/STICK 02E0-3M04-R04G-000V ")
    assert answered.startswith("answer /media/counter/STICK ")


def test_what_keeps_a_till_from_enrolling_is_said_and_what_was_typed_stays(
    cashier: Cashier,
) -> None:
    page = enrolling(cashier)
    cashier.on.office.trouble = RoleNeeded(role="supervisor")
    cashier.enter()
    assert cashier.on.office.calls == []
    cashier.type("office.example")
    cashier.press(Qt.Key.Key_F5)
    cashier.sees(lambda: bool(page.said.words()) and "moment" not in page.said.words())
    assert "supervisor" in page.said.words()
    assert page.fields.address.text() == "office.example"


def test_a_till_that_is_enrolled_may_be_enrolled_again(cashier: Cashier) -> None:
    page = opened(cashier)
    cashier.press(Qt.Key.Key_F8)
    cashier.sees(page.fields.code.hasFocus)
    assert page.fields.address.text() == "https://office.example"
    assert not page.code.isVisible()
    cashier.press(Qt.Key.Key_F8)
    cashier.sees(page.code.hasFocus)
    assert cashier.on.office.calls == []
