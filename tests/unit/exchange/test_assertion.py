"""Assertions: a till's word lasts a short while, for one office, and nobody else can give it."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.exchange.assertion import Assertion, authorization, read_authorization
from pos_app.exchange.errors import ExchangeInvalid
from tests.unit.exchange.journals import KEY, OTHER_KEY

WORD = Assertion("TILL7", OTHER_KEY.public, 1_000, 1_060, bytes(range(16)))
HEADER = authorization(WORD, KEY)


def test_a_word_reads_back_and_is_its_tills() -> None:
    found = read_authorization(HEADER)
    assert replace(found, signature=b"") == WORD
    assert found.holds(KEY.public)
    assert not found.holds(OTHER_KEY.public)


@settings(max_examples=200)
@given(place=st.integers(5, len(HEADER) - 1), letter=st.sampled_from("AZaz09-_=+/ "))
def test_no_changed_letter_passes(place: int, letter: str) -> None:
    other = HEADER[:place] + letter + HEADER[place + 1 :]
    try:
        found = read_authorization(other)
    except ExchangeInvalid:
        return
    assert found.holds(KEY.public) == (other == HEADER)


def test_a_word_counts_from_its_time_to_its_end() -> None:
    assert [WORD.in_force(now) for now in (999, 1_000, 1_059, 1_060)] == [False, True, True, False]
    assert WORD.in_force(990, skew_s=10)
    assert not WORD.in_force(1_071, skew_s=10)


@pytest.mark.parametrize("expires", [1_000, 999, 1_121])
def test_a_word_that_lasts_too_long_or_not_at_all_is_refused(expires: int) -> None:
    with pytest.raises(ExchangeInvalid) as refused:
        read_authorization(authorization(replace(WORD, expires=expires), KEY))
    assert refused.value.facts["problem"] == "expires"


@pytest.mark.parametrize(
    "header",
    ["", "Till", "Till ", "Bearer " + HEADER[5:], "Till " + "A" * 3000, HEADER + "=", "Till é"],
)
def test_what_is_no_word_is_refused(header: str) -> None:
    with pytest.raises(ExchangeInvalid):
        read_authorization(header)


def test_padding_and_the_other_alphabet_are_no_second_spelling() -> None:
    raw = base64.urlsafe_b64decode(HEADER[5:] + "=" * (-len(HEADER[5:]) % 4))
    with pytest.raises(ExchangeInvalid):
        read_authorization("Till " + base64.b64encode(raw + b" ").decode())
