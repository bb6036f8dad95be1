"""Months, days and hours: what falls due when, and what an hour costs."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.hours import DayKind, Period, day_kind, parse_hours, strip
from pos_app.domain.tariff.parts import Charge, FreeUnits, Per, Subsidy, TokenKind
from pos_app.domain.tariff.refusals import NotInForce, TariffInvalid
from tests.unit.domain.tariff_making import RAND, tariff_of

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("last", "on", "months", "days"),
    [
        ("2024-02-29", "2024-03-01", 1, 1),  # a leap day is a day
        ("2023-02-28", "2023-03-01", 1, 1),
        ("2024-02-28", "2024-03-01", 1, 2),
        ("2024-01-31", "2024-02-29", 1, 29),
        ("2024-03-01", "2024-03-31", 0, 30),
        ("2023-12-31", "2024-01-01", 1, 1),
        ("2023-12-01", "2025-01-01", 13, 397),
        ("2024-05-05", "2024-05-05", 0, 0),
        ("2024-05-06", "2024-05-05", 0, 0),  # a clock that was set back owes nothing
        (None, "2024-05-05", 1, 0),
    ],
)
def test_months_and_days_since_the_last_purchase(
    last: str | None, on: str, months: int, days: int
) -> None:
    account = Account(
        on=date.fromisoformat(on),
        last_purchase=date.fromisoformat(last) if last else None,
    )
    assert (account.months(), account.days()) == (months, days)


@given(DAYS, st.integers(0, 900))
def test_months_counted_step_by_step_are_those_of_the_whole_time(start: date, length: int) -> None:
    days = [start + timedelta(days=n) for n in range(length + 1)]
    starts = sum(day.day == 1 for day in days[1:])
    assert Account(on=days[-1], last_purchase=start).months() == starts
    assert Account(on=days[-1], last_purchase=start).days() == length


def test_stated_periods_go_before_dates_and_a_missing_day_is_the_callers_bug() -> None:
    assert Account(months_due=7, last_purchase=date(2024, 1, 1)).months() == 7
    assert Account(days_due=9).days() == 9
    with pytest.raises(ValueError, match="day"):
        Account(last_purchase=date(2024, 1, 1)).months()


def _fees(**changes: object) -> list[tuple[int | None, str]]:
    charge = replace(Charge("fee", Decimal("7.50"), Per.DAY), **changes)  # type: ignore[arg-type]
    tariff = replace(tariff_of([("1", None)]), charges=(charge,))
    account = Account(on=date(2010, 8, 15), last_purchase=date(2010, 8, 1))
    lines = tariff.for_money(Money(50_000, RAND), account).lines
    return [(line.periods, line.amount.plain()) for line in lines if line.name == "fee"]


def test_a_daily_charge_counts_the_days_since_the_last_purchase() -> None:
    # Cape Town, 2010: R7.50 a day
    assert _fees() == [(14, "105.00")]
    assert _fees(at_most=10) == [(10, "75.00")]
    assert _fees(accrues=False) == [(1, "7.50")]
    assert _fees(per=Per.PURCHASE) == [(1, "7.50")]
    assert _fees(per=Per.MONTH) == []


def test_a_monthly_subsidy_is_added_once_and_not_for_a_second_purchase() -> None:
    subsidy = Subsidy("relief", amount=Decimal(30))
    tariff = replace(tariff_of([("1", None)]), subsidies=(subsidy,))
    first = tariff.for_money(Money(10_000, RAND), Account(months_due=3))
    assert (first.tenths, first.lines[-1].amount.plain()) == (1300, "-30.00")
    assert tariff.for_money(Money(10_000, RAND), Account(months_due=0)).tenths == 1000


def test_free_units_come_once_a_month_to_who_is_entitled() -> None:
    tariff = replace(tariff_of([("1", "60"), ("2", None)]), free=FreeUnits(Decimal(50)))
    money = Money(10_000, RAND)
    assert tariff.for_money(money, Account()).free_tenths == 0
    assert tariff.for_money(money, Account(free_taken=Decimal(50))).free_tenths == 0
    assert tariff.for_money(money, Account(free_taken=Decimal(20))).free_tenths == 300
    quote = tariff.for_money(money, Account(free_taken=Decimal(0)))
    assert (quote.free_tenths, quote.tenths) == (500, 800)


def test_free_units_that_count_fill_blocks_and_may_ride_on_the_bought_token() -> None:
    free = FreeUnits(Decimal(50), counts=True, own_token=False)
    tariff = replace(tariff_of([("1", "60"), ("2", None)]), free=free)
    quote = tariff.for_money(Money(10_000, RAND), Account(free_taken=Decimal(0)))
    # 10 at 1 and 45 at 2, with the 50 that are free
    assert (quote.free_tenths, quote.tenths) == (0, 1050)
    assert tariff.after(quote).bought == Decimal(105)
    aside = replace(tariff, free=replace(free, counts=False))
    other = aside.for_money(Money(10_000, RAND), Account(free_taken=Decimal(0)))
    # 60 at 1 and 20 at 2; the 50 that are free leave the blocks alone
    assert (other.tenths, aside.after(other).bought) == (1300, Decimal(80))


def test_a_day_outside_the_validity_is_refused() -> None:
    tariff = replace(
        tariff_of([("1", None)]), valid_from=date(2024, 2, 1), valid_to=date(2024, 2, 29)
    )
    money = Money(100, RAND)
    for day in (date(2024, 2, 1), date(2024, 2, 29), None):
        assert tariff.for_money(money, Account(on=day)).tenths == 10
    for day in (date(2024, 1, 31), date(2024, 3, 1)):
        with pytest.raises(NotInForce) as refusal:
            tariff.for_money(money, Account(on=day))
        assert refusal.value.facts["day"] == day.isoformat()


def _period(name: str, price: str, hours: str | None, days: str = "") -> Period:
    kinds = frozenset(DayKind(word) for word in days.split()) or frozenset(DayKind)
    return Period(name, Decimal(price), parse_hours(hours) if hours else None, kinds)


PEAK = _period("peak", "3.50", "06-09,17:30-19", "weekday")
OFF = _period("off-peak", "1.20", None)


def test_a_day_is_a_strip_from_midnight_to_midnight() -> None:
    assert [(s.start, s.end, s.name) for s in strip([PEAK, OFF], 7, DayKind.WEEKDAY)] == [
        ("00:00", "06:00", "off-peak"),
        ("06:00", "09:00", "peak"),
        ("09:00", "17:30", "off-peak"),
        ("17:30", "19:00", "peak"),
        ("19:00", "24:00", "off-peak"),
    ]
    (sunday,) = strip([PEAK, OFF], 7, DayKind.SUNDAY)
    assert (sunday.start, sunday.end, sunday.price) == ("00:00", "24:00", Decimal("1.20"))


def test_hours_over_midnight_and_odd_hours() -> None:
    assert parse_hours("22-06") == frozenset({*range(44, 48), *range(12)})
    assert parse_hours("00-24") == frozenset(range(48))
    for text in ("6", "25-26", "06:15-07", "9-9", "24-3", "", "06-09;17-19"):
        assert parse_hours(text) is None


@pytest.mark.parametrize(
    ("periods", "problem"),
    [
        ([PEAK], "hours-missing"),
        ([PEAK, OFF, _period("odd", "2", "08-10")], "hours-twice"),
        ([OFF, _period("rest", "2", None)], "hours-twice"),
        ([PEAK, replace(OFF, price=Decimal(0))], "not-positive"),
        ([PEAK, OFF, _period("peak", "3.60", "20-21", "weekday")], "duplicate"),
    ],
)
def test_hours_without_one_price_are_refused(periods: list[Period], problem: str) -> None:
    tariff = tariff_of([("1", None)])
    with pytest.raises(TariffInvalid) as refusal:
        replace(tariff, token=TokenKind.MONEY, periods=tuple(periods))
    assert refusal.value.problem.value == problem


def test_holidays_count_as_sundays() -> None:
    holiday = date(2026, 1, 1)  # a Thursday
    assert day_kind(holiday, ()) is DayKind.WEEKDAY
    assert day_kind(holiday, (holiday,)) is DayKind.SUNDAY
    assert day_kind(date(2026, 1, 3), ()) is DayKind.SATURDAY


def test_a_token_of_money_carries_the_money_that_its_prices_leave() -> None:
    base = replace(
        tariff_of([("1", None)], taxes=[("VAT", "15")]),
        token=TokenKind.MONEY,
        periods=(PEAK, OFF),
    )
    without = base.for_money(Money(11_500, RAND), Account())
    assert without.credit == Money(10_000, RAND)
    within = replace(base, prices_include_tax=True).for_money(Money(11_500, RAND), Account())
    assert within.credit == Money(11_500, RAND)
    assert [line.amount.plain() for line in within.lines] == ["100.00", "15.00"]


def test_prices_by_the_hour_need_a_token_of_money_and_such_a_token_has_no_blocks() -> None:
    with pytest.raises(TariffInvalid) as refusal:
        replace(tariff_of([("1", None)]), periods=(OFF,))
    assert refusal.value.problem.value == "hours-need-money"
    with pytest.raises(TariffInvalid) as other:
        replace(tariff_of([("2", None)]), token=TokenKind.MONEY)
    assert other.value.problem.value == "no-units"
