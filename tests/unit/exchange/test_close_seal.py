"""The code on a close's slip: the journal's own signature, carried by paper."""

from __future__ import annotations

import pytest

from pos_app.exchange.chain import EMPTY, next_entry
from pos_app.exchange.close_seal import CloseSeal, read_seal, write_seal
from pos_app.exchange.errors import NotCanonical
from pos_app.exchange.signing import SigningKey

KEY, OTHER = SigningKey(bytes(range(32))), SigningKey(bytes(range(1, 33)))
ENTRY = next_entry(EMPTY, 5, "shift_closed", {"shift": 1}, KEY)


def test_a_code_is_read_back_and_holds_for_its_till_only() -> None:
    seal = read_seal(write_seal("TILL/7", ENTRY))
    assert seal == CloseSeal("TILL/7", 1, ENTRY.hash, ENTRY.signature)
    assert seal.holds(KEY.public)
    assert not seal.holds(OTHER.public)


def test_every_changed_character_of_hash_and_signature_is_found() -> None:
    text = write_seal("TILL7", ENTRY)
    start = text.index(ENTRY.hash.hex().upper())
    for at in range(start, len(text), 7):
        if text[at] == "/":
            continue
        other = "0" if text[at] != "0" else "1"
        assert not read_seal(text[:at] + other + text[at + 1 :]).holds(KEY.public)


@pytest.mark.parametrize("text", ["", "TK1/TILL7/0/AA/BB", "TK2/TILL7/1", "x" * 300])
def test_other_text_is_no_code(text: str) -> None:
    with pytest.raises(NotCanonical):
        read_seal(text)
