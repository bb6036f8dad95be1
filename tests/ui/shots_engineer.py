"""Pictures of the engineering desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt

from pos_app.application.records import CreditWaiting, MeterCard
from tests.ui.shots_hand import MOYO, Cashier, settle


def engineer(c: Cashier) -> None:
    c.sign_in("4", "1111")
    c.type(MOYO)
    c.enter()
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_8)
    settle(120)


def engineer_meter(c: Cashier) -> None:
    engineer(c)
    c.press(Qt.Key.Key_1)


def engineer_preset(c: Cashier) -> None:
    engineer_meter(c)
    c.enter()


def engineer_order(c: Cashier) -> None:
    engineer_preset(c)
    c.press(Qt.Key.Key_4)
    c.type("WO-4711")


def engineer_confirm(c: Cashier) -> None:
    engineer_order(c)
    c.enter()
    c.type("New breaker of 20 A")
    c.enter()


def engineer_done(c: Cashier) -> None:
    engineer_confirm(c)
    c.enter()


def engineer_wrong(c: Cashier) -> None:
    engineer_preset(c)
    c.press(Qt.Key.Key_9)
    c.type("lots")
    c.enter()


def engineer_tests(c: Cashier) -> None:
    engineer(c)
    c.press(Qt.Key.Key_5)


def engineer_ask(c: Cashier) -> None:
    engineer_tests(c)
    c.press(Qt.Key.Key_1)
    c.enter()


def engineer_word(c: Cashier) -> None:
    engineer(c)
    c.press(Qt.Key.Key_9)
    c.press(Qt.Key.Key_2)
    c.enter()


def engineer_pin(c: Cashier) -> None:
    engineer(c)
    c.press(Qt.Key.Key_4)
    c.enter()
    c.press(Qt.Key.Key_1)
    c.type("12.3")
    c.enter()
    c.type("WO-4712")
    c.enter()
    c.type("Meter bridged")
    c.enter()
    c.press(Qt.Key.Key_1)


def engineer_code(c: Cashier) -> None:
    engineer_pin(c)
    c.press(Qt.Key.Key_F5)
    c.type("4821")


def engineer_code_wrong(c: Cashier) -> None:
    engineer_code(c)
    c.enter()


def engineer_advice(c: Cashier) -> None:
    c.sign_in("4", "1111")
    c.sell()
    receipt = c.on.desk.sales[-1].receipt
    c.press(Qt.Key.Key_Escape)
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_8)
    c.press(Qt.Key.Key_7)
    c.type(receipt)
    c.enter()
    c.press(Qt.Key.Key_2)


def money_given(c: Cashier) -> None:
    c.on.desk.engineering.money = "ZAR"
    engineer(c)
    c.press(Qt.Key.Key_6)
    c.enter()
    settle(60)
    c.type("12.50")


def money_made(c: Cashier) -> None:
    money_given(c)
    c.enter()
    c.type("C-9")
    c.enter()
    c.type("Storm")
    c.enter()
    c.press(Qt.Key.Key_1)
    c.type("2468")
    c.enter()
    settle(120)


def credit_waits(c: Cashier) -> None:
    c.on.desk.engineering.carry = CreditWaiting("07124484821", MOYO, "73.5", "73.5 kWh")
    c.sign_in("4", "1111")
    c.type(MOYO)
    c.enter()
    settle(120)


def credit_offered(c: Cashier) -> None:
    credit_waits(c)
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_8)
    settle(200)


def bulk(c: Cashier) -> None:
    c.sign_in()
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_9)
    settle(120)


def bulk_looked(c: Cashier) -> None:
    bulk(c)
    c.type("list.csv")
    c.enter()
    settle(120)


def bulk_done(c: Cashier) -> None:
    bulk_looked(c)
    c.press(Qt.Key.Key_F2)
    settle(300)


def free_units(c: Cashier) -> None:
    c.sign_in()
    card = c.on.desk.card

    def entitled(drn: str) -> MeterCard:
        return replace(card(drn), free_due=Decimal(50))

    c.on.desk.card = entitled  # type: ignore[method-assign]
    c.type(MOYO)
    c.enter()
    settle(120)


ENGINEER_STATES: tuple[Callable[[Cashier], None], ...] = (
    money_given,
    money_made,
    credit_waits,
    credit_offered,
    engineer,
    engineer_meter,
    engineer_preset,
    engineer_order,
    engineer_confirm,
    engineer_done,
    engineer_wrong,
    engineer_tests,
    engineer_ask,
    engineer_word,
    engineer_pin,
    engineer_code,
    engineer_code_wrong,
    engineer_advice,
    bulk,
    bulk_looked,
    bulk_done,
    free_units,
)
