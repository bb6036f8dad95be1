"""A slip as one line of JSON, to cross a process boundary or wait in a queue.

`to_json` and `from_json` are inverse. What comes in is checked field by field: nothing but the
blocks of `layout`, with bounded lengths, leaves `from_json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any

from pos_app.application.slip.layout import (
    Align,
    Banner,
    Block,
    Code,
    Gap,
    Pair,
    Rule,
    Size,
    Slip,
    Text,
    TokenBlock,
)

LONGEST_TEXT = 2_000
MOST_BLOCKS = 1_000
MOST_STEPS = 9
WIDEST_GAP = 50.0
TOKEN_DIGITS = 20


class SlipUnreadable(ValueError):
    """Something is not a slip; the message names the place, never what stands there."""


Reader = Callable[[object], Any]


def _words(value: object) -> str:
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        value.encode("utf-8")  # a lone surrogate is a ValueError here, not at the printer
        return value
    raise ValueError


def _ascii(value: object) -> str:
    text = _words(value)
    if text.isascii() and text.isprintable():
        return text
    raise ValueError


def _digits(value: object) -> str:
    text = _ascii(value)
    if len(text) == TOKEN_DIGITS and text.isdigit():
        return text
    raise ValueError


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError


def _step(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_STEPS:
        return value
    raise ValueError


def _lines(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError  # noqa: TRY004 - one kind of refusal, caught by the block's reader
    if math.isfinite(value) and 0 <= value <= WIDEST_GAP:
        return float(value)
    raise ValueError


def _align(value: object) -> Align:
    return Align(_words(value))


def _size(value: object) -> Size:
    return Size(_words(value))


_BLOCKS: Mapping[str, tuple[type[Block], Mapping[str, Reader]]] = {
    "text": (Text, {"text": _words, "align": _align, "size": _size, "bold": _flag}),
    "pair": (Pair, {"label": _words, "value": _words, "size": _size, "bold": _flag}),
    "token": (TokenBlock, {"digits": _digits, "caption": _words, "step": _step}),
    "code": (Code, {"payload": _ascii, "caption": _words}),
    "banner": (Banner, {"text": _words}),
    "rule": (Rule, {}),
    "gap": (Gap, {"lines": _lines}),
}
_KIND: Mapping[type, str] = {made: kind for kind, (made, _) in _BLOCKS.items()}
_HEAD: Mapping[str, Reader] = {"title": _words, "language": _ascii, "right_to_left": _flag}


def to_json(slip: Slip) -> str:
    """Return `slip` as one line of ASCII JSON."""
    return json.dumps(
        {
            **{name: getattr(slip, name) for name in _HEAD},
            "blocks": [{"kind": _KIND[type(block)], **asdict(block)} for block in slip.blocks],
        }
    )


def from_json(line: str) -> Slip:
    """Read a slip back. Raises `SlipUnreadable` for anything `to_json` would not have written."""
    try:
        found = json.loads(line)
    except ValueError:
        raise SlipUnreadable("json") from None
    if not isinstance(found, dict) or set(found) != {*_HEAD, "blocks"}:
        raise SlipUnreadable("slip")
    blocks = found.pop("blocks")
    if not isinstance(blocks, list) or len(blocks) > MOST_BLOCKS:
        raise SlipUnreadable("blocks")
    return Slip(
        blocks=tuple(_block(entry, f"blocks.{at}") for at, entry in enumerate(blocks)),
        **_values(found, _HEAD, "slip"),
    )


def _block(entry: object, where: str) -> Block:
    kind = entry.get("kind") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(kind, str) or kind not in _BLOCKS:
        raise SlipUnreadable(where)
    made, readers = _BLOCKS[kind]
    given = {name: value for name, value in entry.items() if name != "kind"}
    if set(given) != {field.name for field in fields(made)}:
        raise SlipUnreadable(where)
    return made(**_values(given, readers, where))


def _values(given: dict[str, Any], readers: Mapping[str, Reader], where: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, read in readers.items():
        try:
            values[name] = read(given[name])
        except ValueError:
            raise SlipUnreadable(f"{where}.{name}") from None
    return values
