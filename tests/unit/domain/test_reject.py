"""A refused token: every combination has exactly one next action, and it is the right one."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.reject import (
    TID_MEMORY,
    Action,
    Fit,
    Known,
    Shown,
    Use,
    next_action,
    slip_group,
    use_of,
)

DIGITS = st.text("0123456789", min_size=20, max_size=20)


def test_every_combination_has_one_next_action() -> None:
    for shown, fit, use, again in product(Shown, Fit, Use, (False, True)):
        assert next_action(shown, Known(fit, use, again)) in Action


def test_nobody_types_the_same_digits_a_third_time() -> None:
    for shown, fit in product(Shown, Fit):
        assert next_action(shown, Known(fit, again=True)) is not Action.RETYPE


@pytest.mark.parametrize(
    ("shown", "known", "action"),
    [
        (Shown.REJECTED, Known(Fit.FITS), Action.RETYPE),
        (Shown.REJECTED, Known(Fit.FITS, again=True), Action.COMPARE_KEY),
        (Shown.REJECTED, Known(Fit.MISTYPED), Action.RETYPE),
        (Shown.REJECTED, Known(Fit.MISTYPED, again=True), Action.REPRINT),
        (Shown.REJECTED, Known(Fit.OTHER_METER), Action.OTHER_METER),
        (Shown.REJECTED, Known(Fit.OLDER_KEY), Action.REISSUE),
        (Shown.REJECTED, Known(Fit.NEWER_KEY), Action.KEY_SET_FIRST),
        (Shown.REJECTED, Known(), Action.RETYPE),
        (Shown.USED, Known(Fit.FITS, Use.NEWEST), Action.CHECK_CREDIT),
        (Shown.OLD, Known(Fit.FITS, Use.PROBABLY), Action.CHECK_CREDIT),
        (Shown.OLD, Known(Fit.FITS, Use.NEWEST), Action.REISSUE),
        (Shown.FULL, Known(Fit.FITS), Action.USE_UP),
        (Shown.DEFAULT_KEY, Known(Fit.FITS), Action.KEY_CHANGE),
        (Shown.NO_LINK, Known(), Action.CHECK_UNIT),
        (Shown.NO_LINK, Known(again=True), Action.FAULT),
        (Shown.FUNCTION, Known(Fit.FITS), Action.FAULT),
        (Shown.BROKEN, Known(), Action.FAULT),
    ],
)
def test_the_trades_order_of_questions(shown: Shown, known: Known, action: Action) -> None:
    assert next_action(shown, known) is action


def test_what_later_sales_say_of_a_token() -> None:
    assert use_of(sold_here=True, later=0) is Use.NEWEST
    assert use_of(sold_here=False, later=0) is Use.UNKNOWN
    assert use_of(sold_here=True, later=1) is Use.PROBABLY
    assert use_of(sold_here=True, later=TID_MEMORY - 1) is Use.PROBABLY
    assert use_of(sold_here=True, later=TID_MEMORY) is Use.FORGOTTEN
    assert use_of(sold_here=False, later=0, identified=False) is Use.ANY_TIME


@given(DIGITS, st.integers(0, 19), st.integers(1, 9))
def test_one_wrong_digit_is_found_in_its_group(sold: str, at: int, by: int) -> None:
    wrong = str((int(sold[at]) + by) % 10)
    assert slip_group(sold[:at] + wrong + sold[at + 1 :], sold) == at // 4 + 1


@given(DIGITS, st.integers(0, 18))
def test_two_digits_changed_over_are_found(sold: str, at: int) -> None:
    typed = sold[:at] + sold[at + 1] + sold[at] + sold[at + 2 :]
    assert slip_group(typed, sold) == (0 if typed == sold else at // 4 + 1)


def test_what_is_no_slip_of_the_keys_is_none() -> None:
    sold = "56493153725450313471"
    assert slip_group(sold, sold) == 0
    assert slip_group("56493153725450313499", sold) == 0
    assert slip_group(sold[:-1], sold) == 0
