from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.sts.errors import KeyAttributeInvalid, KeyExpired, TidOutOfRange
from pos_app.sts.tid import (
    BASES,
    LARGEST_TID,
    is_reserved,
    key_expired,
    minute_of_tid,
    refuse_expired,
    tid_of,
    usable_tid,
)

RANGE_ENDS = {1993: (2024, 11, 24), 2014: (2045, 11, 24), 2035: (2066, 11, 24)}


@pytest.mark.parametrize("base", BASES)
def test_each_base_date_starts_at_zero_and_ends_with_24_bits(base: int) -> None:
    first, last = datetime(base, 1, 1, tzinfo=UTC), datetime(*RANGE_ENDS[base], 20, 15, tzinfo=UTC)
    assert tid_of(first, base) == 0
    assert tid_of(last + timedelta(seconds=59), base) == LARGEST_TID
    assert minute_of_tid(LARGEST_TID, base) == last
    for outside in (first - timedelta(seconds=1), last + timedelta(minutes=1)):
        with pytest.raises(TidOutOfRange):
            tid_of(outside, base)


@given(st.integers(0, LARGEST_TID), st.sampled_from(BASES))
def test_a_minute_and_its_tid_are_two_names_of_one_thing(tid: int, base: int) -> None:
    assert tid_of(minute_of_tid(tid, base), base) == tid


def test_published_minutes_have_their_published_tids() -> None:
    assert tid_of(datetime(2014, 3, 1, 13, 10, tzinfo=UTC), 2014) == 85750
    assert tid_of(datetime(2005, 4, 22, 11, 1, tzinfo=UTC), 1993) == 6472021
    assert tid_of(datetime(2035, 1, 1, 8, 5, tzinfo=UTC), 2035) == 485


def test_the_time_zone_of_the_shop_does_not_matter() -> None:
    nairobi = timezone(timedelta(hours=3))
    assert tid_of(datetime(2014, 3, 1, 16, 10, tzinfo=nairobi), 2014) == 85750


def test_an_instant_without_time_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="time zone"):
        tid_of(datetime(2014, 3, 1), 2014)  # noqa: DTZ001


@pytest.mark.parametrize("base", [0, 2015])
def test_other_base_years_are_refused(base: int) -> None:
    with pytest.raises(KeyAttributeInvalid):
        tid_of(datetime(2016, 1, 1, tzinfo=UTC), base)
    with pytest.raises(KeyAttributeInvalid):
        minute_of_tid(1, base)


@pytest.mark.parametrize("tid", [-1, LARGEST_TID + 1])
def test_a_number_beyond_24_bits_is_no_minute(tid: int) -> None:
    with pytest.raises(TidOutOfRange):
        minute_of_tid(tid, 2014)


@given(st.integers(0, LARGEST_TID))
def test_an_ordinary_token_never_carries_the_reserved_minute(earliest: int) -> None:
    tid = usable_tid(earliest)
    at = minute_of_tid(tid, 2014)
    assert (at.hour, at.minute) != (0, 1)
    assert tid == earliest or (is_reserved(earliest) and tid == earliest + 1)


def test_the_reserved_minute_passes_to_the_next_as_published() -> None:
    reserved = tid_of(datetime(2026, 7, 29, 0, 1, tzinfo=UTC), 2014)
    assert is_reserved(reserved)
    assert usable_tid(reserved) == 6612482


def test_when_the_24_bits_are_used_up_nothing_is_made_up() -> None:
    with pytest.raises(TidOutOfRange) as caught:
        usable_tid(LARGEST_TID + 1, 2014)
    assert caught.value.facts == {"tid": LARGEST_TID + 1, "base": 2014}


def test_a_key_expires_with_the_upper_eight_bits_of_the_tid() -> None:
    tid = tid_of(datetime(2032, 10, 27, 8, 0, tzinfo=UTC), 2014)
    assert tid >> 16 == 151
    assert key_expired(tid, 85)
    assert not key_expired(tid, 151)
    with pytest.raises(KeyExpired) as caught:
        refuse_expired(tid, 150)
    assert caught.value.facts == {"ken": 150, "period": 151}


def test_number_255_never_expires() -> None:
    refuse_expired(LARGEST_TID, 255)
    assert not key_expired(LARGEST_TID, 255)
