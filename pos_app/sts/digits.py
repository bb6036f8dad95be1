"""The 66-bit token number and its 20 decimal digits.

The two class bits are kept aside of the 64-bit (encrypted) block. They take the places of its
bits 28 and 27, which move up to bits 65 and 64. Source: IEC 62055-41, class bit insertion;
its worked example.
"""

from __future__ import annotations

from pos_app.sts.errors import TokenFormat

LENGTH = 20
LARGEST = (1 << 66) - 1
_CLASS_PLACE = 27
_DISPLACED = 0b11 << _CLASS_PLACE
_LIFT = (1 << 64 - _CLASS_PLACE) - 1
"""Times the displaced bits: takes them from bits 28 and 27 and adds them at 65 and 64."""
_BLOCK = (1 << 64) - 1


def insert_class(block: int, token_class: int) -> int:
    """Return the 66-bit number of a 64-bit block and a class 0 to 3."""
    return block + (block & _DISPLACED) * _LIFT + (token_class << _CLASS_PLACE)


def split_class(number: int) -> tuple[int, int]:
    """Return class and 64-bit block of a 66-bit number; undoes `insert_class`."""
    token_class, moved = number >> _CLASS_PLACE & 0b11, number >> 64
    return token_class, number & _BLOCK & ~_DISPLACED | moved << _CLASS_PLACE


def to_digits(number: int) -> str:
    """Return the 20 decimal digits of a 66-bit number."""
    return str(number).zfill(LENGTH)


def from_digits(typed: str) -> int:
    """Return the 66-bit number of 20 digits; spaces and hyphens are ignored.

    Raises `TokenFormat` for anything else, also for 20 digits above 66 bits.
    """
    bare = "".join(typed.split()).replace("-", "")
    if len(bare) != LENGTH or not (bare.isascii() and bare.isdigit()) or int(bare) > LARGEST:
        raise TokenFormat(length=len(bare))
    return int(bare)


def grouped(digits: str) -> str:
    """Return a token in five groups of four, as it is printed and read aloud."""
    return " ".join(digits[start : start + 4] for start in range(0, LENGTH, 4))
