"""Pictures of payments: other ways, parked sales, cards that gave no answer, a new operator."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_app.domain.money import Money
from pos_app.domain.wallet import WALLET_KIND
from tests.ui.fake_meters import METERS
from tests.ui.shots_hand import MOYO, Cashier, settle


def found(c: Cashier) -> None:
    c.sign_in()
    c.type(MOYO)
    c.enter()


def other_way(c: Cashier) -> None:
    found(c)
    c.enter()
    c.type("50")
    c.type("**")
    c.type("30")


def reference(c: Cashier) -> None:
    other_way(c)
    c.enter()
    c.type("qk72")


def reference_wrong(c: Cashier) -> None:
    reference(c)
    c.enter()


def rest_due(c: Cashier) -> None:
    reference(c)
    c.type("m8x9p")
    c.enter()


def too_much(c: Cashier) -> None:
    found(c)
    c.enter()
    c.type("*")
    c.type("120")
    c.enter()


def parked(c: Cashier) -> None:
    c.sign_in()
    for index, amount in enumerate(("100", "u25", "75.50")):
        c.type(METERS[index].drn)
        c.enter()
        c.type(amount)
        c.press(Qt.Key.Key_F4)
        c.on.desk.now_ms += 4 * 60_000
    c.press(Qt.Key.Key_F4)
    c.press(Qt.Key.Key_Down)


def parked_idle(c: Cashier) -> None:
    parked(c)
    c.press(Qt.Key.Key_Escape)


def parked_money(c: Cashier) -> None:
    rest_due(c)
    c.press(Qt.Key.Key_F4)


def card_unclear(c: Cashier) -> None:
    found(c)
    c.enter()
    c.type("*")
    c.enter()
    c.press(Qt.Key.Key_F4)


def card_code(c: Cashier) -> None:
    found(c)
    c.enter()
    c.type("*")
    c.enter()


def card_parked(c: Cashier) -> None:
    card_unclear(c)
    c.enter()
    settle()
    c.press(Qt.Key.Key_F4)


def switch(c: Cashier) -> None:
    found(c)
    c.press(Qt.Key.Key_F11)
    c.type("2")
    c.type("43")


def with_wallet(c: Cashier, minor: int) -> None:
    rand = c.on.desk.tariff.currency
    c.on.desk.kinds = (*c.on.desk.kinds, WALLET_KIND)
    c.on.desk.wallets.cap = Money(5000, rand)
    c.on.desk.wallets.held[MOYO] = Money(minor, rand)


def wallet_keep(c: Cashier) -> None:
    with_wallet(c, 0)
    found(c)
    c.enter()
    c.type("150")


def wallet_kept(c: Cashier) -> None:
    wallet_keep(c)
    c.press(Qt.Key.Key_F12)


def wallet_sold(c: Cashier) -> None:
    wallet_kept(c)
    c.enter()


def wallet_spent(c: Cashier) -> None:
    with_wallet(c, 3000)
    found(c)
    c.enter()
    for _ in range(4):
        c.press(Qt.Key.Key_Asterisk)


PAY_STATES: tuple[Callable[[Cashier], None], ...] = (
    other_way,
    reference,
    reference_wrong,
    rest_due,
    too_much,
    parked,
    parked_idle,
    parked_money,
    card_unclear,
    card_code,
    card_parked,
    switch,
    wallet_keep,
    wallet_kept,
    wallet_sold,
    wallet_spent,
)
