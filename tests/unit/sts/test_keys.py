from __future__ import annotations

import copy
import hashlib
import hmac
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import PosError
from pos_app.sts.errors import (
    KeyAttributeInvalid,
    KeyLengthInvalid,
    KeyPairingInvalid,
    NotEstablished,
    VendingKeyParity,
)
from pos_app.sts.keys import DecoderKey, KeyAttributes, VendingKey, derive_decoder_key

SHORT = bytes.fromhex("abababababababab")
LONG = bytes.fromhex("abababababababab949494949494949401234567")
METER = KeyAttributes("600727000000000009", 2, "201457", 1, 1, 2014, 7, 4)
DES_METER = METER._replace(sgc="123456", dkga=2)


def test_the_published_decoder_keys() -> None:
    derived = [
        derive_decoder_key(VendingKey(LONG), METER),
        derive_decoder_key(VendingKey(LONG), METER._replace(ea=11)),
        derive_decoder_key(VendingKey(SHORT), DES_METER),
    ]
    assert [key.reveal().hex() for key in derived] == [
        "87f3ecbb2e46b48f",
        "929bd3a415c9420a05ec5ee9f3ce91c3",
        "e653341f9d5bf36f",
    ]
    assert [key.ea for key in derived] == [7, 11, 7]


@given(
    st.binary(min_size=20, max_size=20),
    st.integers(0, 2),
    st.integers(0, 999_999),
    st.integers(0, 99),
    st.integers(1, 9),
    st.sampled_from([1993, 2014, 2035]),
    st.sampled_from([7, 11]),
)
def test_dkga04_is_hmac_over_the_listed_items(  # noqa: PLR0917
    secret: bytes, kt: int, sgc: int, ti: int, krn: int, base: int, ea: int
) -> None:
    attributes = KeyAttributes(METER.pan, kt, f"{sgc:06d}", ti, krn, base, ea, 4)
    bits = {7: 64, 11: 128}[ea]
    message = bytes([4])
    for item in ("04", str(base)[2:], f"{ea:02d}", f"{ti:02d}"):
        message += bytes([len(item)]) + item.encode()
    message += bytes([0, 4])
    for item in (f"{sgc:06d}", str(kt), str(krn), METER.pan):
        message += bytes([len(item)]) + item.encode()
    message += bits.to_bytes(4, "big")
    expected = hmac.new(secret, message, hashlib.sha256).digest()[: bits // 8]
    assert derive_decoder_key(VendingKey(secret), attributes).reveal() == expected


@pytest.mark.parametrize(
    ("attributes", "what"),
    [
        (METER._replace(dkga=1), "dkga01"),
        (METER._replace(dkga=3), "dkga03"),
        (METER._replace(ea=9, dkga=2), "ea09"),
        (METER._replace(ea=9), "ea09"),
        (METER._replace(kt=3), "dkga04-kt3"),
    ],
)
def test_what_no_source_settles_is_said_and_not_guessed(
    attributes: KeyAttributes, what: str
) -> None:
    with pytest.raises(NotEstablished) as caught:
        derive_decoder_key(VendingKey(LONG), attributes)
    assert caught.value.facts == {"what": what}


def test_a_common_des_key_is_settled_only_for_short_meter_numbers() -> None:
    common = DES_METER._replace(kt=3)
    first = derive_decoder_key(VendingKey(SHORT), common)
    assert first == derive_decoder_key(VendingKey(SHORT), common._replace(pan="600727111111111153"))
    with pytest.raises(NotEstablished) as caught:
        derive_decoder_key(VendingKey(SHORT), common._replace(pan="000001000000000082"))
    assert caught.value.facts == {"what": "dctk-pan-block"}


def test_a_des_vending_key_of_even_parity_is_refused() -> None:
    with pytest.raises(VendingKeyParity) as caught:
        VendingKey(bytes.fromhex("abababababababaa"))
    assert isinstance(caught.value, NotEstablished)
    assert caught.value.code == "vending-key-parity"


def test_a_vending_key_of_dkga03_is_not_settled() -> None:
    with pytest.raises(NotEstablished) as caught:
        VendingKey(bytes(16))
    assert caught.value.facts == {"what": "dkga03"}


@pytest.mark.parametrize("length", [0, 7, 9, 19, 21])
def test_other_key_lengths_are_refused(length: int) -> None:
    for kind in (VendingKey, DecoderKey):
        with pytest.raises(KeyLengthInvalid):
            kind(bytes(length))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pan", "60072700000000000"),
        ("pan", "60072700000000000x"),
        ("pan", "60072700000000000\u0661"),
        ("kt", 4),
        ("kt", -1),
        ("sgc", "20145"),
        ("sgc", "20145x"),
        ("ti", 100),
        ("krn", 0),
        ("krn", 10),
        ("base", 2015),
        ("ea", 8),
        ("dkga", 5),
        ("dkga", 2),
    ],
)
def test_an_impossible_attribute_is_named(field: str, value: object) -> None:
    change: dict[str, Any] = {field: value}
    with pytest.raises(KeyAttributeInvalid) as caught:
        derive_decoder_key(VendingKey(LONG), METER._replace(**change))
    assert caught.value.facts["field"] == field


def test_des_keys_check_their_attributes_too() -> None:
    with pytest.raises(KeyAttributeInvalid):
        derive_decoder_key(VendingKey(SHORT), DES_METER._replace(krn=0))
    with pytest.raises(KeyPairingInvalid):
        derive_decoder_key(VendingKey(SHORT), DES_METER._replace(ea=11))
    with pytest.raises(KeyPairingInvalid):
        derive_decoder_key(VendingKey(LONG), DES_METER._replace(ea=11))


@pytest.mark.parametrize("key", [VendingKey(SHORT), VendingKey(LONG), DecoderKey(SHORT)])
def test_a_key_never_shows_its_bytes(key: VendingKey | DecoderKey) -> None:
    secret = key.reveal()
    for shown in (repr(key), str(key), f"{key}", f"{[key]}", "%s" % (key,)):  # noqa: UP031
        assert secret.hex() not in shown.lower()
        assert repr(secret) not in shown
        assert "ab" not in shown.lower().replace("bit", "")
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        hash(key)
    assert copy.deepcopy(key) is copy.copy(key) is key


def test_keys_are_equal_by_value_and_never_to_bytes() -> None:
    assert DecoderKey(SHORT) == DecoderKey(bytes(SHORT))
    assert DecoderKey(SHORT) != DecoderKey(bytes(8))
    assert DecoderKey(SHORT) != VendingKey(SHORT)
    assert DecoderKey(SHORT) != SHORT


def test_check_values_are_the_first_three_bytes_of_the_rule() -> None:
    # DES of zeros under 0123456789abcdef is d5d44ff720683d0d (published DES test value)
    assert VendingKey(bytes.fromhex("0123456789abcdef")).check_value() == "d5d44f"
    assert VendingKey(LONG).check_value() == hashlib.sha256(b"\1" + LONG).hexdigest()[:6]
    assert len(DecoderKey(SHORT).check_value()) == 6


def test_no_refusal_quotes_a_key() -> None:
    for attempt in (bytes.fromhex("abababababababaa"), LONG[:-1]):
        with pytest.raises(PosError) as caught:
            VendingKey(attempt)
        assert "abab" not in str(caught.value).lower()
