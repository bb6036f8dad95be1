"""The letters that come with the program: licensed, digits of one width, no language short."""

from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QRawFont
from pytestqt.qtbot import QtBot

FONTS = Path(__file__).resolve().parent.parent.parent / "resources" / "fonts"
FILES = sorted(FONTS.glob("*.ttf"))
WEIGHTS = {"Regular": 400, "SemiBold": 600}
MUST_HAVE = {
    "NotoSans": "0123456789 ₦₹₵₱₫€£¥ éñçßžșĐ ɗƙẹọạ Ελ Кир \u2009\u202f",
    "NotoSansArabic": "رمزالشحن٠١٢٣٤٥٦٧٨٩",
    "NotoSansDevanagari": "बिजलीटोकन₹०१२३४५६७८९",
    "NotoSansJP": "電気料金円水道ガスメーター番号￥",
}
LARGEST_TOTAL = 16_000_000


def test_each_family_is_there_in_both_weights_with_its_licence() -> None:
    expected = {f"{family}-{weight}.ttf" for family in MUST_HAVE for weight in WEIGHTS}
    assert {path.name for path in FILES} == expected
    for family in MUST_HAVE:
        licence = (FONTS / f"{family}-OFL.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert sum(path.stat().st_size for path in FILES) < LARGEST_TOTAL


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_qt_loads_the_font_under_its_family_and_weight(qtbot: QtBot, path: Path) -> None:
    family, weight = path.stem.split("-")
    number = QFontDatabase.addApplicationFont(str(path))
    known_as = {
        name.replace(" ", ""): name for name in QFontDatabase.applicationFontFamilies(number)
    }
    weights = {
        int(QFontDatabase.weight(known_as[family], style))
        for style in QFontDatabase.styles(known_as[family])
    }
    assert WEIGHTS[weight] in weights


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_all_digits_are_equally_wide(qtbot: QtBot, path: Path) -> None:
    font = QRawFont(str(path), 100)
    digits = font.glyphIndexesForString("0123456789")
    assert len({advance.x() for advance in font.advancesForGlyphIndexes(digits)}) == 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_the_font_has_every_letter_its_languages_need(qtbot: QtBot, path: Path) -> None:
    font = QRawFont(str(path), 20)
    letters = MUST_HAVE[path.stem.split("-")[0]].replace(" ", "")
    missing = [letter for letter in letters if font.glyphIndexesForString(letter)[0] == 0]
    assert missing == []
