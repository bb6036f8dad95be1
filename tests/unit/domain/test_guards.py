"""The clock's guard, the allowance and the PIN's lock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.allowance import (
    Allowance,
    AllowanceUsedUp,
    Spent,
    Wish,
    check,
    percent_left,
)
from pos_app.domain.clock_guard import ClockVerdict, judge, stamp
from pos_app.domain.lockout import (
    LockState,
    PinLocked,
    ensure_open,
    locked_until,
    surely_gone_ms,
)

NOON = 1_700_000_000_000
MINUTE = 60_000
HOUR = 60 * MINUTE
GRANT = Allowance(7, 100_000, 5000, 10, 30_000, NOON)


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (NOON, ClockVerdict.OK),
        (NOON - 2 * MINUTE, ClockVerdict.OK),
        (NOON - 2 * MINUTE - 1, ClockVerdict.BEHIND),
        (NOON + 24 * HOUR, ClockVerdict.OK),
        (NOON + 24 * HOUR + 1, ClockVerdict.AHEAD),
    ],
)
def test_two_minutes_back_and_a_day_forward_are_believed(now: int, verdict: ClockVerdict) -> None:
    assert judge(now, NOON, NOON) is verdict


def test_an_entry_under_a_wrong_clock_vouches_for_nothing() -> None:
    later = NOON + 72 * HOUR
    assert judge(later, later, NOON) is ClockVerdict.AHEAD


def test_a_holiday_with_the_till_running_is_no_jump() -> None:
    assert judge(NOON + 72 * HOUR, NOON, NOON + 72 * HOUR) is ClockVerdict.OK
    assert judge(NOON + 72 * HOUR, NOON, NOON + 47 * HOUR) is ClockVerdict.AHEAD


def test_a_running_till_is_still_behind_when_its_clock_goes_back() -> None:
    assert judge(NOON - HOUR, NOON, NOON + HOUR) is ClockVerdict.BEHIND


@given(st.lists(st.integers(0, 2 * NOON), min_size=1, max_size=30))
def test_written_times_never_go_back(clock: list[int]) -> None:
    highest = 0
    for now in clock:
        written = stamp(now, highest)
        assert written >= now
        assert written >= highest
        highest = written


@pytest.mark.parametrize(
    ("spent", "wish", "what", "left"),
    [
        (Spent(), Wish(100, 1, NOON + 1), "time", NOON),
        (Spent(), Wish(30_001, 1, NOON), "per-vend", 30_000),
        (Spent(money_minor=80_000), Wish(20_001, 1, NOON), "money", 20_000),
        (Spent(tenths=4000), Wish(100, 1001, NOON), "units", 1000),
        (Spent(count=9), Wish(100, 1, NOON, count=2), "count", 1),
        (Spent(money_minor=120_000), Wish(100, 1, NOON), "money", 0),
    ],
)
def test_each_bound_of_an_allowance_stops_a_sale(
    spent: Spent, wish: Wish, what: str, left: int
) -> None:
    with pytest.raises(AllowanceUsedUp) as refusal:
        check(GRANT, spent, wish)
    assert refusal.value.facts == {"what": what, "left": left, "sequence": 7}


def test_an_allowance_may_be_used_up_to_its_last_cent_unit_and_token() -> None:
    spent = Spent(70_000, 4000, 9)
    wish = Wish(30_000, 1000, NOON)
    check(GRANT, spent, wish)
    assert spent.plus(wish) == Spent(100_000, 5000, 10)
    assert percent_left(GRANT, spent.plus(wish)) == 0


@pytest.mark.parametrize(
    ("spent", "percent"),
    [
        (Spent(), 100),
        (Spent(money_minor=1), 99),
        (Spent(tenths=2500), 50),
        (Spent(count=7), 30),
        (Spent(money_minor=200_000), 0),
    ],
)
def test_what_is_left_is_the_scarcest_bound_rounded_down(spent: Spent, percent: int) -> None:
    assert percent_left(GRANT, spent) == percent


def test_an_empty_grant_leaves_nothing() -> None:
    assert percent_left(Allowance(1, 0, 0, 0, 0, NOON), Spent()) == 0


def _after(failures: int) -> LockState:
    state = LockState()
    for _ in range(failures):
        state = state.failed(NOON)
    return state


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (5, 30),
        (6, 60),
        (7, 120),
        (8, 240),
        (9, 480),
        (10, 960),
        (11, 1920),
        (12, 3600),
        (13, 3600),
        (5000, 3600),
    ],
)
def test_the_lock_doubles_from_half_a_minute_to_an_hour(failures: int, seconds: int) -> None:
    state = _after(failures)
    assert locked_until(state) == NOON + seconds * 1000
    with pytest.raises(PinLocked) as refusal:
        ensure_open(state, 0)
    assert refusal.value.facts == {"seconds": seconds, "failures": failures}
    ensure_open(state, seconds * 1000)


@pytest.mark.parametrize("failures", [0, 1, 4])
def test_four_wrong_tries_lock_nothing(failures: int) -> None:
    assert locked_until(_after(failures)) is None
    ensure_open(_after(failures), 0)


@pytest.mark.parametrize(
    ("tried", "steady", "begun", "vouched", "gone"),
    [
        (7_000, 7_000, 5_000, NOON, 0),
        (7_000, 9_500, 5_000, NOON, 2_500),
        (7_000, 9_500, 9_000, NOON, 2_500),  # the program was restarted, the computer was not
        (7_000, 6_000, 5_500, NOON, 6_000),  # the computer was restarted and runs for 6 s
        (-1, 9_500, 9_000, NOON, 500),  # written down before steady times were
        (7_000, 9_500, 5_000, NOON + 24 * 3_600_000, 2_500),  # nobody vouches for that day
        (7_000, 9_500, 5_000, NOON + 25 * 3_600_000, 3_600_000),
        (7_000, 9_500, 5_000, 0, 2_500),
    ],
)
def test_what_nobody_can_set_says_how_long_ago_a_try_was(
    tried: int, steady: int, begun: int, vouched: int, gone: int
) -> None:
    assert surely_gone_ms(LockState(5, NOON, tried), steady, begun, vouched) == gone


def test_a_part_of_a_second_is_told_as_a_whole_one() -> None:
    with pytest.raises(PinLocked) as refusal:
        ensure_open(_after(5), 29_999)
    assert refusal.value.facts["seconds"] == 1


def test_a_right_pin_forgets_the_wrong_ones() -> None:
    assert locked_until(_after(9).succeeded().failed(NOON)) is None


@given(st.integers(0, NOON))
def test_setting_the_clock_back_never_shortens_a_lock(earlier: int) -> None:
    before = locked_until(_after(6))
    after = locked_until(_after(6).failed(earlier))
    assert before is not None
    assert after is not None
    assert after > before
