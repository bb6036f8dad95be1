"""What the token of an act of the engineering desk has to say, after the act's own entry.

The kinds of acts and their facts are those of the till's journal (``resources/engineering``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from pos_app.sts.explain import TESTS
from pos_app.sts.kinds import (
    ALL_REGISTERS,
    SERVICES,
    ClearCredit,
    ClearTamper,
    CreditToken,
    ExtendedRead,
    ExtendedSet,
    MaxPowerLimit,
    MeterTestToken,
    PhaseUnbalance,
    TariffRate,
    Token,
    WaterMeterFactor,
)

GIVING: Final = frozenset({"free-issue", "replacement", "exchange"})
"""Acts that make credit nobody pays for."""
TWO_PERSONS: Final = GIVING | {"clear-credit"}
"""Acts that another person has to agree to."""

Body = Mapping[str, Any]
Fits = Callable[[Body, int, Token], bool]

_REGISTERS: Final = MappingProxyType(
    {name: number for number, name in enumerate(SERVICES)}
    | {f"{name}-currency": number + 4 for number, name in enumerate(SERVICES)}
    | {"all": ALL_REGISTERS}
)
_TEST_BITS: Final = (36, 28)


def says(body: Body, position: int, said: Token) -> bool:
    """Tell whether token number `position` of an act says what the act's entry says.

    Raises `LookupError`, `TypeError` or `ValueError` for an entry that lacks what its act has.
    """
    fits = _FITS.get(str(body["act"]))
    return fits is not None and fits(body, position, said)


def _power_limit(body: Body, _: int, said: Token) -> bool:
    return isinstance(said, MaxPowerLimit) and said.watts == body["facts"]["watts"]


def _unbalance(body: Body, _: int, said: Token) -> bool:
    return isinstance(said, PhaseUnbalance) and said.watts == body["facts"]["watts"]


def _clear_credit(body: Body, _: int, said: Token) -> bool:
    return isinstance(said, ClearCredit) and said.register == _REGISTERS[body["facts"]["register"]]


def _clear_tamper(_body: Body, _: int, said: Token) -> bool:
    return isinstance(said, ClearTamper)


def _water_factor(body: Body, _: int, said: Token) -> bool:
    return isinstance(said, WaterMeterFactor) and said.factor == body["facts"]["word"]


def _tariff_rate(body: Body, _: int, said: Token) -> bool:
    return isinstance(said, TariffRate) and said.rate == body["facts"]["word"]


def _extended_set(body: Body, _: int, said: Token) -> bool:
    return isinstance(said, ExtendedSet) and said.value == body["facts"]["word"]


def _extended_read(body: Body, _: int, said: Token) -> bool:
    return isinstance(said, ExtendedRead) and said.value == body["facts"]["index"] << 30


def _meter_test(body: Body, position: int, said: Token) -> bool:
    if not isinstance(said, MeterTestToken):
        return False
    number = TESTS.index(body["facts"]["tests"][position])
    control = 1 << number - 1 if number else (1 << _TEST_BITS[said.sub]) - 1
    return (said.control, said.manufacturer) == (control, 0)


def _credit(body: Body, position: int, said: Token) -> bool:
    if not isinstance(said, CreditToken):
        return False
    service = SERVICES.index(body["meter"]["commodity"])
    return (said.sub, said.tenths) == (service, body["tokens"][position]["tenths"])


_FITS: Final[Mapping[str, Fits]] = MappingProxyType(
    {
        "power-limit": _power_limit,
        "phase-unbalance": _unbalance,
        "clear-credit": _clear_credit,
        "clear-tamper": _clear_tamper,
        "water-factor": _water_factor,
        "tariff-rate": _tariff_rate,
        "extended-set": _extended_set,
        "extended-read": _extended_read,
        "meter-test": _meter_test,
    }
    | dict.fromkeys(GIVING, _credit)
)
