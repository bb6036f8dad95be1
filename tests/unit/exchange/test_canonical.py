"""Canonical JSON against an independent implementation of RFC 8785."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from pos_app.exchange.canonical import LARGEST_INTEGER, canonical, read_canonical
from pos_app.exchange.errors import NotCanonical

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
KEYS = st.text(st.characters(max_codepoint=127), max_size=10)
ATOMS = st.one_of(st.none(), st.booleans(), st.integers(-LARGEST_INTEGER, LARGEST_INTEGER), TEXT)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=20,
)


@given(VALUES)
def test_the_bytes_are_those_of_an_independent_implementation(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(VALUES)
def test_what_is_written_reads_back(value: Any) -> None:
    assert read_canonical(canonical(value)) == value


@given(VALUES, st.sampled_from([" ", "\n", "\t"]))
def test_no_other_spelling_is_read(value: Any, space: str) -> None:
    with pytest.raises(NotCanonical):
        read_canonical(canonical(value) + space.encode())
    spaced = json.dumps(value, indent=1, ensure_ascii=True).encode()
    if spaced != canonical(value):
        with pytest.raises(NotCanonical):
            read_canonical(spaced)


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        {"ключ": 1},
        {1: 1},
        LARGEST_INTEGER + 1,
        -LARGEST_INTEGER - 1,
        "\ud800",
        {"a": [b"bytes"]},
        {1, 2},
    ],
)
def test_what_has_no_single_spelling_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b"1.0",
        b"1e2",
        b"-0",
        b"NaN",
        b'"\\u0041"',
        b'"\xff"',
        b"\xef\xbb\xbf1",
        "1".encode("utf-16"),
        b"[" * 100_000,
        b"9" * 5000,
        b'"\\ud800"',
    ],
)
def test_hostile_bytes_are_refused_and_never_crash(raw: bytes) -> None:
    with pytest.raises(NotCanonical):
        read_canonical(raw)


@given(st.binary(max_size=60))
def test_any_bytes_either_are_canonical_or_are_refused(raw: bytes) -> None:
    try:
        value = read_canonical(raw)
    except NotCanonical:
        return
    assert canonical(value) == raw
