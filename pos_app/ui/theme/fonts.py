"""The bundled faces, and the order in which they are asked for a letter."""

from __future__ import annotations

from pathlib import Path

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


_OTHER_SCRIPTS = frozenset({"ja", "ar", "hi"})
_LOADED: set[Path] = set()


def load_fonts(language: str = "") -> tuple[str, ...]:
    """Register bundled faces; return the families that can be used, best first.

    With a `language` only the faces its first screen needs are read, a tenth of all; call again
    without one before names in other scripts may appear.
    """
    wanted = "*.[to]t[fc]" if language in _OTHER_SCRIPTS or not language else "NotoSans-*.ttf"
    for path in sorted(resource("fonts").glob(wanted)):
        if path not in _LOADED:
            _LOADED.add(path)
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
