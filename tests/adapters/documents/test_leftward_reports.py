"""Reports in a language that runs from right to left: on paper and in workbooks."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from pos_app.adapters.documents.csv_file import save_csv
from pos_app.adapters.documents.drawing import Ink, ReportPainter, save_pdf
from pos_app.adapters.documents.drawing.ink import Brush, leftwards
from pos_app.adapters.documents.workbook import save_xlsx
from pos_app.application.reports.report import Report
from pos_app.application.reports.rows import LongRows
from pos_app.application.words import Words, load_words
from tests.adapters.documents.test_report_files import pdf_text, read_csv
from tests.ledger_makers import make_ledger
from tests.report_makers import EN, EVER, GRACE, reports_of, sell_randomly

AR = load_words("ar")
WIDTH = 800


def made(folder: Path, name: str, words: Words, sales: int = 40) -> Report:
    ledger = make_ledger(folder / f"shop-{words.language}")
    sell_randomly(ledger, random.Random(4), sales)  # noqa: S311 - a fixed history
    return reports_of(ledger).make(name, EVER, words, reader=GRACE)


def painted(report: Report, words: Words) -> QImage:
    painter_of = ReportPainter(words, Ink())
    image = QImage(WIDTH, round(painter_of.height(report, WIDTH)), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    painter_of.paint(painter, report, WIDTH)
    painter.end()
    return image


def reach(image: QImage, colour: str) -> tuple[int, int]:
    """Return the first and the last column of pixels that have a colour."""
    found = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y).name() == colour for y in range(image.height()))
    ]
    return found[0], found[-1]


def test_arabic_bars_begin_at_the_right_and_english_ones_at_the_left(tmp_path: Path) -> None:
    for words in (AR, EN):
        report = replace(made(tmp_path, "tenders", words), rows=(), totals=(), notes=())
        first, last = reach(painted(report, words), Ink().soft)
        middle = (first + last) / 2
        assert (middle > WIDTH / 2) is words.right_to_left


def test_decimals_stand_below_decimals_in_arabic_too(tmp_path: Path) -> None:
    report = made(tmp_path, "tenders", AR)
    table = ReportPainter(AR).table(report)
    place, wide = table.lay_out(WIDTH)[-1]
    image = QImage(WIDTH, 200, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    brush = ReportPainter(AR).brush(painter, WIDTH)
    for at, row in enumerate(report.rows[:3]):
        table.paint_row(brush, at * 40, WIDTH, row)
    painter.end()
    left = round(WIDTH - place - wide)
    edges = []
    for at in range(3):
        inked = [
            x
            for x in range(max(left, 0), min(round(left + wide) + 2, WIDTH))
            if any(image.pixelColor(x, at * 40 + y).lightness() < 90 for y in range(4, 22))
        ]
        edges.append(inked[-1])
    assert max(edges) - min(edges) <= 2


@pytest.mark.parametrize(
    ("text", "so"), [("3-A000143", False), ("عدّاد 12", True), ("2026-12-25", False), ("", False)]
)
def test_a_code_keeps_its_own_direction(text: str, so: bool) -> None:  # noqa: FBT001
    assert leftwards(text) is so


def test_a_mirrored_place_is_as_far_from_the_other_edge() -> None:
    brush = Brush(QPainter(), Ink(), 1.0, 100)
    assert brush.placed(QRectF(10, 5, 20, 7)) == QRectF(70, 5, 20, 7)
    assert Brush(QPainter(), Ink(), 1.0).placed(QRectF(10, 5, 20, 7)) == QRectF(10, 5, 20, 7)


def test_arabic_paper_has_its_words_and_every_receipt_unbroken(tmp_path: Path) -> None:
    report = made(tmp_path, "sales", AR, 12)
    save_pdf(report, AR, tmp_path / "r.pdf")
    text = pdf_text(tmp_path / "r.pdf")
    for row in report.rows:
        assert str(row[1]) in text
        assert str(row[2]) in text
    assert any("\u0600" <= sign <= "\u06ff" or "\ufb50" <= sign <= "\ufeff" for sign in text)


def test_an_arabic_workbook_opens_at_its_right_edge(tmp_path: Path) -> None:
    for words in (AR, EN):
        path = tmp_path / f"{words.language}.xlsx"
        save_xlsx(made(tmp_path, "tenders", words), words, path)
        sheet = load_workbook(path).active
        assert sheet is not None
        assert bool(sheet.sheet_view.rightToLeft) is words.right_to_left


def test_files_hold_every_row_of_a_long_list_and_paper_says_how_many_there_are(
    tmp_path: Path,
) -> None:
    report = made(tmp_path, "sales", EN, 60)
    row = report.rows[0]
    many = LongRows(range(2_500), lambda wanted: tuple(row for _ in wanted), lambda *_: ())
    report = replace(report, rows=many, row_count=2_500)
    save_csv(report, tmp_path / "r.csv")
    assert len(read_csv(tmp_path / "r.csv")) == 2_501
    save_xlsx(report, EN, tmp_path / "r.xlsx")
    sheet = load_workbook(tmp_path / "r.xlsx", read_only=True).active
    assert sheet is not None
    assert sheet.max_row is None or sheet.max_row > 2_500
    save_pdf(report, EN, tmp_path / "r.pdf")
    text = pdf_text(tmp_path / "r.pdf")
    assert "The newest 2,000 of 2,500 rows" in text
    assert text.count(str(row[1])) == 2_000
