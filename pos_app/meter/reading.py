"""From 20 digits to the bits of a token, as a meter reads them.

Written apart from `pos_app.sts.encoding` and `decoding`, so that a meter proves what the till
makes: shared are only the block ciphers, the checksum and the keys, which published vectors prove.
Source: IEC 62055-41, token carrier to application, class extraction, CRC, transfer amount.
"""

from __future__ import annotations

from typing import NamedTuple

from pos_app.sts.checksum import checksum_of_bytes
from pos_app.sts.keys import DecoderKey

CREDIT, TEST, MANAGEMENT, RESERVED = range(4)
_DIGITS = 20
_BITS = 66
_CLASS_AT = 37
"""The place of the two class bits, counted from the most significant of the 66."""
_CURRENCY_SUBS = range(4, 8)


class Opened(NamedTuple):
    """A token whose checksum is right: class, subclass and the 44 bits after it."""

    token_class: int
    sub: int
    content: int

    @property
    def tid(self) -> int:
        """Return the 24-bit token identifier of an ordinary token."""
        return self.content >> 16 & 0xFFFFFF

    @property
    def word(self) -> int:
        """Return the 16 bits at the end of an ordinary token."""
        return self.content & 0xFFFF

    @property
    def upper_nibble(self) -> int:
        """Return the four bits in front: RND, or sign and exponent of a currency amount."""
        return self.content >> 40


def number_of(typed: str) -> int | None:
    """Return the 66-bit number of 20 digits; spaces and hyphens are ignored.

    None when it is no token at all: other characters, another length, or a number too large.
    """
    bare = "".join(each for each in typed if each not in " -\u2009\u202f\u00a0")
    if len(bare) != _DIGITS or not set(bare) <= set("0123456789"):
        return None
    number = int(bare)
    return number if number.bit_length() <= _BITS else None


def class_of(number: int) -> int:
    """Return the token class, 0 to 3, which is never encrypted."""
    bits = f"{number:066b}"
    return int(bits[_CLASS_AT : _CLASS_AT + 2], 2)


def open_token(number: int, key: DecoderKey | None) -> Opened | None:
    """Return the token behind a 66-bit number, decrypted where a key is given.

    None when the checksum is wrong: mistyped, or made for another meter or key.
    """
    bits = f"{number:066b}"
    # the two bits in front were moved there to make room for the class
    block = int(bits[2:_CLASS_AT] + bits[:2] + bits[_CLASS_AT + 2 :], 2)
    if key is not None:
        block = key.decrypt(block)
    token_class, body = class_of(number), block >> 16
    sub = body >> 44
    summed = (token_class << 48 | body).to_bytes(7, "big")
    if token_class == CREDIT and sub in _CURRENCY_SUBS:
        summed += b"\x01"
    if checksum_of_bytes(summed) != block & 0xFFFF:
        return None
    return Opened(token_class, sub, body & (1 << 44) - 1)


def amount(exponent: int, mantissa: int) -> int:
    """Return the amount of an exponent and a 14-bit mantissa, in the unit of the field."""
    below = sum((1 << 14) * int(10 ** (n - 1)) for n in range(1, exponent + 1))
    return int(10**exponent) * mantissa + below


def amount_of_word(word: int) -> int:
    """Return 0.1 unit or W of a 16-bit amount: two bits of exponent, fourteen of mantissa."""
    exponent, mantissa = divmod(word, 1 << 14)
    return amount(exponent, mantissa)


def currency_amount(nibble: int, word: int) -> int:
    """Return 0.00001 of the currency: sign and five bits of exponent over two fields."""
    lower, mantissa = divmod(word, 1 << 14)
    negative, upper = divmod(nibble, 8)
    magnitude = amount(upper * 4 + lower, mantissa)
    return -magnitude if negative else magnitude
