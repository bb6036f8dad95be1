"""Enrolment: who asks, who answers, and a code that survives being read aloud."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.exchange.canonical import canonical
from pos_app.exchange.enrolment import (
    CODE_BYTES,
    SECRET_BYTES,
    EnrolmentCodeWrong,
    EnrolmentRequest,
    Office,
    allowance_info,
    answer_to,
    code_digest,
    make_code,
    read_answer,
    read_code,
    read_request,
    write_request,
)
from pos_app.exchange.errors import ExchangeInvalid, ExchangeNewer
from pos_app.exchange.hpke import open_sealed, public_of
from tests.unit.exchange.journals import KEY, OTHER_KEY

PRIVATE = hashlib.sha256(b"an exchange key of the tests").digest()
SECRET = hashlib.sha256(b"an allowance secret of the tests").digest()
CODE = make_code(bytes(range(CODE_BYTES)))
REQUEST = EnrolmentRequest("TILL7", "Corner", "live", KEY.public, public_of(PRIVATE), CODE, 5)
OFFICE = Office(OTHER_KEY, "Highveld Power", "https://office.example")
REFUSALS = (ExchangeInvalid, ExchangeNewer, EnrolmentCodeWrong)


def test_a_request_reads_back() -> None:
    assert read_request(write_request(REQUEST, KEY)) == REQUEST


def test_an_answer_reads_back_and_only_the_till_opens_the_secret() -> None:
    raw = answer_to(REQUEST, OFFICE, SECRET, 6, first_pack=3)
    answer = read_answer(raw)
    assert (answer.office, answer.name) == (OTHER_KEY.public, "Highveld Power")
    assert (answer.till, answer.public, answer.exchange_key) == (
        "TILL7",
        KEY.public,
        public_of(PRIVATE),
    )
    assert (answer.url, answer.first_pack, answer.made_at_ms) == ("https://office.example", 3, 6)
    info = allowance_info(answer.office, answer.till, answer.public)
    assert open_sealed(PRIVATE, answer.allowance_box, info) == SECRET
    assert len(SECRET) == SECRET_BYTES
    assert SECRET.hex() not in raw.decode()


@settings(max_examples=150)
@given(data=st.data(), byte=st.integers(1, 255))
def test_every_changed_byte_is_refused(data: st.DataObject, byte: int) -> None:
    for raw, reader in (
        (write_request(REQUEST, KEY), read_request),
        (answer_to(REQUEST, OFFICE, SECRET, 6), read_answer),
    ):
        other = bytearray(raw)
        other[data.draw(st.integers(0, len(raw) - 2))] ^= byte
        with pytest.raises(REFUSALS):
            reader(bytes(other))


def test_a_request_that_another_till_signed_is_refused() -> None:
    with pytest.raises(ExchangeInvalid) as refused:
        read_request(write_request(REQUEST, OTHER_KEY))
    assert refused.value.facts["problem"] == "signature"


def test_other_formats_versions_and_sizes_are_refused() -> None:
    held = json.loads(write_request(REQUEST, KEY))
    held["body"]["version"] = 2
    with pytest.raises(ExchangeNewer):
        read_request(canonical(held))
    with pytest.raises(ExchangeInvalid):
        read_request(answer_to(REQUEST, OFFICE, SECRET, 6))
    with pytest.raises(ExchangeInvalid):
        read_request(b"{" * 20_000)


def test_neither_code_nor_box_is_in_a_repr() -> None:
    assert CODE not in repr(REQUEST)


@given(st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES))
def test_a_code_is_read_however_it_is_typed(random: bytes) -> None:
    code = make_code(random)
    assert len(code) == 19
    assert code.count("-") == 3
    typed = code.lower().replace("-", "  ").replace("0", "o").replace("1", "l")
    assert read_code(f" {typed}\n") == code
    assert code_digest(typed) == code_digest(code)


@given(st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES), st.data())
def test_one_wrong_letter_is_found(random: bytes, data: st.DataObject) -> None:
    code = make_code(random).replace("-", "")
    place = data.draw(st.integers(0, 15))
    wrong = data.draw(st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ".replace(code[place], "")))
    with pytest.raises(EnrolmentCodeWrong):
        read_code(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("typed", ["", "0000", "U" * 16, "é" * 16, "0" * 17])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(EnrolmentCodeWrong):
        read_code(typed)


def test_75_bits_of_the_random_bytes_are_in_the_code() -> None:
    flipped = {make_code((1 << bit).to_bytes(CODE_BYTES, "big")) for bit in range(5, 80)}
    assert len(flipped) == 75
