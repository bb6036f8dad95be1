"""Profiles: what comes with the program is read, and a mistake in a file is named."""

from __future__ import annotations

from datetime import date

import pytest

from pos_app.meter.hours import day_of_date
from pos_app.meter.profile import SERVICES, TIME, LockoutRule, OverloadRule
from pos_app.meter.profile_file import MeterProfileInvalid, profile_of_text
from pos_app.meter.results import Result
from pos_app.resources import resource
from tests.unit.meter.meters import CURRENCY, KWH

SHIPPED = sorted(resource("meters").glob("*.toml"))
MONEY = """
currency = "ZAR"
steps = [50, 350.5]
[[band]]
prices = [1, 2.5, "3.000001"]
[[band]]
days = ["sat", "sun"]
from = "22:00"
to = "06:15"
prices = [1, 1, 1]
"""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_profile_that_comes_with_the_program_can_be_read(path: object) -> None:
    text = resource("meters", str(path)).read_text("utf-8")
    assert profile_of_text(text).name


def test_there_is_a_profile_for_every_service_and_one_for_money() -> None:
    read = [profile_of_text(path.read_text("utf-8")) for path in SHIPPED]
    assert {SERVICES[each.service] for each in read} == set(SERVICES)
    assert {each.money for each in read} == {True, False}


def test_an_empty_file_is_a_plain_electricity_meter() -> None:
    plain = profile_of_text("")
    assert (plain.service, plain.money, plain.phases, plain.emergency) == (0, False, 1, 0)
    assert (plain.lockout, plain.overload) == (LockoutRule(), OverloadRule())
    assert (plain.max_credit, plain.low) == (10_000 * KWH, (20 * KWH, 5 * KWH))


def test_credit_is_written_in_the_unit_of_the_meter() -> None:
    text = "[credit]\nmost = 12.5\nlow = 2\nlower = 0.1\nemergency = 1"
    units = profile_of_text(text)
    assert (units.max_credit, units.low, units.emergency) == (
        125 * KWH // 10,
        (2 * KWH, KWH // 10),
        KWH,
    )
    assert profile_of_text(MONEY + text).max_credit == 125 * CURRENCY // 10
    minutes = profile_of_text('service = "time"\n[credit]\nmost = 1\nlow = 0\nlower = 0')
    assert (minutes.service, minutes.max_credit) == (TIME, 60 * minutes.use_per_second(()))


def test_prices_steps_and_hours_are_read() -> None:
    prices = profile_of_text(MONEY).prices
    assert prices is not None
    assert prices.limits == (50 * 3_600_000, 1_261_800_000)
    assert prices.bands[0].prices == (1_000_000, 2_500_000, 3_000_001)
    saturday = day_of_date(date(2026, 11, 21)) * 86_400
    assert prices.band(saturday + 22 * 3600) is prices.bands[1]
    assert prices.band(saturday + 86_400 + 6 * 3600 + 899) is prices.bands[1]
    assert prices.band(saturday + 86_400 + 6 * 3600 + 900) is prices.bands[0]
    assert prices.band(saturday - 2 * 3600) is prices.bands[0]
    monday = saturday + 2 * 86_400
    assert prices.band(monday + 6 * 3600) is prices.bands[1]  # it began on Sunday
    assert prices.band(monday + 22 * 3600) is prices.bands[0]


def test_friendly_hours_and_holidays_are_read() -> None:
    text = 'holidays = [2026-12-25]\n[[friendly]]\nfrom = "18:00"\nto = "08:00"\n'
    friendly = profile_of_text(text).friendly
    christmas = day_of_date(date(2026, 12, 25)) * 86_400
    assert christmas + 12 * 3600 in friendly
    assert christmas + 86_400 + 12 * 3600 not in friendly
    assert christmas + 86_400 + 18 * 3600 in friendly


def test_what_counts_as_a_wrong_entry_is_read() -> None:
    text = '[lockout]\nafter = 5\nfirst_s = 60\nlongest_s = 60\ncounted = ["crc", "used"]'
    rule = profile_of_text(text).lockout
    assert rule.counted == {Result.CRC, Result.USED}
    assert [rule.wait_s(wrong) for wrong in (4, 5, 9)] == [0, 60, 60]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("colour = 1", "colour"),
        ("[credit]\nmots = 1", "credit.mots"),
        ("service = 'steam'", "service"),
        ("service = 5", "service"),
        ("phases = 2", "phases"),
        ("phases = true", "phases"),
        ("utc_offset_minutes = 7", "utc_offset_minutes"),
        ("manufacturer = -1", "manufacturer"),
        ("[credit]\nmost = -1", "credit.most"),
        ("[credit]\nmost = inf", "credit.most"),
        ("[credit]\nmost = nan", "credit.most"),
        ("[credit]\nmost = 'much'", "credit.most"),
        ("[credit]\nmost = true", "credit.most"),
        ("[credit]\nmost = 0.00000001", "credit.most"),
        ("[credit]\nlow = 1\nlower = 2", "credit.lower"),
        ("credit = 7", "credit"),
        ("friendly = 7", "friendly"),
        ("[[friendly]]\nfrom = '25:00'\nto = '01:00'", "from"),
        ("[[friendly]]\nfrom = '10:05'\nto = '11:00'", "from"),
        ("[[friendly]]\nfrom = '٣:00'\nto = '11:00'", "from"),
        ("[[friendly]]\nfrom = '10:00'", "to"),
        ("[[friendly]]\nfrom = '10:00'\nto = '11:00'\ndays = ['someday']", "days"),
        ("[[friendly]]\nfrom = '10:00'\nto = '11:00'\nnight = 1", "friendly[0].night"),
        ("holidays = ['2026-12-25']", "holidays"),
        ("[lockout]\ncounted = ['luck']", "lockout.counted"),
        ("[lockout]\nafter = 0", "lockout.after"),
        ("[overload]\ntrips = 'many'", "overload.trips"),
        ("currency = 'ZAR'", "band"),
        ("steps = [5]", "band"),
        (MONEY.replace("[50, 350.5]", "[350.5, 50]"), "steps"),
        (MONEY.replace("[1, 1, 1]", "[1, 1]"), "band.prices"),
        (MONEY.replace("prices = [1, 2.5", "prices = [[1], 2.5"), "band.prices"),
        (MONEY.replace("days = ", "from = '10:00'\ndays = "), "file"),
        ("= 5", "file"),
    ],
)
def test_a_mistake_in_a_profile_is_named(text: str, field: str) -> None:
    with pytest.raises(MeterProfileInvalid) as refused:
        profile_of_text(text)
    assert refused.value.facts["field"] == field
