"""How large a QR code will be, before it is made: the printer makes its own.

Source of the capacities: ISO/IEC 18004:2015, table 7 (data codewords per version and level).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SMALLEST_MODULE = 3
LARGEST_MODULE = 6
COMFORTABLE_MODULE = 4
WIDEST_CODE = 264
"""33 mm: larger codes cost paper and are read no better by a phone at a counter."""

_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
# fmt: off
_CODEWORDS_L = (
    19, 34, 55, 80, 108, 136, 156, 194, 232, 274, 324, 370, 428, 461, 523, 589, 647, 721, 795, 861,
    932, 1006, 1094, 1174, 1276, 1370, 1468, 1531, 1631, 1735, 1843, 1955, 2071, 2191, 2306, 2434,
    2566, 2702, 2812, 2956,
)
_CODEWORDS_M = (
    16, 28, 44, 64, 86, 108, 124, 154, 182, 216, 254, 290, 334, 365, 415, 453, 507, 563, 627, 669,
    714, 782, 860, 914, 1000, 1062, 1128, 1193, 1267, 1373, 1455, 1541, 1631, 1725, 1812, 1914,
    1992, 2102, 2216, 2334,
)
# fmt: on


class Level(StrEnum):
    """Error correction: L restores 7 % of the code, M 15 %."""

    L = "l"
    M = "m"


@dataclass(frozen=True, slots=True)
class QrSize:
    """The level to ask for, the modules along one side and the dots of one module."""

    level: Level
    modules: int
    module_dots: int


def qr_size(payload: str, dots: int) -> QrSize | None:
    """Return how to print `payload` on a line of `dots`; None when no QR code can hold it.

    Level M where its modules stay comfortable, else L; modules of 3 to 6 dots, fewer only when
    the paper is too narrow for three.
    """
    chosen = None
    for level, codewords in ((Level.M, _CODEWORDS_M), (Level.L, _CODEWORDS_L)):
        modules = _modules(payload, codewords)
        if modules is None:
            continue
        chosen = QrSize(level, modules, _module_dots(modules, dots))
        if chosen.module_dots >= COMFORTABLE_MODULE:
            break
    return chosen if chosen is not None and chosen.module_dots else None


def _module_dots(modules: int, dots: int) -> int:
    comfortable = min(LARGEST_MODULE, WIDEST_CODE // modules)
    return min(max(comfortable, SMALLEST_MODULE), dots // modules)


def _modules(payload: str, codewords: tuple[int, ...]) -> int | None:
    alphanumeric = _ALPHANUMERIC.issuperset(payload)
    for version, capacity in enumerate(codewords, start=1):
        if _bits(len(payload), version, alphanumeric=alphanumeric) <= capacity * 8:
            return 17 + 4 * version
    return None


def _bits(length: int, version: int, *, alphanumeric: bool) -> int:
    """Mode indicator, character count and characters (clause 7.4)."""
    era = 0 if version <= 9 else 1 if version <= 26 else 2
    if alphanumeric:
        return 4 + (9, 11, 13)[era] + 11 * (length // 2) + 6 * (length % 2)
    return 4 + (8, 16, 16)[era] + 8 * length
