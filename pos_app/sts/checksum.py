"""The 16-bit checksum of a token.

Polynomial x^16 + x^15 + x^2 + 1, bit-reflected (0xA001), start 0xFFFF, no final xor, the two
bytes of the result exchanged. It runs over 50 bits - class (2), subclass (4), content (44) -
padded on the left to 7 bytes; a currency token (class 0, subclass 4 to 7) appends one byte 01,
so that an older meter takes it for nothing else.
Source: IEC 62055-41, CRC and CRC_C; the standard's worked examples and STS 531.

The register is linear in the input apart from its start, so the share of every byte value at
each of the 7 places is computed once and a checksum is the xor of 7 table entries.
"""

from __future__ import annotations

from collections.abc import Iterable

_POLYNOMIAL = 0xA001
_START = 0xFFFF
_LENGTH = 7
_CURRENCY_MARK = 0x01
_CURRENCY_PREFIX = 0b0001
"""The upper four of the 50 bits when class is 0 and subclass is 4 to 7."""


def _step_table() -> list[int]:
    table = []
    for byte in range(256):
        register = byte
        for _ in range(8):
            register = register >> 1 ^ (_POLYNOMIAL if register & 1 else 0)
        table.append(register)
    return table


_STEP = _step_table()


def checksum_of_bytes(octets: Iterable[int]) -> int:
    """Return the 16-bit checksum of any bytes, as it is stored in a token."""
    register = _START
    for octet in octets:
        register = register >> 8 ^ _STEP[(register ^ octet) & 0xFF]
    return (register & 0xFF) << 8 | register >> 8


def shares() -> list[list[int]]:
    """Return, for each place, what every byte value there adds; the start is in the first."""
    zeros = bytes(_LENGTH)
    of_zeros = checksum_of_bytes(zeros)
    shares = [
        [
            checksum_of_bytes(zeros[:place] + bytes([byte]) + zeros[place + 1 :]) ^ of_zeros
            for byte in range(256)
        ]
        for place in range(_LENGTH)
    ]
    shares[0] = [share ^ of_zeros for share in shares[0]]
    return shares


_S0, _S1, _S2, _S3, _S4, _S5, _S6 = shares()


def checksum(body: int) -> int:
    """Return the checksum of the 50 bits `body`: class, subclass and content."""
    a, b, c, d, e, f, g = body.to_bytes(_LENGTH, "big")
    stored = _S0[a] ^ _S1[b] ^ _S2[c] ^ _S3[d] ^ _S4[e] ^ _S5[f] ^ _S6[g]
    if body >> 46 != _CURRENCY_PREFIX:
        return stored
    register = stored >> 8 | (stored & 0xFF) << 8
    register = register >> 8 ^ _STEP[(register ^ _CURRENCY_MARK) & 0xFF]
    return (register & 0xFF) << 8 | register >> 8
