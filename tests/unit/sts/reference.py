"""Oracles: the ciphers, the checksum and the class bits step by step from the standard's text.

Slow on purpose: one bit or one nibble at a time, no tables but the published ones, and nothing
shared with the product but the data files.
"""

from __future__ import annotations

import json
from pathlib import Path

RESOURCES = Path(__file__).parents[3] / "resources" / "sts"
_MASK = (1 << 64) - 1


def sta_encrypt(key: int, block: int, name: str) -> int:
    """EA07: complement and turn the key, then 16 times substitute, permute, turn."""
    tables: dict[str, list[int]] = json.loads((RESOURCES / f"sta-{name}.json").read_text("utf-8"))
    key = ~key & _MASK
    key = (key >> 12 | key << 52) & _MASK
    for _ in range(16):
        substituted = 0
        for nibble in range(16):
            table = "second" if key >> 4 * nibble + 3 & 1 else "first"
            substituted |= tables[table][block >> 4 * nibble & 0xF] << 4 * nibble
        block = 0
        for bit in range(64):
            block |= (substituted >> bit & 1) << tables["permutation"][bit]
        key = (key << 1 | key >> 63) & _MASK
    return block


def misty1_encrypt(key: bytes, block: int) -> int:
    """EA11, after the pseudocode of RFC 2994, sections 2.2 and 2.3."""
    tables: dict[str, list[int]] = json.loads((RESOURCES / "misty1.json").read_text("utf-8"))

    def fi(word: int, word_key: int) -> int:
        nine, seven = word >> 7, word & 0x7F
        nine = tables["s9"][nine] ^ seven
        seven = tables["s7"][seven] ^ nine & 0x7F
        seven, nine = seven ^ word_key >> 9, nine ^ word_key & 0x1FF
        nine = tables["s9"][nine] ^ seven
        return seven << 9 | nine

    ek = [key[2 * i] * 256 + key[2 * i + 1] for i in range(8)]
    ek += [fi(ek[i], ek[(i + 1) % 8]) for i in range(8)]

    def fo(half: int, k: int) -> int:
        t0, t1 = half >> 16, half & 0xFFFF
        t0 = fi(t0 ^ ek[k], ek[(k + 5) % 8 + 8]) ^ t1
        t1 = fi(t1 ^ ek[(k + 2) % 8], ek[(k + 1) % 8 + 8]) ^ t0
        t0 = fi(t0 ^ ek[(k + 7) % 8], ek[(k + 3) % 8 + 8]) ^ t1
        return (t1 ^ ek[(k + 4) % 8]) << 16 | t0

    def fl(half: int, k: int) -> int:
        d0, d1 = half >> 16, half & 0xFFFF
        if k % 2 == 0:
            d1 ^= d0 & ek[k // 2]
            d0 ^= d1 | ek[(k // 2 + 6) % 8 + 8]
        else:
            d1 ^= d0 & ek[((k - 1) // 2 + 2) % 8 + 8]
            d0 ^= d1 | ek[((k - 1) // 2 + 4) % 8]
        return d0 << 16 | d1

    left, right = block >> 32, block & 0xFFFFFFFF
    for k in (0, 2, 4, 6):
        left, right = fl(left, k), fl(right, k + 1)
        right ^= fo(left, k)
        left ^= fo(right, k + 1)
    left, right = fl(left, 8), fl(right, 9)
    return right << 32 | left


def checksum(bits: str) -> int:
    """CRC over a string of bits whose length is a multiple of 8, the bytes exchanged."""
    register = 0xFFFF
    for start in range(0, len(bits), 8):
        for bit in reversed(bits[start : start + 8]):
            feedback = register & 1 ^ int(bit)
            register >>= 1
            if feedback:
                register ^= 0xA001
    return register % 256 * 256 + register // 256


def token_digits(body: str, cipher_block: int | None = None) -> str:
    """Digits of 50 body bits; `cipher_block` replaces the clear block when it is encrypted."""
    token_class, content = body[:2], body[2:]
    if cipher_block is None:
        clear = content + f"{checksum('000000' + body):016b}"
    else:
        clear = f"{cipher_block:064b}"
    bits = list(clear[::-1])  # bits[n] is bit n
    moved = bits[28] + bits[27]
    bits[28], bits[27] = token_class[0], token_class[1]
    return f"{int(moved + ''.join(reversed(bits)), 2):020d}"
