"""Drawn pieces of a slip as bands of dots for a printer (GS v 0).

Dots are heavy (72 bytes a row on wide paper), so blank rows are fed instead of sent, and a
band is only as wide as its ink.
"""

from __future__ import annotations

from pos_app.adapters.printing.escpos_text import TextPaper
from pos_app.adapters.printing.paper import Paper
from pos_app.adapters.printing.pieces import Piece
from pos_app.adapters.printing.qt_slip import dots

TALLEST_BAND = 255
"""Rows per command; printers with little memory choke on more."""
WORTH_FEEDING = 3
"""Blank rows fewer than this are sent: a command costs 11 bytes and a stop of the motor."""


def bands(pieces: tuple[Piece, ...], sheet: Paper, written: TextPaper) -> None:
    """Draw `pieces` and append them to `written` as feeds and bands."""
    rows = dots(pieces, sheet.dots, right_to_left=written.right_to_left)
    blank = bytes(sheet.dots // 8)
    start = 0
    while start < len(rows):
        empty = rows[start] == blank
        end = start + 1
        while end < len(rows) and _same_kind(rows, end, blank, empty=empty):
            end += 1
        if empty:
            written.feed(end - start)
        else:
            _band(rows[start:end], written)
        start = end


def _same_kind(rows: list[bytes], at: int, blank: bytes, *, empty: bool) -> bool:
    """Tell whether row `at` goes on with the feed or band before it."""
    if empty:
        return rows[at] == blank
    return rows[at : at + WORTH_FEEDING] != [blank] * min(WORTH_FEEDING, len(rows) - at)


def _band(rows: list[bytes], written: TextPaper) -> None:
    width = max(len(row.rstrip(b"\0")) for row in rows)
    for start in range(0, len(rows), TALLEST_BAND):
        part = rows[start : start + TALLEST_BAND]
        written.graphic(b"".join(row[:width] for row in part), width)
