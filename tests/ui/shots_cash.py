"""The shop's cash for a supervisor, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_app.application.shift_records import DrawerLine, ShiftNow, ShiftReport
from pos_app.domain.cash_count import CashCount
from pos_app.domain.money import Money
from pos_app.domain.shift import SALE, TENDER, Tally
from pos_app.domain.tender import CASH
from tests.ui.fake_desk import NOW_MS
from tests.ui.fake_shifts import NAIRA, RAND, FakeShifts
from tests.ui.shots_hand import Cashier

HOUR_MS = 3_600_000


def rand(minor: int) -> Money:
    return Money(minor, RAND)


def put_shop(shifts: FakeShifts) -> None:
    """Two open shifts of others, one closed short, and what was in it in the batches."""
    opened = NOW_MS - 4 * HOUR_MS
    both = (rand(412_000), Money(2_500_000, NAIRA))
    none = (rand(0),)
    shifts.others = [
        ShiftNow(5, "ama", opened, 31, both, none, (RAND, NAIRA)),
        ShiftNow(6, "kofi", opened + HOUR_MS, 12, (rand(98_050),), none, (RAND,)),
    ]
    tallies = (Tally(SALE, 44, 250_000, "ZAR", 2), Tally(TENDER + CASH, 40, 210_000, "ZAR", 2))
    line = DrawerLine(
        rand(0), rand(210_000), rand(0), rand(0), rand(0), rand(210_000), rand(0),
        CashCount(rand(207_500)),
    )  # fmt: skip
    shifts.waiting = [
        ShiftReport(
            shift=4, operator="kofi", operator_name="Kofi Mensah", by_name="Kofi Mensah",
            sales_batch=2, bank_batch=2, opened_ms=opened, at_ms=NOW_MS, offset_minutes=120,
            training=True, tallies=tallies, drawer=(line,), first_receipt="3-A000101",
            last_receipt="3-A000144", grand=(), ever=(), head_seq=931, head_hash="5f" * 32,
            closed_seq=932, over_limit=("ZAR",),
        )
    ]  # fmt: skip
    shifts.put_batches(tallies)


def cash_list(c: Cashier) -> None:
    put_shop(c.on.desk.shifts)
    c.sign_in("3", "2468")
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_2)
    c.press(Qt.Key.Key_F7)


def cash_one(c: Cashier) -> None:
    cash_list(c)
    c.press(Qt.Key.Key_1)


def cash_count(c: Cashier) -> None:
    cash_one(c)
    c.press(Qt.Key.Key_2)
    c.type("200x3 bad")
    c.enter()


def cash_reason(c: Cashier) -> None:
    cash_list(c)
    c.press(Qt.Key.Key_3)
    c.type("customer came back with 25.00")


def cash_approved(c: Cashier) -> None:
    cash_reason(c)
    c.enter()
    c.type("2468")
    c.enter()


def cash_refused(c: Cashier) -> None:
    cash_list(c)
    c.press(Qt.Key.Key_4)


def cash_banked(c: Cashier) -> None:
    cash_list(c)
    c.on.desk.shifts.others = []
    c.press(Qt.Key.Key_5)
    c.type("DEP 0031")
    c.enter()


CASH_STATES: tuple[Callable[[Cashier], None], ...] = (
    cash_list,
    cash_one,
    cash_count,
    cash_reason,
    cash_approved,
    cash_refused,
    cash_banked,
)
