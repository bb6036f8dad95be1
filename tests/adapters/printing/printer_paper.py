"""Paper as an ESC/POS printer would leave it: an interpreter of its own, for tests.

Written from Epson's command reference, not from the renderers. It knows the commands that slips
may use, and refuses every other one, so that a stray byte is a failed test. Text becomes a
picture and lines of words, with the size each was printed in; QR codes are drawn with segno.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import segno
from PIL import Image, ImageDraw, ImageFont

CELL = {"a": (12, 24), "b": (9, 17)}
CODE_PAGES = {0: "cp437", 16: "cp1252", 19: "cp858"}
MONO_FONT = "DejaVuSansMono.ttf"


@dataclass(frozen=True)
class PrintedLine:
    text: str
    wide: int
    high: int
    bold: bool
    invert: bool
    top: int


@dataclass
class PrinterPaper:
    """What lies in front of the printer after `feed_bytes`."""

    dots: int
    lines: list[PrintedLine] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    cuts: int = 0
    pulses: int = 0
    queries: list[bytes] = field(default_factory=list)
    graphic_rows: int = 0
    height: int = 0
    lost: list[str] = field(default_factory=list)
    _marks: list[tuple[int, int, Image.Image]] = field(default_factory=list)

    def text(self) -> str:
        """All lines of words, as printed, from top to bottom."""
        return "\n".join(line.text for line in self.lines)

    def image(self) -> Image.Image:
        paper = Image.new("L", (self.dots, max(self.height, 1)), 255)
        for left, top, mark in self._marks:
            paper.paste(0, (left, top), mark)
        return paper

    def mark(self, left: int, top: int, mask: Image.Image) -> None:
        if left + mask.width > self.dots:
            self.lost.append(f"ink beyond the paper at row {top}")
        self._marks.append((left, top, mask))


class Printer:
    """Reads a byte stream command by command."""

    def __init__(self, dots: int) -> None:
        self.paper = PrinterPaper(dots)
        self._reset()

    def feed_bytes(self, stream: bytes) -> PrinterPaper:
        source = io.BytesIO(stream)
        while byte := source.read(1):
            if byte == b"\x1b":
                self._escape(source)
            elif byte == b"\x1d":
                self._group(source)
            elif byte == b"\x1c":
                assert source.read(1) == b".", "unknown FS command"
                self._two_byte = False
            elif byte == b"\x10":
                self.paper.queries.append(byte + source.read(2))
            elif byte == b"\n":
                self._line_feed()
            else:
                assert byte >= b" ", f"unknown control byte {byte!r}"
                assert byte < b"\x80" or not self._two_byte, "a two-byte character was begun"
                self._pending.append((byte.decode(CODE_PAGES[self._page]), dict(self._style)))
        return self.paper

    def _reset(self) -> None:
        self._style: dict[str, Any] = {
            "font": "a", "bold": False, "wide": 1, "high": 1, "invert": False,
        }  # fmt: skip
        self._align, self._page, self._spacing, self._two_byte = 0, 0, 30, True
        self._pending: list[tuple[str, dict[str, Any]]] = []
        self._qr: dict[str, Any] = {}

    def _escape(self, source: io.BytesIO) -> None:
        command = source.read(1)
        if command == b"@":
            self._reset()
            return
        value = source.read(1)[0]
        if command == b"p":
            source.read(2)
            self.paper.pulses += 1
        elif command in b"JdEMat3":
            self._set(command, value)
        else:
            raise AssertionError(f"unknown ESC {command!r}")

    def _set(self, command: bytes, value: int) -> None:
        match command:
            case b"J":
                assert not self._pending
                self.paper.height += value
            case b"d":
                self.paper.height += value * self._spacing
            case b"E":
                self._style["bold"] = bool(value & 1)
            case b"M":
                self._style["font"] = "ab"[value]
            case b"a":
                self._align = value % 48
            case b"t":
                self._page = value
            case b"3":
                self._spacing = value

    def _group(self, source: io.BytesIO) -> None:
        command = source.read(1)
        match command:
            case b"!":
                value = source.read(1)[0]
                self._style["wide"], self._style["high"] = (value >> 4) + 1, (value & 7) + 1
            case b"B":
                self._style["invert"] = bool(source.read(1)[0] & 1)
            case b"V":
                assert source.read(1) in b"\x00\x01"
                self.paper.cuts += 1
            case b"v":
                self._graphic(source)
            case b"(":
                self._code(source)
            case b"r":
                self.paper.queries.append(b"\x1dr" + source.read(1))
            case _:
                raise AssertionError(f"unknown GS {command!r}")

    def _graphic(self, source: io.BytesIO) -> None:
        assert source.read(2) == b"0\x00"
        width = int.from_bytes(source.read(2), "little")
        height = int.from_bytes(source.read(2), "little")
        assert not self._pending
        assert self._align == 0
        assert width * 8 <= self.paper.dots
        bits = source.read(width * height)
        assert len(bits) == width * height
        self.paper.mark(0, self.paper.height, Image.frombytes("1", (width * 8, height), bits))
        self.paper.height += height
        self.paper.graphic_rows += height

    def _code(self, source: io.BytesIO) -> None:
        assert source.read(1) == b"k"
        length = int.from_bytes(source.read(2), "little")
        body = source.read(length)
        assert body[0] == 0x31
        match body[1]:
            case 65:
                assert body[2] == 0x32
            case 67:
                self._qr["module"] = body[2]
            case 69:
                self._qr["level"] = "lmqh"[body[2] - 48]
            case 80:
                self._qr["payload"] = body[3:].decode("ascii")
            case 81:
                self._print_code()

    def _print_code(self) -> None:
        payload, module = self._qr["payload"], self._qr["module"]
        code = segno.make_qr(payload, error=self._qr["level"], boost_error=False)
        side = len(code.matrix)
        mask = Image.frombytes("L", (side, side), bytes(
            255 if cell else 0 for row in code.matrix for cell in row
        ))  # fmt: skip
        mask = mask.resize((side * module, side * module), Image.Resampling.NEAREST)
        self.paper.mark(
            (0, (self.paper.dots - mask.width) // 2)[self._align], self.paper.height, mask
        )
        self.paper.height += mask.height
        self.paper.codes.append(payload)

    def _line_feed(self) -> None:
        boxes = [
            (letter, style, *(a * b for a, b in zip(
                CELL[style["font"]], (style["wide"], style["high"]), strict=True
            )))
            for letter, style in self._pending
        ]  # fmt: skip
        width = sum(box[2] for box in boxes)
        height = max((box[3] for box in boxes), default=0)
        text = "".join(letter for letter, _ in self._pending)
        if width > self.paper.dots:
            self.paper.lost.append(text)
        left = {0: 0, 1: (self.paper.dots - width) // 2, 2: self.paper.dots - width}[self._align]
        for letter, style, wide, high in boxes:
            self.paper.mark(
                left, self.paper.height + height - high, _letter(letter, style, wide, high)
            )
            left += wide
        if text.strip():
            style = max((style for _, style in self._pending), key=lambda each: each["high"])
            self.paper.lines.append(
                PrintedLine(
                    text,
                    style["wide"],
                    style["high"],
                    style["bold"],
                    style["invert"],
                    self.paper.height,
                )
            )
        self.paper.height += max(self._spacing, height)
        self._pending = []


def _letter(letter: str, style: dict[str, Any], wide: int, high: int) -> Image.Image:
    cell_wide, cell_high = CELL[style["font"]]
    cell = Image.new("1", (cell_wide, cell_high), 0)
    face = ImageFont.truetype(MONO_FONT, 19 if style["font"] == "a" else 14)
    stroke = 1 if style["bold"] else 0
    pen = ImageDraw.Draw(cell)
    base = cell_high - 5
    for shift in range(stroke + 1):
        pen.text((shift, base), letter, fill=1, font=face, anchor="ls")
    if style["invert"]:
        cell = cell.point(lambda dot: 0 if dot else 255)
    return cell.resize((wide, high), Image.Resampling.NEAREST)


def printed(stream: bytes, paper_mm: int) -> PrinterPaper:
    """Return the paper after `stream` on a printer of 58 or 80 mm."""
    return Printer({58: 384, 80: 576}[paper_mm]).feed_bytes(stream)
