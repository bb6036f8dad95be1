"""Meters for tests: of any kind, holding any key, at a fixed time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pos_app.meter.device import Act, Enter, Live, step
from pos_app.meter.hours import Calendar, Hours
from pos_app.meter.prices import GRAINS_PER_UNIT, MICROS, Band, Prices
from pos_app.meter.profile import GRAINS_PER_TENTH, MeterProfile
from pos_app.meter.results import Answer, Result
from pos_app.meter.state import HeldKey, Meter, new_meter
from pos_app.sts.keys import DecoderKey
from pos_app.sts.tokens import Token, encode

DRN = "14123456783"
NOON = 1_795_262_400
"""21 November 2026, 12:00 UTC, a Saturday."""
KEY = DecoderKey(bytes.fromhex("87f3ecbb2e46b48f"))
LONG_KEY = DecoderKey(bytes.fromhex("929bd3a415c9420a05ec5ee9f3ce91c3"))
TID = 6_777_000
KWH = 10 * GRAINS_PER_TENTH
CURRENCY = MICROS * GRAINS_PER_UNIT
FLAT = Prices((), (Band("all", (2 * MICROS,)),))
NIGHT = Calendar((Hours(18 * 60, 8 * 60),))


def held(key: DecoderKey = KEY, **changes: Any) -> HeldKey:
    return replace(HeldKey(key, "201457", 1, 2, 1, 255, 2014), **changes)


def profile(**changes: Any) -> MeterProfile:
    return replace(MeterProfile("test"), **changes)


def meter(profiled: MeterProfile | None = None, key: HeldKey | None = None, **state: Any) -> Meter:
    """Return a meter made at TID 0 whose memory has `state` in it."""
    made = new_meter(DRN, profiled or profile(), key or held(), NOON, 0)
    return replace(made, state=replace(made.state, **state))


def money_meter(prices: Prices = FLAT, **changes: Any) -> MeterProfile:
    values = {"money": True, "currency": "ZAR", "prices": prices, "max_credit": 10_000 * CURRENCY}
    return profile(**values | {"low": (20 * CURRENCY, 5 * CURRENCY), "rearm": CURRENCY} | changes)


def enter(to: Meter, token: Token | str, key: DecoderKey | None = None) -> tuple[Meter, Result]:
    """Enter a token made under the meter's own key, or `key`, or digits as they are."""
    digits = token if isinstance(token, str) else encode(token, key or to.state.held.key)
    after, answer = step(to, Enter(digits))
    assert answer.result is not None
    return after, answer.result


def taken(to: Meter, *tokens: Token) -> Meter:
    """Enter tokens that must all be accepted."""
    for token in tokens:
        to, result = enter(to, token)
        assert result is Result.ACCEPT
    return to


def lived(of: Meter, seconds: int, *loads: int) -> Meter:
    return step(of, Live(seconds, loads or (0,) * of.profile.phases))[0]


def done(of: Meter, *acts: Act) -> tuple[Meter, list[Answer]]:
    answers = []
    for act in acts:
        of, answer = step(of, act)
        answers.append(answer)
    return of, answers


def codes(of: Meter) -> list[str]:
    return [event.code for event in of.state.events]
