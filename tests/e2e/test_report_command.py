"""Reports from a shell: as text, JSON and files; and everything one can ask wrongly."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pos_app.application.reports.catalogue import REPORTS
from tests.e2e.program import shop_of_today, tokentill
from tests.shops import HIGHVELD, LAGOON, LAKESIDE

SOLD = ((HIGHVELD, "50", "ZAR"), (LAGOON, "5000", "NGN"), (LAKESIDE, "20000", "UGX"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = shop_of_today(tmp_path_factory.mktemp("reports"))
    for meter, amount, _ in SOLD:
        assert tokentill(place, "sell", "--meter", meter, "--amount", amount).code == 0
    return place


def test_the_list_names_every_report(shop: Path) -> None:
    said = tokentill(shop, "report", "list")
    assert [line.split()[0] for line in said.out.splitlines()] == list(REPORTS)


def test_turnover_in_json_keeps_three_currencies_apart(shop: Path) -> None:
    answer = tokentill(shop, "report", "turnover", "--json").json()
    codes = [each["code"] for each in answer["columns"]]
    totals = dict(zip(codes, answer["totals"][0], strict=True))
    assert (totals["total.ZAR"], totals["total.NGN"], totals["total.UGX"]) == (
        "50.00",
        "5000.00",
        "20000",
    )
    assert totals["sales"] == len(SOLD)


def test_one_command_leaves_all_three_files(shop: Path, tmp_path: Path) -> None:
    files = {kind: tmp_path / f"sales.{kind}" for kind in ("csv", "xlsx", "pdf")}
    options = [word for kind, path in files.items() for word in (f"--{kind}", str(path))]
    ran = tokentill(shop, "report", "sales", *options)
    assert (ran.code, ran.err, ran.out.count("Report written")) == (0, "", 3)
    with files["csv"].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["Meter"], row["Currency"]) for row in rows} == {(m, code) for m, _, code in SOLD}
    assert load_workbook(files["xlsx"]).active is not None
    assert files["pdf"].read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_every_report_can_be_said_in_every_language(shop: Path, language: str) -> None:
    for name in REPORTS:
        options = ("--meter", HIGHVELD) if name == "meter" else ()
        ran = tokentill(shop, "report", name, *options, "--language", language)
        assert (ran.code, ran.err) == (0, "")
        assert "Mbare Shop 3" in ran.out


def test_a_shift_can_be_asked_for_instead_of_days(shop: Path) -> None:
    one = tokentill(shop, "report", "turnover", "--shift", "1", "--json").json()
    codes = [each["code"] for each in one["columns"]]
    assert dict(zip(codes, one["totals"][0], strict=True))["sales"] == len(SOLD)


def test_the_statement_of_a_day_owes_what_was_sold(shop: Path) -> None:
    answer = tokentill(shop, "report", "statement", "--json").json()
    codes = [each["code"] for each in answer["columns"]]
    owed = {row["currency"]: row["owed"] for row in
            (dict(zip(codes, total, strict=True)) for total in answer["totals"])}  # fmt: skip
    assert owed == {"ZAR": "50.00", "NGN": "5000.00", "UGX": "20000"}


def test_a_cashier_gets_no_file_and_no_statement(shop: Path, tmp_path: Path) -> None:
    cashier = ("--operator", "ama")
    assert tokentill(shop, "report", "sales", *cashier).code == 0
    for words in (("sales", "--csv", str(tmp_path / "x.csv")), ("statement",)):
        ran = tokentill(shop, "report", *words, *cashier)
        assert (ran.code, ran.out) == (1, "")
        assert "needs a supervisor" in ran.err
    ran = tokentill(shop, "report", "sales", "--from", "2026-01-01", *cashier)
    assert "A cashier reads today" in ran.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("horoscope",), "There is no report named “horoscope”"),
        (("tax", "--from", "2026-02-30"), "“2026-02-30” is not a day"),
        (("tax", "--from", "2026-03-02", "--to", "2026-03-01"), "Swap the two days"),
        (("meter",), "Name it with --meter"),
        (("tax", "--shift", "99"), "no closed shift 99"),
        (("statement", "--shift", "1"), "is of days, not of one shift"),
        (("tax", "--pdf", "/no/such/folder/x.pdf"), "could not be written"),
        (("tax", "--xlsx", "/no/such/folder/x.xlsx"), "could not be written"),
        (("tax", "--csv", "/no/such/folder/x.csv"), "could not be written"),
    ],
    ids=lambda value: str(value[:2]),
)
def test_what_cannot_be_done_is_one_sentence(shop: Path, words: tuple[str, ...], said: str) -> None:
    ran = tokentill(shop, "report", *words)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1
