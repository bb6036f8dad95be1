"""Pictures of the rules for money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt

from pos_app.domain.cash_rules import CashRules
from pos_app.ui.presenters.money_rules import Part
from pos_app.ui.views.money_rules import MoneyRulesPage
from tests.ui.shots_hand import Cashier, settle


def page_of(c: Cashier) -> MoneyRulesPage:
    page = c.on.window.findChild(MoneyRulesPage)
    assert page is not None
    return page


def rules_limits(c: Cashier) -> None:
    kept = c.on.choices.kept
    cash = CashRules(
        drop_above={"ZAR": Decimal(2000)},
        operator_limit={"ZAR": Decimal(5000)},
        shift_sales={"ZAR": Decimal(20_000)},
        commission={"jacaranda": Decimal("2.5")},
    )
    c.on.choices.kept = replace(kept, shifts=replace(kept.shifts, cash=cash))
    c.sign_in("3", "2468")
    c.press(Qt.Key.Key_F10)
    c.type("3")
    c.press(Qt.Key.Key_F7)
    settle(80)


def rules_ways(c: Cashier) -> None:
    rules_limits(c)
    page_of(c).parts.buttons[Part.WAYS].click()
    settle()


def rules_earning(c: Cashier) -> None:
    rules_limits(c)
    page_of(c).parts.buttons[Part.EARNING].click()
    settle()


def rules_wrong(c: Cashier) -> None:
    rules_limits(c)
    page_of(c).fields["operator_limit", "ZAR"].setFocus(Qt.FocusReason.OtherFocusReason)
    c.press(Qt.Key.Key_Home)
    c.type("abc")
    c.press(Qt.Key.Key_F2)
    settle()


def rules_kept(c: Cashier) -> None:
    rules_limits(c)
    page_of(c).fields["variance_limit", "ZAR"].setFocus(Qt.FocusReason.OtherFocusReason)
    c.type("10")
    c.press(Qt.Key.Key_F2)
    settle()


RULES_STATES: tuple[Callable[[Cashier], None], ...] = (
    rules_limits,
    rules_ways,
    rules_earning,
    rules_wrong,
    rules_kept,
)
