from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.tid import (
    LARGEST_TID,
    Slot,
    TidOutOfRange,
    TidTooFarAhead,
    from_base,
    is_reserved,
    minute_1993,
    next_tid_minute,
    to_base,
    unix_ms_of,
)

minutes = st.integers(0, 2**24 * 2)


def _minute(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """Count the minutes since 1993 with the calendar of the standard library."""
    return (
        datetime(year, month, day, hour, minute, tzinfo=UTC) - datetime(1993, 1, 1, tzinfo=UTC)
    ) // timedelta(minutes=1)


def test_published_times_have_their_published_identifiers() -> None:
    # the STS Association's notes on token identifiers and base dates
    assert to_base(_minute(2020, 1, 1, 8), 1993) == 14_200_320
    assert to_base(_minute(2020, 1, 1, 8), 2014) == 3_155_520
    assert to_base(_minute(2016, 12, 11, 15, 49), 1993) == 12_593_749


@given(st.datetimes(datetime(1993, 1, 1), datetime(2066, 11, 24), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_time_falls_into_the_minute_that_the_calendar_says(when: datetime) -> None:
    ms = (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    minute = minute_1993(ms)
    assert minute == _minute(when.year, when.month, when.day, when.hour, when.minute)
    assert unix_ms_of(minute) <= ms < unix_ms_of(minute + 1)


@pytest.mark.parametrize(("base", "end"), [(1993, 2024), (2014, 2045), (2035, 2066)])
def test_each_base_date_ends_on_24_november_at_20_15(base: int, end: int) -> None:
    last = _minute(end, 11, 24, 20, 15)
    assert to_base(last, base) == LARGEST_TID
    with pytest.raises(TidOutOfRange) as late:
        to_base(last + 1, base)
    assert late.value.facts == {"base": base, "minute": last + 1}
    first = _minute(base, 1, 1)
    assert to_base(first, base) == 0
    with pytest.raises(TidOutOfRange):
        to_base(first - 1, base)


@given(st.integers(0, LARGEST_TID), st.sampled_from([1993, 2014, 2035]))
def test_an_identifier_and_its_minute_lead_to_each_other(tid: int, base: int) -> None:
    assert to_base(from_base(tid, base), base) == tid


@pytest.mark.parametrize("tid", [-1, LARGEST_TID + 1])
def test_an_identifier_has_24_bits(tid: int) -> None:
    with pytest.raises(TidOutOfRange):
        from_base(tid, 2014)


def test_a_token_asked_for_at_00_01_carries_00_02() -> None:
    # STS 531-1, CTSA09
    assert next_tid_minute(_minute(2014, 3, 1, 0, 1), None, None) == _minute(2014, 3, 1, 0, 2)
    assert is_reserved(_minute(2035, 6, 1, 0, 1))


@pytest.mark.parametrize(
    ("now", "last", "floor", "expected"),
    [
        (5000, None, None, 5000),
        (5000, 4000, None, 5000),
        (5000, 5000, None, 5001),
        (5000, 5007, None, 5008),
        (5000, None, 5100, 5100),
        (5000, 5110, 5100, 5111),
        (1440, 1440, None, 1442),
    ],
)
def test_the_next_minute_is_the_latest_of_now_the_last_plus_one_and_the_floor(
    now: int, last: int | None, floor: int | None, expected: int
) -> None:
    assert next_tid_minute(now, last, floor) == expected


def test_an_hour_ahead_is_allowed_and_a_minute_more_is_not() -> None:
    assert next_tid_minute(5000, 5059, None) == 5060
    with pytest.raises(TidTooFarAhead) as refusal:
        next_tid_minute(5000, 5062, None)
    assert refusal.value.facts == {"minutes": 3}
    with pytest.raises(TidTooFarAhead):
        next_tid_minute(5000, 5060, None)
    assert next_tid_minute(5003, 5062, None) == 5063


@given(
    minutes,
    st.one_of(st.none(), minutes),
    st.lists(st.integers(-100_000, 100_000), min_size=1, max_size=80),
)
def test_a_meter_never_sees_an_identifier_twice_or_a_reserved_one_whatever_the_clock_does(
    now: int, floor: int | None, jumps: list[int]
) -> None:
    issued: list[int] = []
    for jump in jumps:
        clock = max(now + jump, 0)
        try:
            minute = next_tid_minute(clock, issued[-1] if issued else None, floor)
        except TidTooFarAhead:
            continue
        assert not is_reserved(minute)
        assert minute >= clock
        assert minute >= (floor or 0)
        issued.append(minute)
    assert all(before < after for before, after in pairwise(issued))


@given(minutes)
def test_forty_tokens_in_one_minute_all_differ(now: int) -> None:
    last: int | None = None
    for _ in range(40):
        minute = next_tid_minute(now, last, None)
        assert last is None or minute > last
        last = minute


def test_a_meter_served_while_the_clock_was_ahead_is_served_after_it_was_put_right() -> None:
    now, ahead = 1_000_000, 1_000_000 + 1440
    assert next_tid_minute(now, ahead, None, known=ahead) == ahead + 1
    with pytest.raises(TidTooFarAhead):
        next_tid_minute(now, ahead, None)


@given(minutes, st.integers(1, 8), st.data())
def test_a_slot_gives_its_own_minutes_only_and_the_first_of_them(
    now: int, modulus: int, data: st.DataObject
) -> None:
    slot = Slot(data.draw(st.integers(0, modulus - 1)), modulus)
    minute = next_tid_minute(now, None, None, slot=slot)
    assert minute % modulus == slot.residue
    assert now <= minute < now + 2 * modulus
    own = [m for m in range(now, minute) if m % modulus == slot.residue and not is_reserved(m)]
    assert own == []


@given(minutes, st.integers(2, 8), st.data())
def test_tills_of_different_slots_never_meet(now: int, modulus: int, data: st.DataObject) -> None:
    seen: list[int] = []
    for residue in range(modulus):
        last = None
        for _ in range(data.draw(st.integers(0, 5))):
            last = next_tid_minute(now, last, None, slot=Slot(residue, modulus))
            seen.append(last)
    assert len(set(seen)) == len(seen)
