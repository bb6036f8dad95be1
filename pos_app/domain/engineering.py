"""The engineering desk: which acts there are, whose they are, and what a person may type.

Acts are the token kinds of IEC 62055-41 beside ordinary credit, and the credit that nobody pays
for. Units: watts, tenths of the commodity's unit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final

from pos_app.domain.errors import PosError


class DeskAct(StrEnum):
    """What is asked for; the words are ``eng.act-<act>``."""

    POWER_LIMIT = "power-limit"
    PHASE_UNBALANCE = "phase-unbalance"
    CLEAR_TAMPER = "clear-tamper"
    CLEAR_CREDIT = "clear-credit"
    WATER_FACTOR = "water-factor"
    TARIFF_RATE = "tariff-rate"
    EXTENDED_SET = "extended-set"
    METER_TEST = "meter-test"
    EXTENDED_READ = "extended-read"
    FREE_ISSUE = "free-issue"
    REPLACEMENT = "replacement"
    EXCHANGE = "exchange"


CASHIER, SUPERVISOR, ENGINEER = "cashier", "supervisor", "engineer"
_EVERYBODY: Final = frozenset({CASHIER, SUPERVISOR, ENGINEER})
_DESK: Final = frozenset({SUPERVISOR, ENGINEER})
ROLES: Final[Mapping[DeskAct, frozenset[str]]] = MappingProxyType(
    {
        **dict.fromkeys(DeskAct, _DESK),
        DeskAct.METER_TEST: _EVERYBODY,
        DeskAct.EXTENDED_READ: _EVERYBODY,
        DeskAct.FREE_ISSUE: _EVERYBODY,
        DeskAct.REPLACEMENT: _EVERYBODY,
    }
)
"""Who may ask. A test changes nothing in a meter; what gives units away needs a second person."""

FREE: Final = frozenset({DeskAct.METER_TEST, DeskAct.EXTENDED_READ})
"""Class 1: no key, no identifier, no paper trail beyond the journal."""

GIVING: Final = frozenset({DeskAct.FREE_ISSUE, DeskAct.REPLACEMENT, DeskAct.EXCHANGE})
"""These make credit that nobody pays for."""

TWO_PERSONS: Final = GIVING | {DeskAct.CLEAR_CREDIT}
"""A supervisor who is not the one who asks answers for these."""

UNCERTAIN: Final[Mapping[DeskAct, str]] = MappingProxyType(
    {
        DeskAct.WATER_FACTOR: "word",
        DeskAct.TARIFF_RATE: "word",
        DeskAct.EXTENDED_SET: "split",
        DeskAct.EXTENDED_READ: "split",
    }
)
"""What no published source settles; the words are ``eng.uncertain-<name>``."""

MOST_GIVEN_TENTHS: Final = 10_000
"""Units nobody pays for that one act may make: 1000 kWh, m3 or minutes; head office does more."""

VOLTS: Final = 230
"""Nominal voltage between line and neutral, IEC 60038."""
HOUSEHOLD_AMPERES: Final = (5, 10, 16, 20, 32, 40, 60, 80)
UNBALANCE_AMPERES: Final = (5, 10, 16, 20)
_POWER: Final = re.compile(
    r"(?:(3)\s*[x\u00d7]\s*)?(\d{1,6}(?:[.]\d{1,3})?)\s*(A|W|kW)(?:\s*@\s*(\d{2,3})\s*V?)?",
    re.IGNORECASE,
)
LEAST_WATTS: Final = 100
MOST_WATTS: Final = 1_000_000


class PowerUnreadable(PosError):
    """This is no power: `typed`. Good: ``20A``, ``3x40A``, ``20A@220``, ``4.6kW``, ``4600W``."""

    code: ClassVar[str] = "power-unreadable"


class PowerUnlikely(PosError):
    """No meter of a house or a workshop has such a limit: `watts`, `least`, `most`."""

    code: ClassVar[str] = "power-unlikely"


class GrantTooLarge(PosError):
    """More units for no money than one act may make: `most`, `unit`."""

    code: ClassVar[str] = "grant-too-large"


class WordUnreadable(PosError):
    """This is no whole number from 0 to `largest`. Fact: `typed`, too."""

    code: ClassVar[str] = "word-unreadable"


class ServiceUnfit(PosError):
    """The meter sells something else: `act`, `commodity`."""

    code: ClassVar[str] = "service-unfit"


@dataclass(frozen=True, slots=True)
class Power:
    """A power as it was meant: `amperes` 0 where it was typed in watts."""

    watts: int
    amperes: Decimal = Decimal(0)
    phases: int = 1
    volts: int = VOLTS


def power(typed: str) -> Power:
    """Return the power that was typed; raises `PowerUnreadable` or `PowerUnlikely`.

    Amperes become watts at 230 V or at the voltage named, times three with ``3x``.
    """
    found = _POWER.fullmatch(typed.strip())
    if found is None:
        raise PowerUnreadable(typed=typed[:40])
    three, figure, unit, named = found.groups()
    phases, value = 3 if three else 1, Decimal(figure)
    volts = int(named or VOLTS)
    if unit.lower() != "a" and (named or three):
        raise PowerUnreadable(typed=typed[:40])
    if unit.lower() == "a":
        meant = Power(_whole(value * volts * phases), value, phases, volts)
    else:
        meant = Power(_whole(value * (1000 if unit.lower() == "kw" else 1)))
    if not LEAST_WATTS <= meant.watts <= MOST_WATTS:
        raise PowerUnlikely(watts=meant.watts, least=LEAST_WATTS, most=MOST_WATTS)
    return meant


def word(typed: str, largest: int) -> int:
    """Return a whole number, decimal or with ``0x``; raises `WordUnreadable`."""
    text = typed.strip().lower()
    base, digits = (16, text[2:]) if text.startswith("0x") else (10, text)
    good = digits.isascii() and digits.isalnum() and len(digits) <= 12
    try:
        value = int(digits, base) if good else -1
    except ValueError:
        value = -1
    if not 0 <= value <= largest:
        raise WordUnreadable(typed=typed[:40], largest=largest)
    return value


def refuse_unfit(act: DeskAct, commodity: str) -> None:
    """Raise `ServiceUnfit` for an act that this kind of meter has no use for."""
    wanted = {
        DeskAct.POWER_LIMIT: "electricity",
        DeskAct.PHASE_UNBALANCE: "electricity",
        DeskAct.WATER_FACTOR: "water",
    }.get(act, commodity)
    if wanted != commodity:
        raise ServiceUnfit(act=act.value, commodity=commodity)


def refuse_too_much(tenths: int, unit: str) -> None:
    """Raise `GrantTooLarge` for more units than one act may give."""
    if not 0 < tenths <= MOST_GIVEN_TENTHS:
        raise GrantTooLarge(most=MOST_GIVEN_TENTHS // 10, unit=unit)


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
