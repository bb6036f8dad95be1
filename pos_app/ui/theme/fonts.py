"""The bundled faces, and the order in which they are asked for a letter."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from pos_app.resources import resource

FAMILIES = (
    "Noto Sans",
    "Noto Sans JP",
    "Noto Sans CJK JP",
    "Noto Sans Arabic",
    "Noto Sans Devanagari",
)
"""Preferred first; every one has figures of one width by default."""


def load_fonts() -> tuple[str, ...]:
    """Register the bundled font files; return the families that can be used, best first."""
    for path in sorted(resource("fonts").glob("*.[to]t[fc]")):
        QFontDatabase.addApplicationFont(str(path))
    known = set(QFontDatabase.families())
    return tuple(family for family in FAMILIES if family in known)


def base_font(families: tuple[str, ...], pixels: int) -> QFont:
    """Return the face of the screens with tabular figures, `pixels` high."""
    font = QFont()
    if families:
        font.setFamilies(list(families))
    font.setPixelSize(pixels)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
