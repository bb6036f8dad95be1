"""Classes 0 and 2 applied: what each token does to the meter that takes it.

Source: IEC 62055-41, transfer credit and meter-specific management functions. The tariff rate
(2/2), extended values (2/10) and proprietary tokens have no public meaning: function unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from pos_app.meter.credit import add_credit, clear_credit
from pos_app.meter.profile import SERVICES
from pos_app.meter.reading import (
    CREDIT,
    Opened,
    amount_of_word,
    currency_amount,
)
from pos_app.meter.results import Result, Shown
from pos_app.meter.state import Meter, MeterState

_UNIQUE_KEY = 2
_ALL_REGISTERS = 0xFFFF
_WATER = SERVICES.index("water")


class Effect(NamedTuple):
    """The state after a token, its result, and what the display shows of it."""

    state: MeterState
    result: Result
    shown: tuple[Shown, ...] = ()
    amount: int = 0


def apply(meter: Meter, token: Opened) -> Effect:
    """Return what a token in date and never seen before does."""
    if token.token_class == CREDIT:
        return _credit(meter, token)
    function = _MANAGEMENT.get(token.sub)
    return function(meter, token) if function else Effect(meter.state, Result.FUNCTION)


def _credit(meter: Meter, token: Opened) -> Effect:
    """A default key takes no credit: the meter has no owner yet."""
    profile, state = meter.profile, meter.state
    if state.held.kt < _UNIQUE_KEY:
        return Effect(state, Result.DEFAULT_KEY)
    if token.sub != profile.credit_sub:
        return Effect(state, Result.FUNCTION)
    if profile.money:
        amount = currency_amount(token.upper_nibble, token.word)
    else:
        amount = amount_of_word(token.word)
    grains = amount * profile.grains_per_step
    credited, result = add_credit(meter, grains)
    shown = (Shown("added", grains), Shown("credit", credited.credit))
    return Effect(credited, result, shown if result is Result.ACCEPT else (), amount)


def _power_limit(meter: Meter, token: Opened) -> Effect:
    """0 W takes the limit away."""
    watts = amount_of_word(token.word)
    state = replace(meter.state, limit_w=watts, over_s=0).noting("limit-set", watts)
    return Effect(state, Result.ACCEPT, (Shown("power-limit", watts),), watts)


def _clear_credit(meter: Meter, token: Opened) -> Effect:
    if token.word not in (meter.profile.credit_sub, _ALL_REGISTERS):
        return Effect(meter.state, Result.RANGE)
    state = clear_credit(meter.state)
    return Effect(state, Result.ACCEPT, (Shown("credit", state.credit),))


def _clear_tamper(meter: Meter, token: Opened) -> Effect:
    if token.word:
        return Effect(meter.state, Result.FORMAT)
    state = replace(meter.state, tamper="").noting("tamper-cleared")
    return Effect(state, Result.ACCEPT, (Shown("tamper", "none"),))


def _unbalance(meter: Meter, token: Opened) -> Effect:
    """Only a meter of several phases can compare them."""
    if meter.profile.phases == 1:
        return Effect(meter.state, Result.FUNCTION)
    watts = amount_of_word(token.word)
    state = replace(meter.state, unbalance_w=watts, over_s=0).noting("unbalance-set", watts)
    return Effect(state, Result.ACCEPT, (Shown("phase-unbalance", watts),), watts)


def _water_factor(meter: Meter, token: Opened) -> Effect:
    """Kept and shown, without effect on counting: what the word means is not public."""
    if meter.profile.service != _WATER:
        return Effect(meter.state, Result.FUNCTION)
    state = replace(meter.state, water_factor=token.word).noting("factor-set", token.word)
    return Effect(state, Result.ACCEPT, (Shown("water-factor", token.word),), token.word)


_MANAGEMENT: dict[int, Callable[[Meter, Opened], Effect]] = {
    0: _power_limit,
    1: _clear_credit,
    5: _clear_tamper,
    6: _unbalance,
    7: _water_factor,
}
