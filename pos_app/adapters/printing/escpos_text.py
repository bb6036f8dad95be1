"""Pieces of a slip in the printer's own font, as ESC/POS bytes.

Two fonts (A for body, B for fine print), double height for what must be found, double width and
height for tokens, white on black for banners, the printer's own QR code, and rules two dots high,
sent as dots so that they look as on the screen. Distances are dots of 1/203 inch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pos_app.adapters.printing.columns import pair, wrap, wrap_evenly
from pos_app.adapters.printing.commands import Commands, new_commands
from pos_app.adapters.printing.paper import Paper
from pos_app.adapters.printing.pieces import Digits, Piece, StepLine, Symbol
from pos_app.adapters.printing.plain import CODE_PAGE, as_plain
from pos_app.adapters.printing.qr_size import Level, qr_size
from pos_app.application.slip.layout import Align, Banner, Gap, Pair, Rule, Size, Text

LINE_DOTS = {Size.FINE: 24, Size.BODY: 32, Size.LARGE: 58}
TOKEN_LINE_DOTS = 30
"""Per times of size."""
LARGEST_DIGITS = 3
"""Three groups of four fill a line of 48 columns at three times, of 32 at two times the size."""
RULE_DOTS = 2
RULE_SPACE = 10
BANNER_SPACE = 8
TOKEN_SPACE = 6
QUIET_MODULES = 3
"""White above and below a QR code; the feed of the lines around it adds the fourth."""
LONGEST_FEED = 255
LINES_BELOW = 4
"""Without a knife: from the head to the tear bar."""

_RESET = b"\x1b@"
_WESTERN = b"\x1c."
"""FS ``.`` ends the two-byte mode in which East Asian models start up."""
_QR_LEVEL = {Level.L: 0, Level.M: 1}


class SlipNotPrintable(Exception):
    """A slip has a letter that this means cannot write, or a code longer than a QR code."""


@dataclass(frozen=True, slots=True)
class Style:
    """How the next characters look; `None` is whatever a reset printer does."""

    align: str = "left"
    font: str = "a"
    bold: bool = False
    wide: int = 1
    high: int = 1
    invert: bool = False
    spacing: int | None = None


_BODY = Style(spacing=LINE_DOTS[Size.BODY])


@cache
def style_of(size: Size, *, bold: bool = False, align: str = "left") -> Style:
    """Return the style of a text of `size`."""
    return Style(
        align=align,
        font="b" if size is Size.FINE else "a",
        bold=bold,
        high=2 if size is Size.LARGE else 1,
        spacing=LINE_DOTS[size],
    )


def _graphic(rows: bytes, row_bytes: int) -> bytes:
    """Return one GS v 0 command."""
    height = len(rows) // row_bytes
    head = b"\x1dv0\x00" + row_bytes.to_bytes(2, "little") + height.to_bytes(2, "little")
    return head + rows


class TextPaper:
    """Writes pieces of one slip; `payload` is everything written so far."""

    def __init__(self, paper: Paper, *, right_to_left: bool = False) -> None:
        self._paper = paper
        self.right_to_left = right_to_left
        self._commands: Commands = new_commands()
        self._style = Style()
        self._western = False
        self._begun = False
        self._raw(_RESET)

    @property
    def payload(self) -> bytes:
        """The bytes of the slip."""
        return self._commands.output

    def graphic(self, rows: bytes, row_bytes: int) -> None:
        """Append dots from the left edge; `rows` are whole rows of `row_bytes`, 1 is black."""
        self._set(replace(self._style, align="left"))
        self._raw(_graphic(rows, row_bytes))

    def feed(self, dots: int) -> None:
        """Move the paper by `dots`."""
        while dots > 0:
            step = min(dots, LONGEST_FEED)
            self._raw(b"\x1bJ" + bytes([step]))
            dots -= step

    def piece(self, piece: Piece) -> None:
        """Write one piece. Raises `SlipNotPrintable` for letters the font has not."""
        write: dict[type, Callable[[Any], None]] = {
            Text: self._text,
            Pair: self._pair,
            StepLine: self._step_line,
            Digits: self._digits,
            Banner: self._banner,
            Symbol: self._symbol,
            Rule: self._rule,
            Gap: self._gap,
        }
        write[type(piece)](piece)
        self._begun = True

    def end(self, *, cut: bool) -> None:
        """Feed the slip out, cut it where there is a knife and leave the printer as found."""
        self._set(_BODY)  # whose line distance the feed counts in
        if cut:
            self._commands.cut("PART")
        else:
            self._raw(b"\x1bd" + bytes([LINES_BELOW]))
        self._raw(_RESET)

    def _raw(self, command: bytes) -> None:
        self._commands._raw(command)  # noqa: SLF001 - the library's own way for raw bytes

    def _text(self, piece: Text) -> None:
        style = style_of(piece.size, bold=piece.bold, align=self._edge(piece.align))
        broken = wrap_evenly if piece.align is Align.CENTRE else wrap
        for line in broken(self._plain(piece.text), self._paper.columns(piece.size)):
            self._line(line, style)

    def _pair(self, piece: Pair) -> None:
        style = style_of(piece.size, bold=piece.bold)
        rows = pair(
            self._plain(piece.label),
            self._plain(piece.value),
            self._paper.columns(piece.size),
            right_to_left=self.right_to_left,
        )
        for line in rows:
            self._line(line, style)

    def _step_line(self, piece: StepLine) -> None:
        style = replace(_BODY, bold=True, align=self._edge(Align.START))
        badge = "" if piece.step is None else f" {piece.step} "
        indent = len(badge) + bool(badge)
        room = self._paper.columns(Size.BODY) - indent
        lines = wrap_evenly(self._plain(piece.caption), room)
        if badge and self.right_to_left:
            self._write(f"{lines[0]} ", style)
            self._line(badge, replace(style, invert=True))
        elif badge:
            self._write(badge, replace(style, invert=True))
            self._line(f" {lines[0]}", style)
        else:
            self._line(lines[0], style)
        for line in lines[1:]:
            blank = " " * indent
            self._line(line + blank if self.right_to_left else blank + line, style)

    def _digits(self, piece: Digits) -> None:
        length, columns = len(piece.rows[0]), self._paper.columns(Size.BODY)
        times = min(columns // length, LARGEST_DIGITS)
        style = replace(_BODY, bold=True, wide=times, high=times, spacing=times * TOKEN_LINE_DOTS)
        margin = " " * ((columns // times - length) // 2)
        self.feed(TOKEN_SPACE)
        for row in piece.rows:
            self._line(margin + row, style)

    def _banner(self, piece: Banner) -> None:
        text, columns = self._plain(piece.text), self._paper.columns(Size.BODY)
        wide = 2 if len(text) <= columns // 2 - 2 else 1
        style = replace(_BODY, bold=True, wide=wide, high=2, invert=True, spacing=48)
        if self._begun:
            self.feed(BANNER_SPACE)
        for line in wrap_evenly(text, columns // wide - 2):
            self._line(line.center(columns // wide), style)
        self.feed(BANNER_SPACE)

    def _symbol(self, piece: Symbol) -> None:
        size = qr_size(piece.payload, self._paper.dots)
        if size is None:
            raise SlipNotPrintable
        quiet = QUIET_MODULES * size.module_dots
        self.feed(quiet)
        self._set(replace(self._style, align="center"))
        self._commands.qr(piece.payload, _QR_LEVEL[size.level], size.module_dots, native=True)
        self.feed(quiet)

    def _gap(self, piece: Gap) -> None:
        self.feed(round(piece.lines * LINE_DOTS[Size.BODY]))

    def _rule(self, _piece: Rule) -> None:
        row_bytes = self._paper.dots // 8
        self.feed(RULE_SPACE)
        self.graphic(b"\xff" * row_bytes * RULE_DOTS, row_bytes)
        self.feed(RULE_SPACE)

    def _edge(self, align: Align) -> str:
        if align is Align.CENTRE:
            return "center"
        return "right" if (align is Align.END) != self.right_to_left else "left"

    def _plain(self, text: str) -> str:
        plain = as_plain(text)
        if plain is None:
            raise SlipNotPrintable
        if not plain.isascii() and not self._western:
            self._western = True
            self._raw(_WESTERN)
            self._commands.charcode("CP1252")
        return plain

    def _line(self, text: str, style: Style) -> None:
        self._write(f"{text}\n", style)

    def _write(self, text: str, style: Style) -> None:
        self._set(style)
        self._raw(text.encode(CODE_PAGE))  # strict, where the library would print "?"

    def _set(self, style: Style) -> None:
        if style is self._style:
            return
        for change in _changes(self._style, style):
            self._commands.set(**change)
        if style.spacing is not None and style.spacing != self._style.spacing:
            self._commands.line_spacing(style.spacing)
        self._style = style


def _changes(old: Style, new: Style) -> Iterator[dict[str, object]]:
    if (new.wide, new.high) != (old.wide, old.high):
        yield {"custom_size": True, "width": new.wide, "height": new.high}
    for name in ("font", "bold", "invert", "align"):
        if getattr(new, name) != getattr(old, name):
            yield {name: getattr(new, name)}


def drawer_pulse() -> bytes:
    """Return the pulse that opens a cash drawer on pin 2 (ESC p)."""
    commands = new_commands()
    commands.cashdraw(2)
    return commands.output


def text_slip(
    pieces: tuple[Piece, ...], paper: Paper, *, right_to_left: bool = False, cut: bool = True
) -> bytes:
    """Return a slip in the printer's own font. Raises `SlipNotPrintable`."""
    sheet = TextPaper(paper, right_to_left=right_to_left)
    for piece in pieces:
        sheet.piece(piece)
    sheet.end(cut=cut)
    return sheet.payload
