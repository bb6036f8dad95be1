"""Class 1: tests and displays. Never encrypted, never counted, for every meter of the maker.

Test n is bit n - 1 of the control field, all ones ask for every test; which number stands for
what: IEC 62055-41, InitiateMeterTest/Display, and STS 531 for 0 to 11 and 14 to 18.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pos_app.meter.credit import floor_of
from pos_app.meter.profile import GRAINS_PER_TENTH
from pos_app.meter.reading import Opened
from pos_app.meter.results import Answer, Result, Shown
from pos_app.meter.state import Meter, Relay, cuts
from pos_app.sts.keys import EA_STA

_CONTROL_BITS = {0: 36, 1: 28}
_CONTENT_BITS = 44


def _switch(meter: Meter) -> Shown:
    """Toggle the switch and look whether it follows."""
    return Shown("load-switch", "well" if meter.state.relay is Relay.SOUND else "fault")


def _power(meter: Meter) -> Shown:
    state = meter.state
    return Shown("power", sum(state.loads) if state.conducts and state.powered else 0)


def _key_tokens(meter: Meter) -> Shown:
    return Shown("key-change-tokens", "2/3" if meter.state.held.key.ea == EA_STA else "4")


_TESTS: dict[int, Callable[[Meter], Shown]] = {
    1: _switch,
    2: lambda _: Shown("display", "88888888"),
    3: lambda meter: Shown("totals", meter.state.use_total // GRAINS_PER_TENTH),
    4: lambda meter: Shown("key-revision", f"{meter.state.held.krn} / {meter.state.held.kt}"),
    5: lambda meter: Shown("tariff-index", f"{meter.state.held.ti:02d}"),
    6: lambda _: Shown("token-reader", "well"),
    7: lambda meter: Shown("power-limit", meter.state.limit_w),
    8: lambda meter: Shown("tamper", meter.state.tamper or "none"),
    9: _power,
    10: lambda meter: Shown("software-version", meter.profile.software),
    11: lambda meter: Shown("phase-unbalance", meter.state.unbalance_w),
    12: lambda meter: Shown("water-factor", meter.state.water_factor),
    14: lambda meter: Shown("ea", f"{meter.state.held.key.ea:02d}"),
    15: _key_tokens,
    16: lambda meter: Shown("supply-group", meter.state.held.sgc),
    17: lambda meter: Shown("ken", meter.state.held.ken),
    18: lambda meter: Shown("drn", meter.drn),
}
"""13, the tariff rate, is left out: no meter here has one."""


def run_test(meter: Meter, opened: Opened) -> Answer:
    """Return what the display shows; `FUNCTION` where nothing of what is asked is known.

    `MANUFACTURER` refuses another maker's token, as does no other answer of class 1.
    """
    if opened.sub not in _CONTROL_BITS:
        return Answer(Result.FUNCTION)
    maker_bits = _CONTENT_BITS - _CONTROL_BITS[opened.sub]
    control, maker = divmod(opened.content, 1 << maker_bits)
    if maker not in (0, meter.profile.manufacturer):
        return Answer(Result.MANUFACTURER)
    shown = tuple(_TESTS[test](meter) for test in _asked(control))
    return Answer(Result.ACCEPT if shown else Result.FUNCTION, shown)


def _asked(control: int) -> Iterator[int]:
    """Yield the known tests whose bit is set."""
    return (test for test in _TESTS if control >> (test - 1) & 1)


def face(meter: Meter) -> tuple[Shown, ...]:
    """Return what the keypad unit shows by itself: credit, switch, and each reason it is open."""
    state = meter.state
    lines = [Shown("credit", state.credit), Shown("supply", "on" if state.closed else "off")]
    lines += [Shown("cut", cut.value) for cut in cuts(state)]
    if state.closed and state.credit <= floor_of(meter.profile, state):
        lines.append(Shown("kept-on", "friendly"))
    lines += [Shown("totals", state.use_total // GRAINS_PER_TENTH), _power(meter)]
    if state.limit_w:
        lines.append(Shown("power-limit", state.limit_w))
    if state.relay_fault:
        lines.append(Shown("load-switch", "fault"))
    if state.warned:
        lines.append(Shown("low-credit", state.warned))
    lines.append(Shown("emergency", state.emergency.value))
    if state.locked_until_s > state.at_s:
        lines.append(Shown("locked", state.locked_until_s - state.at_s))
    return tuple(lines)


def days_left(meter: Meter) -> int | None:
    """Return for how many whole days the credit lasts at the average of the last seven days.

    None without a finished day, or when those days cost nothing.
    """
    days = meter.state.days[-7:]
    cost = sum(day.cost for day in days)
    return max(meter.state.credit, 0) * len(days) // cost if cost else None
