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


def application() -> QGuiApplication:
    """Return the running Qt application, or one without a screen where there is none.

    The caller keeps the returned object while it draws; a till with a window already has one.
    """
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(sys.argv[:1])


@cache
def ready_fonts() -> tuple[str, ...]:
    """Load the bundled fonts once and return the families to draw with, best first."""
    kept = application()
    bundled: list[str] = []
    for path in sorted(resource("fonts").glob("*")):
        if path.suffix.lower() in _KINDS:
            number = QFontDatabase.addApplicationFont(str(path))
            bundled += QFontDatabase.applicationFontFamilies(number)
    kept.setProperty("slipFonts", True)  # noqa: FBT003 - a Qt property
    return tuple(dict.fromkeys([*_PREFERRED, *bundled]))


@cache
def slip_font(pixels: int, *, bold: bool = False, word_space: int = 0) -> QFont:
    """Return the face of a slip: no hinting, so that every width gives the same lines."""
    font = QFont()
    font.setFamilies(ready_fonts())
    font.setPixelSize(pixels)
    font.setBold(bold)
    font.setWordSpacing(word_space)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
