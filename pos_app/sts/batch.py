"""Many credit tokens at once, digit for digit the tokens of the single path.

With numpy the checksum, both ciphers and the digits run over arrays; key derivation stays per
meter. Without numpy the single path does all of it. numpy is imported on the first call only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pos_app.sts import misty1, sta
from pos_app.sts.checksum import shares
from pos_app.sts.encoding import credit_body, encode
from pos_app.sts.keys import KeyAttributes, VendingKey, derive_decoder_key
from pos_app.sts.kinds import CreditToken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Words = NDArray[np.uint64]
    Shorts = NDArray[np.uint16]

_CHUNK = 4096
"""Tokens per pass: their state stays in the second-level cache."""


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """One token to make: for the key that `attributes` describe."""

    attributes: KeyAttributes
    token: CreditToken


def credit_tokens(vending_key: VendingKey, requests: Sequence[CreditRequest]) -> list[str]:
    """Return the 20 digits of each request, in order; both encryption algorithms may be mixed.

    Raises as `derive_decoder_key` and `encode` do, before any token is returned.
    """
    try:
        import numpy as np  # noqa: F401, PLC0415 - optional, and never on the window's start-up
    except ImportError:
        return [
            encode(request.token, derive_decoder_key(vending_key, request.attributes))
            for request in requests
        ]
    made: list[str] = []
    for start in range(0, len(requests), _CHUNK):
        made += _chunk(vending_key, requests[start : start + _CHUNK])
    return made


def _chunk(vending_key: VendingKey, requests: Sequence[CreditRequest]) -> list[str]:
    import numpy as np  # noqa: PLC0415

    derive = vending_key.derive
    keys = [derive(request.attributes) for request in requests]
    bodies = np.array([credit_body(request.token) for request in requests], np.uint64)
    blocks = bodies << np.uint64(16) | _checksums(bodies)
    lengths = np.array([len(key) for key in keys])
    for length, encrypt in ((8, _encrypt_sta), (16, _encrypt_misty1)):
        chosen = np.flatnonzero(lengths == length)
        if len(chosen):
            blocks[chosen] = encrypt(b"".join([keys[at] for at in chosen]), blocks[chosen])
    return _digits(blocks)


@cache
def _share_tables() -> list[Words]:
    import numpy as np  # noqa: PLC0415

    return [np.array(share, np.uint64) for share in shares()]


def _checksums(bodies: Words) -> Words:
    """Return the checksums of credit tokens of class 0, subclass 0 to 3."""
    import numpy as np  # noqa: PLC0415

    octets = bodies.astype(">u8").view(np.uint8).reshape(-1, 8)
    total = np.zeros_like(bodies)
    for place, table in enumerate(_share_tables()):
        total ^= table.take(octets[:, place + 1])
    return total


@cache
def _sta_tables() -> list[Words]:
    """Return eight tables over a byte and two choices, in bits 8 and 12 of the index."""
    import numpy as np  # noqa: PLC0415

    index = np.arange(0x1200)
    spread_index = (index & 0xF0) << 4 | (index & 0x1000) | index & 0xF | index >> 4 & 0x10
    tables = []
    for merged in sta.tables_named(sta.OPERATIONAL).merged:
        octets = b"".join([merged[at].to_bytes(16, "big") for at in spread_index.tolist()])
        nibbles = np.frombuffer(octets, np.uint8).reshape(-1, 8, 2)
        packed = nibbles[:, :, 0] << 4 | nibbles[:, :, 1]
        tables.append(packed.copy().view(">u8").reshape(-1).astype(np.uint64))
    return tables


def _encrypt_sta(keys: bytes, blocks: Words) -> Words:
    """Return EA07 blocks; even and odd bytes are indexed apart, each with its choices above."""
    import numpy as np  # noqa: PLC0415

    tables = _sta_tables()
    one, rest = np.uint64(1), np.uint64(63)
    turning = ~np.frombuffer(keys, ">u8").astype(np.uint64)
    turning = turning >> np.uint64(12) | turning << np.uint64(52)
    octets, byte = np.uint64(0x00FF00FF00FF00FF), np.uint64(8)
    even_choices, even_shift = np.uint64(0x0088008800880088), np.uint64(5)
    odd_choices, odd_shift = np.uint64(0x1100110011001100), np.uint64(3)
    for _ in range(16):
        even = blocks & octets | (turning & even_choices) << even_shift
        odd = blocks >> byte & octets | turning >> odd_shift & odd_choices
        even_index, odd_index = even.view(np.uint16), odd.view(np.uint16)
        blocks = tables[0].take(even_index[0::4])
        blocks ^= tables[1].take(odd_index[0::4])
        for pair in (1, 2, 3):
            blocks ^= tables[2 * pair].take(even_index[pair::4])
            blocks ^= tables[2 * pair + 1].take(odd_index[pair::4])
        turning = turning << one | turning >> rest
    return blocks


@cache
def _misty1_tables() -> tuple[Shorts, Shorts]:
    import numpy as np  # noqa: PLC0415

    before, after = misty1.merged()
    return np.array(before, np.uint16), np.array(after, np.uint16)


def _encrypt_misty1(keys: bytes, blocks: Words) -> Words:
    """Return EA11 blocks: the steps of `misty1.encrypt` on columns of 16-bit words."""
    import numpy as np  # noqa: PLC0415

    before, after = _misty1_tables()
    k = np.frombuffer(keys, ">u2").astype(np.uint16).reshape(-1, 8).T.copy()
    j = [after.take(before.take(k[i]) ^ k[(i + 1) % 8]) for i in range(8)]
    a, b, c, d = blocks.astype(">u8").view(">u2").astype(np.uint16).reshape(-1, 4).T.copy()

    def fo(left: Shorts, right: Shorts, n: int) -> tuple[Shorts, Shorts]:
        x = after.take(before.take(left ^ k[n]) ^ j[(n + 5) % 8]) ^ right
        y = after.take(before.take(right ^ k[(n + 2) % 8]) ^ j[(n + 1) % 8]) ^ x
        x = after.take(before.take(x ^ k[(n + 7) % 8]) ^ j[(n + 3) % 8]) ^ y
        return y ^ k[(n + 4) % 8], x

    for n in (0, 2, 4, 6, 8):
        half = n // 2
        b = b ^ a & k[half]
        a = a ^ (b | j[(half + 6) % 8])
        d = d ^ c & j[(half + 2) % 8]
        c = c ^ (d | k[(half + 4) % 8])
        if n < 8:
            x, y = fo(a, b, n)
            c, d = c ^ x, d ^ y
            x, y = fo(c, d, n + 1)
            a, b = a ^ x, b ^ y
    columns = np.stack([c, d, a, b], axis=1).astype(">u2")
    return columns.view(">u8").reshape(-1).astype(np.uint64)


@cache
def _four_digits() -> NDArray[np.uint32]:
    import numpy as np  # noqa: PLC0415

    return np.frombuffer("".join(f"{n:04d}" for n in range(10_000)).encode(), np.uint32)


def _digits(blocks: Words) -> list[str]:
    """Return the 20 digits of class 0 tokens: class bits inserted, groups of four looked up.

    A 66-bit number is taken as upper * 10**10 + lower, and 2**64 as
    1844674407 * 10**10 + 3709551616.
    """
    import numpy as np  # noqa: PLC0415

    moved = blocks >> np.uint64(27) & np.uint64(3)
    cleared = blocks & ~np.uint64(3 << 27)
    ten_digits = np.uint64(10**10)
    lower = cleared % ten_digits + moved * np.uint64(3709551616)
    upper = cleared // ten_digits + moved * np.uint64(1844674407) + lower // ten_digits
    lower %= ten_digits
    groups = np.empty((len(blocks), 5), np.uint32)
    table = _four_digits()
    groups[:, 0] = table[upper // 1_000_000]
    groups[:, 1] = table[upper // 100 % 10_000]
    groups[:, 2] = table[upper % 100 * 100 + lower // 100_000_000]
    groups[:, 3] = table[lower // 10_000 % 10_000]
    groups[:, 4] = table[lower % 10_000]
    text = groups.tobytes().decode("ascii")
    return [text[start : start + 20] for start in range(0, len(text), 20)]
