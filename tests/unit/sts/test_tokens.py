from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import PosError
from pos_app.sts.digits import insert_class, to_digits
from pos_app.sts.encoding import body_of
from pos_app.sts.errors import (
    AmountTooLarge,
    FieldOutOfRange,
    KeyAttributeInvalid,
    KeyMissing,
    NotEstablished,
    TokenCrc,
    TokenProofFailed,
    TokenReserved,
)
from pos_app.sts.keychange import key_words
from pos_app.sts.keys import DecoderKey
from pos_app.sts.proof import prove
from pos_app.sts.tokens import (
    ClearTamper,
    CreditToken,
    CurrencyCreditToken,
    ExtendedRead,
    ExtendedSet,
    KeyChange,
    KeyChangeFirst,
    KeyChangeFourth,
    KeyChangeSecond,
    KeyChangeSgc,
    KeyChangeThird,
    MaxPowerLimit,
    MeterTestToken,
    PhaseUnbalance,
    ProprietaryToken,
    TariffRate,
    Token,
    as_encoded,
    decode,
    encode,
    key_change_set,
)
from tests.unit.sts import reference
from tests.unit.sts.drawn import (
    CLEAR,
    CREDITS,
    ENCRYPTED,
    LONG_KEYS,
    ONLY_LONG,
    ONLY_SHORT,
    SGC,
    SHORT_KEYS,
)

KEY = DecoderKey(bytes.fromhex("87f3ecbb2e46b48f"))
LONG_KEY = DecoderKey(bytes.fromhex("929bd3a415c9420a05ec5ee9f3ce91c3"))
CREDIT = CreditToken(sub=0, tenths=256, tid=5_000_000, rnd=5)


def test_the_tokens_of_the_fifteen_kinds_read_back_what_was_written() -> None:
    @given(st.one_of(ENCRYPTED, ONLY_SHORT), SHORT_KEYS)
    def under_ea07(token: Token, key: DecoderKey) -> None:
        assert decode(encode(token, key), key) == as_encoded(token)

    @given(st.one_of(ENCRYPTED, ONLY_LONG), LONG_KEYS)
    def under_ea11(token: Token, key: DecoderKey) -> None:
        assert decode(encode(token, key), key, 11) == as_encoded(token)

    @given(CLEAR)
    def in_clear(token: Token) -> None:
        assert decode(encode(token)) == token

    under_ea07()
    under_ea11()
    in_clear()


@given(CREDITS)
def test_a_credit_has_the_bits_the_standard_lists(token: CreditToken) -> None:
    bits = f"00{token.sub:04b}{token.rnd:04b}{token.tid:024b}{body_of(token) & 0xFFFF:016b}"
    clear = int(bits[2:] + f"{reference.checksum('000000' + bits):016b}", 2)
    key = int.from_bytes(KEY.reveal(), "big")
    expected = reference.token_digits(bits, reference.sta_encrypt(key, clear, "operational"))
    assert encode(token, KEY) == expected


def test_a_token_of_another_meter_has_a_wrong_checksum() -> None:
    with pytest.raises(TokenCrc):
        decode(encode(CREDIT, KEY), DecoderKey(bytes(8)))
    with pytest.raises(TokenCrc):
        decode(encode(CREDIT, KEY), LONG_KEY)


@given(st.integers(0, 19), st.integers(1, 9))
def test_a_mistyped_digit_does_not_give_the_same_credit(place: int, change: int) -> None:
    digits = encode(CREDIT, KEY)
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    with contextlib.suppress(PosError):
        assert decode(wrong, KEY) != CREDIT


def test_an_encrypted_token_needs_a_key_and_a_test_token_does_not() -> None:
    with pytest.raises(KeyMissing):
        encode(CREDIT)
    with pytest.raises(KeyMissing):
        decode(encode(CREDIT, KEY))
    test = MeterTestToken(0, (1 << 36) - 1, 0)
    assert encode(test) == encode(test, KEY) == "56493153725450313471"
    assert decode("56493153725450313471", LONG_KEY) == test


def test_the_encryption_algorithm_must_fit_the_key() -> None:
    digits = encode(CREDIT, KEY)
    for ea in (11, 8):
        with pytest.raises(KeyAttributeInvalid):
            decode(digits, KEY, ea)
    with pytest.raises(NotEstablished) as caught:
        decode(digits, KEY, 9)
    assert caught.value.facts == {"what": "ea09"}


@pytest.mark.parametrize(("token_class", "sub"), [(0, 8), (0, 15), (1, 3), (1, 5), (3, 0)])
def test_reserved_tokens_are_named_and_not_read(token_class: int, sub: int) -> None:
    body = f"{token_class:02b}{sub:04b}" + "0" * 44
    clear = int(body[2:] + f"{reference.checksum('000000' + body):016b}", 2)
    block = KEY.encrypt(clear) if token_class in {0, 2} else clear
    with pytest.raises(TokenReserved):
        decode(to_digits(insert_class(block, token_class)), KEY)


def with_content(token_class: int, content: int) -> str:
    body = f"{token_class:02b}{content:048b}"
    clear = int(body[2:] + f"{reference.checksum('000000' + body):016b}", 2)
    block = KEY.encrypt(clear) if token_class == 2 else clear
    return to_digits(insert_class(block, token_class))


def test_a_filled_tail_of_an_extended_read_is_not_guessed_at() -> None:
    assert decode(with_content(1, 2 << 44 | 7 << 38)) == ExtendedRead(7 << 30)
    with pytest.raises(NotEstablished) as caught:
        decode(with_content(1, 2 << 44 | 1))
    assert caught.value.facts == {"what": "extended-read-tail"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(5 << 44 | 1, id="padding of a clear-tamper token"),
        pytest.param(8 << 44 | 1, id="padding of an SGC token"),
        pytest.param(8 << 44 | 1_000_000 << 20, id="an SGC of seven digits"),
        pytest.param(3 << 44, id="KRN 0"),
        pytest.param(4 << 44 | 100 << 32, id="TI 100"),
    ],
)
def test_a_good_checksum_does_not_excuse_an_impossible_field(content: int) -> None:
    with pytest.raises(FieldOutOfRange):
        decode(with_content(2, content), KEY)


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (CreditToken, {"sub": 0, "tenths": 1, "tid": 1, "rnd": 1}, {"sub": 4}),
        (CreditToken, {"sub": 0, "tenths": 1, "tid": 1, "rnd": 1}, {"tid": 1 << 24}),
        (CreditToken, {"sub": 0, "tenths": 1, "tid": 1, "rnd": 1}, {"tid": -1}),
        (CreditToken, {"sub": 0, "tenths": 1, "tid": 1, "rnd": 1}, {"rnd": 16}),
        (CreditToken, {"sub": 0, "tenths": 1, "tid": 1, "rnd": 1}, {"tenths": -1}),
        (CurrencyCreditToken, {"sub": 4, "units": 1, "tid": 1}, {"sub": 3}),
        (MeterTestToken, {"sub": 1, "control": 1, "manufacturer": 1}, {"control": 1 << 28}),
        (MeterTestToken, {"sub": 0, "control": 1, "manufacturer": 1}, {"sub": 2}),
        (ExtendedRead, {"value": 1}, {"value": 1 << 36}),
        (MaxPowerLimit, {"watts": 1, "tid": 1, "rnd": 1}, {"watts": -1}),
        (TariffRate, {"rate": 1, "tid": 1, "rnd": 1}, {"rate": 1 << 16}),
        (KeyChangeSecond, {"ken_low": 1, "ti": 1, "key_word": 1}, {"key_word": 1 << 32}),
        (KeyChangeSgc, {"sgc": "123456"}, {"sgc": "12345"}),
        (KeyChangeSgc, {"sgc": "123456"}, {"sgc": "12345x"}),
        (ProprietaryToken, {"token_class": 1, "sub": 6, "content": 0}, {"sub": 5}),
    ],
)
def test_a_value_that_does_not_fit_is_never_cut(
    kind: Any, right: dict[str, Any], wrong: dict[str, Any]
) -> None:
    kind(**right)
    with pytest.raises(FieldOutOfRange):
        kind(**right | wrong)


def test_more_than_one_token_carries_is_refused_by_name() -> None:
    with pytest.raises(AmountTooLarge):
        CreditToken(0, 18201625, 1, 1)
    with pytest.raises(AmountTooLarge):
        PhaseUnbalance(18201625, 1, 1)
    with pytest.raises(AmountTooLarge):
        CurrencyCreditToken(4, 10**36, 1)


def test_extended_tokens_have_their_index_in_the_top_bits() -> None:
    assert ExtendedSet(0xFC01, 1, 1).index == 63
    assert ExtendedRead(63 << 30).index == 63


# key changes


def change(key: DecoderKey, tokens: int, sgc: str = "201457", ken: int = 255) -> KeyChange:
    return KeyChange(key, ken, krn=2, kt=2, ti=1, sgc=sgc, roll_over=False, tokens=tokens)


def test_a_set_of_three_announces_the_sgc_and_brings_it() -> None:
    first, second, third = key_change_set(change(KEY, 3))
    assert isinstance(first, KeyChangeFirst)
    assert first.three_tokens == 1
    assert isinstance(second, KeyChangeSecond)
    assert third == KeyChangeSgc("201457")
    # the SGC as a 24-bit number: 201457 = 0x0312F1
    assert body_of(third) == 2 << 48 | 8 << 44 | 0x0312F1 << 20
    assert [decode(encode(each, KEY), KEY) for each in (first, second, third)] == [
        first,
        second,
        third,
    ]


@given(LONG_KEYS, LONG_KEYS, SGC, st.integers(0, 255))
def test_a_set_of_four_carries_the_whole_key_and_sgc(
    old: DecoderKey, new: DecoderKey, sgc: str, ken: int
) -> None:
    tokens = [decode(encode(each, old), old) for each in key_change_set(change(new, 4, sgc, ken))]
    first, second, third, fourth = tokens
    assert isinstance(first, KeyChangeFirst)
    assert isinstance(second, KeyChangeSecond)
    assert isinstance(third, KeyChangeThird)
    assert isinstance(fourth, KeyChangeFourth)
    words = [first.key_word, third.key_word, fourth.key_word, second.key_word]
    assert b"".join(word.to_bytes(4, "big") for word in words) == new.reveal()
    assert f"{fourth.sgc_high << 12 | third.sgc_low:06d}" == sgc
    assert first.ken_high << 4 | second.ken_low == ken


@pytest.mark.parametrize(("key", "tokens"), [(KEY, 4), (KEY, 1), (LONG_KEY, 2), (LONG_KEY, 3)])
def test_a_key_takes_its_own_number_of_tokens(key: DecoderKey, tokens: int) -> None:
    with pytest.raises(FieldOutOfRange):
        key_change_set(change(key, tokens))


def test_a_key_change_checks_what_it_says_of_the_new_key() -> None:
    right = change(KEY, 2)
    for wrong in (
        replace(right, ken=256),
        replace(right, krn=0),
        replace(right, kt=4),
        replace(right, ti=100),
        replace(right, sgc="1234567"),
    ):
        with pytest.raises(FieldOutOfRange):
            key_change_set(wrong)


def test_no_part_of_a_new_key_is_shown() -> None:
    for key, tokens in ((KEY, 3), (LONG_KEY, 4)):
        shown = repr(key_change_set(change(key, tokens)))
        for word in key_words(key):
            assert str(word) not in shown


# proof


def test_what_was_made_is_proven() -> None:
    for key in (KEY, LONG_KEY):
        digits = encode(CREDIT, key)
        prove(digits, key, CREDIT)
        assert decode(digits, key) == CREDIT


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        (replace(CREDIT, tenths=257), "tenths"),
        (replace(CREDIT, tid=1, rnd=6), "tid, rnd"),
        (ClearTamper(CREDIT.tid, CREDIT.rnd), "kind"),
    ],
)
def test_a_token_that_says_something_else_is_not_shown(other: Token, fields: str) -> None:
    with pytest.raises(TokenProofFailed) as caught:
        prove(encode(other, KEY), KEY, CREDIT)
    assert caught.value.facts == {"fields": fields}


def test_an_amount_that_was_rounded_on_the_way_fails_the_proof() -> None:
    asked = replace(CREDIT, tenths=16385)
    with pytest.raises(TokenProofFailed):
        prove(encode(asked, KEY), KEY, asked)
    prove(encode(asked, KEY), KEY, as_encoded(asked))


def test_a_token_under_a_wrong_key_fails_the_proof_and_stays_secret() -> None:
    digits = encode(CREDIT, KEY)
    with pytest.raises(TokenProofFailed) as caught:
        prove(digits, LONG_KEY, CREDIT)
    assert caught.value.facts == {"cause": "token-crc"}
    assert digits not in str(caught.value)
