"""What a virtual meter shows and answers, in words: for the command line and the window alike.

Credit is exact inside the meter; the display cuts it to hundredths.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from pos_app.application.words import Words
from pos_app.meter.display import days_left, face
from pos_app.meter.prices import GRAINS_PER_UNIT, MICROS
from pos_app.meter.profile import GRAINS_PER_TENTH, SERVICES, TIME, MeterProfile
from pos_app.meter.results import Answer, Event, Result, Shown
from pos_app.meter.state import Meter

_CREDIT = frozenset({"credit", "added"})
_CREDIT_EVENTS = frozenset({"credit", "credit-cleared", "emergency"})
_TENTHS = frozenset({"totals"})
_POWER = frozenset({"power", "power-limit", "phase-unbalance"})
_NAMED = frozenset(
    {"supply", "cut", "kept-on", "load-switch", "token-reader", "tamper", "emergency", "low-credit"}
)
_HUNDREDTH = Decimal("0.01")


def credit_text(words: Words, profile: MeterProfile, grains: int) -> str:
    """Return credit with its unit: kWh, m3, minutes or the currency."""
    unit = MICROS * GRAINS_PER_UNIT if profile.money else 10 * GRAINS_PER_TENTH
    number = (Decimal(grains) / unit).quantize(_HUNDREDTH, ROUND_DOWN) + 0  # + 0: never -0.00
    if profile.money:
        return f"{profile.currency} {number}"
    return f"{number} {words(f'meter.unit.{SERVICES[profile.service]}')}"


def power_text(words: Words, profile: MeterProfile, load: int) -> str:
    """Return a load with its unit: W, or litres per hour."""
    flowing = profile.service not in (SERVICES.index("electricity"), TIME)
    return f"{load:,} {words('meter.unit.flow' if flowing else 'meter.unit.power')}"


def shown_text(words: Words, profile: MeterProfile, shown: Shown) -> str:
    """Return the value of a line of the display, in words where it is one."""
    value = shown.value
    if isinstance(value, int):
        if shown.name in _CREDIT:
            return credit_text(words, profile, value)
        if shown.name in _POWER:
            return power_text(words, profile, value)
        if shown.name in _TENTHS:
            unit = words(f"meter.unit.{SERVICES[profile.service]}")
            return f"{Decimal(value).scaleb(-1)} {unit}"
    if shown.name in _NAMED:
        return words(f"meter.value.{shown.name}.{value}")
    return str(value)


def shown_line(words: Words, profile: MeterProfile, shown: Shown) -> str:
    """Return a line of the display with its name."""
    name = words(f"meter.shown.{shown.name}")
    return words("meter.line", name=name, value=shown_text(words, profile, shown))


def use_text(words: Words, profile: MeterProfile, use: int) -> str:
    """Return what was used with its unit, cut to hundredths."""
    number = (Decimal(use) / GRAINS_PER_UNIT).quantize(_HUNDREDTH, ROUND_DOWN)
    return f"{number} {words(f'meter.unit.{SERVICES[profile.service]}')}"


def result_sentence(words: Words, result: Result, wait_s: int = 0) -> str:
    """Return what a result means and what to do next."""
    return words(f"meter.result.{result.name.lower().replace('_', '-')}", seconds=wait_s)


def answer_sentence(words: Words, answer: Answer) -> str:
    """Return what the meter says to a token, or to a button; empty where it says nothing."""
    if answer.result is not None:
        return result_sentence(words, answer.result, answer.wait_s)
    return words(f"meter.note.{answer.note}") if answer.note else ""


def event_text(words: Words, profile: MeterProfile, event: Event) -> str:
    """Return what an event was."""
    value: object = event.value
    if event.code in _CREDIT_EVENTS:
        value = credit_text(words, profile, event.value)
    elif event.code in ("trip", "limit-set", "unbalance-set"):
        value = power_text(words, profile, event.value)
    return words(f"meter.event.{event.code}", value=value)


def face_lines(words: Words, meter: Meter) -> Iterator[str]:
    """Yield all that the meter shows by itself, a line each, and how long the credit lasts."""
    for shown in face(meter):
        yield shown_line(words, meter.profile, shown)
    days = days_left(meter)
    if days is not None and meter.state.credit > 0:
        yield words("meter.line", name=words("meter.shown.days-left"), value=days)
