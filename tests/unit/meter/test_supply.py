"""Supply in long pieces is supply second by second, whatever the tariff and the load."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pos_app.meter.hours import Calendar, Hours
from pos_app.meter.prices import GRAINS_PER_UNIT, MICROS, Band, Prices
from pos_app.meter.profile import MeterProfile, OverloadRule
from pos_app.meter.state import Cut, Emergency, Meter
from tests.unit.meter import slow
from tests.unit.meter.meters import CURRENCY, KWH, NOON, lived, meter, money_meter, profile

EVENING = Calendar((Hours(17 * 60, 20 * 60, frozenset(range(5))),))
NIGHT_OF_WEEKDAYS = Calendar((Hours(22 * 60, 6 * 60, frozenset(range(5))),))
STEPS = (1, 3)
BASE, PEAK = (1_100_000, 1_800_000, 2_400_001), (2_200_003, 3_600_000, 4_800_000)
PRICES = Prices(
    tuple(step * GRAINS_PER_UNIT for step in STEPS),
    (Band("base", BASE), Band("peak", PEAK, EVENING)),
)
MONTH_END = 1_796_083_200 - 7200  # 30 November 2026, 22:00 UTC
OVERLOAD = OverloadRule(after_s=40, reclose_s=90, trips=3, window_s=600)

STRETCHES = st.lists(
    st.tuples(st.integers(1, 2500), st.sampled_from((0, 1, 37, 900, 2000, 7301, 40_000))),
    min_size=1,
    max_size=6,
)


def fast_meter(start: int, hundredths: int, limit: int, *, money: bool) -> Meter:
    unit = CURRENCY if money else KWH
    settings: dict[str, Any] = {
        "emergency": unit // 2,
        "friendly": NIGHT_OF_WEEKDAYS,
        "overload": OVERLOAD,
        "low": (0, 0),
    }
    made: MeterProfile = money_meter(PRICES, **settings) if money else profile(**settings)
    fresh = meter(
        made,
        credit=hundredths * unit // 100,
        emergency=Emergency.ON,
        limit_w=limit,
        at_s=start,
        day=start // 86_400,
        unpaid=False,
        closed=True,
    )
    return lived(fresh, 0)


def slow_meter(start: int, hundredths: int, limit: int, *, money: bool) -> slow.SlowMeter:
    made = slow.SlowMeter(
        slow.at_utc(start),
        Fraction(hundredths, 100),
        emergency_limit=Fraction(1, 2),
        friendly=slow.Hours(22, 6, tuple(range(5))),
        emergency=True,
        limit_w=limit,
        after_s=40,
        reclose_s=90,
        lock_trips=3,
        window_s=600,
    )
    if money:
        made.steps = STEPS
        made.peak = slow.Hours(17, 20, tuple(range(5)))
        made.prices = {
            name: tuple(Fraction(price, MICROS) for price in band)
            for name, band in (("base", BASE), ("peak", PEAK))
        }
    return made


@settings(max_examples=60)
@given(
    st.sampled_from((NOON - 86_400, NOON + 3 * 86_400 + 17_900, MONTH_END)),
    st.integers(1, 2000),
    st.sampled_from((0, 1500, 8000)),
    st.sampled_from(("units", "money")),
    STRETCHES,
)
@example(MONTH_END, 700, 1500, "money", [(2000, 7301), (2000, 900), (2500, 7301), (2500, 2000)])
@example(NOON - 86_400 + 18_000, 120, 0, "units", [(2500, 2000)] * 6)
def test_long_pieces_of_time_are_many_seconds(
    start: int, hundredths: int, limit: int, kind: str, stretches: list[tuple[int, int]]
) -> None:
    fast = fast_meter(start, hundredths, limit, money=kind == "money")
    ticking = slow_meter(start, hundredths, limit, money=kind == "money")
    unit = CURRENCY if kind == "money" else KWH
    for seconds, watts in stretches:
        fast = lived(fast, seconds, watts)
        for _ in range(seconds):
            ticking.tick(watts)
        state = fast.state
        assert Fraction(state.credit, unit) == ticking.balance
        assert Fraction(state.use_total, GRAINS_PER_UNIT) == ticking.total_kwh
        assert Fraction(state.month_use, GRAINS_PER_UNIT) == ticking.month_kwh
        assert (state.closed, state.unpaid) == (ticking.on, ticking.no_credit)
        assert (state.trip is Cut.LOCKED) == ticking.locked


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 4000), min_size=1, max_size=8),
    st.sampled_from((0, 700, 7301, 40_000)),
    st.sampled_from(("units", "money")),
)
def test_it_does_not_matter_in_how_many_pieces_time_is_lived(
    pieces: list[int], watts: int, kind: str
) -> None:
    whole = divided = fast_meter(NOON, 800, 8000, money=kind == "money")
    whole = lived(whole, sum(pieces), watts)
    for piece in pieces:
        divided = lived(divided, piece, watts)
    assert divided == whole
