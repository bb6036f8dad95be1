from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.examples import Checked, ExampleFailure, check_examples
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.parts import Block, Tax
from pos_app.domain.tariff.refusals import TariffInvalid
from pos_app.domain.tariff.units import Commodity, UnitRounding
from tests.unit.domain.tariff_texts import GOOD, changed, fault_of

SHIPPED = sorted((Path(__file__).parents[3] / "resources" / "tariffs").glob("*.toml"))


def test_every_field_of_a_file_reaches_the_tariff() -> None:
    tariff = parse_tariff(GOOD)
    rand = Currency("ZAR", 2, 10)
    assert (tariff.id, tariff.version, tariff.utility, tariff.name) == (
        "home",
        3,
        "Shop Power",
        "Home",
    )
    assert (tariff.commodity, tariff.unit_name) == (Commodity.ELECTRICITY, "kWh")
    assert (tariff.currency, tariff.valid_from) == (rand, date(2024, 4, 1))
    assert (tariff.prices_include_tax, tariff.unit_rounding) == (False, UnitRounding.HALF_UP)
    assert (tariff.minimum, tariff.maximum) == (Money(1000, rand), Money(500_000, rand))
    assert tariff.taxes == (Tax("VAT", Decimal(15)),)
    assert tariff.blocks == (
        Block(Decimal("1.9028"), Decimal(350)),
        Block(Decimal("2.1562"), None),
    )
    assert tariff.source == "made up for this test"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_tariff_is_read_and_reproduces_its_examples(path: Path) -> None:
    tariff = parse_tariff(path.read_text(encoding="utf-8"))
    assert tariff.id == path.stem
    assert len(tariff.examples) >= 2
    assert check_examples(tariff) == Checked(len(tariff.examples), 0)


def test_the_shipped_tariffs_cover_each_rounding_and_more_than_one_commodity() -> None:
    tariffs = [parse_tariff(path.read_text(encoding="utf-8")) for path in SHIPPED]
    assert {tariff.unit_rounding for tariff in tariffs} == set(UnitRounding)
    assert {tariff.commodity for tariff in tariffs} == {Commodity.ELECTRICITY, Commodity.WATER}
    assert {tariff.currency.decimals for tariff in tariffs} == {0, 2}


def test_an_example_that_does_not_hold_is_reported_with_both_figures() -> None:
    text = changed('units = "45.7"', 'units = "45.8"')
    text += '\n[[example]]\nbought = "0"\ntender = "9.99"\nunits = "4.6"\n'
    failures = (
        ExampleFailure("example 1", "45.8", "45.7"),
        ExampleFailure("example 2", "4.6", "below-minimum"),
    )
    assert check_examples(parse_tariff(text)) == Checked(0, 2, failures)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('price = "1.9028"', "price = 1.9028", (25, "block[1].price", "float", "1.9028")),
        ('price = "1.9028"', "price = inf", (25, "block[1].price", "float", "Infinity")),
        ('price = "1.9028"', 'price = "1,9028"', (25, "block[1].price", "not-number", "1,9028")),
        ('price = "1.9028"', "price = true", (25, "block[1].price", "not-number", "True")),
        ('price = "2.1562"', 'price = "-2"', (28, "block[2].price", "not-positive", "-2")),
        ('price = "2.1562"', 'price = "0"', (28, "block[2].price", "not-positive", "0")),
        (
            'price = "2.1562"',
            'price = "3"\nup_to = "350"',
            (29, "block[2].up_to", "not-rising", "350"),
        ),
        ('up_to = "350"\n', "", (23, "block[1].up_to", "open-too-early", "")),
        ('percent = "15"', 'percent = "115"', (21, "tax[1].percent", "too-large", "115")),
        ('percent = "15"', 'percent = "1.5.1"', (21, "tax[1].percent", "not-number", "1.5.1")),
        ('name = "VAT"', 'nme = "VAT"', (20, "tax[1].nme", "unknown", "name")),
        ('name = "VAT"\n', "", (19, "tax[1].name", "missing", "")),
        ('unit = "kWh"\n', "", (1, "unit", "missing", "")),
        ("version = 3", "version = 3.0", (2, "version", "not-whole", "3.0")),
        ("version = 3", "version = 0", (2, "version", "not-whole", "0")),
        ("version = 3", "version = true", (2, "version", "not-whole", "True")),
        ('utility = "Shop Power"', "utility = 7", (3, "utility", "not-text", "7")),
        ('utility = "Shop Power"', 'utility = "a\\u001bb"', (3, "utility", "not-text", "a?b")),
        ('utility = "Shop Power"', 'utility = "  "', (3, "utility", "not-text", "  ")),
        ('unit = "kWh"', 'unit = "kilowatt-hours"', (6, "unit", "too-large", "kilowatt-hours")),
        ('id = "home"', 'id = "../home"', (1, "id", "not-text", "../home")),
        (
            'commodity = "electricity"',
            'commodity = "steam"',
            (5, "commodity", "not-choice", "steam"),
        ),
        ("valid_from = 2024-04-01", "valid_from = 2024-02-30", (7, "valid_from", "bad-date", "")),
        (
            "valid_from = 2024-04-01",
            'valid_from = "2024-02-30"',
            (7, "valid_from", "bad-date", "2024-02-30"),
        ),
        ("valid_from = 2024-04-01", "valid_from = 2024", (7, "valid_from", "bad-date", "2024")),
        (
            "valid_from = 2024-04-01",
            "valid_from = 2024-04-01T00:00:00",
            (7, "valid_from", "bad-date", "2024-04-01 00:00:00"),
        ),
        (
            "prices_include_tax = false",
            'prices_include_tax = "no"',
            (8, "prices_include_tax", "not-yes-no", "no"),
        ),
        ('minimum = "10.00"', 'minimum = "10.005"', (10, "minimum", "bad-amount", "10.005")),
        ('minimum = "10.00"', 'minimum = "0"', (10, "minimum", "bad-amount", "0")),
        ('maximum = "5000.00"', 'maximum = "9.00"', (11, "maximum", "not-rising", "9.00")),
        ('code = "ZAR"', 'code = "rand"', (15, "currency.code", "not-choice", "rand")),
        ("decimals = 2", "decimals = 9", (16, "currency.decimals", "not-whole", "9")),
        ("_coin = 10", '_coin = "10"', (17, "currency.smallest_coin", "not-whole", "10")),
        ('units = "45.7"', 'units = "45.75"', (33, "example[1].units", "bad-units", "45.75")),
        ('bought = "0"', 'bought = "-1"', (31, "example[1].bought", "bad-units", "-1")),
        ("version = 3", "version = 3\nversion = 4", (3, "version", "duplicate", "")),
        ("[currency]", "[currency]\n[currency]", (15, "currency", "duplicate", "")),
        ("version = 3", "version = ", (2, "", "syntax", "")),
        ("version = 3", f"version = {'9' * 5000}", (33, "", "syntax", "")),
        ("version = 3", f"version = {'[' * 5000}", (1, "", "syntax", "")),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_field(
    old: str, new: str, fault: tuple[object, ...]
) -> None:
    line, field, problem, detail = fault_of(changed(old, new))
    assert (line, field, problem, detail) == (*fault[:3], str(fault[3])[:40])


def test_a_table_in_place_of_a_text_and_a_text_in_place_of_a_table_are_refused() -> None:
    tax = '[[tax]]\nname = "VAT"\npercent = "15"\n'
    taxed = changed(tax, "").replace('id = "home"', 'id = "home"\ntax = "VAT"')
    assert fault_of(taxed) == (2, "tax", "not-table", "VAT")
    bare = GOOD[: GOOD.index("[currency]")]
    assert fault_of(bare + 'currency = "ZAR"\n')[1:3] == ("currency", "not-table")
    assert fault_of(bare)[1:3] == ("currency", "missing")


def test_a_file_without_blocks_is_refused() -> None:
    text = GOOD[: GOOD.index("[[block]]")] + GOOD[GOOD.index("[[example]]") :]
    assert fault_of(text)[1:3] == ("block", "missing")


def test_an_inline_currency_is_read_and_its_fault_found() -> None:
    text = GOOD.replace('[currency]\ncode = "ZAR"\ndecimals = 2\nsmallest_coin = 10\n', "")
    good = 'currency = {code = "ZAR", decimals = 2, smallest_coin = 10}\n' + text
    assert parse_tariff(good).currency == Currency("ZAR", 2, 10)
    assert fault_of(good.replace("= 10}", "= 0}")) == (
        1,
        "currency.smallest_coin",
        "not-whole",
        "0",
    )


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert parse_tariff("\ufeff" + GOOD.replace("\n", "\r\n")) == parse_tariff(GOOD)


def test_an_oversized_file_is_refused_before_it_is_read() -> None:
    assert fault_of("#" * 100_001)[2] == "too-large"


@given(st.integers(0, len(GOOD)), st.integers(0, len(GOOD)), st.text(max_size=3))
def test_a_damaged_file_is_read_or_refused_with_a_line_inside_it(
    first: int, second: int, text: str
) -> None:
    start, end = sorted((first, second))
    damaged = GOOD[:start] + text + GOOD[end:]
    line = 1
    try:
        parse_tariff(damaged)
    except TariffInvalid as refusal:
        line = refusal.line
    assert 1 <= line <= damaged.count("\n") + 1


def test_a_field_name_with_control_codes_is_told_without_them() -> None:
    assert fault_of('"\\u001b[2J" = 1\n' + GOOD)[1:3] == ("?[2J", "unknown")
