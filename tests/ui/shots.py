"""Every state of every screen as a picture: ``python -m tests.ui.shots FOLDER [FILTER]``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.application.key_records import KeyDue
from pos_app.application.printing import PrintOutcome, PrintState
from pos_app.application.records import CurrencySum
from pos_app.domain.money import Currency, Money
from pos_app.ui.presenters.till_screen import Step
from tests.ui.fake_desk import DAY_MS
from tests.ui.fake_meters import METERS
from tests.ui.shots_account import ACCOUNT_STATES
from tests.ui.shots_cash import CASH_STATES
from tests.ui.shots_check import CHECK_STATES
from tests.ui.shots_engineer import ENGINEER_STATES
from tests.ui.shots_hand import MOYO, Cashier, settle
from tests.ui.shots_key_desk import KEY_DESK_STATES
from tests.ui.shots_keys import KEY_STATES
from tests.ui.shots_meters import METER_STATES
from tests.ui.shots_office import OFFICE_STATES
from tests.ui.shots_pay import PAY_STATES
from tests.ui.shots_redress import REDRESS_STATES
from tests.ui.shots_reports import REPORT_STATES
from tests.ui.shots_rules import RULES_STATES
from tests.ui.shots_shift import SHIFT_STATES
from tests.ui.stage import PASSPHRASE, stage
from tests.ui.trouble import LedgerUnavailable, ShopInUse

SIZES = {"1024x600": (1024, 600, 1.0), "1920x1080": (1920, 1080, 1.25)}
IN_USE = ShopInUse(folder="/home/counter/.local/share/tokentill/shops/training")


def unlock(c: Cashier) -> None:
    settle()


def shut(c: Cashier) -> None:
    settle()


def shut_asked(c: Cashier) -> None:
    settle()
    c.type("guess")
    c.enter()


def sign_in(c: Cashier) -> None:
    settle()


def pin(c: Cashier) -> None:
    settle()
    c.type("2")
    c.type("123")


def pin_wrong(c: Cashier) -> None:
    settle()
    c.type("1")
    c.type("9999")
    c.enter()


def pin_locked(c: Cashier) -> None:
    c.on.desk.tries = 0
    pin_wrong(c)
    c.on.hands.seconds += 11
    settle(600)


def idle(c: Cashier) -> None:
    c.sign_in()


def rules_outside(c: Cashier) -> None:
    c.on.desk.rules_outside = True
    c.sign_in()
    tick(c)


def keys_end(c: Cashier) -> None:
    c.sign_in()
    c.on.desk.allowance = 4
    c.on.desk.keys_due = (KeyDue("600111", 1, 6, 7),)
    c.shell.refresh_now()
    settle(200)


def search(c: Cashier) -> None:
    c.sign_in()
    c.type("moy")
    c.press(Qt.Key.Key_Down)


def nobody(c: Cashier) -> None:
    c.sign_in()
    c.type("zzz")


def number_wrong(c: Cashier) -> None:
    c.sign_in()
    c.type("07124482167")
    c.enter()


def found(c: Cashier) -> None:
    c.sign_in()
    c.type(MOYO)
    c.enter()


def below(c: Cashier) -> None:
    found(c)
    c.type("5")
    c.enter()


def in_units(c: Cashier) -> None:
    found(c)
    c.type("u40")


def in_days(c: Cashier) -> None:
    found(c)
    c.type("d30/5.5")


def tender(c: Cashier) -> None:
    found(c)
    c.enter()
    c.type("200")


def short(c: Cashier) -> None:
    found(c)
    c.enter()
    c.type("50")
    c.enter()


def refused(c: Cashier) -> None:
    c.on.desk.trouble.append(LedgerUnavailable(reason="disk full"))
    tender(c)
    c.enter()


def result(c: Cashier) -> None:
    c.sign_in()
    c.sell()
    c.shell.till.sale.update()
    tick(c)


def tick(c: Cashier) -> None:
    c.shell.refresh_now()
    settle()


def exact(c: Cashier) -> None:
    c.sign_in()
    c.sell("02211340558", "1250", "")
    tick(c)


def unprinted(c: Cashier) -> None:
    c.on.desk.printer_works = False
    result(c)


def printing(c: Cashier) -> None:
    c.on.desk.printer_slow = True
    result(c)


def reason(c: Cashier) -> None:
    result(c)
    c.press(Qt.Key.Key_F9)


def duplicate(c: Cashier) -> None:
    c.sign_in()
    c.sell()
    c.on.desk.now_ms += 125_000
    c.sell()
    assert c.shell.step is Step.DUPLICATE


def blocked(c: Cashier) -> None:
    c.sign_in()
    c.type("banda")
    c.enter()


def many_sales(c: Cashier) -> None:
    c.sign_in()
    amounts = ("100", "50", "250", "1200", "75.50", "300", "20", "480")
    for index, amount in enumerate(amounts):
        c.on.desk.now_ms += 7 * 60_000 + index * 9_000
        c.on.desk.printer_works = index != 4
        c.sell(METERS[index % 5].drn, amount, "")


def sales(c: Cashier) -> None:
    many_sales(c)
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_1)
    c.press(Qt.Key.Key_Down)


def sales_reason(c: Cashier) -> None:
    sales(c)
    c.enter()


def sales_empty(c: Cashier) -> None:
    c.sign_in()
    c.press(Qt.Key.Key_F9)


def more(c: Cashier) -> None:
    c.sign_in()
    c.press(Qt.Key.Key_F10)


def settings(c: Cashier) -> None:
    more(c)
    c.press(Qt.Key.Key_3)


def settings_probe(c: Cashier) -> None:
    c.on.choices.outcome = PrintOutcome(PrintState.FAILED, "unreachable")
    settings(c)
    c.press(Qt.Key.Key_F5)


def clock(c: Cashier) -> None:
    c.sign_in()
    c.on.desk.clock_problem = "behind"
    tick(c)


def long_offline(c: Cashier) -> None:
    many_sales(c)
    c.on.desk.now_ms += 4 * DAY_MS
    c.on.desk.allowance = 6
    c.press(Qt.Key.Key_Escape)
    tick(c)


def currencies(c: Cashier) -> None:
    for code, minor in (("KES", 12_500_000), ("NGN", 250_000_000)):
        c.on.desk.elsewhere += (CurrencySum(12, Money(minor, Currency(code, 2))),)
    many_sales(c)
    first = next(iter(c.on.desk.rows.values()))
    other = replace(first, receipt="3-A000101", total=Money(250_000_000, Currency("NGN", 2)))
    c.on.desk.rows[other.receipt] = other
    c.on.desk.allowance = 6
    tick(c)


def currencies_sales(c: Cashier) -> None:
    currencies(c)
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_1)
    tick(c)


STATES: tuple[Callable[[Cashier], None], ...] = (
    *CHECK_STATES,
    *ENGINEER_STATES,
    *SHIFT_STATES,
    *REPORT_STATES,
    *METER_STATES,
    *ACCOUNT_STATES,
    *KEY_STATES,
    *KEY_DESK_STATES,
    *PAY_STATES,
    *RULES_STATES,
    *OFFICE_STATES,
    *REDRESS_STATES,
    *CASH_STATES,
    unlock,
    shut,
    shut_asked,
    sign_in,
    pin,
    pin_wrong,
    pin_locked,
    idle,
    keys_end,
    rules_outside,
    search,
    nobody,
    number_wrong,
    found,
    below,
    in_units,
    in_days,
    tender,
    short,
    refused,
    result,
    exact,
    unprinted,
    printing,
    reason,
    duplicate,
    blocked,
    sales,
    sales_reason,
    sales_empty,
    more,
    settings,
    settings_probe,
    clock,
    long_offline,
    currencies,
    currencies_sales,
)


def shoot(folder: Path, wanted: str) -> int:
    """Write the pictures whose names contain `wanted`; return how many."""
    made = 0
    for language in ("en", "ja"):
        for theme in ("light", "dark"):
            for size, (width, height, scale) in SIZES.items():
                for state in STATES:
                    name = f"{state.__name__}-{language}-{theme}-{size}"
                    if not all(part in name for part in wanted.split()):
                        continue
                    on = stage(
                        language=language,
                        theme=theme,
                        scale=scale,
                        passphrase="" if state in {unlock, shut_asked} else PASSPHRASE,
                        shut=IN_USE if state in {shut, shut_asked} else None,
                    )
                    on.window.resize(width, height)
                    on.window.show()
                    on.window.activateWindow()
                    state(Cashier(on))
                    settle(40)
                    on.window.grab().save(str(folder / f"{name}.png"))
                    on.window.deleteLater()
                    on.close()
                    settle(10)
                    made += 1
    return made


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    print(shoot(folder, " ".join(sys.argv[2:])), "pictures")


if __name__ == "__main__":
    main()
