"""Slips against the least that could be done: ``python -m tests.bench.slip``.

Text: python-escpos' layout against bytes joined by hand. Raster: a slip drawn to packed dots
against bare QPainter lines on an image of the same size. Prints ratios (the gate) and times.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from statistics import median

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QImage, QPainter

from pos_app.adapters.printing.pieces import Digits, Piece, Symbol, pieces
from pos_app.adapters.printing.qt_slip import SlipPainter, dots, pdf
from pos_app.adapters.printing.qt_slip.drawing import FACES, LARGEST_DIGITS
from pos_app.adapters.printing.qt_slip.fonts import application, slip_font
from pos_app.adapters.printing.rendering import slip_bytes
from pos_app.application.printing import PrinterSettings
from pos_app.application.slip.layout import Pair, Text
from tests.adapters.printing.samples import PAYLOAD, arabic_sale, english_sale

TEXT_GOAL = 6.0
RASTER_GOAL = 1.5
ROUNDS = 60
WIDTH, HEIGHT = 576, 1400


def hand_built() -> bytes:
    """Thirty-five lines, styles, a rule, a QR code and a cut, with nothing decided."""
    out = [b"\x1b@", b"\x1b3 "]
    for number in range(35):
        out.append(b"\x1bE\x01" if number % 5 == 0 else b"\x1bE\x00")
        label, value = f"Energy, block {number}", f"{number}.50"
        out.append(f"{label}{value:>{48 - len(label)}}\n".encode("cp1252"))
    out.append(b"\x1dv0\x00\x48\x00\x02\x00" + b"\xff" * 144)
    payload = PAYLOAD.encode()
    length = (len(payload) + 3).to_bytes(2, "little")
    out += [b"\x1d(k\x03\x001C\x06", b"\x1d(k" + length + b"1P0" + payload, b"\x1d(k\x03\x001Q0"]
    out.append(b"\x1bd\x06\x1dV\x01")
    return b"".join(out)


def bare_painter(words: list[tuple[str, QFont]]) -> QImage:
    """Draw the same words in the same fonts with nothing but drawText, and make dots of them."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    for number, (text, font) in enumerate(words):
        painter.setFont(font)
        painter.drawText(0, 30 + number * 34, text)
    painter.end()
    image.convertTo(QImage.Format.Format_Mono)
    return image


def milliseconds(job: Callable[[], object]) -> float:
    """Return the median of `ROUNDS` runs."""
    job()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return median(times) * 1000


def words_of(part: Piece) -> list[tuple[str, QFont]]:
    match part:
        case Text():
            return [(part.text, slip_font(FACES[WIDTH][part.size].pixels, bold=part.bold))]
        case Pair():
            font = slip_font(FACES[WIDTH][part.size].pixels, bold=part.bold)
            return [(part.label, font), (part.value, font)]
        case Digits():
            return [(row, slip_font(LARGEST_DIGITS, bold=True)) for row in part.rows]
        case _:
            return []


def main() -> int:
    application()
    english, arabic, wide = english_sale(), arabic_sale(), PrinterSettings()
    drawn = tuple(part for part in pieces(english) if not isinstance(part, Symbol))
    words = [pair for part in drawn for pair in words_of(part)]
    hand = milliseconds(hand_built)
    text = milliseconds(lambda: slip_bytes(english, wide))
    bare = milliseconds(lambda: bare_painter(words))
    raster = milliseconds(lambda: dots(drawn, WIDTH, right_to_left=False))
    live = milliseconds(lambda: live_slip(SlipPainter(80)))
    print(f"text slip    {text:7.2f} ms   by hand   {hand:6.2f} ms   x{text / hand:.1f}")
    print(f"raster slip  {raster:7.2f} ms   QPainter  {bare:6.2f} ms   x{raster / bare:.1f}")
    print(f"arabic slip  {milliseconds(lambda: slip_bytes(arabic, wide)):7.2f} ms")
    print(f"live slip    {live:7.2f} ms   pdf {milliseconds(lambda: pdf(english, 80)):.2f} ms")
    print(f"bytes: text {len(slip_bytes(english, wide))}, arabic {len(slip_bytes(arabic, wide))}")
    print(f"load {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    return int(text > TEXT_GOAL * hand or raster > RASTER_GOAL * bare)


def live_slip(slips: SlipPainter) -> None:
    image = QImage(360, 900, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    slips.paint(painter, english_sale(), 360)
    painter.end()


if __name__ == "__main__":
    sys.exit(main())
