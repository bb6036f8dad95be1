"""A slip in pieces that are printed one below the other, each by one means.

A token becomes its step line and its digits, a code its symbol and its caption: so a caption in
Hindi can be drawn while the digits above it stay in the printer's own font.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pos_app.adapters.printing.plain import as_plain
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

FIRST_ROW_GROUPS = 3


@dataclass(frozen=True, slots=True)
class StepLine:
    """What to do with the token below; `step` is its place in the order of entry."""

    step: int | None
    caption: str


@dataclass(frozen=True, slots=True)
class Digits:
    """The two rows of a token: three groups of four, then two."""

    rows: tuple[str, str]

    def __repr__(self) -> str:
        return "Digits()"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code without its caption."""

    payload: str

    def __repr__(self) -> str:
        return "Symbol()"


Piece = Text | Pair | StepLine | Digits | Symbol | Banner | Rule | Gap


def pieces(slip: Slip) -> tuple[Piece, ...]:
    """Return the pieces of `slip` from top to bottom."""
    return tuple(piece for block in slip.blocks for piece in _of(block))


def _of(block: Block) -> Iterator[Piece]:
    match block:
        case TokenBlock():
            if block.step is not None or block.caption:
                yield StepLine(block.step, block.caption)
            groups = block.groups()
            first, second = groups[:FIRST_ROW_GROUPS], groups[FIRST_ROW_GROUPS:]
            yield Digits((" ".join(first), " ".join(second)))
        case Code():
            yield Symbol(block.payload)
            if block.caption:
                yield Text(block.caption, Align.CENTRE, Size.FINE)
        case _:
            yield block


def needs_drawing(pieces: tuple[Piece, ...]) -> tuple[bool, ...]:
    """Tell for each piece whether the printer's own font lacks a letter of it.

    Pairs that follow one another are a table and share one font: one label drawn, all drawn.
    """
    drawn = [any(as_plain(words) is None for words in _words(piece)) for piece in pieces]
    start = 0
    while start < len(pieces):
        end = start + 1
        if isinstance(pieces[start], Pair):
            while end < len(pieces) and isinstance(pieces[end], Pair):
                end += 1
            drawn[start:end] = [any(drawn[start:end])] * (end - start)
        start = end
    return tuple(drawn)


def _words(piece: Piece) -> tuple[str, ...]:
    match piece:
        case Text(text=text) | Banner(text=text):
            return (text,)
        case Pair(label=label, value=value):
            return (label, value)
        case StepLine(caption=caption):
            return (caption,)
        case _:
            return ()
