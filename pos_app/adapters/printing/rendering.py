"""From a slip to the bytes of one printer: text where its font suffices, drawn where not."""

from __future__ import annotations

from itertools import groupby

from pos_app.adapters.printing.escpos_text import SlipNotPrintable, TextPaper, text_slip
from pos_app.adapters.printing.paper import Paper, paper
from pos_app.adapters.printing.pieces import Digits, Piece, needs_drawing, pieces
from pos_app.application.printing import PrinterSettings, SlipMode
from pos_app.application.slip.layout import Gap, Pair, Slip, Text

LEAD = 6
"""Dots between a drawn line and a printed one below it.

A printer's letters stand at the top of their line, drawn ones in its middle: without a lead the
two touch.
"""


def slip_bytes(slip: Slip, settings: PrinterSettings) -> bytes:
    """Return `slip` as ESC/POS for the printer of `settings`.

    Raises `SlipNotPrintable`: text mode and a letter the printer's font has not, or a code that
    is longer than a QR code can be.
    """
    sheet = paper(settings.paper_mm)
    parts = pieces(slip)
    drawn = needs_drawing(parts)
    if settings.mode is SlipMode.RASTER:
        drawn = tuple(not isinstance(part, Digits | Gap) for part in parts)
    elif settings.mode is SlipMode.TEXT and any(drawn):
        raise SlipNotPrintable
    if not any(drawn):
        return text_slip(parts, sheet, right_to_left=slip.right_to_left, cut=settings.cut)
    return _mixed(slip, parts, drawn, sheet, cut=settings.cut)


def _mixed(
    slip: Slip, parts: tuple[Piece, ...], drawn: tuple[bool, ...], sheet: Paper, *, cut: bool
) -> bytes:
    """Bands of dots for the pieces that need them, the printer's font for the others."""
    from pos_app.adapters.printing.escpos_raster import bands  # noqa: PLC0415 - Qt, only if drawn

    written = TextPaper(sheet, right_to_left=slip.right_to_left)
    drawn_above = False
    for draw, run in groupby(zip(parts, drawn, strict=True), key=lambda each: each[1]):
        group = tuple(part for part, _ in run)
        if draw:
            bands(group, sheet, written)
        else:
            if drawn_above and isinstance(group[0], Text | Pair):
                written.feed(LEAD)
            for part in group:
                written.piece(part)
        drawn_above = draw
    written.end(cut=cut)
    return written.payload
