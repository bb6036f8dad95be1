"""Drawn slips: dots for the printer, PNG, PDF and the live picture are one drawing."""

from __future__ import annotations

import io
import shutil
import stat
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter, QTextLine

from pos_app.adapters.printing.document import SlipNotSaved, save_pdf, save_png
from pos_app.adapters.printing.pieces import pieces
from pos_app.adapters.printing.qt_slip import SlipPainter, dots, pdf, png
from pos_app.adapters.printing.qt_slip.drawing import WordsMark, draw
from pos_app.adapters.printing.rendering import slip_bytes
from pos_app.application.printing import PrinterSettings, SlipMode
from pos_app.application.slip.compose import SlipHead, SlipWriter
from pos_app.application.slip.layout import Align, Banner, Pair, Rule, Size, Slip, Text, TokenBlock
from pos_app.application.words import load_words
from tests.adapters.printing.printer_paper import printed
from tests.adapters.printing.samples import ALL, CREDIT, PAYLOAD, arabic_sale, english_sale
from tests.shops import HIGHVELD, make_shop, opened, order

WIDTHS = {58: 384, 80: 576}
SCRIPTS = ("arabic", "hindi", "japanese")


def picture(slip: Slip, paper_mm: int) -> Image.Image:
    return Image.open(io.BytesIO(png(slip, paper_mm))).convert("L")


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(image.convert("L")).point(lambda grey: grey > 60 and 255).getbbox()
    assert box is not None
    return box


def code_in(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("paper_mm", WIDTHS)
@pytest.mark.parametrize("name", SCRIPTS)
def test_every_letter_of_a_sample_is_in_a_font(name: str, paper_mm: int) -> None:
    slip = ALL[name]()
    drawing = draw(pieces(slip), WIDTHS[paper_mm], right_to_left=slip.right_to_left)
    missing = [
        mark.words.layout.text()
        for mark in drawing.marks
        if isinstance(mark, WordsMark)
        for run in mark.words.layout.glyphRuns()
        if 0 in run.glyphIndexes()
    ]
    assert missing == []


@pytest.mark.parametrize("paper_mm", WIDTHS)
@pytest.mark.parametrize("name", ALL)
def test_a_picture_is_as_wide_as_its_paper_with_the_head_margins_white(
    name: str, paper_mm: int
) -> None:
    image = picture(ALL[name](), paper_mm)
    assert image.width == paper_mm * 8
    left, _, right, _ = ink(image)
    margin = (paper_mm * 8 - WIDTHS[paper_mm]) // 2
    assert left >= margin - 1
    assert right <= image.width - margin + 1


@pytest.mark.parametrize("paper_mm", WIDTHS)
def test_the_code_reads_back_from_the_picture(paper_mm: int) -> None:
    assert code_in(picture(english_sale(), paper_mm)) == [PAYLOAD]


@pytest.mark.parametrize("paper_mm", WIDTHS)
@pytest.mark.parametrize("mode", [SlipMode.AUTO, SlipMode.RASTER])
def test_code_and_token_read_back_from_a_drawn_slip_on_paper(mode: SlipMode, paper_mm: int) -> None:
    settings = PrinterSettings(paper_mm=paper_mm, mode=mode)
    paper = printed(slip_bytes(arabic_sale(), settings), paper_mm)
    assert code_in(paper.image()) == [PAYLOAD]
    assert "".join(paper.text().split()) == CREDIT  # the digits alone are printed as text
    assert paper.lost == []


def test_only_lines_that_need_it_are_drawn() -> None:
    sale = english_sale()
    named = tuple(
        Text("محمد عبد الرحمن") if isinstance(block, Text) and "MOYO" in block.text else block
        for block in sale.blocks
    )
    stream = slip_bytes(Slip("t", named), PrinterSettings())
    paper = printed(stream, 80)
    assert len(stream) < 5_000
    assert "Mbare Shop 3, 14 Samora Street" in paper.text()
    assert 20 < paper.graphic_rows < 60


def test_a_table_is_drawn_whole_when_one_label_must_be() -> None:
    table = (Pair("Service", "5.00"), Pair("ऊर्जा", "38.26"), Rule(), Pair("Total", "50.00"))
    paper = printed(slip_bytes(Slip("t", table), PrinterSettings()), 80)
    assert [line.text.split() for line in paper.lines] == [["Total", "50.00"]]


@pytest.mark.parametrize(("name", "most"), [("arabic", 40_000), ("hindi", 30_000)])
def test_a_slip_drawn_from_top_to_bottom_stays_small(name: str, most: int) -> None:
    assert len(slip_bytes(ALL[name](), PrinterSettings())) < most
    assert len(slip_bytes(ALL[name](), PrinterSettings(paper_mm=58))) < most * 0.7


def test_right_to_left_labels_stand_right_and_values_left() -> None:
    image = picture(Slip("t", (Pair("المجموع", "5"),), "ar", right_to_left=True), 80)
    box = ink(image)
    assert box[0] < 60
    assert box[2] > 590
    digit = image.crop((0, 0, 100, image.height))
    assert ink(digit)[2] - ink(digit)[0] < 30
    start = picture(Slip("t", (Text("العداد"),), "ar", right_to_left=True), 80)
    assert ink(start)[0] > 400
    end = picture(Slip("t", (Text("العداد", Align.END),), "ar", right_to_left=True), 80)
    assert ink(end)[2] < 240


def test_a_token_runs_left_to_right_in_every_slip() -> None:
    left = picture(Slip("t", (TokenBlock(CREDIT),)), 80)
    right = picture(Slip("t", (TokenBlock(CREDIT),), "ar", right_to_left=True), 80)
    assert ImageChops.difference(left, right).getbbox() is None


def test_dates_and_receipt_numbers_keep_their_order_in_a_right_to_left_slip() -> None:
    date = "2026-05-21 14:32"
    left = picture(Slip("t", (Text(date),)), 80)
    right = picture(Slip("t", (Text(date, Align.END),), "ar", right_to_left=True), 80)
    assert ImageChops.difference(left, right).getbbox() is None


def cursor_at(line: QTextLine, letter: int) -> float:
    across = line.cursorToX(letter)
    assert isinstance(across, tuple)
    return float(across[0])


def test_a_telephone_number_keeps_its_order_amid_arabic(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    writer = SlipWriter(load_words("ar"), shop.desk.identity)
    slip = writer.of_sale(sale, SlipHead("Highveld", "", "77 88", "0800 000 001"), 0, "code")
    shop.close()
    marks = draw(pieces(slip), 576, right_to_left=True).marks
    layouts = [mark.words.layout for mark in marks if isinstance(mark, WordsMark)]
    for number in ("0800 000 001", "77 88"):
        (layout,) = (layout for layout in layouts if number in layout.text())
        first = layout.text().index(number)
        line = layout.lineAt(0)
        # The cursor before the first digit stands where the Arabic ends.
        across = [cursor_at(line, first + at) for at in range(1, len(number))]
        assert across == sorted(across)


def test_a_printed_line_stands_clear_of_a_drawn_one_above_it() -> None:
    slip = Slip("t", (Text("料金 第1版", size=Size.FINE), Text("SGC 201457", size=Size.FINE)))
    paper = printed(slip_bytes(slip, PrinterSettings()), 80).image()
    rows = [not ImageChops.invert(paper.crop((0, y, 576, y + 1))).getbbox() for y in range(60)]
    top = rows.index(False)
    blank = [y for y in range(top, len(rows)) if rows[y]]
    gap = next(length for length in range(1, 40) if not rows[blank[0] + length])
    assert gap >= 8


def glyphs(text: str) -> list[int]:
    slip = Slip("t", (Text(text),), "ar", right_to_left=True)
    marks = draw(pieces(slip), 576, right_to_left=True).marks
    return [
        glyph
        for mark in marks
        if isinstance(mark, WordsMark)
        for run in mark.words.layout.glyphRuns()
        for glyph in run.glyphIndexes()
    ]


def test_arabic_letters_take_the_shapes_of_their_neighbours() -> None:
    """The meem of a word's start, middle and end are three shapes, and none stands alone."""
    alone = glyphs("م")
    joined = glyphs("ممم")
    assert len(set(joined)) == 3
    assert not set(alone) & set(joined)


def test_devanagari_vowel_signs_stand_before_their_consonant() -> None:
    """The sign of short i is written after its letter and drawn before it."""
    assert glyphs("कि")[-1] == glyphs("क")[0]


def test_digits_have_one_width() -> None:
    def left_edge(text: str) -> int:
        return ink(picture(Slip("t", (Text(f"|{text}", Align.END),)), 80))[0]

    assert len({left_edge(digit * 12 + "|") for digit in "0123456789"}) == 1


@pytest.mark.parametrize("paper_mm", WIDTHS)
@pytest.mark.parametrize("right_to_left", [False, True])
def test_overlong_words_and_empty_values_stay_on_the_paper(
    *, right_to_left: bool, paper_mm: int
) -> None:
    blocks = (
        Banner("N" * 60),
        Text("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten"),
        Text("田" * 60, Align.CENTRE),
        Text(""),
        Pair("X" * 60, "1,234.00"),
        Pair("Name", "Y" * 60),
        Pair("", ""),
        Pair("Label", ""),
        Pair("", "5.00"),
        TokenBlock(CREDIT, "W" * 60, 1),
    )
    image = picture(Slip("t", blocks, right_to_left=right_to_left), paper_mm)
    left, _, right, _ = ink(image)
    margin = (paper_mm * 8 - WIDTHS[paper_mm]) // 2
    assert left >= margin - 2
    assert right <= image.width - margin + 2


def test_rows_of_words_never_overlap() -> None:
    for name in ALL:
        slip = ALL[name]()
        for width in WIDTHS.values():
            drawing = draw(pieces(slip), width, right_to_left=slip.right_to_left)
            spans = sorted(
                {
                    (round(row.line.y() + row.line.ascent()), row.ascent, row.descent)
                    for mark in drawing.marks
                    if isinstance(mark, WordsMark)
                    for row in mark.words.rows
                }
            )
            for (base, _, descent), (below, ascent, _) in pairwise(spans):
                assert below - base <= 2 or base + descent <= below - ascent + 3, name


@pytest.mark.parametrize("width", [288, 384, 576, 1000])
def test_the_live_slip_is_the_same_drawing_at_any_width(width: int) -> None:
    slip = english_sale()
    painter_of_slips = SlipPainter(80)
    height = painter_of_slips.height(slip, width)
    assert height == pytest.approx(SlipPainter(80).height(slip, 576) * width / 576, abs=2)
    image = QImage(width, round(height) + 20, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.translate(QPoint(0, 10))
    assert painter_of_slips.paint(painter, slip, width) == height
    painter.end()
    buffer = bytes(image.constBits())
    seen = Image.frombuffer("RGBA", (image.width(), image.height()), buffer, "raw", "BGRA")
    assert code_in(seen.convert("L")) == [PAYLOAD]
    full = png(slip, 80)
    ours = seen.convert("L").crop((0, 10, width, 10 + round(height))).resize((288, 600))
    theirs = Image.open(io.BytesIO(full)).convert("L")
    theirs = theirs.crop((32, 32, 608, theirs.height - 32)).resize((288, 600))
    difference = ImageChops.difference(ours, theirs).histogram()
    strong = sum(difference[128:])
    assert strong < 0.05 * 288 * 600


def test_the_live_slip_paints_in_the_colours_of_its_theme() -> None:
    image = QImage(576, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("#112233"))
    painter = QPainter(image)
    slip = Slip("t", (Banner("COPY 2"),))
    SlipPainter(80, QColor("#eeeeee"), QColor("#112233")).paint(painter, slip, 576)
    painter.end()
    assert image.pixelColor(3, 5).name() == "#eeeeee"


def test_dots_are_rows_of_packed_bits() -> None:
    rows = dots((Rule(),), 384, right_to_left=False)
    assert {len(row) for row in rows} == {48}
    assert [row for row in rows if any(row)] == [b"\xff" * 48] * 2


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("paper_mm", WIDTHS)
@pytest.mark.parametrize("name", ["english", "arabic", "hindi", "japanese"])
def test_a_pdf_is_one_page_of_its_size_with_its_fonts_its_title_and_a_readable_code(
    name: str, paper_mm: int, tmp_path: Path
) -> None:
    slip, path = ALL[name](), tmp_path / "slip.pdf"
    save_pdf(slip, path, paper_mm)
    facts = tool("pdfinfo", str(path))
    assert f"Title:           {slip.title}" in facts
    assert "Pages:           1" in facts
    width, height = (
        float(part) for part in facts.split("Page size:")[1].split("pts")[0].split("x")
    )
    assert width == pytest.approx(paper_mm / 25.4 * 72, abs=0.5)
    drawing = SlipPainter(paper_mm).height(slip, WIDTHS[paper_mm])
    assert height == pytest.approx((drawing / 8 + 10) / 25.4 * 72, abs=1)
    fonts = tool("pdffonts", str(path)).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts)  # embedded
    tool("pdftoppm", "-r", "203", "-gray", "-png", "-singlefile", str(path), str(tmp_path / "page"))
    page = Image.open(tmp_path / "page.png")
    assert code_in(page) == [PAYLOAD]
    assert abs(page.height - picture(slip, paper_mm).height) < 40


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_the_token_can_be_copied_from_a_pdf_once(tmp_path: Path) -> None:
    path = tmp_path / "slip.pdf"
    path.write_bytes(pdf(english_sale(), 80))
    text = tool("pdftotext", "-layout", str(path), "-")
    assert "".join(text.split()).count(CREDIT) == 1


def tool(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    return done.stdout


def test_a_saved_slip_is_whole_private_and_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "slip.png"
    path.write_bytes(b"old")
    save_png(english_sale(), path, 80)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_slip_that_cannot_be_saved_says_where_and_why(tmp_path: Path) -> None:
    with pytest.raises(SlipNotSaved) as missing:
        save_png(english_sale(), tmp_path / "no" / "slip.png", 80)
    assert missing.value.facts == {
        "path": str(tmp_path / "no" / "slip.png"),
        "reason": "No such file or directory",
    }
    (tmp_path / "taken").mkdir()
    with pytest.raises(SlipNotSaved):
        save_pdf(english_sale(), tmp_path / "taken", 80)
    assert list(tmp_path.iterdir()) == [tmp_path / "taken"]
