"""Words, figures and colours of the screens."""

from __future__ import annotations

import re
import string
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from pos_app.application.words import Sentence
from pos_app.domain.money import Currency, Money
from pos_app.resources import resource
from pos_app.ui.figures import Figures
from pos_app.ui.theme.sheet import style_sheet
from pos_app.ui.theme.tokens import DARK, LIGHT, Palette, Tokens, scale_for
from tests.ui.stage import words_of

UI = Path(__file__).parents[2] / "pos_app" / "ui"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|QColor\(\s*\d")
NOON_MS = 1_795_257_120_000  # 21 November 2026, 10:32 UTC
DAY_MS = 24 * 3_600_000


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda one: one.name)
def test_text_stands_out_at_least_twelve_to_one(palette: Palette) -> None:
    grounds = (palette.ground, palette.surface, palette.desk, palette.wash)
    for ink, ground in product((palette.ink, palette.quiet), grounds):
        assert contrast(ink, ground) >= 12
    washes = (palette.look_wash, palette.stop_wash, palette.done_wash)
    for ground in (palette.raised, palette.pressed, *washes):
        assert contrast(palette.ink, ground) >= 12
    assert contrast(palette.paper_ink, palette.paper) >= 12


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda one: one.name)
def test_signs_can_be_told_from_their_ground(palette: Palette) -> None:
    grounds = (palette.ground, palette.surface, palette.desk, palette.raised)
    signs = (palette.accent, palette.done, palette.look, palette.stop, palette.faint)
    for sign, ground in product(signs, grounds):
        assert contrast(sign, ground) >= 4.5
    washed = (
        (palette.accent, palette.wash),
        (palette.look, palette.look_wash),
        (palette.stop, palette.stop_wash),
        (palette.done, palette.done_wash),
        (palette.surface, palette.stop),  # what is wrong, selected
    )
    for sign, ground in washed:
        assert contrast(sign, ground) >= 4.5
    for edge, ground in product((palette.edge, palette.accent), grounds):
        assert contrast(edge, ground) >= 3
    assert contrast(palette.on_accent, palette.accent) >= 7
    assert contrast(palette.on_training, palette.training) >= 6.5


def test_colours_are_written_in_one_place_only() -> None:
    found = [
        path.relative_to(UI).as_posix()
        for path in UI.rglob("*.py")
        if path.name != "tokens.py" and COLOUR.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_large_screen_shows_everything_a_quarter_larger() -> None:
    assert scale_for(1024, 600) == 1
    assert scale_for(1920, 1080) == 1.25
    assert scale_for(960, 540) == 0.9  # 1920 x 1080 at 200 %: nothing may be cut off
    assert scale_for(640, 400) == 0.75
    tokens = Tokens(LIGHT, 1.25)
    assert (tokens.huge, tokens.big, tokens.target) == (70, 35, 60)
    assert "font-size: 70px" in style_sheet(tokens)


def places(sentence: Sentence) -> set[str]:
    texts = list(sentence.values()) if isinstance(sentence, dict) else [sentence]
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_everything_with_the_same_facts() -> None:
    english, japanese = words_of("en").sentences, words_of("ja").sentences
    assert set(english) == set(japanese)
    for key in english:
        if not key.startswith(("error.", "print.")):
            assert places(japanese[key]) - {"n"} == places(english[key]) - {"n"}, key


def test_words_never_shout_or_thank_or_apologise() -> None:
    for text in resource("words", "en", "ui.json").read_text(encoding="utf-8").splitlines():
        assert not re.search(r"!|\bOK\b|\bError\b|successful|Sorry|Please", text), text


def test_every_word_the_screens_ask_for_by_name_is_there() -> None:
    words = words_of("en")
    asked = re.compile(r"words\(\s*\"([a-z][a-z.\-]+)\"")
    source = "\n".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.py"))
    missing = {key for key in asked.findall(source) if not words.has(key)}
    assert missing == set()


def test_figures_follow_the_language_and_the_shops_time() -> None:
    english, japanese = Figures(words_of("en"), 120), Figures(words_of("ja"), 540)
    dinar, yen = Currency("KWD", 3), Currency("JPY", 0)
    assert english.money(Money(1_234_567, dinar)) == "1,234.567"
    assert japanese.money(Money(10_000, yen)) == "10,000"
    assert english.number(Decimal("-0.50")) == "-0.50"
    assert english.note(Money(2_000, Currency("ZAR", 2))) == "20"
    assert english.exact_units(410) == "41.0"
    assert english.units(413, "kWh") == "41.3 kWh"
    assert english.time(NOON_MS) == "12:32"
    assert japanese.time(NOON_MS) == "19:32"
    assert english.day(NOON_MS) == "21 Nov"
    assert japanese.clock(NOON_MS) == "2026年11月21日 19:32"
    assert english.grouped("07124482166") == "0712\u20094482\u2009166"


def test_ages_are_told_in_their_largest_parts() -> None:
    figures = Figures(words_of("en"))
    assert figures.age(59_999) == "under 1 min"
    assert figures.age(7_800_000) == "2 h 10"
    assert figures.age(3 * DAY_MS + 5) == "3 d"


def test_numbers_keep_their_order_where_words_run_leftwards() -> None:
    arabic = Figures(words_of("ar"), 120)
    assert arabic.grouped("07124482166") == "\u20660712\u20094482\u2009166\u2069"
    assert arabic.last_four("07124482166") == "\u2066··\u20092166\u2069"
    assert arabic.money(Money(123_450, Currency("ZAR", 2))) == "1,234.50"
    assert arabic.time(NOON_MS) == "12:32"
