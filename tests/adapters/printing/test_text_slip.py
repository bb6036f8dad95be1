"""Slips in the printer's own font: every word arrives, nothing runs off the paper."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.adapters.printing.escpos_text import SlipNotPrintable
from pos_app.adapters.printing.plain import as_plain
from pos_app.adapters.printing.qr_size import qr_size
from pos_app.adapters.printing.rendering import slip_bytes
from pos_app.application.printing import PrinterSettings, SlipMode
from pos_app.application.slip.layout import (
    Align,
    Banner,
    Code,
    Gap,
    Pair,
    Rule,
    Size,
    Slip,
    Text,
    TokenBlock,
)
from tests.adapters.printing.printer_paper import PrinterPaper, printed
from tests.adapters.printing.samples import (
    ALL,
    CREDIT,
    KEY_CREDIT,
    KEY_FIRST,
    KEY_SECOND,
    PAYLOAD,
    english_sale,
    key_change,
)

PLAIN = ("english", "copy", "training", "key-change")
WIDTHS = (58, 80)


def on_paper(slip: Slip, paper_mm: int, *, cut: bool = True) -> PrinterPaper:
    return printed(slip_bytes(slip, PrinterSettings(paper_mm=paper_mm, cut=cut)), paper_mm)


def squeezed(text: str) -> str:
    return "".join(text.split())


def words_of(slip: Slip) -> list[str]:
    found: list[str] = []
    for block in slip.blocks:
        match block:
            case Text(text=text) | Banner(text=text):
                found += text.split()
            case Pair(label=label, value=value):
                found += label.split() + value.split()
            case TokenBlock():
                found += block.caption.split() + list(block.groups())
            case Code(caption=caption):
                found += caption.split()
            case _:
                pass
    return found


@pytest.mark.parametrize("paper_mm", WIDTHS)
@pytest.mark.parametrize("name", PLAIN)
def test_every_word_of_a_sample_is_on_the_paper(name: str, paper_mm: int) -> None:
    slip = ALL[name]()
    paper = on_paper(slip, paper_mm)
    assert paper.lost == []
    printed_words = paper.text().split()
    assert [word for word in words_of(slip) if word not in printed_words] == []


@pytest.mark.parametrize("paper_mm", WIDTHS)
def test_a_token_stands_once_large_in_three_and_two_groups(paper_mm: int) -> None:
    paper = on_paper(english_sale(), paper_mm)
    rows = [line for line in paper.lines if re.fullmatch(r"\s*(\d{4} )+\d{4}", line.text)]
    assert [row.text.strip() for row in rows] == ["5600 3214 8830", "0506 4177"]
    assert squeezed(paper.text()).count(CREDIT) == 1
    times = {58: 2, 80: 3}[paper_mm]
    assert {(row.wide, row.high, row.bold) for row in rows} == {(times, times, True)}
    assert len({len(row.text) - len(row.text.lstrip()) for row in rows}) == 1
    assert rows[0].top < paper.height / 3


@pytest.mark.parametrize("paper_mm", WIDTHS)
def test_key_change_tokens_stand_in_the_order_of_entry(paper_mm: int) -> None:
    paper = on_paper(key_change(), paper_mm)
    text = squeezed(paper.text())
    places = [text.index(token) for token in (KEY_FIRST, KEY_SECOND, KEY_CREDIT)]
    steps = [text.index(step) for step in ("1Key,part1", "2Key,part2", "3Credit")]
    assert sorted(steps + places) == [
        spot for pair in zip(steps, places, strict=True) for spot in pair
    ]


@pytest.mark.parametrize("paper_mm", WIDTHS)
@pytest.mark.parametrize(
    ("name", "words"), [("training", "TRAINING · NO VALUE"), ("copy", "COPY 2")]
)
def test_a_banner_is_white_on_black_from_edge_to_edge(name: str, words: str, paper_mm: int) -> None:
    paper = on_paper(ALL[name](), paper_mm)
    band = paper.lines[0]
    assert (band.text.strip(), band.invert, band.high) == (words, True, 2)
    assert len(band.text) * band.wide * 12 == paper.dots
    row = paper.image().crop((0, band.top, paper.dots, band.top + 2))
    assert row.getextrema() == (0, 0)


@pytest.mark.parametrize("paper_mm", WIDTHS)
def test_the_printers_own_qr_code_reads_back(paper_mm: int) -> None:
    paper = on_paper(english_sale(), paper_mm)
    assert paper.codes == [PAYLOAD]
    assert [code.text for code in zxingcpp.read_barcodes(paper.image())] == [PAYLOAD]


def test_a_banner_at_the_end_keeps_its_distance() -> None:
    paper = on_paper(Slip("t", (Text("Help", size=Size.FINE), Banner("NO VALUE"))), 80)
    help_line, band = paper.lines
    assert band.top >= help_line.top + 24 + 8


def test_sums_end_at_the_right_edge_with_their_decimals_aligned() -> None:
    for paper_mm, columns in ((58, 32), (80, 48)):
        sums = [
            line.text
            for line in on_paper(english_sale(), paper_mm).lines
            if re.search(r"\d\.\d\d$", line.text) and line.high == 1
        ]
        assert len(sums) == 6
        assert {(len(line), line.rindex(".")) for line in sums} == {(columns, columns - 3)}


def test_a_right_to_left_slip_of_plain_words_starts_at_the_right() -> None:
    slip = Slip(
        "t", (Pair("Total", "50.00"), Text("Ama"), TokenBlock(CREDIT)), "ar", right_to_left=True
    )
    lines = on_paper(slip, 80).lines
    assert lines[0].text.startswith("50.00")
    assert lines[0].text.endswith("Total")
    assert lines[2].text.strip() == "5600 3214 8830"


def test_western_letters_print_through_one_code_page() -> None:
    words = "Éléonore Müller, São Tomé \u2013 5 € · ½ m³ “ça”"
    paper = on_paper(Slip("t", (Text(words),)), 80)
    assert paper.text() == words


def test_a_slip_of_ascii_sends_no_code_page_at_all() -> None:
    stream = slip_bytes(Slip("t", (Text("Total 50.00"),)), PrinterSettings())
    assert b"\x1bt" not in stream
    assert b"\x1c" not in stream


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1\u202f250,00", "1 250,00"),
        ("\u22125.00", "-5.00"),
        ("\u2068KH2-1\u2069", "KH2-1"),
        ("e\u0301", "é"),
        ("₦ 50", None),
        ("محمد", None),
        ("田中", None),
        ("①", None),
        ("\x1b@", None),
        ("a\x00", None),
    ],
)
def test_what_the_printers_font_can_write(text: str, plain: str | None) -> None:
    assert as_plain(text) == plain


def test_text_mode_refuses_what_it_cannot_write_instead_of_a_question_mark() -> None:
    with pytest.raises(SlipNotPrintable):
        slip_bytes(ALL["arabic"](), PrinterSettings(mode=SlipMode.TEXT))


def test_without_a_knife_the_slip_is_fed_to_the_tear_bar() -> None:
    paper = on_paper(english_sale(), 80, cut=False)
    assert paper.cuts == 0
    assert paper.height - paper.lines[-1].top > 100


LETTERS = st.characters(min_codepoint=33, max_codepoint=126)
WORD = st.text(LETTERS, min_size=1, max_size=70)
PHRASE = st.lists(WORD, max_size=8).map(" ".join)
NAME = st.text(LETTERS, min_size=60, max_size=60)
LINES = st.one_of(PHRASE, NAME, st.just(""))
SIZES = st.sampled_from(Size)
BLOCKS = st.one_of(
    st.builds(Text, LINES, st.sampled_from(Align), SIZES, st.booleans()),
    st.builds(Pair, LINES, LINES, SIZES, st.booleans()),
    st.builds(TokenBlock, st.just(CREDIT), LINES, st.none() | st.integers(1, 9)),
    st.builds(Banner, LINES),
    st.builds(Rule),
    st.builds(Gap, st.sampled_from([0.0, 0.5, 1.0, 9.5])),
)


@settings(max_examples=80, deadline=None)
@given(
    blocks=st.lists(BLOCKS, max_size=8),
    right_to_left=st.booleans(),
    paper_mm=st.sampled_from(WIDTHS),
)
def test_nothing_of_any_slip_is_clipped_or_overlaps(
    *, blocks: list[Text], right_to_left: bool, paper_mm: int
) -> None:
    slip = Slip("t", tuple(blocks), right_to_left=right_to_left)
    paper = on_paper(slip, paper_mm)
    assert paper.lost == []
    letters = sorted(squeezed("".join(words_of(slip))))
    steps = [str(b.step) for b in slip.blocks if isinstance(b, TokenBlock) and b.step is not None]
    assert sorted(squeezed(paper.text())) == sorted(letters + steps)
    tops = [(line.top, line.high) for line in paper.lines]
    for (top, high), (below, _) in pairwise(tops):
        assert below >= top + 17 * high


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=900),
        st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", min_size=1, max_size=900),
    ),
    st.sampled_from([384, 576]),
)
def test_the_size_of_a_qr_code_is_known_before_it_is_made(payload: str, dots: int) -> None:
    size = qr_size(payload, dots)
    assert size is not None
    code = segno.make_qr(payload, error=size.level.value, boost_error=False)
    assert len(code.matrix) <= size.modules  # digits alone are denser than we count on
    assert size.module_dots >= 3 or size.modules * 3 > dots
    assert size.modules * size.module_dots <= dots
    mode = "alphanumeric" if not payload.isdigit() else "numeric"
    if code.mode in {"byte", mode} and not payload.isdigit():
        assert len(code.matrix) == size.modules


def test_a_code_too_long_for_any_qr_is_refused() -> None:
    assert qr_size("x" * 3_000, 576) is None
    with pytest.raises(SlipNotPrintable):
        slip_bytes(Slip("t", (Code("x" * 3_000),)), PrinterSettings())
