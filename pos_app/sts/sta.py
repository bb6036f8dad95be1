"""EA07, the standard transfer algorithm: 64-bit key, 64-bit block, 16 rounds.

Bit 0 is the least significant. The key is complemented and rotated right by 12. Every round
substitutes each of the 16 nibbles - by the second table where bit 3 of the key nibble of the
same number is 1, else by the first -, moves bit i to place P[i], and rotates the key left by 1.
Source: IEC 62055-41, EA07; the tables are data in ``resources/sts``, chosen by name.

How `encrypt` is fast without leaving Python: the state is held spread, one nibble in the lower
half of each byte of a 128-bit number, and bit 4 of each byte is free for "use the second table".
Adding a round key sets those bits. Each 16-bit part of the sum - two nibbles with their choices -
then indexes a table whose entries are already substituted, permuted and spread, so a round is
eight look-ups and their sum. The choices of rounds r, r + 4, r + 8 and r + 12 are the same 16
bits moved by whole nibbles, so only four masks are cut from the key and the rest are shifts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from struct import Struct

from pos_app.resources import resource
from pos_app.sts.errors import StaTablesUnknown

OPERATIONAL = "operational"
SAMPLE = "sample"
_ROUNDS = 16
_MASK = (1 << 64) - 1
_SPREAD_LENGTH = 20
_eight_fields: Callable[[bytes], tuple[int, ...]] = Struct("<8H4x").unpack
_NIBBLE_OF_HEX = bytes(int(chr(c), 16) if chr(c) in "0123456789abcdef" else 0 for c in range(256))
_INVERTED_NIBBLE_OF_HEX = bytes(nibble ^ 0xF for nibble in _NIBBLE_OF_HEX)
_HEX_OF_NIBBLE = b"0123456789abcdef".ljust(256)
_CHOICES = int.from_bytes(b"\x10" * 19, "big")

Table = list[int]


@dataclass(frozen=True, slots=True)
class StaTables:
    """Two substitutions of 16 nibbles, the permutation, and what is computed from them."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    permutation: tuple[int, ...]
    merged: tuple[Table, ...] = field(init=False, repr=False, compare=False)
    """Per pair of nibbles: substituted, permuted and spread again, one nibble a byte."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "merged", tuple(self._merged(pair) for pair in range(8)))

    def _merged(self, pair: int) -> Table:
        """Return one table; index: upper nibble in bits 8 to 12, lower in bits 0 to 4."""
        place = [8 * (bit // 4) + bit % 4 for bit in self.permutation[8 * pair : 8 * pair + 8]]
        lower, upper = self._shares(place[:4]), self._shares(place[4:])
        table = [0] * 0x2000
        for index, share in enumerate(upper):
            table[index << 8 : (index << 8) + 32] = [share + other for other in lower]
        return table

    def _shares(self, places: Sequence[int]) -> Table:
        """Return where the bits of a substituted nibble go, per choice (bit 4) and nibble."""
        return [
            sum(1 << place for bit, place in enumerate(places) if substituted >> bit & 1)
            for substituted in self.first + self.second
        ]


@cache
def tables_named(name: str) -> StaTables:
    """Return ``operational`` (real meters) or ``sample`` (the standard's worked example).

    Raises `StaTablesUnknown` for any other name.
    """
    if name not in (OPERATIONAL, SAMPLE):
        raise StaTablesUnknown(name=name[:40])
    read = json.loads(resource("sts", f"sta-{name}.json").read_text("utf-8"))
    return StaTables(tuple(read["first"]), tuple(read["second"]), tuple(read["permutation"]))


def _round_keys(key: bytes) -> tuple[int, ...]:
    """Return 16 numbers with bit 4 of byte j set where nibble j uses the second table.

    Above byte 15 they hold remains of the shifts, which no round reads.
    """
    nibbles = key.hex()
    # the last three nibbles again in front: a shift by whole bytes is a rotation of the key
    turned = (nibbles[13:] + nibbles).encode().translate(_INVERTED_NIBBLE_OF_HEX)
    spread = int.from_bytes(turned, "big")
    a, b = spread << 1 & _CHOICES, spread << 2 & _CHOICES
    c, d = spread << 3 & _CHOICES, spread << 4 & _CHOICES
    return (
        *(a >> 24, b >> 24, c >> 24, d >> 24),
        *(a >> 16, b >> 16, c >> 16, d >> 16),
        *(a >> 8, b >> 8, c >> 8, d >> 8),
        *(a, b, c, d),
    )


def encrypt(key: bytes, block: int, tables: StaTables) -> int:
    """Return the 64-bit block encrypted under 8 key bytes."""
    t0, t1, t2, t3, t4, t5, t6, t7 = tables.merged
    fields = _eight_fields
    nibbles = block.to_bytes(8, "big").hex().encode().translate(_NIBBLE_OF_HEX)
    state = int.from_bytes(nibbles, "big")
    for round_key in _round_keys(key):
        a, b, c, d, e, f, g, h = fields((state + round_key).to_bytes(_SPREAD_LENGTH, "little"))
        state = t0[a] + t1[b] + t2[c] + t3[d] + t4[e] + t5[f] + t6[g] + t7[h]
    return int(state.to_bytes(16, "big").translate(_HEX_OF_NIBBLE), 16)


@cache
def _undoing(tables: StaTables) -> tuple[tuple[Table, ...], tuple[bytes, ...]]:
    """Return, for `decrypt`, the permutation back per byte and the inverse substitutions.

    The substitutions are four, by the choice of the upper and of the lower nibble of a byte.
    """
    back = tuple(
        [
            sum(
                1 << origin
                for origin, place in enumerate(tables.permutation)
                if place // 8 == octet and value >> place % 8 & 1
            )
            for value in range(256)
        ]
        for octet in range(8)
    )
    inverse = [
        [substitution.index(nibble) for nibble in range(16)]
        for substitution in (tables.first, tables.second)
    ]
    return back, tuple(
        bytes(inverse[upper][value >> 4] << 4 | inverse[lower][value & 15] for value in range(256))
        for upper in (0, 1)
        for lower in (0, 1)
    )


def decrypt(key: bytes, block: int, tables: StaTables) -> int:
    """Return the 64-bit block decrypted under 8 key bytes.

    Deliberately not built from `encrypt` or its tables: it steps back through the rounds with
    the key turned to where the last round had it, so that it can prove what `encrypt` made.
    """
    back, inverses = _undoing(tables)
    turning = ~int.from_bytes(key, "big") & _MASK
    turning = (turning >> 12 | turning << 52) & _MASK
    turning = (turning << _ROUNDS | turning >> 64 - _ROUNDS) & _MASK
    for _ in range(_ROUNDS):
        turning = turning >> 1 | (turning & 1) << 63
        moved = 0
        for octet, value in enumerate(block.to_bytes(8, "little")):
            moved += back[octet][value]
        block = int.from_bytes(
            [
                inverses[choice >> 6 & 2 | choice >> 3 & 1][value]
                for choice, value in zip(
                    turning.to_bytes(8, "little"), moved.to_bytes(8, "little"), strict=True
                )
            ],
            "little",
        )
    return block
