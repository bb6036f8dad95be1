"""What stands on a slip, from top to bottom, before anyone knows the paper.

A slip is a column of blocks. Renderers turn the same blocks into ESC/POS text, ESC/POS raster,
PDF, PNG and the live picture on the till screen. Nothing here knows columns, dots or fonts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Align(StrEnum):
    """Where a line stands; `START` is the right edge in a right-to-left slip."""

    START = "start"
    CENTRE = "centre"
    END = "end"


class Size(StrEnum):
    """Three sizes carry a slip: fine print, body, and double height for what must be found."""

    FINE = "fine"
    BODY = "body"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Text:
    """A line of words; wraps between words when longer than the paper is wide."""

    text: str
    align: Align = Align.START
    size: Size = Size.BODY
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A label at the start and a value at the end of the same line; the value never wraps.

    When both do not fit on one line the label wraps above and the value keeps the last line.
    """

    label: str
    value: str
    size: Size = Size.BODY
    bold: bool = False


@dataclass(frozen=True, slots=True)
class TokenBlock:
    """A 20-digit token, double height, five groups of four over two lines; always left to right.

    `step` is the number of the order of entry (1, 2, 3 …) where several tokens belong together,
    `caption` what to do or what the meter shows after it.
    """

    digits: str
    caption: str = ""
    step: int | None = None

    def groups(self) -> tuple[str, ...]:
        """Return the five groups of four digits."""
        return tuple(self.digits[at : at + 4] for at in range(0, len(self.digits), 4))

    def __repr__(self) -> str:
        return f"TokenBlock(step={self.step})"


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of `payload` with a caption below; payload is ASCII."""

    payload: str
    caption: str = ""

    def __repr__(self) -> str:
        return "Code()"


@dataclass(frozen=True, slots=True)
class Banner:
    """A full-width inverted band that cannot be missed: TRAINING, NO VALUE; COPY 2."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Gap:
    """`lines` empty body lines; half lines are allowed where the paper can."""

    lines: float = 1.0


Block = Text | Pair | TokenBlock | Code | Banner | Rule | Gap


@dataclass(frozen=True, slots=True)
class Slip:
    """The blocks of one slip in printing order, its language and direction.

    `language` is a BCP 47 tag (``en``, ``ja``, ``ar``, ``hi``); `title` names the slip in a
    list and in a PDF's properties and holds no secret.
    """

    title: str
    blocks: tuple[Block, ...]
    language: str = "en"
    right_to_left: bool = False
