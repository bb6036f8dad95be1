"""What a receipt printer's own font can write, decided before a byte is sent.

The rule: ASCII, and the printable characters of Windows-1252 (Epson's code page 16, WPC1252:
Latin-1 with the euro sign, dashes and curly quotes). Typographic spaces become plain spaces, the
minus sign a hyphen, and the invisible direction marks vanish; these change no meaning. A text
with any other character is not printable as text: it is drawn, never replaced by ``?``.
"""

from __future__ import annotations

import unicodedata

CODE_PAGE = "cp1252"

_SPACES = {ord(mark): " " for mark in "\u00a0\u2007\u2008\u2009\u200a\u202f\u2002\u2003\u2005"}
_HYPHENS = {ord(mark): "-" for mark in "\u2010\u2011\u2212"}
_SILENT = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff"))
_SAME_MEANING = {**_SPACES, **_HYPHENS, **_SILENT}


def as_plain(text: str) -> str | None:
    """Return `text` as the printer's font writes it, or None when it cannot.

    Tabs and line ends become spaces; other control characters make a text unprintable, so that
    no slip can carry a printer command.
    """
    if text.isascii() and text.isprintable():
        return text
    plain = unicodedata.normalize("NFC", text).translate(_SAME_MEANING)
    plain = plain.replace("\t", " ").replace("\n", " ")
    if not plain.isprintable():
        return None
    try:
        plain.encode(CODE_PAGE)
    except UnicodeEncodeError:
        return None
    return plain
