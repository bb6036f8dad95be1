"""A slip crosses a pipe unchanged, and nothing else passes for one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.application.slip.layout import (
    Align,
    Banner,
    Code,
    Gap,
    Pair,
    Rule,
    Size,
    Slip,
    Text,
    TokenBlock,
)
from pos_app.application.slip.wire import SlipUnreadable, from_json, to_json
from tests.adapters.printing.samples import ALL, CREDIT, english_sale

WORDS = st.text(max_size=80)
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80)
SIZES = st.sampled_from(Size)
BLOCKS = st.one_of(
    st.builds(Text, WORDS, st.sampled_from(Align), SIZES, st.booleans()),
    st.builds(Pair, WORDS, WORDS, SIZES, st.booleans()),
    st.builds(
        TokenBlock,
        st.text("0123456789", min_size=20, max_size=20),
        WORDS,
        st.none() | st.integers(1, 9),
    ),
    st.builds(Code, ASCII, WORDS),
    st.builds(Banner, WORDS),
    st.builds(Rule),
    st.builds(Gap, st.floats(0, 20)),
)
SLIPS = st.builds(
    Slip, WORDS, st.lists(BLOCKS, max_size=12).map(tuple), st.just("en"), st.booleans()
)


@settings(max_examples=150)
@given(SLIPS)
def test_every_slip_comes_back_as_it_was(slip: Slip) -> None:
    line = to_json(slip)
    assert "\n" not in line
    assert from_json(line) == slip


@pytest.mark.parametrize("name", ALL)
def test_the_samples_come_back_as_they_were(name: str) -> None:
    assert from_json(to_json(ALL[name]())) == ALL[name]()


def changed(at: int, **values: Any) -> str:
    found = json.loads(to_json(english_sale()))
    found["blocks"][at].update(values)
    return json.dumps(found)


TOKEN_AT = next(
    at for at, block in enumerate(english_sale().blocks) if isinstance(block, TokenBlock)
)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nothing",
        "[]",
        "{}",
        '"slip"',
        changed(0, kind="picture"),
        changed(0, kind=None),
        changed(0, kind=["text"]),
        changed(0, more=1),
        changed(0, size="huge"),
        changed(0, align=3),
        changed(0, bold=1),
        changed(0, text="x" * 3_000),
        changed(0, text="\ud800"),
        changed(TOKEN_AT, digits="123"),
        changed(TOKEN_AT, digits=CREDIT[:-1] + "x"),
        changed(TOKEN_AT, digits="\u0660" * 20),
        changed(TOKEN_AT, step=0),
        changed(TOKEN_AT, step=True),
        to_json(Slip("", (Gap(1.0),))).replace("1.0", "NaN"),
        to_json(Slip("", (Gap(1.0),))).replace("1.0", "1e9"),
        to_json(Slip("", (Gap(1.0),))).replace("1.0", "true"),
        to_json(Slip("", (Code("A"),))).replace('"A"', '"\\u00e9"'),
        to_json(Slip("", (Code("A"),))).replace('"A"', '"\\u001b@"'),
        to_json(Slip("", ())).replace("[]", "[1]"),
        to_json(Slip("", ())).replace("[]", "7"),
        json.dumps({**json.loads(to_json(Slip("", ()))), "blocks": [{"kind": "rule"}] * 1_001}),
    ],
)
def test_what_is_no_slip_is_refused(line: str) -> None:
    with pytest.raises(SlipUnreadable) as refused:
        from_json(line)
    assert CREDIT not in str(refused.value)
