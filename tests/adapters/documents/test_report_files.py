"""Reports as files, read back by other programs' eyes: csv, openpyxl, pdftotext."""

from __future__ import annotations

import csv
import random
import re
import shutil
import stat
import subprocess
import unicodedata
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from PySide6.QtGui import QImage, QPainter

from pos_app.adapters.documents.csv_file import save_csv
from pos_app.adapters.documents.drawing import Ink, ReportPainter, save_pdf
from pos_app.adapters.documents.saving import ReportNotSaved
from pos_app.adapters.documents.values import harmless
from pos_app.adapters.documents.workbook import MOST_ROWS, ReportTooLong, save_xlsx
from pos_app.application.reports.catalogue import REPORTS
from pos_app.application.reports.report import (
    Bar,
    Column,
    Heading,
    Kind,
    Plot,
    Report,
    ReportCancelled,
    Watch,
)
from pos_app.application.words import load_words
from pos_app.domain.money import Currency, Money
from tests.ledger_makers import make_ledger
from tests.report_makers import EN, EVER, GRACE, reports_of, sell_randomly

ZAR = Currency("ZAR", 2)
HEAD = Heading(
    "sales", "Sales", "Mbare Shop 3", "TILL7", "21 Nov 2026", "Made", training=True, language="en"
)
ATTACKS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "\uff1dHYPERLINK(1)",
)
STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def a_report(*rows: tuple[str, str, int, Money, Decimal]) -> Report:
    columns = (
        Column("day", "Day", Kind.DAY),
        Column("name", "Name"),
        Column("units", "Units", Kind.UNITS, "kWh"),
        Column("money", "Money", Kind.MONEY, "ZAR"),
        Column("rate", "A day", Kind.NUMBER),
    )
    tenths, minor = sum(row[2] for row in rows), sum(row[3].minor for row in rows)
    return Report(
        HEAD,
        "A finding",
        columns,
        rows,
        totals=(("Total", "", tenths, Money(minor, ZAR), None),),
        notes=("A note.",),
        row_count=len(rows),
    )


ROWS = (
    ("2026-11-20", "MOYO Tendai", 413, Money(123_456_789, ZAR), Decimal("6.3")),
    ("2026-11-21", "電気 花子, “x”\nline", 5, Money(-50, ZAR), Decimal("0.0")),
)


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def pdf_text(path: Path) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run([tool, "-layout", path, "-"], capture_output=True, text=True, check=True)
    return done.stdout


def test_csv_has_exact_plain_numbers_and_no_totals(tmp_path: Path) -> None:
    save_csv(a_report(*ROWS), tmp_path / "r.csv")
    assert read_csv(tmp_path / "r.csv") == [
        ["Day", "Name", "Units (kWh)", "Money (ZAR)", "A day"],
        ["2026-11-20", "MOYO Tendai", "41.3", "1234567.89", "6.3"],
        ["2026-11-21", "電気 花子, “x”\nline", "0.5", "-0.50", "0.0"],
    ]


@pytest.mark.parametrize("name", ATTACKS)
def test_no_name_becomes_a_formula(tmp_path: Path, name: str) -> None:
    made = a_report(("2026-11-20", name, 1, Money(-1, ZAR), Decimal(1)))
    save_csv(made, tmp_path / "r.csv")
    cell = read_csv(tmp_path / "r.csv")[1][1]
    assert cell == "'" + name
    save_xlsx(made, EN, tmp_path / "r.xlsx")
    sheet = load_workbook(tmp_path / "r.xlsx").active
    assert {each.data_type for row in sheet.iter_rows() for each in row} == {"s", "n", "d"}


@settings(max_examples=200)
@given(st.text(max_size=20))
def test_only_a_text_that_could_run_is_changed(text: str) -> None:
    shown = harmless(text)
    assert shown.removeprefix("'") == text.removeprefix("'") or shown == "'" + text
    assert not shown.lstrip(" ").startswith(tuple(STARTS))


def test_a_workbook_holds_numbers_dates_and_totals(tmp_path: Path) -> None:
    save_xlsx(a_report(*ROWS), EN, tmp_path / "r.xlsx")
    sheet = load_workbook(tmp_path / "r.xlsx").active
    values = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert values[0][0] == "A finding"
    assert "TRAINING" in str(values[1][0])
    assert values[4] == ["Day", "Name", "Units (kWh)", "Money (ZAR)", "A day"]
    assert values[5] == [datetime(2026, 11, 20), "MOYO Tendai", 41.3, 1234567.89, 6.3]  # noqa: DTZ001
    assert values[7] == ["Total", None, 41.8, 1234567.39, None]
    assert sheet.cell(6, 4).number_format == "#,##0.00"
    assert sheet.freeze_panes == "A6"


def test_a_workbook_too_long_is_refused_before_it_is_begun(tmp_path: Path) -> None:
    made = a_report(*ROWS)
    with pytest.raises(ReportTooLong):
        save_xlsx(replace(made, rows=(ROWS[0],) * (MOST_ROWS + 1)), EN, tmp_path / "r.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_a_stopped_or_impossible_file_leaves_nothing_behind(tmp_path: Path, kind: str) -> None:
    def save(path: Path, watch: Watch) -> None:
        if kind == "csv":
            save_csv(a_report(*ROWS), path, watch)
        else:
            (save_xlsx if kind == "xlsx" else save_pdf)(a_report(*ROWS), EN, path, watch)

    kept = tmp_path / "kept"
    kept.write_text("before")
    with pytest.raises(ReportCancelled):
        save(kept, lambda _done, _of: False)
    assert kept.read_text() == "before"
    assert list(tmp_path.iterdir()) == [kept]
    with pytest.raises(ReportNotSaved):
        save(tmp_path / "no such folder" / "r", lambda _done, _of: True)
    save(kept, lambda _done, _of: True)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    ledger = make_ledger(tmp_path_factory.mktemp("ledger"))
    sell_randomly(ledger, random.Random(3), 120)  # noqa: S311
    door = reports_of(ledger)
    drn = "14000000001"
    return {name: door.make(name, EVER, EN, meter_drn=drn, reader=GRACE) for name in REPORTS}


@pytest.mark.parametrize("name", REPORTS)
def test_paper_says_the_finding_every_total_and_the_number_of_pages(
    tmp_path: Path, made: dict[str, Report], name: str
) -> None:
    report = made[name]
    save_pdf(report, EN, tmp_path / "r.pdf")
    text = pdf_text(tmp_path / "r.pdf")
    flat = re.sub(r"\s+", " ", text)
    assert report.title.replace("\u00a0", " ") in flat
    for row in report.totals:
        for cell in row:
            if isinstance(cell, Money):
                assert f"{cell.amount():,.{cell.currency.decimals}f}".replace("-", "\u2212") in flat
            elif isinstance(cell, int) and not isinstance(cell, bool) and cell:
                figures = {f"{cell:,}", f"{Decimal(cell) / 10:,.1f}"}
                assert any(each in flat for each in figures)
    pages = text.count("\f")
    for number in range(1, pages + 1):
        assert f"{number} of {pages}" in flat
    if name == "sales":
        assert pages > 1
        assert text.count("Receipt") == pages


def test_japanese_paper_has_its_own_words(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    sell_randomly(ledger, random.Random(4), 9)  # noqa: S311
    words = load_words("ja")
    report = reports_of(ledger).make("turnover", EVER, words, reader=GRACE)
    save_pdf(report, words, tmp_path / "r.pdf")
    text = unicodedata.normalize("NFKC", pdf_text(tmp_path / "r.pdf"))  # month, day: radicals
    assert unicodedata.normalize("NFKC", report.title) in text
    assert "合計" in text


def painted(report: Report, width: int) -> QImage:
    painter_of = ReportPainter(EN, Ink())
    height = round(painter_of.height(report, width))
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    assert painter_of.paint(painter, report, width) == pytest.approx(height, abs=1)
    painter.end()
    return image


def runs_of(image: QImage, colour: str, y: int) -> list[int]:
    """Return how many pixels of a colour stand in each unbroken run of a line."""
    same = (image.pixelColor(x, y).name() == colour for x in range(image.width()))
    line = "".join("x" if each else " " for each in same)
    return [len(run) for run in line.split()]


def test_bars_start_at_zero_and_only_one_is_in_the_accent() -> None:
    bars = (Bar("a", 100, "100", strong=True), Bar("b", 50, "50"), Bar("c", 25, "25"))
    report = Report(HEAD, "A finding", (), (), plots=(Plot("Things", bars, standing=False),))
    image, ink = painted(report, 700), Ink()
    lines = range(image.height())
    longest = {
        colour: sorted({max(runs) for y in lines if (runs := runs_of(image, colour, y))})
        for colour in (ink.accent, ink.soft)
    }
    strong, half, quarter = longest[ink.accent][-1], longest[ink.soft][-1], longest[ink.soft][0]
    assert half * 2 == pytest.approx(strong, abs=3)
    assert quarter * 4 == pytest.approx(strong, abs=6)


@pytest.mark.parametrize("width", [300, 640, 1400])
def test_a_report_can_be_painted_at_any_width(made: dict[str, Report], width: int) -> None:
    for report in made.values():
        assert painted(replace(report, rows=report.rows[:30]), width).height() > 60
