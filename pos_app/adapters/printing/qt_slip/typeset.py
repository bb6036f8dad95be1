"""Lines of words for drawn slips: any script, either direction, measured by their ink.

Unit: dots of 1/203 inch. The lines of a size keep one distance whatever the script, unless a
letter needs more room; fonts of some scripts claim twice the height that their letters use.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QGlyphRun, QTextLayout, QTextLine, QTextOption

ASCENT_SHARE = 0.77
"""Where the baseline lies in a line, from its top."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
EDGES = {"left": _LEFT, "right": _RIGHT, "centre": Qt.AlignmentFlag.AlignHCenter}
_STRONG_RIGHT = {"R", "AL"}
_EVEN_ENOUGH = 4.0
_BEYOND_LATIN = "\u0250"
_USUAL_HEIGHT = 1.5
_CLAIM = 0.9


@dataclass(frozen=True, slots=True)
class Row:
    """One line of words: its Qt line, how far its ink reaches up and down, its width."""

    line: QTextLine
    ascent: float
    descent: float
    width: float


@dataclass(frozen=True, slots=True)
class Words:
    """A text broken into rows; `layout` owns the rows and draws them all."""

    layout: QTextLayout
    rows: tuple[Row, ...]

    def stack(self, top: float, pitch: float) -> float:
        """Place the rows below `top`, one `pitch` apart; return where the next row may start."""
        for row in self.rows:
            ascent, height = room(row.ascent, row.descent, pitch)
            place(row, top + ascent)
            top += height
        return top


def room(ascent: float, descent: float, pitch: float) -> tuple[float, float]:
    """Return baseline and height of a line of `pitch` whose ink reaches `ascent`, `descent`."""
    base = max(ascent, pitch * ASCENT_SHARE)
    return round(base), round(base + max(descent, pitch * (1 - ASCENT_SHARE)))


def place(row: Row, baseline: float) -> None:
    """Put a row on its baseline."""
    row.line.setPosition(QPointF(row.line.position().x(), baseline - row.line.ascent()))


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: in a column from `left`, `width` wide, of a slip in its direction.

    `edge` is the column's ``left``, ``right`` or ``centre``.
    """

    width: float
    edge: str = "left"
    left: float = 0.0
    right_to_left: bool = False


def words(text: str, font: QFont, where: Place, *, even: bool = False) -> Words:
    """Break `text` into rows between words, inside a word only when it is too long.

    With `even` the rows are about equally long, so that no last word stands alone.
    """
    layout = QTextLayout(text, font)
    leads_right = leads_right_to_left(text, right_to_left=where.right_to_left)
    layout.setTextOption(_option(where.edge, leads_right))
    width = where.width
    lines = _broken(layout, width)
    if even and len(lines) > 1:
        width = _narrowest(layout, width, len(lines))
        lines = _broken(layout, width)
    spare = {"left": 0.0, "centre": 0.5, "right": 1.0}[where.edge] * (where.width - width)
    for line in lines:
        line.setPosition(QPointF(where.left + spare, 0))
    layout.endLayout()
    return Words(layout, tuple(_row(layout, line) for line in lines))


def _broken(layout: QTextLayout, width: float) -> list[QTextLine]:
    """Break a layout anew and leave it open."""
    layout.clearLayout()
    layout.beginLayout()
    lines: list[QTextLine] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        lines.append(line)
    return lines


def _narrowest(layout: QTextLayout, width: float, lines: int) -> float:
    """Return about the smallest width at which the text still takes `lines`."""
    low, high = width / lines * 0.8, width
    while high - low > _EVEN_ENOUGH:
        middle = (low + high) / 2
        if len(_broken(layout, middle)) > lines:
            low = middle
        else:
            high = middle
    return high


def leads_right_to_left(text: str, *, right_to_left: bool) -> bool:
    """Tell the direction of a text on its own line.

    In a right-to-left slip every text with a right-to-left letter runs that way; a text without
    one (a date, a sum with its unit) keeps its order. In other slips the first letter decides,
    as in HTML's ``dir=auto``.
    """
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in _STRONG_RIGHT:
            return True
        if kind == "L" and not right_to_left:
            return False
    return False


def _option(edge: str, leads_right: bool) -> QTextOption:  # noqa: FBT001 - private
    option = QTextOption(EDGES[edge])
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if leads_right else Qt.LayoutDirection.LeftToRight
    )
    return option


def _row(layout: QTextLayout, line: QTextLine) -> Row:
    if (
        max(layout.text(), default="") < _BEYOND_LATIN
    ):  # the usual slip: no need to look at its glyphs
        return Row(line, line.ascent() * _CLAIM, line.descent() * _CLAIM, line.naturalTextWidth())
    ascent = descent = 0.0
    for run in layout.glyphRuns(line.textStart(), line.textLength()):
        up, down = _ink(run)
        ascent = max(ascent, up)
        descent = max(descent, down)
    return Row(line, ascent, descent, line.naturalTextWidth())


def _ink(run: QGlyphRun) -> tuple[float, float]:
    """Return how far the ink of a run reaches above and below its baseline.

    Where the font's own claim fits into any line, the claim is enough; where it does not
    (Arabic), the letters that are there are measured.
    """
    font = run.rawFont()
    up, down = font.ascent(), font.descent()
    if up + down <= font.pixelSize() * _USUAL_HEIGHT:
        return up * _CLAIM, down * _CLAIM
    boxes = [font.boundingRect(glyph) for glyph in set(run.glyphIndexes())]
    base = [place.y() for place in run.positions()]
    sway = max(base) - min(base) if base else 0.0
    return (
        max((-box.top() for box in boxes), default=0.0) + sway,
        max((box.bottom() for box in boxes), default=0.0) + sway,
    )
