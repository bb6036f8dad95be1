"""The compact sale of a slip's code: whole and genuine, or refused."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.exchange.compact import PREFIX, PURPOSE, CompactSale, read_compact, write_compact
from pos_app.exchange.errors import NotCanonical
from tests.unit.exchange.journals import KEY, OTHER_KEY

WHOLE = st.integers(0, 2**40)
WORD = st.text(st.characters(codec="utf-8"), max_size=20)
SALES = st.builds(
    CompactSale,
    till=WORD,
    series=WHOLE,
    number=WHOLE,
    seq=WHOLE,
    at_s=WHOLE,
    operator=WORD,
    drn=WORD,
    tariff=WORD,
    tariff_version=WHOLE,
    bought_before=WHOLE,
    currency=WORD,
    total_minor=WHOLE,
    tenths=WHOLE,
    tid=WHOLE,
    digits=WORD,
    seal=WORD,
)
SALE = CompactSale(
    "TILL7", 1, 7, 19, 1_795_257_120, "ama", "14123456783", "light", 1, 0, "ZAR", 5000, 229,
    6_771_000, "12345678901234567890", "51b01dbfff781156",
)  # fmt: skip
TEXT = write_compact(SALE, KEY)


@given(SALES)
def test_a_code_reads_back_as_what_was_written(sale: CompactSale) -> None:
    assert read_compact(write_compact(sale, KEY), KEY.public) == sale


def test_a_code_uses_only_letters_that_a_qr_code_packs_densely() -> None:
    assert set(TEXT) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def test_a_code_is_a_signature_and_a_list_of_json() -> None:
    raw = base64.b32decode(TEXT[3:] + "=" * (-len(TEXT[3:]) % 8))
    assert json.loads(raw[64:])[:4] == ["TILL7", 1, 7, 19]
    assert KEY.sign(PURPOSE, raw[64:]) == raw[:64]


@given(place=st.integers(0, len(TEXT) - 1), letter=st.sampled_from("ABCXYZ234567018 a"))
def test_no_changed_letter_gives_another_sale(place: int, letter: str) -> None:
    changed = TEXT[:place] + letter + TEXT[place + 1 :]
    if changed == TEXT:
        return
    with pytest.raises(NotCanonical):
        read_compact(changed, KEY.public)


@pytest.mark.parametrize(
    "text", ["", "TT1", "TT2AAAA", TEXT[3:], TEXT[:-8], TEXT + "AAAAAAAA", PREFIX + "1", "TT1Ä"]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(NotCanonical):
        read_compact(text, KEY.public)


def test_another_tills_code_is_refused() -> None:
    with pytest.raises(NotCanonical):
        read_compact(write_compact(SALE, OTHER_KEY), KEY.public)


@pytest.mark.parametrize("content", [b"[]", b"{}", b"[1,2]", b"1", b'"text"'])
def test_a_signed_something_else_is_refused(content: bytes) -> None:
    raw = KEY.sign(PURPOSE, content) + content
    with pytest.raises(NotCanonical):
        read_compact(PREFIX + base64.b32encode(raw).decode().rstrip("="), KEY.public)


def test_a_token_is_not_in_the_repr() -> None:
    assert SALE.digits not in repr(SALE)
