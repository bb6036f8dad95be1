"""A small month of the hall: every Z equal to the journal's sums, and no money made or lost.

``TOKENTILL_HALL_SALES`` says how many sales it has (1,200 here, 2,400 before a release).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from pos_app.application.reports.period import Period
from pos_app.application.words import load_words
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.reports import reports_of
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.money import Money
from tests.adding_machine import AddingMachine, months_of
from tests.bench.month import recompute
from tests.shop_month import DAYS, ShopMonth, make_hall

SALES = int(os.environ.get("TOKENTILL_HALL_SALES", "1200"))


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopMonth]:
    shop, clock = make_hall(tmp_path_factory.mktemp("hall") / "shop", durable=False)
    lived = ShopMonth(shop, clock, SALES, random.Random(3))  # noqa: S311 - repeatable
    lived.live()
    yield lived
    lived.shop.close()


@pytest.fixture(scope="module")
def machine(month: ShopMonth) -> AddingMachine:
    """Every Z was compared on the way."""
    return recompute(month)


def test_the_hall_lived_as_it_was_meant_to(month: ShopMonth, machine: AddingMachine) -> None:
    assert sum(machine.sales.values()) > 0.98 * SALES
    assert len(month.shifts) > 10 * DAYS
    assert len(machine.given) > 15
    assert set(month.refused) <= {"already-redressed", "redress-of-redress", "same-meter"}


def test_cash_is_at_the_bank_in_the_shop_or_back_with_customers(month: ShopMonth) -> None:
    """Taken - refunded + in - out, as the counts found it, is banked or kept; floats go round."""
    for code in ("ZAR", "NGN", "UGX"):
        sums: Counter[str] = Counter()
        for report in month.shifts:
            for each in report.tallies:
                if each.currency == code:
                    sums[each.name] += each.amount
        moved = sums["tender:cash"] - sums["refunded:cash"] + sums["in"] - sums["out"]
        parts = [
            part
            for bank in month.banks
            for part in bank.deposits
            if part.amount.currency.code == code
        ]
        banked = sum(part.amount.minor for part in parts)
        assert moved + sums["variance"] == banked + parts[-1].kept.minor


def test_what_was_paid_is_what_was_sold_less_what_went_back(month: ShopMonth) -> None:
    for report in month.shifts:
        for currency in {each.currency for each in report.tallies if each.currency}:
            sums: Counter[str] = Counter()
            for each in report.tallies:
                if each.currency == currency:
                    sums[each.name] += each.amount
            paid = sum(sums[f"tender:{kind}"] for kind in ("cash", "card", "compensation"))
            assert paid == sums["sale"] + sums["rounding"]
            assert sums["tender:compensation"] == sums["compensation"]
            assert sums["refund"] == sums["refunded:cash"] + sums["refunded:card"]


def test_the_months_commission_is_that_of_its_shifts(month: ShopMonth) -> None:
    reports = reports_of(month.shop)
    whole = Period(date(2028, 2, 1), date(2028, 4, 30))
    made = reports.make("commission", whole, load_words("en"), reader=reports.holder)
    taken = [column.code for column in made.columns].index("taken-back")
    for row in made.totals:
        kept, back = row[-1], row[taken]
        assert isinstance(kept, Money)
        assert isinstance(back, Money)
        tallies = [
            each.amount
            for report in month.shifts
            for each in report.tallies
            if (each.name, each.currency) == ("commission", row[2])
        ]
        assert kept.minor == sum(tallies)
        assert (back.minor < 0) == (row[2] != "UGX")  # its utility pays none


def test_days_end_at_the_shops_own_midnight_over_leap_day_and_clock_change(
    month: ShopMonth, machine: AddingMachine
) -> None:
    """The ledger's days, made by the program, are those of a calendar counted by hand."""
    assert {"2028-02", "2028-03"} <= set(months_of(machine.days))
    assert any(day == "2028-02-29" for day, _ in machine.days)
    assert any(day == "2028-03-26" for day, _ in machine.days)
    for day in {day for day, _ in machine.days}:
        ours = {
            each.total.currency.code: each.total.minor for each in month.shop.ledger.day_sums(day)
        }
        theirs = {code: minor for (of, code), minor in machine.days.items() if of == day}
        assert ours == theirs, day


def test_the_list_of_what_was_put_right_is_complete(
    month: ShopMonth, machine: AddingMachine
) -> None:
    listed = month.shop.desk.redress.listed(Period(date(2028, 2, 1), date(2028, 4, 30)))
    assert {each.receipt: each.amount_minor for each in listed} == machine.given


def test_every_table_follows_from_the_journal(month: ShopMonth) -> None:
    """Last of all: the program lets go of the shop, the verifier takes it."""
    month.shop.close()
    assert verify_shop(month.shop.folder, training_passphrase()).fault is None
