"""What a make of meter is and how it is set: everything that no token changes.

Credit and limits of credit are in grains (see `prices` and `MeterProfile.grains_per_step`),
power in W (flow in l/h), time in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pos_app.meter.hours import Calendar
from pos_app.meter.prices import Prices
from pos_app.meter.results import Result

SERVICES = ("electricity", "water", "gas", "time")
TIME = SERVICES.index("time")
GRAINS_PER_TENTH = 360_000
"""0.1 kWh in W s, 0.1 m3 in l/h s; a time meter uses `TIME_USE` grains a second."""
GRAINS_PER_HUNDRED_THOUSANDTH = 36_000_000
"""0.00001 of the currency: 10 millionths of 3,600,000 grains."""
TIME_USE = 60_000
TIDS_KEPT = 50
"""IEC 62055-41 asks for at least 50."""
KEY_CHANGE_S = 600
"""Sections of a key change wait ten minutes for each other."""


@dataclass(frozen=True, slots=True)
class LockoutRule:
    """After `after` wrong entries wait `first_s`, doubling with every other up to `longest_s`.

    `counted` are the results that are wrong entries; makers differ.
    """

    after: int = 3
    first_s: int = 10
    longest_s: int = 1280
    counted: frozenset[Result] = frozenset({Result.CRC})

    def wait_s(self, wrong: int) -> int:
        """Return the seconds to wait after the `wrong`-th wrong entry in a row."""
        beyond = wrong - self.after
        return 0 if beyond < 0 else min(self.first_s << min(beyond, 32), self.longest_s)


@dataclass(frozen=True, slots=True)
class OverloadRule:
    """Over the limit for `after_s`: off, on again after `reclose_s`.

    The `trips`-th time within `window_s` it stays off until the button is pressed.
    """

    after_s: int = 60
    reclose_s: int = 60
    trips: int = 5
    window_s: int = 1800


@dataclass(frozen=True, slots=True)
class MeterProfile:
    """The make and the settings of a meter.

    `money` is a meter that holds currency and needs `prices`; `service` an index of `SERVICES`;
    `manufacturer` the code of its maker in test tokens; `low` the upper and the lower level of
    low credit and `rearm` how far above one the credit must rise before it is told again;
    `emergency` how far below zero a customer may go after asking at or below `emergency_from`;
    in `friendly` hours supply that is on stays on.
    """

    name: str
    service: int = 0
    money: bool = False
    currency: str = ""
    manufacturer: int = 0
    phases: int = 1
    software: int = 1
    offset_minutes: int = 0
    max_credit: int = 10_000 * 10 * GRAINS_PER_TENTH
    low: tuple[int, int] = (200 * GRAINS_PER_TENTH, 50 * GRAINS_PER_TENTH)
    rearm: int = 10 * GRAINS_PER_TENTH
    emergency: int = 0
    emergency_from: int = 0
    friendly: Calendar = field(default_factory=Calendar)
    prices: Prices | None = None
    lockout: LockoutRule = field(default_factory=LockoutRule)
    overload: OverloadRule = field(default_factory=OverloadRule)

    @property
    def credit_sub(self) -> int:
        """Return the subclass of the only credit token this meter takes; also its register."""
        return self.service + (4 if self.money else 0)

    @property
    def grains_per_step(self) -> int:
        """Return the grains of the smallest amount a credit token of this meter carries."""
        return GRAINS_PER_HUNDRED_THOUSANDTH if self.money else GRAINS_PER_TENTH

    def local_s(self, at_s: int) -> int:
        """Return the meter's local time in seconds."""
        return at_s + self.offset_minutes * 60

    def use_per_second(self, loads: tuple[int, ...]) -> int:
        """Return what a second with the switch closed uses under these loads."""
        return TIME_USE if self.service == TIME else sum(loads)
