"""Numbers, days and periods as readers expect them."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.application.reports.figures import Figures
from pos_app.application.reports.period import DayInvalid, Period, PeriodBackwards, parse_day
from pos_app.application.reports.report import Column, Kind
from pos_app.application.words import load_words
from pos_app.domain.money import Currency, Money

EN, JA = Figures(load_words("en")), Figures(load_words("ja"))
DAYS = st.dates(date(2000, 1, 1), date(2998, 12, 31))


@pytest.mark.parametrize(
    ("value", "english", "japanese"),
    [
        ("0", "0", "0"),
        ("7", "7", "7"),
        ("7.25", "7.3", "7.3"),
        ("999", "999", "999"),
        ("1000", "1 k", "1,000"),
        ("1949", "1.9 k", "1,949"),
        ("41250", "41 k", "4.1万"),
        ("999999", "1 M", "100万"),
        ("960000", "960 k", "96万"),
        ("99999", "100 k", "10万"),
        ("1234567", "1.2 M", "123万"),
        ("-41250", "\u221241 k", "\u22124.1万"),
        ("123456789012", "123 bn", "1,235億"),
    ],
)
def test_a_short_number_says_about_two_digits(value: str, english: str, japanese: str) -> None:
    assert EN.short(Decimal(value)) == english
    assert JA.short(Decimal(value)) == japanese


def test_money_and_units_have_all_their_digits() -> None:
    assert EN.money(Money(123456789, Currency("ZAR"))) == "1,234,567.89"
    assert EN.money(Money(-1050, Currency("UGX", 0)), code=True) == "UGX\u00a0\u22121,050"
    assert EN.money(Money(1, Currency("KWD", 3))) == "0.001"
    assert EN.units(12345, "kWh") == "1,234.5\u00a0kWh"


def test_a_day_is_told_with_its_weekday_and_other_text_is_left_alone() -> None:
    column = Column("day", "Day", Kind.DAY)
    assert EN.cell(column, "2028-02-29") == "Tue 29 Feb 2028"
    assert JA.cell(column, "2028-02-29") == "2028年2月29日（火）"  # noqa: RUF001
    assert EN.cell(column, "Total") == "Total"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-11-20", "2026-11-20", "Friday 20 Nov 2026"),
        ("2028-02-01", "2028-02-29", "Feb 2028"),
        ("2026-01-01", "2026-12-31", "2026"),
        ("2026-11-16", "2026-11-22", "16 Nov 2026 to 22 Nov 2026"),
    ],
)
def test_a_period_is_said_as_short_as_it_can_be(first: str, last: str, said: str) -> None:
    assert EN.period(Period.of(date.fromisoformat(first), date.fromisoformat(last))) == said


@given(DAYS)
def test_weeks_begin_on_monday_and_months_end_where_the_calendar_says(day: date) -> None:
    week, month = Period.week(day), Period.month(day)
    assert week.first.isocalendar()[:2] == day.isocalendar()[:2] == week.last.isocalendar()[:2]
    assert (week.first.isoweekday(), week.last.isoweekday()) == (1, 7)
    assert month.first.day == 1
    assert month.last.day == calendar.monthrange(day.year, day.month)[1]
    assert len(Period.year(day)) == 365 + calendar.isleap(day.year)


@given(DAYS, st.integers(-12 * 60, 14 * 60), st.integers(0, 86_399))
def test_no_place_is_so_far_that_its_sales_of_a_day_are_not_looked_at(
    day: date, offset: int, second: int
) -> None:
    start, end = Period.of(day, day).span_ms()
    local = datetime.combine(day, datetime.min.time(), UTC) + timedelta(seconds=second)
    at_ms = int((local - timedelta(minutes=offset)).timestamp()) * 1000
    assert start <= at_ms < end


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "today",
        "2026-2-3",
        "2026-02-30",
        "2027-02-29",
        "20261121",
        "0000-01-01",
        "\uff12\uff10\uff12\uff16-11-21",
    ],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(DayInvalid):
        parse_day(typed)


def test_a_day_is_read_and_a_period_cannot_run_backwards() -> None:
    assert parse_day(" 2028-02-29 ") == date(2028, 2, 29)
    with pytest.raises(PeriodBackwards):
        Period.of(date(2026, 2, 1), date(2026, 1, 31))
