"""Loads, stretches of time and tokens as they are typed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import ClassVar

from pos_app.domain.errors import PosError

_TOKEN_DIGITS = 20
_LONGEST_S = 20 * 366 * 86_400
_HEAVIEST = 1_000_000_000


class LoadInvalid(PosError):
    """Not a load of this meter. Facts: `typed`, `phases`."""

    code: ClassVar[str] = "meter-load"


class TimeInvalid(PosError):
    """Not a stretch of time a meter can live at once. Facts: `typed`, `years`."""

    code: ClassVar[str] = "meter-time"


def span_of(hours: str, minutes: str, seconds: str) -> int:
    """Return the seconds of three numbers that may have decimals; raises `TimeInvalid`."""
    parts = ((hours, 3600), (minutes, 60), (seconds, 1))
    span = sum(_seconds(typed, unit) for typed, unit in parts)
    if span > _LONGEST_S:
        raise TimeInvalid(typed=hours[:24], years=_LONGEST_S // (366 * 86_400))
    return span


def _seconds(typed: str, unit: int) -> int:
    try:
        exact = Decimal(typed) * unit
        if 0 <= exact <= _LONGEST_S:
            return int(exact)
    except InvalidOperation:
        pass  # told below
    raise TimeInvalid(typed=typed[:24], years=_LONGEST_S // (366 * 86_400))


def loads_of(typed: str, phases: int) -> tuple[int, ...]:
    """Return a load per phase; a single one is shared out, what is left over on the first."""
    parts = typed.replace(" ", "").split(",")
    fits = all(part.isascii() and part.isdigit() and len(part) < 12 for part in parts)
    loads = tuple(int(part) for part in parts) if fits else ()
    if len(loads) == 1 and phases > 1:
        share, rest = divmod(loads[0], phases)
        loads = (share + rest, *(share for _ in range(phases - 1)))
    if len(loads) != phases or max(loads) > _HEAVIEST:
        raise LoadInvalid(typed=typed[:24], phases=phases)
    return loads


def tokens_of(typed: str) -> list[str]:
    """Split what was typed into tokens; what does not divide is left whole, to be refused."""
    bare = "".join(each for each in typed if each not in " -")
    if not bare or len(bare) % _TOKEN_DIGITS:
        return [typed]
    return [bare[at : at + _TOKEN_DIGITS] for at in range(0, len(bare), _TOKEN_DIGITS)]
