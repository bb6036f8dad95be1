"""The quick reader of canonical JSON has the verdict and the word of the exact one, always."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.exchange import quick_canonical
from pos_app.exchange.canonical import LARGEST_INTEGER, canonical, read_canonical
from pos_app.exchange.errors import NotCanonical
from pos_app.exchange.quick_canonical import read_quickly
from tests.office.makers import sale_body

TEXT = st.one_of(
    st.text(max_size=12),
    st.text('"\\:,[]{}0é\u2028\x7f\x00\n\t/', max_size=12),
    st.from_regex(r"[:,\[-]?-?[0-9]{14,22}", fullmatch=True),
)
INTEGERS = st.one_of(
    st.integers(-LARGEST_INTEGER - 2, LARGEST_INTEGER + 2),
    st.sampled_from([10**15, 10**16, 2**53, -(2**53), 2**63, 2**64, 2**70, -(2**64), 0, -1]),
)
ATOMS = st.one_of(st.none(), st.booleans(), INTEGERS, TEXT, st.floats())
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=15,
)
OBJECTS = st.dictionaries(TEXT, VALUES, max_size=4)


def verdict(read: Callable[[bytes], Any], raw: bytes) -> tuple[str, object]:
    try:
        value = read(raw)
    except NotCanonical as bad:
        return "refused", bad.facts["problem"]
    return "read", repr(value)  # 1, 1.0 and True are not the same


def both_say_of(raw: bytes) -> tuple[str, object]:
    said = verdict(read_quickly, raw)
    assert said == verdict(read_canonical, raw)
    return said


def written(value: Any, *, spaced: bool, escaped: bool, sort: bool) -> bytes:
    separators = (", ", ": ") if spaced else (",", ":")
    made = json.dumps(value, separators=separators, ensure_ascii=escaped, sort_keys=sort)
    return made.encode("utf-8", "surrogatepass")


@settings(max_examples=80)
@given(st.one_of(OBJECTS, VALUES), st.booleans(), st.booleans(), st.booleans())
def test_any_value_in_any_spelling(value: Any, spaced: bool, escaped: bool, sort: bool) -> None:  # noqa: FBT001 - drawn
    both_say_of(written(value, spaced=spaced, escaped=escaped, sort=sort))


@settings(max_examples=80)
@given(OBJECTS, st.data())
def test_any_byte_changed_added_or_left_out(value: Any, data: st.DataObject) -> None:
    raw = bytearray(written(value, spaced=False, escaped=False, sort=True))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 1))] = data.draw(st.binary(max_size=2))
    both_say_of(bytes(raw))


@settings(max_examples=50)
@given(st.binary(max_size=40))
def test_any_bytes(raw: bytes) -> None:
    both_say_of(raw)
    both_say_of(b'{"a":' + raw + b"}")


@pytest.mark.parametrize(
    "inner",
    [
        b"-0", b"01", b"1.0", b"1e2", b"1E2", b"NaN", b"Infinity", b"-", b"+1", b"9" * 5000,
        b"9007199254740991", b"-9007199254740991", b"9007199254740992", b"-9007199254740992",
        b"1000000000000000", b"999999999999999", b"-999999999999999", b"18446744073709551616",
        b"[9007199254740993]", b"[1,9007199254740993]", b'["1,9007199254740993"]',
        b'"\\u0041"', b'"\\u00e9"', b'"\\ud800"', b'"\\ud83d\\ude00"', b'"\xed\xa0\x80"',
        b'"\xff"', b'"\xc0\x80"', b'"\\u0000"', b'"\\u001F"', b'"\\u001f"', b'"\\/"', b'"\x00"',
        b'"\\b\\f\\n\\r\\t"', b'"\\u000a"', b'"\x7f"', b'"\xe2\x80\xa8"', b'"a"x', b'"a",',
        b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"\xc3\xa9":1}', b'{"a":"\xc3\xa9"}',
        b'{"a":"\xc3\xa9\\":1"}', b'{"a":"\xc3\xa9\\\\","b":"\xc3\xa9"}', b'{"\xc3\xa9\\"":1}',
        b'{"\\u00e9":1}', b'{"":1}', b'{"A":1,"a":2,"aa":3}', b'{"a" :1}', b"[]", b"{}", b"",
    ],
)  # fmt: skip
def test_every_trap_we_know(inner: bytes) -> None:
    both_say_of(b'{"a":' + inner + b"}")
    both_say_of(inner)


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b"{\x00}\x00", b"{} "])
def test_every_beginning_and_end_we_know(raw: bytes) -> None:
    assert both_say_of(raw)[0] == "refused"


def test_every_character_is_written_alike() -> None:
    for start in range(0, sys.maxunicode, 0x4000):
        piece = range(start, start + 0x4000)
        text = "".join(chr(each) for each in piece if not 0xD800 <= each < 0xE000)
        assert both_say_of(canonical({"a": text}))[0] == "read"
    names = {chr(code) * size: code for code in range(128) for size in (1, 2)}
    assert both_say_of(canonical(names))[0] == "read"


@pytest.mark.parametrize("depth", [10, 498, 600, 2_000, 100_000])
def test_however_deep(depth: int) -> None:
    said = both_say_of(b'{"a":' * depth + b"1" + b"}" * depth)
    assert said[0] == ("refused" if depth > 1_000 else "read")
    both_say_of(b'{"a":' + b"[" * depth + b"]" * depth + b"}")


def test_what_tills_write_is_read_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_canonical, "read_canonical", None)
    body = sale_body(1, 1_800_000_000_000)
    assert read_quickly(canonical(body)) == body
    foreign = body | {"operator_name": "Ama Ọlá", "lines": [{"name": '電気 \\ "1"', "n": -1}]}
    assert read_quickly(canonical(foreign)) == foreign
