"""When a key ends, and when people are told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pos_app.domain.key_life import DAY_MS, KeyState, ends_ms, ken_ends_ms, key_life
from pos_app.sts.tid import key_expired, tid_of

END = 1_795_257_120_000


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1000


@pytest.mark.parametrize(
    ("base", "ken", "first_refused"),
    [
        (2014, 170, "2035-04-23T09:36:00+00:00"),  # computed from the TID's upper byte
        (1993, 255, "2024-11-24T20:16:00+00:00"),  # 24 bits end at 20:15 of these days
        (2014, 255, "2045-11-24T20:16:00+00:00"),
        (2035, 255, "2066-11-24T20:16:00+00:00"),
    ],
)
def test_a_key_ends_when_its_meter_would_refuse(base: int, ken: int, first_refused: str) -> None:
    assert ken_ends_ms(base, ken) == at(first_refused)


@pytest.mark.parametrize("ken", [0, 85, 170, 254])
@pytest.mark.parametrize("base", [1993, 2014, 2035])
def test_the_end_is_the_minute_at_which_the_tid_exceeds_the_number(base: int, ken: int) -> None:
    end = datetime.fromtimestamp(ken_ends_ms(base, ken) / 1000, UTC)
    before = datetime.fromtimestamp(ken_ends_ms(base, ken) / 1000 - 60, UTC)
    assert key_expired(tid_of(end, base), ken)
    assert not key_expired(tid_of(before, base), ken)


def test_the_earlier_of_both_ends_counts() -> None:
    ken_end = ken_ends_ms(2014, 170)
    assert ends_ms(2014, 170, ken_end + 1) == ken_end
    assert ends_ms(2014, 170, ken_end - 1) == ken_end - 1


@pytest.mark.parametrize(
    ("left_ms", "state", "days", "band"),
    [
        (91 * DAY_MS, KeyState.IN_FORCE, 91, 0),
        (90 * DAY_MS + 1, KeyState.IN_FORCE, 91, 0),
        (90 * DAY_MS, KeyState.ENDING, 90, 90),
        (30 * DAY_MS + 1, KeyState.ENDING, 31, 90),
        (30 * DAY_MS, KeyState.ENDING, 30, 30),
        (7 * DAY_MS + 1, KeyState.ENDING, 8, 30),
        (7 * DAY_MS, KeyState.ENDING, 7, 7),
        (1, KeyState.ENDING, 1, 7),
        (0, KeyState.ENDED, 0, 0),
        (-DAY_MS, KeyState.ENDED, 0, 0),
    ],
)
def test_the_warnings_come_at_ninety_thirty_and_seven_days(
    left_ms: int, state: KeyState, days: int, band: int
) -> None:
    life = key_life(0, END, END - left_ms)
    assert (life.state, life.days, life.band) == (state, days, band)


def test_a_key_for_later_waits() -> None:
    assert key_life(END - DAY_MS, END, END - 2 * DAY_MS).state is KeyState.WAITING
    assert key_life(END - DAY_MS, END, END - DAY_MS).state is KeyState.ENDING
