"""Time passes: what is used, what it costs, when the switch opens and closes again.

A stretch of time is cut where something changes: at every quarter of an hour of local time (so
that prices, friendly hours and days begin exactly), at the end of a price step, at the second in
which credit is low or used up, at a trip and at its end. Inside a piece all is constant, so the
sums are exact and do not depend on how a stretch is cut by the caller.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pos_app.meter.credit import floor_of, settled
from pos_app.meter.hours import INTERVAL_S, local_day, month_of
from pos_app.meter.state import DAYS_KEPT, MONTHS_KEPT, Cut, Meter, MeterState, Period


def live(meter: Meter, seconds: int, loads: tuple[int, ...]) -> MeterState:
    """Return the state after `seconds` under `loads`, one number of W (or l/h) per phase."""
    if len(loads) != meter.profile.phases or min(seconds, *loads) < 0:
        raise ValueError("a load for every phase, and neither load nor time below zero")
    state = settled(meter, replace(meter.state, loads=loads))
    end = state.at_s + seconds
    while state.at_s < end:
        now = replace(meter, state=state)
        piece = min([end - state.at_s, *_changes(now)])
        state = settled(meter, _after(now, piece))
    return state


def _changes(meter: Meter) -> Iterator[int]:
    """Yield in how many seconds, at least one, something changes."""
    profile, state = meter.profile, meter.state
    yield INTERVAL_S - profile.local_s(state.at_s) % INTERVAL_S
    if state.reclose_at_s > state.at_s:
        yield state.reclose_at_s - state.at_s
    if not _flows(state):
        return
    if state.trip is None and _excess(state) is not None:
        yield max(profile.overload.after_s - state.over_s, 1)
    use = profile.use_per_second(state.loads)
    if not use:
        return
    left = profile.prices and profile.prices.until_next_step(state.month_use)
    if left:
        yield -(-left // use)
    cost = max(_cost(meter, use), 1)
    for level in (floor_of(profile, state), *profile.low):
        if state.credit > level:
            yield -(-(state.credit - level) // cost)


def _flows(state: MeterState) -> bool:
    return state.powered and state.conducts


def _cost(meter: Meter, use: int) -> int:
    """Return the grains of `use` from now on."""
    profile, state = meter.profile, meter.state
    if profile.prices is None:
        return use
    return profile.prices.cost(profile.local_s(state.at_s), state.month_use, use)


def _after(meter: Meter, seconds: int) -> MeterState:
    """Return the state a piece of constant conditions later."""
    profile, state = meter.profile, meter.state
    use = seconds * profile.use_per_second(state.loads) if _flows(state) else 0
    cost = _cost(meter, use)
    cause = _excess(state) if _flows(state) else None
    later = replace(
        state,
        at_s=state.at_s + seconds,
        credit=state.credit - cost,
        spent=state.spent + cost,
        use_total=state.use_total + use,
        day_use=state.day_use + use,
        day_cost=state.day_cost + cost,
        month_use=state.month_use + use,
        month_cost=state.month_cost + cost,
        over_s=state.over_s + seconds if cause is not None else 0,
    )
    return _new_day(meter, _tripped(meter, later, cause))


def _excess(state: MeterState) -> Cut | None:
    """Return which limit the loads are above, if any."""
    if state.limit_w and sum(state.loads) > state.limit_w:
        return Cut.OVERLOAD
    apart = max(state.loads) - min(state.loads)
    return Cut.UNBALANCE if state.unbalance_w and apart > state.unbalance_w else None


def _tripped(meter: Meter, state: MeterState, cause: Cut | None) -> MeterState:
    """Open the switch after long enough above a limit, close it again after the wait."""
    rule = meter.profile.overload
    if state.reclose_at_s and state.at_s >= state.reclose_at_s:
        state = replace(state, trip=None, reclose_at_s=0)
    if cause is None or state.over_s < rule.after_s or state.trip is not None:
        return state
    recent = (*(at for at in state.trips if state.at_s - at <= rule.window_s), state.at_s)
    tripped = replace(state, trips=recent, over_s=0).noting("trip", sum(state.loads))
    if len(recent) >= rule.trips:
        return replace(tripped, trip=Cut.LOCKED)
    return replace(tripped, trip=cause, reclose_at_s=state.at_s + rule.reclose_s)


def _new_day(meter: Meter, state: MeterState) -> MeterState:
    """Close the day, and the month, that ended."""
    day = local_day(meter.profile.local_s(state.at_s))
    if day == state.day:
        return state
    ended = Period(state.day, state.day_use, state.day_cost, state.credit)
    days = (*state.days, ended)[-DAYS_KEPT:]
    state = replace(state, day=day, day_use=0, day_cost=0, days=days)
    month = month_of(ended.number)
    if month == month_of(day):
        return state
    closed = Period(month, state.month_use, state.month_cost, state.credit)
    months = (*state.months, closed)[-MONTHS_KEPT:]
    return replace(state, month_use=0, month_cost=0, months=months)
