"""The rules for money in the window: read as a whole, kept act by act, a supervisor's alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pos_app.application.shift_settings import ShiftOpening, ShiftSettings
from pos_app.domain.cash_rules import CashRules
from pos_app.ui.presenters.money_rules import MoneyRulesPresenter, Part, RulesScreen
from pos_app.ui.views.money_rules import MoneyRulesPage
from pos_app.ui.views.settings import SettingsPage
from pos_app.ui.views.shell import Shell
from tests.ui.conftest import Cashier, Open, only
from tests.ui.fake_choices import FakeChoices
from tests.ui.fake_desk import OPERATORS, FakeDesk, make_desk
from tests.ui.hand import Queue


class Seen:
    def show_screen(self, screen: RulesScreen) -> None:
        self.screen = screen


class Hand:
    """A supervisor at the presenter."""

    def __init__(self, operator: int = 2) -> None:
        self.desk: FakeDesk = make_desk()
        self.choices, self.seen = FakeChoices(), Seen()
        self.rules = MoneyRulesPresenter(
            self.desk, Queue(), self.choices, OPERATORS[operator], self.seen
        )

    @property
    def screen(self) -> RulesScreen:
        return self.rules.screen


@pytest.fixture
def hand() -> Hand:
    made = Hand()
    made.rules.begin()
    return made


def test_fields_stand_as_the_settings_say_and_come_back_into_them(hand: Hand) -> None:
    cash = CashRules(drop_above={"ZAR": Decimal("2000.50")}, commission={"lake": Decimal("1.5")})
    kept = hand.choices.kept
    hand.choices.kept = replace(kept, shifts=replace(kept.shifts, cash=cash))
    hand.rules.begin()
    assert hand.screen.typed["drop_above", "ZAR"] == "2000.50"
    assert hand.screen.typed["commission", "lake"] == "1.5"
    hand.rules.type(("drop_above", "ZAR"), "")
    hand.rules.type(("day_sales", "UGX"), "5000000")
    hand.rules.type(("wallet", "ZAR"), "20")
    hand.rules.choose_opening(ShiftOpening.REQUIRED)
    hand.rules.keep()
    shifts, tenders = hand.choices.kept.shifts, hand.choices.kept.tenders
    assert hand.screen.kept
    assert (shifts.cash.drop_above, shifts.cash.day_sales) == ({}, {"UGX": Decimal(5_000_000)})
    assert shifts.cash.commission == {"lake": Decimal("1.5")}
    assert (shifts.opening, tenders.wallet) == (ShiftOpening.REQUIRED, {"ZAR": Decimal(20)})
    assert hand.desk.rules.kept == [shifts]
    assert hand.desk.wallets.caps == {"ZAR": Decimal(20)}


def test_fields_stand_as_the_journal_says_and_keeping_them_rights_the_file(hand: Hand) -> None:
    journalled = ShiftSettings(cash=CashRules(operator_limit={"ZAR": Decimal(500)}))
    hand.desk.rules.journalled = journalled
    file = replace(hand.choices.kept.shifts, cash=CashRules(commission={"lake": Decimal(90)}))
    hand.choices.kept = replace(hand.choices.kept, shifts=file)
    hand.rules.begin()
    assert hand.screen.typed["operator_limit", "ZAR"] == "500"
    assert ("commission", "lake") not in hand.screen.typed
    hand.rules.keep()
    assert hand.screen.kept
    assert hand.desk.rules.kept == []
    assert hand.choices.kept.shifts == journalled


def test_ways_of_paying_are_taken_or_not_and_have_a_limit(hand: Hand) -> None:
    assert hand.screen.taken == {"card", "mobile", "cheque", "account"}
    hand.rules.toggle("cheque")
    hand.rules.type(("card", "ZAR"), "500")
    hand.rules.keep()
    kinds = hand.choices.kept.tenders.kinds
    assert kinds is not None
    assert [kind.code for kind in kinds] == ["card", "mobile", "account"]
    assert kinds[0].limit == {"ZAR": Decimal(500)}
    assert not hand.desk.rules.kept  # no other act
    hand.rules.begin()
    hand.rules.toggle("cheque")  # it can be had again
    hand.rules.keep()
    again = hand.choices.kept.tenders.kinds
    assert again is not None
    assert "cheque" in [kind.code for kind in again]


def test_what_is_no_amount_is_shown_where_it_stands_and_nothing_is_kept(hand: Hand) -> None:
    before = hand.choices.kept
    hand.rules.type(("operator_limit", "UGX"), "12,5")
    hand.rules.type(("shop_limit", "ZAR"), "900")
    hand.rules.show_part(Part.EARNING)
    hand.rules.keep()
    assert hand.screen.wrong == ("operator_limit", "UGX")
    assert (hand.screen.part, hand.screen.at) == (Part.LIMITS, 1)
    hand.rules.type(("operator_limit", "UGX"), "900000")
    hand.rules.type(("commission", "lake"), "101")
    hand.rules.keep()
    assert (hand.screen.part, hand.screen.wrong) == (Part.EARNING, ("commission", "lake"))
    assert hand.choices.kept == before
    assert not hand.desk.rules.kept


def test_nothing_is_journalled_that_did_not_change(hand: Hand) -> None:
    hand.rules.keep()
    assert hand.screen.kept
    assert not hand.desk.rules.kept
    assert not any(call.startswith("set_tenders") for call in hand.desk.calls)


def test_whoever_may_not_is_told_so_and_nothing_is_kept() -> None:
    hand = Hand(operator=0)
    hand.rules.begin()
    before = hand.choices.kept
    hand.rules.type(("shop_limit", "ZAR"), "900")
    hand.rules.keep()
    assert hand.screen.problem is not None
    assert hand.screen.problem.code == "role-needed"
    assert hand.choices.kept == before


def test_the_page_is_found_behind_the_settings_and_set_by_keyboard_alone(open_till: Open) -> None:
    made = open_till()
    made.sign_in("2468", "3")
    made.sees(lambda: isinstance(made.on.window.content, Shell))
    made.sees(made.till.search.hasFocus)
    made.press(Qt.Key.Key_F10)
    made.type("3")
    made.press(Qt.Key.Key_F7)
    page = only(made, MoneyRulesPage)
    limit = ("drop_above", "ZAR")
    made.sees(lambda: limit in page.fields and page.fields[limit].isVisible())
    made.sees(lambda: page.isAncestorOf(made.focus))
    for _ in page.findChildren(QWidget):
        if made.focus is page.fields[limit]:
            break
        made.press(Qt.Key.Key_Tab)
    made.type("2000")
    made.press(Qt.Key.Key_F2)
    made.sees(lambda: bool(made.on.desk.rules.kept))
    assert made.on.choices.kept.shifts.cash.drop_above == {"ZAR": Decimal(2000)}
    made.press(Qt.Key.Key_Escape)
    made.sees(only(made, SettingsPage).isVisible)


def test_a_cashier_has_no_key_to_the_rules(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F10)
    cashier.type("3")
    page = only(cashier, SettingsPage)
    assert not page.rules.isVisible()
    cashier.press(Qt.Key.Key_F7)
    assert cashier.on.window.findChild(MoneyRulesPage) is None
