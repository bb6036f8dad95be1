"""EA11, the MISTY1 cipher: 128-bit key, 64-bit block, 8 rounds. Source: RFC 2994.

A block is a big-endian number, a key 16 bytes in natural order; a "word" has 16 bits.

`encrypt` merges the function FI into two tables of 65536 words: `_before_key` holds its first
two substitutions, `_after_key` the third, so FI(x, k) = after[before[x] ^ k]. `decrypt` runs the
inverse of every step with the RFC's own substitution tables, so that it can prove `encrypt`.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable
from functools import cache
from struct import Struct

from pos_app.resources import resource

_eight_words: Callable[[bytes], tuple[int, ...]] = Struct(">8H").unpack
_WORD = 0xFFFF


@cache
def substitutions() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return S7 (128 entries) and S9 (512 entries)."""
    read = json.loads(resource("sts", "misty1.json").read_text("utf-8"))
    return tuple(read["s7"]), tuple(read["s9"])


@cache
def merged() -> tuple[array[int], array[int]]:
    """Return the tables of FI before and after its key is mixed in, 65536 words each.

    Built in about 15 ms when the first EA11 token is made. Arrays, because lists of so many
    numbers would not stay in the processor's cache.
    """
    s7, s9 = substitutions()
    before, after = array("H"), array("H")
    for wide in s9:
        mixed = [wide ^ seven for seven in range(128)]
        before.extend((s7[seven] ^ mix & 0x7F) << 9 | mix for seven, mix in enumerate(mixed))
    for seven in range(128):
        after.extend(seven << 9 | wide ^ seven for wide in s9)
    return before, after


def encrypt(key: bytes, block: int) -> int:
    """Return the 64-bit block encrypted under 16 key bytes."""
    before, after = merged()
    k0, k1, k2, k3, k4, k5, k6, k7 = k = _eight_words(key)
    # expanded key: FI of every key word under the next one
    j0, j1 = after[before[k0] ^ k1], after[before[k1] ^ k2]
    j2, j3 = after[before[k2] ^ k3], after[before[k3] ^ k4]
    j4, j5 = after[before[k4] ^ k5], after[before[k5] ^ k6]
    j6, j7 = after[before[k6] ^ k7], after[before[k7] ^ k0]
    j = (j0, j1, j2, j3, j4, j5, j6, j7)
    a, b, c, d = block >> 48, block >> 32 & _WORD, block >> 16 & _WORD, block & _WORD
    for n in (0, 2, 4, 6):
        half = n >> 1
        # FL on both halves: a b with keys n, c d with keys n + 1
        b ^= a & k[half]
        a ^= b | j[half - 2]
        d ^= c & j[half + 2]
        c ^= d | k[half + 4]
        # FO of the left half under keys n, mixed into the right half
        x = after[before[a ^ k[n]] ^ j[n - 3]] ^ b
        y = after[before[b ^ k[n + 2 & 7]] ^ j[n + 1]] ^ x
        x = after[before[x ^ k[n - 1]] ^ j[n + 3 & 7]] ^ y
        c ^= y ^ k[n - 4]
        d ^= x
        # FO of the right half under keys n + 1, mixed into the left half
        x = after[before[c ^ k[n + 1]] ^ j[n - 2]] ^ d
        y = after[before[d ^ k[n + 3 & 7]] ^ j[n + 2 & 7]] ^ x
        x = after[before[x ^ k[n]] ^ j[n - 4]] ^ y
        a ^= y ^ k[n - 3]
        b ^= x
    b ^= a & k4
    a ^= b | j2
    d ^= c & j6
    c ^= d | k0
    return c << 48 | d << 32 | a << 16 | b


def _fi(word: int, key: int) -> int:
    s7, s9 = substitutions()
    nine, seven = word >> 7, word & 0x7F
    nine = s9[nine] ^ seven
    seven = s7[seven] ^ nine & 0x7F
    seven ^= key >> 9
    nine = s9[nine ^ key & 0x1FF] ^ seven
    return seven << 9 | nine


def _expanded(key: bytes) -> tuple[list[int], list[int]]:
    words = list(_eight_words(key))
    return words, [_fi(words[i], words[(i + 1) % 8]) for i in range(8)]


def _fo(half: int, n: int, k: list[int], j: list[int]) -> int:
    left, right = half >> 16, half & _WORD
    for word_key, fi_key in ((n, n + 5), (n + 2, n + 1), (n + 7, n + 3)):
        left, right = right, _fi(left ^ k[word_key % 8], j[fi_key % 8]) ^ right
    return (left ^ k[(n + 4) % 8]) << 16 | right


def _fl_back(half: int, n: int, k: list[int], j: list[int]) -> int:
    left, right = half >> 16, half & _WORD
    if n % 2 == 0:
        left ^= right | j[(n // 2 + 6) % 8]
        right ^= left & k[n // 2]
    else:
        left ^= right | k[(n // 2 + 4) % 8]
        right ^= left & j[(n // 2 + 2) % 8]
    return left << 16 | right


def decrypt(key: bytes, block: int) -> int:
    """Return the 64-bit block decrypted under 16 key bytes."""
    k, j = _expanded(key)
    right, left = block >> 32, block & 0xFFFFFFFF
    left, right = _fl_back(left, 8, k, j), _fl_back(right, 9, k, j)
    for n in (6, 4, 2, 0):
        left ^= _fo(right, n + 1, k, j)
        right ^= _fo(left, n, k, j)
        left, right = _fl_back(left, n, k, j), _fl_back(right, n + 1, k, j)
    return left << 32 | right
