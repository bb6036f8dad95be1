"""Canonical JSON read by a quick library, with the very verdicts of `pos_app.exchange.canonical`.

The server reads millions of lines. What msgspec reads and writes again to the same bytes is
canonical where its ways and the exact reader's are the same, and only that is taken from it:

- an object, fewer than `_MOST_NESTED` brackets (the exact reader's depth ends near 1,000),
- no fraction, and no number of 16 digits or more: 2^53 - 1 has 16,
- no name outside ASCII, where all orders of names are one.

Everything else is read again by the exact reader, and every refusal is its own.
"""

from __future__ import annotations

import re
from typing import Any, Final

from msgspec import MsgspecError
from msgspec.json import Decoder, Encoder

from pos_app.exchange.canonical import read_canonical

_MOST_NESTED: Final = 500


def _fraction(digits: str) -> float:
    raise ValueError(digits)


_READ: Final = Decoder(float_hook=_fraction).decode
_WRITE: Final = Encoder(order="sorted").encode
_SHAPES: Final = bytes.maketrans(b"123456789-[,", b"0000000000::")
_LARGE: Final = b":" + b"0" * 16
"""How a number of 16 digits begins in the shape of a text; parts of strings may look like it."""
_NAME: Final = re.compile(rb'[\x80-\xff](?:[^"\\]|\\.)*+"(:?)', re.DOTALL)
"""The rest of a string from its first byte outside ASCII, and the colon after a name."""


def read_quickly(raw: bytes) -> Any:
    """Return what `read_canonical` returns, or raise what it raises."""
    try:
        value = _READ(raw)
        if _WRITE(value) == raw and _plain(raw):
            return value
    except (MsgspecError, ValueError, RecursionError):
        pass  # the exact reader says what is wrong
    return read_canonical(raw)


def _plain(raw: bytes) -> bool:
    """Tell whether both readers have one way with these canonical bytes."""
    return (
        raw.startswith(b"{")
        and _LARGE not in raw.translate(_SHAPES)
        and (raw.isascii() or b":" not in _NAME.findall(raw))
        and (len(raw) < 2 * _MOST_NESTED or raw.count(b"{") + raw.count(b"[") < _MOST_NESTED)
    )
