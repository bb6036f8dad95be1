"""Slips of the engineering desk and papers of keys, in every language slips are written in."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.printing.document import save_png
from pos_app.application.engineering_records import DeskRecord
from pos_app.application.key_receipts import KeyReceipt
from pos_app.application.key_records import KeyGroup
from pos_app.application.keys import TillKeys
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.application.sale import SaleMeter, SaleToken
from pos_app.application.slip.desk_slip import DeskSlipWriter
from pos_app.application.slip.key_paper import KeyPaper
from pos_app.application.slip.layout import Banner, Pair, Slip, Text, TokenBlock
from pos_app.application.words import Words, load_words
from pos_app.bootstrap.choices import SLIP_AREAS
from pos_app.domain.engineering import DeskAct
from tests.key_makers import ATTRIBUTES, OWN_ATTRIBUTES
from tests.shops import START_MS

LANGUAGES = ("en", "ja", "ar", "hi")
IDENTITY = ShopIdentity("TRAIN1", "7", ShopMode.TRAINING, 120)
METER = SaleMeter(
    "14123456783", "600727141234567833", "7", "12", "util", "7", "electricity", "kWh",
    "600111", 1, 1, 255, 2, 7, 4, 2014, "6c3de4",
)  # fmt: skip
TOKENS = (SaleToken("37410592846115728034", "engineering", 17_364_000, 17_364_000, 0),)
FACTS: dict[DeskAct, dict[str, Any]] = {
    DeskAct.POWER_LIMIT: {"watts": 4600, "amperes": "20", "volts": 230, "phases": 1},
    DeskAct.PHASE_UNBALANCE: {"watts": 13800, "amperes": "20", "volts": 230, "phases": 3},
    DeskAct.CLEAR_CREDIT: {"register": "electricity", "lost_tenths": 123},
    DeskAct.WATER_FACTOR: {"word": 300},
    DeskAct.TARIFF_RATE: {"word": 300},
    DeskAct.EXTENDED_SET: {"word": 300},
    DeskAct.EXTENDED_READ: {"index": 4},
    DeskAct.METER_TEST: {"tests": ["all"]},
    DeskAct.REPLACEMENT: {"why": "still-refused"},
}
SIGNS = {  # what stands on a slip in any language: units, fields of the standard, numbers of a till
    "A", "V", "W", "kWh", "ZAR", "SGC", "KRN", "TI", "EA", "TID", "KCV", "KEN", "KT", "DKGA",
    "WO", "E", "K", "UTC",
}  # fmt: skip
WORD = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]+(?![0-9A-Za-z])")
MEASURED = re.compile(r"\d[\d,. ]* [A-Za-z]|\d{4} \d{4}|\d{6} / \d|\d{4}-\d\d-\d\d")


def record(act: DeskAct, **changes: object) -> DeskRecord:
    made = DeskRecord(
        kind="engineering", act=act.value, act_id="1", receipt="E-TRAIN1-A12", number=12,
        offset_minutes=120, month="2026-11", operator="3", operator_name="3", approver="4",
        approver_name="4", approval="code", request="A000005", shift=1, meter=METER,
        work_order="WO 7-12", reason="9", facts=FACTS.get(act, {}), tenths=0, currency="ZAR",
        decimals=2, tokens=TOKENS, training=True, at_ms=START_MS,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def desk_slips(words: Words) -> list[Slip]:
    writer, given = DeskSlipWriter(words, IDENTITY), DeskAct.FREE_ISSUE
    sale: dict[str, object] = {"for_receipt": "TRAIN1-A7", "tenths": 413}
    records = [record(act, **(sale if act is DeskAct.REPLACEMENT else {})) for act in DeskAct]
    records += [record(given, tenths=500), record(given, fine=500_000)]
    records += [record(DeskAct.EXCHANGE, tenths=77, from_drn="07124482166", approval="pin")]
    records += [record(DeskAct.METER_TEST, meter=None)]
    return [writer.of(each, copy) for each in records for copy in (0, 1)]


def key_papers(words: Words) -> list[Slip]:
    paper = KeyPaper(words, IDENTITY)
    shown = "1234 5678 9012 3456 7890 1234 5678 9012"
    taken = KeyReceipt(
        731, START_MS, ("3", "4"), "7", shown, 13, "ab" * 32, (ATTRIBUTES, OWN_ATTRIBUTES), 5,
        "A000005", seal="3141592653589793",
    )  # fmt: skip
    group = KeyGroup("vending", "600111", 1, 2, 2014, 255, 4, "6c3de4", START_MS, START_MS, 1)
    gone = KeyReceipt(812, START_MS, ("3",), count=2, groups=(group,), seal="3141592653589793")
    till = TillKeys(shown, (("7", shown, 3),), has_module=True, moving=False, destroyed=0)
    ended = TillKeys("", (), has_module=False, moving=False, destroyed=812)
    return [
        paper.of_till(till), paper.of_till(ended), paper.of_authority("7", shown),
        paper.of(replace(taken, entry=0)), paper.of(taken, 2), paper.of(gone),
    ]  # fmt: skip


def lines(slip: Slip) -> list[str]:
    said: list[str] = []
    for block in slip.blocks:
        if isinstance(block, Pair):
            said += [block.label, block.value]
        elif isinstance(block, Text | Banner):
            said.append(block.text)
        elif isinstance(block, TokenBlock):
            said.append(block.caption)
    return said


@pytest.mark.parametrize("language", ["ar", "hi"])
def test_no_english_word_is_left_on_a_slip_of_the_desk_or_of_keys(language: str) -> None:
    words = load_words(language, *SLIP_AREAS)
    for slip in (*desk_slips(words), *key_papers(words)):
        assert slip.language == language
        found = {each for line in lines(slip) for each in WORD.findall(line)}
        assert found <= SIGNS, (slip.title, found - SIGNS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_keep_their_order_amid_words_from_right_to_left(language: str) -> None:
    words, bound = load_words(language, *SLIP_AREAS), 0
    for slip in (*desk_slips(words), *key_papers(words)):
        for line in lines(slip):
            loose = re.sub("[\u2066\u2068][^\u2069]*\u2069", "", line)
            bound += line.count("\u2066")
            assert len(re.findall("[\u2066\u2068]", line)) == line.count("\u2069")
            if words.right_to_left and re.search(r"[\u0600-\u06ff]", line):
                assert not MEASURED.search(loose), line
    assert bool(bound) is words.right_to_left


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("language", ["ar", "hi"])
def test_desk_and_key_slips_are_drawn_on_both_papers(tmp_path: Path, language: str) -> None:
    words = load_words(language, *SLIP_AREAS)
    slips = (desk_slips(words)[0], desk_slips(words)[6], key_papers(words)[4])
    for paper in (58, 80):
        for number, slip in enumerate(slips):
            place = tmp_path / f"{language}-{paper}-{number}.png"
            save_png(slip, place, paper)
            assert place.stat().st_size > 4_000
