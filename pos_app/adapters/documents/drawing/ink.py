"""Colours and faces of a drawn report."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cache
from unicodedata import bidirectional

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPainter

from pos_app.resources import resource

BODY, CAPTION, TITLE = 15, 13, 28
"""Pixels at scale 1; a report needs no more sizes."""
_FAMILIES = ("Noto Sans", "Noto Sans JP", "Noto Sans Arabic", "Noto Sans Devanagari")
_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute | Qt.TextFlag.TextSingleLine
_SIDES = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "middle": Qt.AlignmentFlag.AlignHCenter,
    "digits": Qt.AlignmentFlag.AlignRight,
}
_OPPOSITE = {"left": "right", "right": "left", "middle": "middle", "digits": "digits"}
"""Decimals stand below decimals in either direction, because digits run one way."""
_LEFTWARDS = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours by meaning; the till's light palette unless the screen gives its own."""

    ink: str = "#12181a"
    quiet: str = "#4a5559"
    line: str = "#dcdfdb"
    edge: str = "#89938f"
    accent: str = "#0a5552"
    soft: str = "#b9cbc8"
    training: str = "#53279a"
    on_training: str = "#ffffff"


@cache
def application() -> QGuiApplication:
    """Return the running Qt application, or one without a screen where there is none."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(sys.argv[:1])


@cache
def _ready_fonts() -> tuple[str, ...]:
    if not QFontDatabase.applicationFontFamilies(0):  # else the window has loaded them
        for path in sorted(resource("fonts").glob("*.[to]t[fc]")):
            QFontDatabase.addApplicationFont(str(path))
    return _FAMILIES


@cache
def face(pixels: int, *, bold: bool = False) -> QFont:
    """Return the bundled face with figures of one width, unhinted so that widths scale."""
    font = QFont()
    font.setFamilies(_ready_fonts())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def width_of(text: str, font: QFont) -> float:
    """Return how wide a line of text is."""
    return QFontMetricsF(font).horizontalAdvance(text)


def leftwards(text: str) -> bool:
    """Tell whether any letter of `text` is written from right to left (Unicode, UAX 9)."""
    return any(bidirectional(sign) in _LEFTWARDS for sign in text)


@dataclass(frozen=True, slots=True)
class Brush:
    """A painter with the colours and the scale of one report; units are scaled pixels.

    Everything is placed from left to right. With `mirror` set to the width of the report, it is
    placed from right to left instead; numbers and codes keep their own direction.
    """

    painter: QPainter
    ink: Ink
    scale: float
    mirror: float = 0

    def px(self, pixels: float) -> float:
        """Return `pixels` of scale 1."""
        return pixels * self.scale

    def font(self, pixels: int, *, bold: bool = False) -> QFont:
        """Return a face at this scale."""
        return face(round(pixels * self.scale), bold=bold)

    def placed(self, area: QRectF) -> QRectF:
        """Return where `area` is on the paper."""
        if not self.mirror:
            return area
        return QRectF(self.mirror - area.right(), area.top(), area.width(), area.height())

    def text(self, area: QRectF, text: str, font: QFont, colour: str, place: str = "left") -> None:
        """Write one line in `area`, cut with an ellipsis where it does not fit."""
        if width_of(text, font) > area.width() + 0.5:
            mode = Qt.TextElideMode.ElideRight
            text = QFontMetricsF(font).elidedText(text, mode, area.width())
        directions = Qt.LayoutDirection
        self.painter.setLayoutDirection(
            directions.RightToLeft if self.mirror and leftwards(text) else directions.LeftToRight
        )
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour))
        side = _SIDES[_OPPOSITE[place] if self.mirror else place]
        self.painter.drawText(self.placed(area), side | _LINE, text)

    def rule(self, left: float, top: float, width: float, colour: str, thick: float = 1) -> None:
        """Draw a horizontal rule."""
        self.bar(QRectF(left, top, width, self.px(thick)), colour)

    def bar(self, area: QRectF, colour: str) -> None:
        """Fill an area."""
        self.painter.fillRect(self.placed(area), QColor(colour))
