"""Units of a commodity as a token carries them, and what a cashier types for them.

Units: tenths of the commodity's unit (0.1 kWh, 0.1 m³, 0.1 minute), whole numbers.
Source: IEC 62055-41, unit credit amount field of sixteen bits: ``t = 10^e * m`` plus the sum over
``n = 1..e`` of ``2^14 * 10^(n-1)``, with ``e`` of two bits and ``m`` of fourteen. So the steps are
1, 10, 100 and 1000 tenths, and the largest value is 18 201 624 tenths.
"""

from __future__ import annotations

import math
import re
from enum import StrEnum
from fractions import Fraction

from pos_app.domain.tariff.refusals import UnitsBeyondToken, UnitsInvalid

LARGEST_TENTHS = 18_201_624

_BANDS = ((1_818_624, 1000), (180_224, 100), (16_384, 10), (0, 1))
"""First value and step of each exponent, the largest first."""

_TYPED = re.compile(r"(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.[0-9])?")


class Commodity(StrEnum):
    """What a meter sells; STS has one credit subclass for each, in this order."""

    ELECTRICITY = "electricity"
    WATER = "water"
    GAS = "gas"
    TIME = "time"


class UnitRounding(StrEnum):
    """How units that no token can carry become units that one can."""

    UP = "up"
    HALF_UP = "half_up"
    DOWN = "down"


def _band(tenths: Fraction | int) -> tuple[int, int]:
    if tenths > LARGEST_TENTHS:
        raise UnitsBeyondToken(largest=f"{LARGEST_TENTHS // 10}.{LARGEST_TENTHS % 10}")
    return next(band for band in _BANDS if tenths >= band[0])


def down_to(tenths: Fraction | int) -> int:
    """Return the largest value a token can carry that is not above `tenths` (0 or more).

    Raises `UnitsBeyondToken` above the largest value: nobody loses paid units to a ceiling.
    """
    start, step = _band(tenths)
    return start + step * math.floor((tenths - start) / Fraction(step))


def up_to(tenths: Fraction | int) -> int:
    """Return the smallest value a token can carry that is not below `tenths` (0 or more).

    Raises `UnitsBeyondToken` above the largest value.
    """
    lower = down_to(tenths)
    return lower if lower == tenths else lower + _band(lower)[1]


def rounded(tenths: Fraction | int, mode: UnitRounding) -> int:
    """Return `tenths` (0 or more) as a value that a token can carry.

    Half up means the nearer neighbour, and the upper one when both are as near.
    """
    lower, upper = down_to(tenths), up_to(tenths)
    if mode is UnitRounding.DOWN:
        return lower
    if mode is UnitRounding.UP:
        return upper
    return upper if upper - tenths <= tenths - lower else lower


def whole_units(units: Fraction, mode: UnitRounding) -> int:
    """Return `units` (0 or more) as whole units of the commodity."""
    if mode is UnitRounding.DOWN:
        return math.floor(units)
    return math.ceil(units) if mode is UnitRounding.UP else math.floor(units + Fraction(1, 2))


def parse_units(typed: str) -> int:
    """Read a number of units: ``"50"``, ``"58.4"``, ``" 1 250 "``, ``"1,250.5"``; return tenths.

    Raises `UnitsInvalid` for anything but a positive number with at most one decimal (a comma
    groups three digits and nothing else), `UnitsBeyondToken` above what one token carries.
    """
    text = typed.strip().replace(" ", "").replace("\u2009", "")
    if not _TYPED.fullmatch(text):
        raise UnitsInvalid(typed=typed[:40])
    whole, _, decimal = text.replace(",", "").partition(".")
    tenths = int(whole) * 10 + int(decimal or "0")
    if tenths == 0:
        raise UnitsInvalid(typed=typed[:40])
    _band(tenths)
    return tenths
