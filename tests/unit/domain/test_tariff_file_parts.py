"""Charges, levies, examples and versions in tariff files: what is refused, and where."""

import json
import tomllib

import pytest

from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.refusals import TariffInvalid
from pos_app.domain.tariff.succession import check_succession, digest_of
from pos_app.domain.tariff.tariff import Tariff
from tests.unit.domain.tariff_texts import GOOD, changed, fault_of

CHARGED = GOOD.replace(
    "[[example]]",
    """\
[[charge]]
name = "Fee"
amount = "20.00"
per = "month"

[[levy]]
name = "Fuel"
price = "0.10"

[[subsidy]]
name = "Relief"
percent = "10"

[[stamp]]
name = "Duty"
above = "1000"
amount = "5"

[[debt]]
name = "*"
percent = "30"

[free]
units = "50"

[[example]]""",
)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('amount = "20.00"', 'amount = "-1"', (32, "charge[1].amount", "negative", "-1")),
        ('per = "month"', 'per = "week"', (33, "charge[1].per", "not-choice", "week")),
        ('per = "month"\n', "", (30, "charge[1].per", "missing", "")),
        ('name = "Fuel"', 'name = "VAT"', (20, "tax[1].name", "duplicate", "VAT")),
        ('name = "Fuel"', 'name = "energy"', (36, "levy[1].name", "reserved", "energy")),
        ('price = "0.10"', 'price = "-0.10"', (37, "levy[1].price", "negative", "-0.10")),
        ('price = "0.10"', 'prize = "0.10"', (37, "levy[1].prize", "unknown", "price")),
        ('price = "0.10"', "", (35, "levy[1]", "either-or", "")),
        ('price = "0.10"', 'price = "1"\npercent = "5"', (35, "levy[1]", "either-or", "")),
        (
            'price = "0.10"',
            'percent = "5"\non = ["tender", "energy"]',
            (38, "levy[1].on", "either-or", "tender, energy"),
        ),
        (
            'price = "0.10"',
            'percent = "5"\non = ["Charge"]',
            (38, "levy[1].on", "unknown", "charges"),
        ),
        (
            'price = "0.10"',
            'price = "1"\nabove = "9"\nup_to = "9"',
            (39, "levy[1].up_to", "not-rising", "9"),
        ),
        (
            'percent = "10"',
            'price = "2.50"',
            (25, "block[1].price", "price-not-positive", ""),
        ),
        ('amount = "5"', 'amount = "0"', (46, "stamp[1].amount", "not-positive", "0")),
        ('percent = "30"', 'percent = "130"', (50, "debt[1].percent", "too-large", "130")),
        ('units = "50"', 'units = "0"', (53, "free.units", "not-positive", "0")),
        (
            'units = "45.7"',
            'total = "9"\nask_units = "3"',
            (57, "example[1].tender", "either-or", "ask_units"),
        ),
        ('units = "45.7"', "", (55, "example[1].units", "missing", "")),
        (
            'units = "45.7"',
            'units = "1"\nlast_purchase = 2024-05-01',
            (55, "example[1].date", "missing", ""),
        ),
        (
            'units = "45.7"',
            'units = "1"\n[[example.debt]]\nname = "Loan"\nbalance = "-4"',
            (61, "example[1].debt[1].balance", "bad-amount", "-4"),
        ),
        ('units = "45.7"', 'lines = [["1"]]', (58, "example[1].lines", "not-table", "[['1']]")),
        (
            'units = "45.7"',
            'amounts = { VAT = "1.005" }',
            (58, "example[1].amounts.VAT", "bad-amount", "1.005"),
        ),
        (
            "valid_from = 2024-04-01",
            "valid_from = 2024-04-01\nvalid_to = 2024-03-31",
            (8, "valid_to", "not-rising", "2024-03-31"),
        ),
    ],
)  # fmt: skip
def test_a_fault_in_a_charge_a_levy_or_an_example_is_told_with_its_line(
    old: str, new: str, fault: tuple[object, ...]
) -> None:
    assert CHARGED.count(old) == 1
    assert fault_of(CHARGED.replace(old, new)) == fault


def _as_json(text: str) -> str:
    return json.dumps(tomllib.loads(text), indent=1, default=str)


def test_json_says_the_same_as_toml_and_has_the_same_digest() -> None:
    text = _as_json(CHARGED)
    assert parse_tariff(text) == parse_tariff(CHARGED)
    assert digest_of(text) == digest_of(CHARGED) == digest_of("# a remark\n" + CHARGED)
    assert digest_of(CHARGED) != digest_of(CHARGED.replace("20.00", "20.01"))


@pytest.mark.parametrize(
    ("old", "new", "field", "problem"),
    [
        ('"amount": "20.00"', '"amount": 20.5', "charge[1].amount", "float"),
        ('"price": "2.1562"', '"price": "-2"', "block[2].price", "not-positive"),
        ('"version": 3', '"version": 3, "version": 4', "version", "duplicate"),
        ('"version": 3,', '"version": 3', "", "syntax"),
    ],
)
def test_a_fault_in_json_is_told_with_its_line(
    old: str, new: str, field: str, problem: str
) -> None:
    text = _as_json(CHARGED)
    assert text.count(old) == 1
    damaged = text.replace(old, new)
    line = damaged[: damaged.index(new)].count("\n") + 1
    found = fault_of(damaged)
    assert found[1:3] == (field, problem)
    assert found[0] in (line, line + 1, 1)


def _version(number: int, start: str, end: str = "") -> Tariff:
    text = GOOD.replace("version = 3", f"version = {number}")
    until = f"\nvalid_to = {end}" if end else ""
    return parse_tariff(text.replace("valid_from = 2024-04-01", f"valid_from = {start}{until}"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_version(1, "2024-01-01"), _version(2, "2024-01-02")),
        (_version(1, "2024-01-01", "2024-02-29"), _version(2, "2024-03-01")),
        (_version(1, "2024-01-01", "2024-02-29"), _version(5, "2024-06-01", "2024-06-30")),
    ],
)
def test_a_later_version_may_follow(old: Tariff, new: Tariff) -> None:
    check_succession(old, new)
    with pytest.raises(TariffInvalid):
        check_succession(new, old)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (_version(1, "2024-01-01", "2024-02-29"), _version(2, "2024-02-29"), "overlap"),
        (_version(1, "2024-01-01"), _version(2, "2024-01-01"), "overlap"),
        (_version(2, "2024-01-01"), _version(2, "2024-02-01"), "not-rising"),
    ],
)
def test_versions_that_share_a_day_or_a_number_are_refused(
    old: Tariff, new: Tariff, problem: str
) -> None:
    with pytest.raises(TariffInvalid) as refusal:
        check_succession(old, new)
    assert refusal.value.problem.value == problem


def test_another_tariff_is_no_version_of_this_one() -> None:
    other = parse_tariff(
        changed('id = "home"', 'id = "shop"').replace("version = 3", "version = 4")
    )
    with pytest.raises(TariffInvalid) as refusal:
        check_succession(parse_tariff(GOOD), other)
    assert refusal.value.problem.value == "other-tariff"
