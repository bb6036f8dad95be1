"""The record of a meter in the window: F3 with a meter found, and only what the role allows."""

from __future__ import annotations

from PySide6.QtCore import Qt

from pos_app.domain.meter_life import Act
from pos_app.ui.presenters.record import SLIP
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.record import RecordPage
from pos_app.ui.views.shell import Shell
from tests.ui.conftest import Cashier, Open, only

MOYO = "07124482166"


def at_the_record(cashier: Cashier) -> RecordPage:
    cashier.type(MOYO)
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.press(Qt.Key.Key_F3)
    page = only(cashier, RecordPage)
    cashier.sees(lambda: page.what.count() > 0)
    return page


def supervisor(open_till: Open) -> Cashier:
    """Sign in the third of the list, who is one."""
    cashier = open_till()
    cashier.sign_in(number="3", pin="2468")
    cashier.sees(lambda: isinstance(cashier.on.window.content, Shell))
    cashier.sees(cashier.till.search.hasFocus)
    return cashier


def test_a_cashier_reports_a_fault_and_may_do_nothing_else(cashier: Cashier) -> None:
    page = at_the_record(cashier)
    assert page.what.findData(Act.BLOCK.value) == -1
    page.what.setCurrentIndex(page.what.findData("fault:display"))
    page.reason.setFocus()
    cashier.type("dark since rain")
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: "3-F41" in page.notice.words())
    cashier.sees(lambda: "dark since rain" in page.history.text())


def test_a_supervisor_blocks_and_the_till_stops_there(open_till: Open) -> None:
    cashier = supervisor(open_till)
    page = at_the_record(cashier)
    page.what.setCurrentIndex(page.what.findData(Act.BLOCK.value))
    page.reason.setFocus()
    cashier.type("unpaid")
    cashier.enter()
    cashier.type("pay 120.00")
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: "unpaid (pay 120.00)" in page.standing.text())
    assert page.what.findData(Act.UNBLOCK.value) >= 0
    cashier.press(Qt.Key.Key_Escape)
    cashier.reach(Step.STOPPED)


def test_a_supervisor_notes_the_key_a_meter_shows_field_by_field(open_till: Open) -> None:
    cashier = supervisor(open_till)
    page = at_the_record(cashier)
    assert page.key.isHidden()
    page.what.setCurrentIndex(page.what.findData(Act.SHOWN_KEY.value))
    cashier.sees(page.key.isVisible)
    assert page.reason.isHidden()
    page.key.fields["sgc"].setFocus()
    cashier.enter()
    cashier.type("10")
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: "No meter shows 10" in page.notice.words())
    assert page.key.fields["krn"].hasFocus()
    assert page.key.fields["krn"].selectedText() == "10"
    cashier.type("4")
    cashier.enter()
    cashier.type("07")
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: "The next sale brings the change to" in page.notice.words())
    assert page.key.typed() == dict.fromkeys(page.key.fields, "")


def test_the_slip_of_a_fault_prints_again_from_its_meters_record(cashier: Cashier) -> None:
    page = at_the_record(cashier)
    assert page.what.findData(f"{SLIP}:3-F41") == -1
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: page.what.findData(f"{SLIP}:3-F41") >= 0)
    assert "Slip waits" in page.history.text()
    page.what.setCurrentIndex(page.what.findData(f"{SLIP}:3-F41"))
    assert page.reason.isHidden()
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: "as copy 1" in page.notice.words())


def test_without_a_meter_the_key_says_what_to_do_first(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F3)
    cashier.sees(lambda: "Find a meter first" in cashier.shell.card_notice.words())
    assert cashier.shell.pages.currentWidget() is cashier.till


def test_a_cashier_asks_head_office_to_correct_a_name(cashier: Cashier) -> None:
    page = at_the_record(cashier)
    page.what.setCurrentIndex(page.what.findData("correct:name"))
    assert page.reason_caption.text() == "What it should be"
    page.reason.setFocus()
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: "cannot be proposed" in page.notice.words())
    cashier.type("MOYO Tendayi")
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: page.notice.words().startswith("Head office is asked."))
    cashier.sees(lambda: "Asked for: name “MOYO Tendayi”" in page.history.text())
    (made,) = cashier.on.desk.proposals.made
    assert (made.drn, made.field, made.value) == (MOYO, "name", "MOYO Tendayi")


def test_another_meter_takes_its_place_with_the_credit_it_showed(open_till: Open) -> None:
    cashier = supervisor(open_till)
    height = cashier.on.window.height()
    page = at_the_record(cashier)
    page.what.setCurrentIndex(page.what.findData(Act.SWAP.value))
    cashier.sees(page.swap.new.isVisible)
    page.swap.new.setFocus()
    cashier.type(MOYO)
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: "cannot take the place" in page.notice.words())
    page.swap.new.clear()
    cashier.type("07124484821")
    cashier.enter()
    assert page.swap.credit.hasFocus()
    cashier.type("12.5")
    cashier.enter()
    assert page.reason.hasFocus()
    cashier.type("display broken")
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: "has taken its place" in page.notice.words())
    swaps = cashier.on.desk.engineering.swaps
    assert swaps == [(MOYO, "07124484821", "12.5", "display broken", "thandi")]
    assert page.swap.typed() == ("", "0")
    assert cashier.on.window.height() == height


def test_a_cashier_is_not_offered_a_swap(cashier: Cashier) -> None:
    assert at_the_record(cashier).what.findData(Act.SWAP.value) == -1
