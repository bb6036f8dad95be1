"""Pieces of a slip as marks on a sheet: where every word, rule, band and module goes.

The sheet is as wide as the paper's dots; whoever paints scales it. Large sizes carry what must
be found (token, total), one rule weight, one rhythm of lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from pos_app.adapters.printing.escpos_text import (
    BANNER_SPACE,
    QUIET_MODULES,
    RULE_DOTS,
    RULE_SPACE,
    TOKEN_SPACE,
    SlipNotPrintable,
)
from pos_app.adapters.printing.paper import NARROW, WIDE
from pos_app.adapters.printing.pieces import Digits, Piece, StepLine, Symbol
from pos_app.adapters.printing.qr_size import qr_size
from pos_app.adapters.printing.qt_slip.fonts import slip_font
from pos_app.adapters.printing.qt_slip.typeset import Place, Words, place, room, words
from pos_app.application.slip.layout import Align, Banner, Gap, Pair, Rule, Size, Text


@dataclass(frozen=True, slots=True)
class Face:
    """The letters of a size: pixels of an em, distance of lines."""

    pixels: int
    pitch: int


FACES = {
    WIDE.dots: {Size.FINE: Face(21, 28), Size.BODY: Face(26, 36), Size.LARGE: Face(40, 54)},
    NARROW.dots: {Size.FINE: Face(19, 26), Size.BODY: Face(24, 33), Size.LARGE: Face(34, 46)},
}
PAIR_GAP = 16
BANNER_PIXELS = 36
BANNER_PITCH = 46
BANNER_PADDING = 10
BADGE = 40
BADGE_GAP = 12
LARGEST_DIGITS = 66
DIGITS_WIDTH = 8.0
"""Ems that a row of three groups takes, spaces included; measured in bold with some room."""
GROUP_SPACE = 0.22
DIGITS_PITCH = 1.16
DIGIT_HEIGHT = 0.714
"""Of an em, in the bundled font: centres a number in its badge."""


@dataclass(frozen=True, slots=True)
class WordsMark:
    """Words in ink, or in the colour of the paper when `inverted`."""

    words: Words
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class AreaMark:
    """A filled area; round when it is a badge."""

    area: QRectF
    round: bool = False


@dataclass(frozen=True, slots=True)
class CodeMark:
    """A QR code: its rows of modules, its middle, its top and the dots of a module."""

    rows: tuple[bytes, ...]
    middle: float
    top: float
    module: int


Mark = WordsMark | AreaMark | CodeMark


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks on a sheet of `width` by `height` dots."""

    marks: tuple[Mark, ...]
    width: float
    height: float


def draw(pieces: tuple[Piece, ...], dots: int, *, right_to_left: bool) -> Drawing:
    """Place `pieces` below one another. Raises `SlipNotPrintable` for an oversized code."""
    sheet = _Sheet(dots, right_to_left=right_to_left)
    for piece in pieces:
        sheet.add(piece)
    return Drawing(tuple(sheet.marks), dots, sheet.bottom)


class _Sheet:
    def __init__(self, dots: int, *, right_to_left: bool) -> None:
        self._dots = dots
        self._right_to_left = right_to_left
        self._faces = FACES[dots]
        self.bottom = 0.0
        self.marks: list[Mark] = []

    def add(self, piece: Piece) -> None:
        place: dict[type, Callable[[Any], None]] = {
            Text: self._text,
            Pair: self._pair,
            StepLine: self._step_line,
            Digits: self._digits,
            Banner: self._banner,
            Symbol: self._symbol,
            Rule: self._rule,
            Gap: self._gap,
        }
        place[type(piece)](piece)

    def _gap(self, piece: Gap) -> None:
        self.bottom += round(piece.lines * self._faces[Size.BODY].pitch)

    def _rule(self, _piece: Rule) -> None:
        area = QRectF(0, self.bottom + RULE_SPACE, self._dots, RULE_DOTS)
        self.marks.append(AreaMark(area))
        self.bottom += 2 * RULE_SPACE + RULE_DOTS

    def _edge(self, align: Align) -> str:
        if align is Align.CENTRE:
            return "centre"
        return "right" if (align is Align.END) != self._right_to_left else "left"

    def _place(self, align: Align, left: float = 0.0, width: float | None = None) -> Place:
        return Place(width or self._dots, self._edge(align), left, self._right_to_left)

    def _text(self, piece: Text) -> None:
        face = self._faces[piece.size]
        font = slip_font(face.pixels, bold=piece.bold)
        even = piece.align is Align.CENTRE
        text = words(piece.text, font, self._place(piece.align), even=even)
        self.bottom = text.stack(self.bottom, face.pitch)
        self.marks.append(WordsMark(text))

    def _pair(self, piece: Pair) -> None:
        face = self._faces[piece.size]
        font = slip_font(face.pixels, bold=piece.bold)
        value = words(piece.value, font, self._place(Align.END))
        label = self._label(piece.label, font, value)
        self.marks += [WordsMark(label), WordsMark(value)]
        together = (
            label.rows
            and value.rows
            and label.rows[-1].width + PAIR_GAP + value.rows[0].width <= self._dots
        )
        if not together:
            self.bottom = label.stack(self.bottom, face.pitch)
            self.bottom = value.stack(self.bottom, face.pitch)
            return
        self.bottom = Words(label.layout, label.rows[:-1]).stack(self.bottom, face.pitch)
        last, first = label.rows[-1], value.rows[0]
        ascent, descent = max(last.ascent, first.ascent), max(last.descent, first.descent)
        base, height = room(ascent, descent, face.pitch)
        place(last, self.bottom + base)
        place(first, self.bottom + base)
        self.bottom += height
        self.bottom = Words(value.layout, value.rows[1:]).stack(self.bottom, face.pitch)

    def _label(self, text: str, font: QFont, value: Words) -> Words:
        """Set a label beside its value, over several lines if no word of it is cut."""
        beside = self._dots - PAIR_GAP - max((row.width for row in value.rows), default=0.0)
        metrics = QFontMetricsF(font)
        longest = max(map(metrics.horizontalAdvance, text.split()), default=0.0)
        if longest > beside:
            return words(text, font, self._place(Align.START), even=True)
        left = self._dots - beside if self._right_to_left else 0
        return words(text, font, self._place(Align.START, left, beside), even=True)

    def _step_line(self, piece: StepLine) -> None:
        self.bottom += TOKEN_SPACE
        face, top = self._faces[Size.BODY], self.bottom
        indent = 0 if piece.step is None else BADGE + BADGE_GAP
        left = 0 if self._right_to_left else indent
        where = self._place(Align.START, left, self._dots - indent)
        text = words(piece.caption, slip_font(face.pixels, bold=True), where, even=True)
        self.marks.append(WordsMark(text))
        if piece.step is None:
            self.bottom = text.stack(top, face.pitch)
            return
        below = text.stack(top + round((BADGE - face.pitch) / 2), face.pitch)
        self._badge(str(piece.step), top)
        self.bottom = max(below, top + BADGE)

    def _badge(self, number: str, top: float) -> None:
        left = self._dots - BADGE if self._right_to_left else 0
        self.marks.append(AreaMark(QRectF(left, top, BADGE, BADGE), round=True))
        font = slip_font(self._faces[Size.BODY].pixels, bold=True)
        text = words(number, font, Place(BADGE, "centre", left))
        place(text.rows[0], round(top + (BADGE + DIGIT_HEIGHT * font.pixelSize()) / 2))
        self.marks.append(WordsMark(text, inverted=True))

    def _digits(self, piece: Digits) -> None:
        pixels = min(LARGEST_DIGITS, int(self._dots / DIGITS_WIDTH))
        font = slip_font(pixels, bold=True, word_space=round(pixels * GROUP_SPACE))
        first = words(piece.rows[0], font, Place(self._dots))
        indent = round((self._dots - first.rows[0].width) / 2)
        self.bottom += TOKEN_SPACE
        for row in piece.rows:
            text = words(row, font, Place(self._dots - indent, "left", indent))
            self.bottom = text.stack(self.bottom, round(pixels * DIGITS_PITCH))
            self.marks.append(WordsMark(text))
        self.bottom += TOKEN_SPACE

    def _banner(self, piece: Banner) -> None:
        where = self._place(Align.CENTRE, BANNER_PADDING, self._dots - 2 * BANNER_PADDING)
        text = words(piece.text, slip_font(BANNER_PIXELS, bold=True), where, even=True)
        top = self.bottom + BANNER_SPACE if self.bottom else 0.0
        self.bottom = text.stack(top + BANNER_PADDING, BANNER_PITCH) + BANNER_PADDING
        self.marks.append(AreaMark(QRectF(0, top, self._dots, self.bottom - top)))
        self.marks.append(WordsMark(text, inverted=True))
        self.bottom += BANNER_SPACE

    def _symbol(self, piece: Symbol) -> None:
        size = qr_size(piece.payload, self._dots)
        if size is None:
            raise SlipNotPrintable
        from pos_app.adapters.printing.qt_slip.codes import qr_rows  # noqa: PLC0415 - slow to load

        rows = qr_rows(piece.payload, size.level)
        quiet = QUIET_MODULES * size.module_dots
        middle = self._dots / 2
        self.marks.append(CodeMark(rows, middle, self.bottom + quiet, size.module_dots))
        self.bottom += len(rows) * size.module_dots + 2 * quiet
