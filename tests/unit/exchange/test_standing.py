"""Head office's word on a journal: of one office, to one till, of a version that is known."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from pos_app.domain.errors import PosError
from pos_app.exchange.canonical import canonical
from pos_app.exchange.errors import ExchangeInvalid, ExchangeNewer
from pos_app.exchange.signing import SigningKey
from pos_app.exchange.standing import PURPOSE, Standing, State, read_standing, write_standing

OFFICE = SigningKey(bytes(range(32)))
CLONED = Standing(State.CLONED, 8, 1_700_000_000_000, 1_700_000_100_000)


def signed(**changes: Any) -> str:
    """Return a word with other fields that the office did sign."""
    said = json.loads(base64.urlsafe_b64decode(write_standing("TILL7", CLONED, OFFICE)))
    del said["signature"]
    said |= changes
    signature = OFFICE.sign(PURPOSE, canonical(said)).hex()
    return base64.urlsafe_b64encode(canonical(said | {"signature": signature})).decode()


@pytest.mark.parametrize("state", list(State))
def test_what_is_written_is_read(state: State) -> None:
    said = Standing(state, 3, 5, 7, 11, bytes(range(32)))
    text = write_standing("TILL7", said, OFFICE)
    assert read_standing(text, "TILL7", OFFICE.public) == said
    assert signed() == write_standing("TILL7", CLONED, OFFICE)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("%%%", "empty"),
        ("ä" * 20, "empty"),
        ("A" * 5000, "empty"),
        (base64.urlsafe_b64encode(b"[1]").decode(), "object"),
        (signed(state="sold"), "state"),
        (signed(till="TILL8"), "till"),
        (signed(format="tokentill-acknowledgement"), "format"),
        (signed(seq=-1), "seq"),
        (signed(more=1), "fields"),
        (signed().replace("A", "B", 1), ""),
    ],
)
def test_anything_else_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ExchangeInvalid) as refused:
        read_standing(text, "TILL7", OFFICE.public)
    assert refused.value.facts["format"] == "standing"
    assert problem in {"", "empty", refused.value.facts["problem"]}


def test_another_office_cannot_say_it() -> None:
    other = SigningKey(bytes(32))
    with pytest.raises(ExchangeInvalid) as refused:
        read_standing(write_standing("TILL7", CLONED, other), "TILL7", OFFICE.public)
    assert refused.value.facts["problem"] == "signature"


def test_a_later_version_is_not_guessed_at() -> None:
    with pytest.raises(ExchangeNewer) as refused:
        read_standing(signed(version=2, more="x"), "TILL7", OFFICE.public)
    assert refused.value.facts["version"] == "2"
    assert isinstance(refused.value, PosError)
