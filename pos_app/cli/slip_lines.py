"""A slip as lines for a terminal; codes and gaps are for paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pos_app.application.slip.layout import Banner, Pair, Rule, Slip, Text, TokenBlock

_COLUMNS: Final = 56


def slip_lines(slip: Slip) -> Iterator[str]:
    """Yield the lines of a slip, from top to bottom."""
    for block in slip.blocks:
        match block:
            case Pair(label=label, value=value):
                yield f"{label} {value:>{max(_COLUMNS - len(label) - 1, 1)}}"
            case TokenBlock(caption=caption):
                yield "  ".join(block.groups())
                if caption:
                    yield caption
            case Text(text=text):
                yield text
            case Banner(text=text):
                yield f"[{text}]"
            case Rule():
                yield "-" * _COLUMNS
