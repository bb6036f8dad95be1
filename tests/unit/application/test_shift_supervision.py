"""What a supervisor has to see: counts that are off, limits on sales, other people's batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.application.approval_records import SecondPersonNeeded
from pos_app.application.errors import PinWrong, RoleNeeded
from pos_app.application.settings import Settings
from pos_app.application.shift_errors import ReasonMissing, ShiftUnknown
from pos_app.application.shift_settings import ShiftSettings
from pos_app.application.slip.close_slip import CloseSlipWriter
from pos_app.application.slip.layout import Rule, Slip, Text
from pos_app.application.variance import NothingToApprove
from pos_app.application.words import load_words
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase, training_pins
from pos_app.domain.cash_count import parse_count
from pos_app.domain.cash_rules import CashRules, DaySalesLimit, ShiftSalesLimit
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import CashMove, Level
from pos_app.domain.tender import Tender
from tests.shops import HIGHVELD, LAGOON, HeldClock, make_shop, opened, order

RAND = Currency("ZAR", 2)
PIN = training_pins()["grace"]
DAY_MS = 86_400_000


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), clock)
    yield shop
    shop.close()


def ruled(shop: OpenShop, **amounts: int) -> OpenShop:
    rules = CashRules(**{name: {"ZAR": Decimal(value)} for name, value in amounts.items()})
    desk = replace(shop.desk, shift_settings=lambda: ShiftSettings(cash=rules))
    return replace(shop, desk=desk)


def sell(shop: OpenShop, minor: int, **changes: object) -> None:
    shop.desk.sell(order(shop, HIGHVELD, minor, repeat_allowed=True, **changes))


def texts(slip: Slip) -> list[str]:
    return [block.text for block in slip.blocks if isinstance(block, Text)]


@pytest.mark.parametrize(
    ("counted", "beyond"), [("45.00", False), ("55.00", False), ("44.99", True), ("55.01", True)]
)
def test_a_close_is_never_blocked_and_says_when_it_is_off_by_too_much(
    shop: OpenShop, counted: str, *, beyond: bool
) -> None:
    shop = ruled(shop, variance_limit=5)
    sell(shop, 5000)
    report = shop.desk.shifts.close("ama", [parse_count(counted, RAND)])
    assert report.over_limit == (("ZAR",) if beyond else ())
    waiting = [each.shift for each in shop.desk.shifts.unapproved()]
    assert waiting == ([report.shift] if beyond else [])


def test_a_supervisor_approves_with_pin_and_reason_and_the_copy_says_so(shop: OpenShop) -> None:
    shop = ruled(shop, variance_limit=5)
    desk = shop.desk.shifts
    sell(shop, 5000)
    report = desk.close("ama", [parse_count("30.00", RAND)])
    writer = CloseSlipWriter(load_words("en", "slip", "zslip"), shop.desk.identity)
    before = writer.of_shift(report)
    assert texts(before)[-1] != "Supervisor\u2019s signature"
    at = next(
        at
        for at, each in enumerate(before.blocks)
        if isinstance(each, Text) and each.text.startswith("Supervisor")
    )
    assert isinstance(before.blocks[at - 1], Rule)  # the line to sign
    approved = desk.approve(report.shift, "grace", PIN, "customer came back with 20.00")
    assert (approved.approved_by, approved.over_limit) == ("Grace", ("ZAR",))
    assert replace(approved, approved_by="", approval="") == report
    assert "Approved by Grace: customer came back with 20.00" in texts(writer.of_shift(approved))
    assert desk.unapproved() == ()
    with pytest.raises(NothingToApprove):
        desk.approve(report.shift, "grace", PIN, "again")


def test_who_may_not_approve(shop: OpenShop) -> None:
    shop = ruled(shop, variance_limit=0)
    desk = shop.desk.shifts
    sell(shop, 5000)
    sell(shop, 4000, operator_id="grace")
    mine = desk.close("ama", [parse_count("30.00", RAND)]).shift
    hers = desk.close("grace", [parse_count("30.00", RAND)]).shift
    head = shop.ledger.head()
    for shift, approver, pin, reason, problem in (
        (99, "grace", PIN, "x", ShiftUnknown),
        (mine, "grace", PIN, " .,! ", ReasonMissing),
        (mine, "tendai", training_pins()["tendai"], "x", RoleNeeded),
        (hers, "grace", PIN, "x", SecondPersonNeeded),
    ):
        with pytest.raises(problem):
            desk.approve(shift, approver, pin, reason)
    assert shop.ledger.head() == head
    with pytest.raises(PinWrong):
        desk.approve(mine, "grace", "0000", "x")
    assert len(desk.unapproved()) == 2


def test_an_operator_stops_at_the_shifts_limit_whatever_the_tender(shop: OpenShop) -> None:
    shop = ruled(shop, shift_sales=100)
    sell(shop, 6000)
    sell(shop, 4000, tenders=(Tender("card", Money(4000, RAND), "A1B2"),))  # reached
    head = shop.ledger.head()
    with pytest.raises(ShiftSalesLimit) as refused:
        sell(shop, 1000, tenders=(Tender("card", Money(1000, RAND), "A1B3"),))
    assert refused.value.facts == {"sold": "100.00", "limit": "100.00", "currency": "ZAR"}
    assert shop.ledger.head() == head
    shop.desk.sell(order(shop, LAGOON, 500_000))  # another currency
    sell(shop, 9000, operator_id="tendai")
    shop.desk.shifts.close("ama")
    sell(shop, 1000)


def test_the_shop_stops_at_its_days_limit_and_sells_again_after_midnight(
    shop: OpenShop, clock: HeldClock
) -> None:
    shop = ruled(shop, day_sales=100)
    sell(shop, 6000)
    sell(shop, 4000, operator_id="tendai")
    with pytest.raises(DaySalesLimit):
        sell(shop, 1000)
    midnight = clock.now - (clock.now + clock.offset * 60_000) % DAY_MS + DAY_MS
    clock.now = midnight - 1
    with pytest.raises(DaySalesLimit):
        sell(shop, 1000)
    clock.now = midnight
    sell(shop, 1000)


def test_limits_travel_as_plain_values(shop: OpenShop) -> None:
    cash = CashRules(
        shift_sales={"ZAR": Decimal("1500.50")},
        day_sales={"NGN": Decimal(9)},
        variance_limit={"ZAR": Decimal(20)},
    )
    values = Settings(shifts=ShiftSettings(cash=cash)).to_values()
    assert values["shifts"]["shift_sales"] == {"ZAR": "1500.50"}
    assert Settings.from_values(values).shifts.cash == cash
    assert shop.desk.shifts.rules == CashRules()


@pytest.mark.parametrize("reason", ["", "   ", ".", "---", "?! …", "\u200b"])
def test_a_reason_without_a_letter_or_digit_is_none(shop: OpenShop, reason: str) -> None:
    sell(shop, 5000)
    with pytest.raises(ReasonMissing):
        shop.desk.shifts.move_cash("ama", CashMove.OUT, Money(100, RAND), reason)


@pytest.mark.parametrize("reason", ["7", "x", "水", "ماء", "पानी"])
def test_a_reason_in_any_script_is_one(shop: OpenShop, reason: str) -> None:
    sell(shop, 5000)
    assert shop.desk.shifts.move_cash("ama", CashMove.OUT, Money(100, RAND), reason)


def test_a_supervisor_sees_the_open_batches(shop: OpenShop) -> None:
    sell(shop, 5000)
    shop.desk.shifts.close("ama", [parse_count("50.00", RAND)])
    with pytest.raises(RoleNeeded):
        shop.desk.shifts.batches("ama")
    sales, bank = shop.desk.shifts.batches("grace")
    assert (sales.row.level, bank.row.level) == (Level.SALES, Level.BANK)
    assert ("sale", 5000) in [(each.name, each.amount) for each in sales.tallies]
    shop.desk.shifts.close_sales_batch("grace")
    (bank,) = shop.desk.shifts.batches("grace")
    assert ("sale", 5000) in [(each.name, each.amount) for each in bank.tallies]


def test_the_table_of_counts_follows_from_the_journal(shop: OpenShop) -> None:
    shop = ruled(shop, variance_limit=5)
    for counted in ("30.00", "20.00"):
        sell(shop, 5000)
        shop.desk.shifts.close("ama", [parse_count(counted, RAND)])
    shop.desk.shifts.approve(1, "grace", PIN, "looked into")
    shop.close()
    assert verify_shop(shop.folder, training_passphrase()).fault is None
    again = opened(shop.folder, HeldClock())
    again.ledger.db.execute("update variance set approved_seq = 3")
    again.close()
    fault = verify_shop(shop.folder, training_passphrase()).fault
    assert fault is not None
    assert fault.detail == "variance"
