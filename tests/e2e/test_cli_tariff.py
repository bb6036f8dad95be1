"""Tariff files on the command line: their examples, a quote with every line, and what is wrong."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.application.words import load_words
from pos_app.domain.tariff.refusals import TariffProblem
from tests.e2e.program import tokentill
from tests.forked import ROOT

FILES = ROOT / "tests" / "data" / "tariffs"
KENYA = FILES / "kenya-2014.toml"


def _changed(folder: Path, old: str, new: str, source: Path = KENYA) -> Path:
    text = source.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = folder / "changed.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_every_shipped_and_published_file_passes_its_own_examples() -> None:
    shipped = sorted((ROOT / "resources" / "tariffs").glob("*.toml"))
    published = sorted(FILES.glob("*.toml"))
    ran = tokentill(None, "tariff", "check", *map(str, shipped + published))
    assert (ran.code, ran.err) == (0, "")
    passed = re.fullmatch(r"(\d+) passed, 0 failed\n", ran.out)
    assert passed is not None
    assert int(passed[1]) >= 2 * len(shipped)


def test_a_wrong_example_is_named_with_both_figures(tmp_path: Path) -> None:
    ran = tokentill(
        None, "tariff", "check", str(_changed(tmp_path, '"32.3"\nexact', '"32.4"\nexact'))
    )
    assert ran.code == 1
    assert ran.out.endswith(".toml, P3: expected 32.4, got 32.3\n1 passed, 1 failed\n")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'amount = "150.00"',
            'amount = "-150"',
            "line 20, charge[1].amount: must not be below 0 (-150).",
        ),
        (
            'per = "month"',
            'pre = "month"',
            "line 21, charge[1].pre: no such field or name. Did you mean per?",
        ),
        (
            '"Fuel cost", "Forex"]',
            '"Fule cost", "Forex"]',
            "line 59, tax[1].on: no such field or name. Did you mean Fuel cost?",
        ),
        (
            'name = "Forex"',
            'name = "Fuel cost"',
            "line 36, levy[2].name: stands here twice (Fuel cost).",
        ),
        (
            'price = "13.68"',
            "price = 13.68",
            "line 29, block[2].price: a number with a point needs quotes (13.68).",
        ),
        ("[[tax]]", "[[tax", "line 56, the file: this is neither TOML nor JSON."),
    ],
)
def test_a_fault_is_one_sentence_with_file_line_and_field(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = _changed(tmp_path, old, new)
    ran = tokentill(None, "tariff", "check", str(path))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"{path}, {sentence}\n"


def test_two_versions_that_share_a_day_are_refused(tmp_path: Path) -> None:
    old = _changed(
        tmp_path, "valid_from = 2014-01-01", "valid_from = 2013-07-01\nvalid_to = 2014-01-01"
    )
    new = tmp_path / "new.toml"
    new.write_text(KENYA.read_text("utf-8").replace("version = 1", "version = 2"), "utf-8")
    ran = tokentill(None, "tariff", "check", str(old), str(new))
    assert ran.code == 1
    assert (
        ran.err == f"{new}, valid_from 2014-01-01: both versions would be in force on this day.\n"
    )


def test_a_quote_shows_every_line_and_adds_up() -> None:
    ran = tokentill(
        None, "tariff", "quote", str(KENYA), "--tender", "500", "--bought-this-month", "0",
        "--date", "2014-03-01", "--debt", "Loan:50", "--adjustment", "February:-10",
    )  # fmt: skip
    assert ran.code == 0
    rows = re.findall(r"^  (.*\S) +(-?[\d.]+)$", ran.out, re.MULTILINE)
    amounts = [Decimal(amount) for _, amount in rows]
    assert rows[-1] == ("total", "500.00")
    assert sum(amounts[:-1]) == amounts[-1]
    named = dict(rows)
    assert named["debt: Loan"] == "50.00"
    assert named["adjustment: February"] == "-10.00"
    assert named["charge: Fixed charge, 1 x 150.00"] == "150.00"


def test_a_quote_in_json_has_decimals_as_text() -> None:
    found = tokentill(
        None, "tariff", "quote", str(FILES / "newsletter-2018.toml"), "--tender", "2000", "--json"
    ).json()
    assert (found["units"], found["total"], found["currency"]) == ("1240.5", "2000.00", "ZAR")
    assert [line["amount"] for line in found["lines"]] == ["715.80", "847.70", "436.50"]
    assert found["edge"] == {"block": 3, "left": "1378.79", "next_price": "2.0418"}


def test_units_are_priced_and_months_counted_from_dates() -> None:
    asked = (
        "--units", "15", "--date", "2021-04-01", "--last-purchase", "2021-01-31", "--json",
    )  # fmt: skip
    found = tokentill(None, "tariff", "quote", str(FILES / "uganda-2021.toml"), *asked).json()
    # three fees of 3 360 and 15 units of 250 with 18 % VAT come to 16 319.4; half a step less
    # is enough for a token of 15.0
    fee = next(line for line in found["lines"] if line["kind"] == "charge")
    assert (fee["periods"], fee["amount"]) == (3, "10080")
    assert 16_300 < int(found["total"]) <= 16_320


def test_days_at_a_stated_use_are_priced_as_their_units() -> None:
    priced = [
        tokentill(
            None, "tariff", "quote", str(FILES / "tshwane-2026.toml"), *asked, "--json"
        ).json()
        for asked in (("--days", "10/5.8"), ("--units", "58"))
    ]
    assert priced[0] == priced[1]
    bare = tokentill(None, "tariff", "quote", str(KENYA), "--days", "10")
    assert (bare.code, "Type it after the days: 10/5.5" in bare.err) == (1, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (("--date", "2014-02-30"), "--date cannot be"),
        (("--date", "2013-12-31"), "not in force on 2013-12-31"),
        (("--bought-this-month", "NaN"), "--bought-this-month cannot be"),
        (("--debt", "Loan"), "--debt cannot be"),
        (("--debt", "Loan:-5"), "--debt cannot be"),
        (("--debt", "Loan:5.001"), "--debt cannot be"),
        (("--tender", "150"), "Take at least KES 174.01."),
        (("--tender", "1e3"), "is not an amount"),
    ],
)
def test_a_question_that_cannot_be_is_one_sentence(changes: tuple[str, str], words: str) -> None:
    options = dict([("--tender", "500"), changes])
    flat = [part for pair in options.items() for part in pair]
    assert words in tokentill(None, "tariff", "quote", str(KENYA), *flat).refusal()


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in tokentill(None, "tariff", "check", str(tmp_path / "no")).refusal()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    sentence = tokentill(
        None, "tariff", "quote", str(tmp_path / "bytes"), "--tender", "1"
    ).refusal()
    assert "no UTF-8 text" in sentence


def test_a_day_is_shown_by_its_hours(tmp_path: Path) -> None:
    path = tmp_path / "hours.toml"
    path.write_text(HOURS, encoding="utf-8")
    assert tokentill(None, "tariff", "check", str(path)).out == "1 passed, 0 failed\n"
    winter = tokentill(None, "tariff", "hours", str(path), "--date", "2026-07-01")
    assert winter.out.splitlines() == [
        "00:00-06:00 off-peak: 1.20",
        "06:00-09:00 peak: 5.90",
        "09:00-17:30 off-peak: 1.20",
        "17:30-19:00 peak: 5.90",
        "19:00-24:00 off-peak: 1.20",
    ]
    sunday = tokentill(None, "tariff", "hours", str(path), "--date", "2026-07-05")
    assert sunday.out == "00:00-24:00 off-peak: 1.20\n"
    none = tokentill(None, "tariff", "hours", str(KENYA), "--date", "2026-07-05")
    assert none.out == "This tariff has one price at all hours.\n"


def test_every_problem_of_a_file_has_words() -> None:
    words = load_words("en", "tariff")
    assert all(words.has(f"tariff.problem.{problem.value}") for problem in TariffProblem)


HOURS = """\
id = "hours"
version = 1
utility = "Shop Power"
name = "By the hour"
commodity = "electricity"
unit = "ZAR"
token = "money"
valid_from = 2026-01-01
prices_include_tax = true
unit_rounding = "down"
source = "made up for this test"
currency = { code = "ZAR", decimals = 2, smallest_coin = 10 }

[[tax]]
name = "VAT"
percent = "15"

[[period]]
name = "peak"
price = "5.90"
hours = "06-09,17:30-19"
days = ["weekday"]
months = [6, 7, 8]

[[period]]
name = "peak"
price = "3.10"
hours = "07-10,18-20"
days = ["weekday"]
months = [1, 2, 3, 4, 5, 9, 10, 11, 12]

[[period]]
name = "off-peak"
price = "1.20"

[[example]]
tender = "115.00"
amounts = { energy = "100.00", VAT = "15.00" }
"""
