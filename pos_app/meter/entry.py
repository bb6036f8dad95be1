"""The way of a token through the meter: the first check that fails gives the answer.

Order: form, class, lock, checksum, expiry, used, old, default key, function and range, overflow.
Only an accepted token burns its identifier, in the same new state as its effect.
Source: IEC 62055-41, token entry process and token result; the order of expiry, used and old is
ours, the standard's notes list them without a rank.
"""

from __future__ import annotations

from dataclasses import replace

from pos_app.meter.display import run_test
from pos_app.meter.functions import Effect, apply
from pos_app.meter.reading import (
    MANAGEMENT,
    RESERVED,
    TEST,
    Opened,
    class_of,
    number_of,
    open_token,
)
from pos_app.meter.results import Answer, Result
from pos_app.meter.sections import SECTIONS, take_section
from pos_app.meter.state import TOKENS_KEPT, Meter, MeterState, TokenNote
from pos_app.meter.tids import check, remember


def enter(meter: Meter, digits: str) -> tuple[MeterState, Answer]:
    """Return the state after 20 digits were keyed in, and what the display says."""
    state = meter.state
    if not state.powered:
        return state, Answer(Result.NOT_READY)
    number = number_of(digits)
    if number is None:
        return state, Answer(Result.FORMAT)
    token_class = class_of(number)
    if token_class == RESERVED:
        return state, Answer(Result.FUNCTION)
    if token_class == TEST:
        return state, _tested(meter, number)
    wait = state.locked_until_s - state.at_s
    if wait > 0:
        return state, Answer(Result.LOCKOUT, wait_s=wait)
    token = open_token(number, state.held.key)
    effect = Effect(state, Result.CRC) if token is None else _effect(meter, token)
    after = _counted(meter, effect)
    return after, Answer(
        effect.result, effect.shown, wait_s=max(after.locked_until_s - after.at_s, 0)
    )


def _tested(meter: Meter, number: int) -> Answer:
    token = open_token(number, None)
    return Answer(Result.CRC) if token is None else run_test(meter, token)


def _effect(meter: Meter, token: Opened) -> Effect:
    state = meter.state
    if token.token_class == MANAGEMENT and token.sub in SECTIONS:
        return Effect(*take_section(state, token.sub, token.content))
    fresh = check(state.tids, token.tid, state.held.ken)
    if fresh is not Result.ACCEPT:
        return Effect(state, fresh)
    effect = apply(meter, token)
    if effect.result is not Result.ACCEPT:
        return effect
    burnt = replace(effect.state, tids=remember(state.tids, token.tid))
    return effect._replace(state=burnt)


def _counted(meter: Meter, effect: Effect) -> MeterState:
    """Keep the list of tokens and the count of wrong entries in a row."""
    state, rule = effect.state, meter.profile.lockout
    note = TokenNote(state.at_s, effect.result.value, effect.amount)
    state = replace(state, tokens=(*state.tokens, note)[-TOKENS_KEPT:])
    if effect.result is Result.ACCEPT:
        return replace(state, wrong=0, locked_until_s=0)
    if effect.result not in rule.counted:
        return state
    wrong = state.wrong + 1
    wait = rule.wait_s(wrong)
    until = state.at_s + wait if wait else 0
    counted = replace(state, wrong=wrong, locked_until_s=until)
    return counted.noting("locked", wait) if wait else counted
