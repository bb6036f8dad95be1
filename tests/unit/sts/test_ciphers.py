from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.sts import misty1, sta
from pos_app.sts.checksum import checksum, checksum_of_bytes
from pos_app.sts.digits import LARGEST, from_digits, grouped, insert_class, split_class, to_digits
from pos_app.sts.errors import StaTablesUnknown, TokenFormat
from tests.unit.sts import reference

BLOCKS = st.integers(0, 2**64 - 1)
KEYS = st.binary(min_size=8, max_size=8)
LONG_KEYS = st.binary(min_size=16, max_size=16)


@settings(max_examples=60)
@given(KEYS, BLOCKS, st.sampled_from([sta.OPERATIONAL, sta.SAMPLE]))
def test_ea07_is_the_text_of_the_standard_bit_by_bit(key: bytes, block: int, name: str) -> None:
    tables = sta.tables_named(name)
    encrypted = sta.encrypt(key, block, tables)
    assert encrypted == reference.sta_encrypt(int.from_bytes(key, "big"), block, name)
    assert sta.decrypt(key, encrypted, tables) == block


@settings(max_examples=60)
@given(LONG_KEYS, BLOCKS)
def test_ea11_is_the_pseudocode_of_the_rfc(key: bytes, block: int) -> None:
    encrypted = misty1.encrypt(key, block)
    assert encrypted == reference.misty1_encrypt(key, block)
    assert misty1.decrypt(key, encrypted) == block


def test_ea11_gives_the_vector_of_the_rfc() -> None:
    key = bytes.fromhex("00112233445566778899aabbccddeeff")
    assert misty1.encrypt(key, 0x0123456789ABCDEF) == 0x8B1DA5F56AB3D07C
    assert misty1.decrypt(key, 0x8B1DA5F56AB3D07C) == 0x0123456789ABCDEF


def _botan() -> Any:
    for name in ("libbotan-2.so.19", "libbotan-3.so"):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


@pytest.mark.skipif(_botan() is None, reason="the Botan library is not installed")
@settings(max_examples=100)
@given(LONG_KEYS, BLOCKS)
def test_ea11_is_misty1_as_botan_has_it(key: bytes, block: int) -> None:
    botan, cipher = _botan(), ctypes.c_void_p()
    if botan.botan_block_cipher_init(ctypes.byref(cipher), b"MISTY1"):
        pytest.skip("this Botan was built without MISTY1")
    botan.botan_block_cipher_set_key(cipher, key, 16)
    out = ctypes.create_string_buffer(8)
    botan.botan_block_cipher_encrypt_blocks(cipher, block.to_bytes(8, "big"), out, 1)
    botan.botan_block_cipher_destroy(cipher)
    assert misty1.encrypt(key, block) == int.from_bytes(out.raw, "big")


def test_the_worked_example_of_the_standard() -> None:
    key = bytes.fromhex("0abc12def3456789")
    block = sta.encrypt(key, 0x0B19EB230100C207, sta.tables_named(sta.SAMPLE))
    assert block == 0xC45ED1619406DF95
    number = insert_class(block, 0)
    assert number == 0x2C45ED1618406DF95
    assert to_digits(number) == "51043465443420856213"


def test_only_two_sets_of_tables_exist() -> None:
    for name in (sta.OPERATIONAL, sta.SAMPLE):
        tables = sta.tables_named(name)
        assert sorted(tables.first) == sorted(tables.second) == list(range(16))
        assert sorted(tables.permutation) == list(range(64))
    with pytest.raises(StaTablesUnknown):
        sta.tables_named("../secret")


def test_the_substitutions_of_misty1_are_permutations() -> None:
    s7, s9 = misty1.substitutions()
    assert sorted(s7) == list(range(128))
    assert sorted(s9) == list(range(512))


@given(st.integers(0, 2**50 - 1))
def test_the_checksum_is_the_bitwise_one(body: int) -> None:
    bits = f"{body:056b}"
    if body >> 46 == 1:  # class 0, subclass 4 to 7: CRC_C
        bits += "00000001"
    assert checksum(body) == reference.checksum(bits)


@given(st.binary(max_size=20))
def test_the_checksum_of_any_bytes_is_the_bitwise_one(octets: bytes) -> None:
    bits = "".join(f"{octet:08b}" for octet in octets)
    assert checksum_of_bytes(octets) == reference.checksum(bits)


def test_the_checksums_printed_in_the_standard() -> None:
    assert checksum_of_bytes(bytes.fromhex("00004a2d900ff2")) == 0x0FFA
    assert checksum(0x0B19EB230100) == 0xC207


@given(BLOCKS, st.integers(0, 3))
def test_class_bits_go_in_and_come_out(block: int, token_class: int) -> None:
    number = insert_class(block, token_class)
    assert to_digits(number) == reference.token_digits(f"{token_class:02b}", block)
    assert split_class(number) == (token_class, block)
    assert from_digits(grouped(to_digits(number))) == number


def test_a_token_is_twenty_digits_below_66_bits() -> None:
    assert from_digits("7378-6976 2948 3820 6463") == LARGEST == 73786976294838206463
    for wrong in ("73786976294838206464", "1" * 19, "1" * 21, "1" * 19 + "x", "", "\u0661" * 20):
        with pytest.raises(TokenFormat):
            from_digits(wrong)
