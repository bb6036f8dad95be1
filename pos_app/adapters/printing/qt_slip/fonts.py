"""Fonts for drawn slips: the bundled ones first, then whatever the system has for a script."""

from __future__ import annotations

import os
import sys
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from pos_app.resources import resource

_PREFERRED = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Devanagari",
    "Noto Sans JP",
    "Noto Sans CJK JP",
)
_KINDS = {".ttf", ".otf", ".ttc"}


@cache
def application() -> QGuiApplication:
    """Return the running Qt application, or one without a screen where there is none.

    Whoever draws without a window (command line, print worker) calls it first. It lives as long
    as the process, since fonts are lost with it.
    """
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(sys.argv[:1])


@cache
def ready_fonts() -> tuple[str, ...]:
    """Load the bundled fonts once and return the families to draw with, best first.

    Needs a `QGuiApplication`, as does everything that draws.
    """
    if not QFontDatabase.applicationFontFamilies(0):  # else the window has loaded them
        for path in sorted(resource("fonts").glob("*")):
            if path.suffix.lower() in _KINDS:
                QFontDatabase.addApplicationFont(str(path))
    return _PREFERRED


@cache
def slip_font(pixels: int, *, bold: bool = False, word_space: int = 0) -> QFont:
    """Return the face of a slip: no hinting, so that every width gives the same lines."""
    font = QFont()
    font.setFamilies(ready_fonts())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setWordSpacing(word_space)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
