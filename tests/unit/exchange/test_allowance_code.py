"""Allowance codes: 20 digits that one till takes once."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.exchange.allowance_code import (
    DAYS,
    LARGEST_AMOUNT,
    AllowanceAmountUnfit,
    AllowanceCodeWrong,
    Grant,
    read_allowance_code,
    write_allowance_code,
)

SECRET = hashlib.sha256(b"an allowance secret of the tests").digest()
OTHER = hashlib.sha256(b"another allowance secret").digest()
AMOUNT = st.tuples(st.integers(1, 999), st.integers(0, 3)).map(lambda p: int(p[0] * 10 ** p[1]))
GRANT = st.builds(
    Grant, st.integers(1, 10**6), st.sampled_from(["ZAR", "KES"]), AMOUNT, st.sampled_from(DAYS)
)
ONE = Grant(5, "ZAR", 20_000, 7)
CODE = write_allowance_code(ONE, "TILL7", SECRET)


def taken(code: str, till: str = "TILL7", secret: bytes = SECRET, last: int = 4) -> Grant:
    return read_allowance_code(code, till, secret, ("ZAR", "KES"), last)


def refusal(code: str, till: str = "TILL7", secret: bytes = SECRET, last: int = 4) -> object:
    with pytest.raises(AllowanceCodeWrong) as refused:
        taken(code, till, secret, last)
    return refused.value.facts["problem"]


@given(grant=GRANT, missed=st.integers(0, 1022))
def test_a_code_says_what_was_granted_also_after_codes_that_never_came(
    grant: Grant, missed: int
) -> None:
    code = write_allowance_code(grant, "TILL7", SECRET)
    assert len(code.replace(" ", "")) == 20
    assert taken(code, last=max(grant.sequence - 1 - missed, 0)) == grant


def test_a_code_is_read_in_groups_with_dashes_or_in_one() -> None:
    assert taken(CODE) == taken(CODE.replace(" ", "")) == taken(CODE.replace(" ", "-")) == ONE


def test_a_code_is_taken_once_and_never_after_a_later_one() -> None:
    assert refusal(CODE, last=5) == "code"
    assert refusal(CODE, last=6) == "code"


def test_a_code_is_for_one_till_its_secret_and_its_currency() -> None:
    assert refusal(CODE, till="TILL8") == "code"
    assert refusal(CODE, secret=OTHER) == "code"
    with pytest.raises(AllowanceCodeWrong):
        read_allowance_code(CODE, "TILL7", SECRET, ("KES",), 4)


@settings(max_examples=200)
@given(place=st.integers(0, 19), by=st.integers(1, 9))
def test_one_wrong_digit_is_refused(place: int, by: int) -> None:
    digits = CODE.replace(" ", "")
    wrong = str((int(digits[place]) + by) % 10)
    assert refusal(digits[:place] + wrong + digits[place + 1 :]) == "code"


def test_guessing_gets_nowhere() -> None:
    chance = random.Random(5)  # noqa: S311 - the same guesses at every run
    assert all(refusal(f"{chance.randrange(10**20):020d}") == "code" for _ in range(3_000))


@pytest.mark.parametrize("typed", ["", "1" * 19, "1" * 21, "1" * 19 + "x", "\u0661" * 20])
def test_what_is_no_20_digits_says_so(typed: str) -> None:
    assert refusal(typed) == "digits"


@pytest.mark.parametrize(("amount", "days"), [(0, 7), (-5, 7), (1_001, 7), (10**6, 7), (500, 2)])
def test_what_a_code_cannot_say_is_refused_at_head_office(amount: int, days: int) -> None:
    with pytest.raises(AllowanceAmountUnfit):
        write_allowance_code(Grant(1, "ZAR", amount, days), "TILL7", SECRET)
    assert LARGEST_AMOUNT == 999_000
