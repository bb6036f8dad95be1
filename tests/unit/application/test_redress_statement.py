"""What was given back or sold again is not owed to a utility a second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pos_app.application.reports.period import Period
from pos_app.application.reports.report import Report
from pos_app.application.shift_settings import ShiftSettings
from pos_app.application.words import load_words
from pos_app.bootstrap.reports import reports_of
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.cash_rules import CashRules
from pos_app.domain.money import Money
from pos_app.domain.redress import Reason
from tests.shops import HeldClock
from tests.unit.application.test_redress import RAND, compensate, neighbour, refund, sell, shop

__all__ = ["neighbour", "shop"]

TODAY, TOMORROW = (Period(date(2026, 11, day), date(2026, 11, day)) for day in (21, 22))


def statement(shop: OpenShop, period: Period) -> Report:
    reports = reports_of(shop)
    return reports.make("statement", period, load_words("en"), reader=reports.holder)


def owed(made: Report) -> Money:
    (closing,) = [row[-1] for row in made.totals]
    assert isinstance(closing, Money)
    return closing


def test_money_that_went_back_is_not_owed(shop: OpenShop) -> None:
    sell(shop, 5000)
    wrong = sell(shop, 6000)
    given = refund(shop, wrong, amount=Money(2000, RAND), reason=Reason.WRONG_AMOUNT)
    made = statement(shop, TODAY)
    assert owed(made) == Money(5000 + 6000 - 2000, RAND)
    assert [(row[0], row[3], row[-1]) for row in made.rows][-1] == (
        "Less money back",
        given.slip,
        Money(-2000, RAND),
    )


def test_a_sale_made_again_is_owed_once(shop: OpenShop, neighbour: str) -> None:
    wrong = sell(shop, 5000)
    compensate(shop, wrong, neighbour)
    made = statement(shop, TODAY)
    assert owed(made) == Money(5000, RAND)
    assert made.rows[-1][0] == "Less sold again"


def test_the_next_day_opens_with_what_the_day_before_left(shop: OpenShop, neighbour: str) -> None:
    refund(shop, sell(shop, 6000), reason=Reason.WRONG_AMOUNT)
    compensate(shop, sell(shop, 5000), neighbour)
    opening = statement(shop, TOMORROW).rows[0]
    assert opening[-1] == owed(statement(shop, TODAY)) == Money(5000, RAND)


def commissioned(shop: OpenShop, percent: str) -> OpenShop:
    rules = ShiftSettings(cash=CashRules(commission={"highveld": Decimal(percent)}))
    return replace(shop, desk=replace(shop.desk, shift_settings=lambda: rules))


def commissions(shop: OpenShop, period: Period) -> Report:
    reports = reports_of(shop)
    return reports.make("commission", period, load_words("en"), reader=reports.holder)


def test_a_refund_takes_its_share_of_the_commission_back(shop: OpenShop, neighbour: str) -> None:
    earning = commissioned(shop, "2.5")
    sell(earning, 5000)
    wrong = sell(earning, 6000)
    before = commissions(shop, TODAY)
    assert "taken-back" not in [each.code for each in before.columns]
    refund(earning, wrong, amount=Money(2000, RAND), reason=Reason.WRONG_AMOUNT)
    compensate(earning, sell(earning, 3000), neighbour)
    made = commissions(shop, TODAY)
    # 2.5 % of 140 is 3.50; 20 of 60 went back, and with it a third of 1.50
    assert [row[1:] for row in made.rows] == [
        ("2.5", "ZAR", 3, *(Money(minor, RAND) for minor in (14000, 350, -50, 300))),
        ("", "ZAR", 1, *(Money(minor, RAND) for minor in (3000, 0, 0, 0))),
    ]
    assert made.totals[0][-1] == Money(300, RAND)
    assert made.title == "Commission is 3 ZAR of 170 ZAR"
    reports = reports_of(shop)
    row = shop.ledger.shifts.of_operator("ama")
    assert row is not None
    mine = reports.make(
        "commission", reports.of_shift(row.number), load_words("en"), reader=reports.holder
    )
    assert mine.totals == made.totals


def test_the_commission_of_a_day_with_refunds_alone_is_below_nothing(shop: OpenShop) -> None:
    earning = commissioned(shop, "2.5")
    wrong = sell(earning, 6000)
    clock = earning.desk.clock
    assert isinstance(clock, HeldClock)
    clock.now += 86_400_000
    refund(earning, wrong, reason=Reason.WRONG_AMOUNT)
    made = commissions(shop, TOMORROW)
    assert [row[1:] for row in made.rows] == [
        ("2.5", "ZAR", 0, *(Money(minor, RAND) for minor in (0, 0, -150, -150)))
    ]
    assert made.title == "Refunds took 1.5 ZAR of commission back"
