"""A virtual meter as JSON values; credit and use are decimals as text, in kWh, m3, min or money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pos_app.meter.display import days_left
from pos_app.meter.prices import GRAINS_PER_UNIT, MICROS
from pos_app.meter.profile import GRAINS_PER_TENTH, SERVICES, MeterProfile
from pos_app.meter.results import Answer, Event, Shown
from pos_app.meter.state import Meter, cuts

_GRAINS = frozenset({"credit", "added"})
_CREDIT_EVENTS = frozenset({"credit", "credit-cleared", "emergency"})


def credit_value(profile: MeterProfile, grains: int) -> str:
    """Return kWh, m3, minutes or currency to nine places, cut; the registers are finer."""
    unit = MICROS * GRAINS_PER_UNIT if profile.money else 10 * GRAINS_PER_TENTH
    return f"{Decimal(grains) / unit:.9f}"


def _shown(profile: MeterProfile, shown: Shown) -> dict[str, Any]:
    value = shown.value
    if shown.name in _GRAINS and isinstance(value, int):
        return {"name": shown.name, "value": credit_value(profile, value)}
    return {"name": shown.name, "value": value}


def _event(profile: MeterProfile, event: Event) -> dict[str, Any]:
    value = credit_value(profile, event.value) if event.code in _CREDIT_EVENTS else event.value
    return {"at": event.at_s, "code": event.code, "value": value}


def answer_values(meter: Meter, answer: Answer) -> dict[str, Any]:
    """Return an answer; `result` is null where no token was entered."""
    result = answer.result
    return {
        "result": result and {"number": result.value, "name": result.name.lower()},
        "note": answer.note,
        "wait_s": answer.wait_s,
        "shown": [_shown(meter.profile, each) for each in answer.shown],
        "events": [_event(meter.profile, each) for each in answer.events],
    }


def meter_values(meter: Meter) -> dict[str, Any]:
    """Return what can be seen of a meter; never its key."""
    profile, state, held = meter.profile, meter.state, meter.state.held
    return {
        "meter": meter.drn,
        "profile": profile.name,
        "key": {
            "sgc": held.sgc,
            "krn": held.krn,
            "kt": held.kt,
            "ti": held.ti,
            "ken": held.ken,
            "base": held.base,
            "ea": held.key.ea,
        },
        "face": {
            "at": state.at_s,
            "service": SERVICES[profile.service],
            "currency": profile.currency or None,
            "credit": credit_value(profile, state.credit),
            "supply": state.closed,
            "cuts": [cut.value for cut in cuts(state)],
            "total": use_value(state.use_total),
            "loads": list(state.loads),
            "emergency": state.emergency.value,
            "relay_fault": state.relay_fault,
            "days_left": days_left(meter),
        },
        "recent": [_event(profile, each) for each in state.events[-10:]],
    }


def use_value(use: int) -> str:
    """Return kWh, m3 or minutes of use."""
    return f"{Decimal(use) / GRAINS_PER_UNIT:.9f}"
