"""What was given back or sold again is not owed to a utility a second time."""

from __future__ import annotations

from datetime import date

from pos_app.application.reports.period import Period
from pos_app.application.reports.report import Report
from pos_app.application.words import load_words
from pos_app.bootstrap.reports import reports_of
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.money import Money
from pos_app.domain.redress import Reason
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
