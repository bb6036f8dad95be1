"""A card swiped amid something: the page and what was typed stay, and a sentence says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.domain.shift import CashMove
from pos_app.ui.presenters.engineer_screen import EngineerScreen
from pos_app.ui.presenters.engineer_screen import Step as Desk
from pos_app.ui.presenters.shift_screen import ShiftScreen
from pos_app.ui.presenters.shift_screen import Step as Shift
from pos_app.ui.presenters.till_screen import Step
from pos_app.ui.views.record import RecordPage
from tests.ui.conftest import Cashier, Open, only
from tests.ui.test_bulk_window import bulk_page
from tests.ui.test_card_reader import MOYO, PAYMENT_TRACK, TRACK, swipe, typed_anywhere
from tests.ui.test_engineer_window import desk_page
from tests.ui.test_engineer_window import engineer as engineer  # noqa: PLC0414 - a fixture
from tests.ui.test_keys_window import compared, opened
from tests.ui.test_redress_window import asks, redress_page
from tests.ui.test_shift_window import opened as shift_opened
from tests.ui.test_shift_window import reach

KEPT = "This page stays as it is"


def stays(cashier: Cashier, page: QWidget, shown: Callable[[], str]) -> None:
    """Swipe a meter card, then a payment card: nothing moves but the sentence above."""
    cashier.settle()
    before, fields = shown(), typed_anywhere(cashier)
    for track, said in ((TRACK, KEPT), (PAYMENT_TRACK, "payment card")):
        swipe(cashier, track)
        cashier.sees(lambda said=said: said in cashier.shell.card_notice.words())  # type: ignore[misc]
        cashier.settle()
        assert cashier.shell.pages.currentWidget() is page
        assert (shown(), typed_anywhere(cashier)) == (before, fields)
        assert cashier.shell.step is Step.IDLE


def test_a_key_ceremony_and_the_pin_half_typed_stay(open_till: Open) -> None:
    cashier, page = opened(open_till)
    compared(cashier, page)
    cashier.type("12")
    assert page.act.field.echoMode() is QLineEdit.EchoMode.Password
    stays(cashier, page, lambda: page.act.title.text() + page.act.field.text())
    assert page.act.field.text() == "12"
    assert page.act.field.hasFocus()


def test_the_list_of_keys_is_left_for_the_meter_of_the_card(open_till: Open) -> None:
    cashier, _ = opened(open_till)
    swipe(cashier, TRACK)
    cashier.reach(Step.AMOUNT)
    assert cashier.till.search.text() == MOYO
    assert not cashier.shell.card_notice.isVisible()


def test_an_act_of_the_engineering_desk_stays_where_no_meter_is_asked_for(
    engineer: Cashier,
) -> None:
    page = desk_page(engineer)
    engineer.sees(lambda: bool(page.answers))
    engineer.press(Qt.Key.Key_3)
    engineer.sees(page.field.hasFocus)
    swipe(engineer, TRACK)
    engineer.sees(lambda: page.field.text() == MOYO)
    engineer.enter()
    engineer.sees(lambda: page.field.text() == "" and page.field.hasFocus())
    engineer.type("WO 7")
    stays(engineer, page, lambda: page.title.text() + page.field.text())


def test_a_redress_stays(cashier: Cashier) -> None:
    page = redress_page(cashier)
    asks(cashier, page, "What does the customer get?")
    cashier.press(Qt.Key.Key_1)
    asks(cashier, page, "Why?")
    stays(cashier, page, page.title.text)


def test_a_count_of_the_drawer_stays_with_its_pieces(cashier: Cashier) -> None:
    page = shift_opened(cashier)
    page.open.count.click()
    reach(cashier, page, Shift.COUNT)
    cashier.type("7")
    stays(cashier, page, lambda: str(page.step))
    assert "7" in typed_anywhere(cashier)


def test_a_bulk_list_stays_until_it_is_done(cashier: Cashier) -> None:
    page = bulk_page(cashier)
    cashier.type("list.csv")
    cashier.enter()
    cashier.sees(lambda: page.count.text() == "5 rows, 3 cannot be sold")
    stays(cashier, page, page.count.text)
    cashier.press(Qt.Key.Key_F2)
    cashier.sees(lambda: "2 rows sold" in page.notice.words())
    cashier.sees(lambda: "list-result.csv" in page.notice.words())
    swipe(cashier, TRACK)
    cashier.reach(Step.AMOUNT)


@pytest.mark.parametrize("step", list(Desk))
def test_every_question_of_the_desk_is_under_way_or_takes_a_meter(step: Desk) -> None:
    free = {Desk.ACT, Desk.MORE, Desk.DONE, Desk.METER, Desk.OLD_METER, Desk.NEW_METER}
    assert EngineerScreen(step=step).under_way is (step not in free)


def test_a_float_half_typed_is_under_way_and_an_open_shift_is_not() -> None:
    assert ShiftScreen(step=Shift.FLOAT, floats=("", "30")).under_way
    assert ShiftScreen(step=Shift.MOVE, move=CashMove.IN).under_way
    assert not ShiftScreen(step=Shift.FLOAT, floats=("", "")).under_way
    assert not ShiftScreen(step=Shift.OPEN).under_way


def test_a_record_half_written_stays(cashier: Cashier) -> None:
    cashier.type(MOYO)
    cashier.enter()
    cashier.reach(Step.AMOUNT)
    cashier.press(Qt.Key.Key_F3)
    page = only(cashier, RecordPage)
    cashier.sees(lambda: page.what.count() > 0)
    page.reason.setFocus()
    cashier.sees(page.reason.hasFocus)
    cashier.type("the lamp is dark")
    swipe(cashier, TRACK)
    cashier.sees(lambda: KEPT in cashier.shell.card_notice.words())
    notice, header = cashier.shell.card_notice, cashier.shell.header
    assert not notice.geometry().intersects(header.geometry())
    assert notice.geometry().bottom() == cashier.shell.rect().bottom()
    assert page.reason.text() == "the lamp is dark"
    assert cashier.shell.pages.currentWidget() is page
