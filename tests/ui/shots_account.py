"""Pictures of accounts at the till: what a customer owes, and what the month gives for nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt

from pos_app.domain.money import Money
from tests.ui.fake_meters import METERS
from tests.ui.shots_hand import MOYO, Cashier


def account_due(c: Cashier) -> None:
    accounts = c.on.desk.accounts
    accounts.owed[MOYO] = Money(1200, c.on.desk.tariff.currency)
    accounts.free[MOYO] = Decimal(50)
    c.sign_in()
    c.type(MOYO)
    c.enter()


def account_free(c: Cashier) -> None:
    account_due(c)
    c.press(Qt.Key.Key_F12)


def account_free_given(c: Cashier) -> None:
    account_free(c)
    c.enter()


def account_edge(c: Cashier) -> None:
    c.sign_in()
    c.type(METERS[2].drn)
    c.enter()
    c.type("80")


ACCOUNT_STATES: tuple[Callable[[Cashier], None], ...] = (
    account_due,
    account_free,
    account_free_given,
    account_edge,
)
