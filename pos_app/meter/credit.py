"""Credit in and out of the register, and what follows from it: supply, overdraft, warnings."""

from __future__ import annotations

from dataclasses import replace

from pos_app.meter.profile import MeterProfile
from pos_app.meter.results import Result
from pos_app.meter.state import Cut, Emergency, Meter, MeterState, cuts

ASK_GRANTED = "granted"
ASK_NOT_OFFERED = "not-offered"
ASK_USED = "already-used"
ASK_NOT_NEEDED = "not-needed"
ASK_TAMPERED = "tampered"
ASK_NO_POWER = "no-power"
ASK_OWES_MORE = "owes-more"
"""Friendly hours took as much as the overdraft would give."""


def floor_of(profile: MeterProfile, state: MeterState) -> int:
    """Return the credit at which supply ends, outside friendly hours."""
    return -profile.emergency if state.emergency is Emergency.ON else 0


def add_credit(meter: Meter, grains: int) -> tuple[MeterState, Result]:
    """Return the state with credit added (a currency token may take away), or `OVERFLOW`.

    What a customer owes is paid first, because there is one register; once it is above zero the
    overdraft may be asked for again.
    """
    state, credit = meter.state, meter.state.credit + grains
    if grains > 0 and credit > meter.profile.max_credit:
        return state, Result.OVERFLOW
    emergency = Emergency.NONE if credit > 0 else state.emergency
    bought = state.bought + grains
    added = replace(state, credit=credit, bought=bought, emergency=emergency)
    return added.noting("credit", grains), Result.ACCEPT


def clear_credit(state: MeterState) -> MeterState:
    """Return the state without credit and with supply off; a debt stays owed."""
    lost = max(state.credit, 0)
    emptied = replace(state, credit=state.credit - lost, cleared=state.cleared + lost, unpaid=True)
    return emptied.noting("credit-cleared", lost)


def ask_emergency(meter: Meter) -> tuple[MeterState, str]:
    """Return the state with the overdraft opened, and what the meter says to being asked."""
    profile, state = meter.profile, meter.state
    refusals = (
        (not state.powered, ASK_NO_POWER),
        (profile.emergency == 0, ASK_NOT_OFFERED),
        (bool(state.tamper), ASK_TAMPERED),
        (state.emergency is not Emergency.NONE, ASK_USED),
        (state.credit > profile.emergency_from, ASK_NOT_NEEDED),
        (state.credit <= -profile.emergency, ASK_OWES_MORE),
    )
    for refused, note in refusals:
        if refused:
            return state, note
    granted = replace(state, emergency=Emergency.ON)
    return granted.noting("emergency", profile.emergency), ASK_GRANTED


def settled(meter: Meter, state: MeterState) -> MeterState:
    """Return the state with overdraft, switch, fault lamp and warnings as they now must be."""
    profile = meter.profile
    if state.emergency is Emergency.ON and state.credit <= -profile.emergency:
        state = replace(state, emergency=Emergency.SPENT).noting("emergency-spent")
    state = _switched(replace(state, unpaid=_unpaid(profile, state)))
    fault = state.conducts != state.closed
    if fault != state.relay_fault:
        state = replace(state, relay_fault=fault).noting("relay-fault" if fault else "relay-well")
    return _warned(profile, state)


def _unpaid(profile: MeterProfile, state: MeterState) -> bool:
    """Return whether credit keeps the supply off.

    Friendly hours keep on what is on; they switch nothing on.
    """
    if state.credit > floor_of(profile, state):
        return False
    return state.unpaid or profile.local_s(state.at_s) not in profile.friendly


def _switched(state: MeterState) -> MeterState:
    reasons = tuple(cuts(state))
    if state.closed == (not reasons):
        return state
    state = replace(state, closed=not reasons)
    return state.noting("supply-on") if not reasons else state.noting(f"off-{reasons[0]}")


def _warned(profile: MeterProfile, state: MeterState) -> MeterState:
    """Tell each level of low credit once, and again only after the credit was well above it."""
    level = sum(state.credit <= each for each in profile.low)
    if level > state.warned:
        return replace(state, warned=level).noting("low-credit", level)
    rearmed = sum(state.credit <= each + profile.rearm for each in profile.low)
    return state if rearmed >= state.warned else replace(state, warned=rearmed)


def press(state: MeterState) -> MeterState:
    """Return the state after its button was pressed: an overload lock is released."""
    if state.trip is not Cut.LOCKED or not state.powered:
        return state
    return replace(state, trip=None, trips=(), over_s=0).noting("button")


def powered(state: MeterState, *, on: bool) -> MeterState:
    """Return the state after the mains failed or came back.

    Coming back, the meter starts anew: a key change that was not whole, wrong entries and the
    count of trips are forgotten.
    """
    if not on:
        return replace(state, powered=False).noting("power-off")
    fresh = replace(
        state,
        powered=True,
        staging=None,
        wrong=0,
        locked_until_s=0,
        over_s=0,
        trips=(),
        trip=None,
        reclose_at_s=0,
    )
    return fresh.noting("power-on")
