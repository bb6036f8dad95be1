"""What each maker's meters show, and what it means: ``resources/makers/*.toml``.

A file is a maker; an entry is a meaning (`pos_app.domain.reject.Shown`), the texts that stand for
it and the public page or manual that says so. Anyone can add one; see the README there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.domain.reject import Shown
from pos_app.resources import resource

GENERIC: Final = "generic"
LONGEST: Final = 60
_NOISE: Final = frozenset(
    (
        "a",
        "an",
        "and",
        "code",
        "codes",
        "display",
        "displays",
        "err",
        "error",
        "it",
        "its",
        "meter",
        "message",
        "number",
        "says",
        "show",
        "showing",
        "shows",
        "the",
        "then",
        "token",
        "with",
    )
)
_LOOKALIKES: Final = str.maketrans("015", "ois")
_WORD: Final = re.compile(r"[^\W_]+")
_RUN: Final = re.compile(r"(.)\1{2,}")


class MakerUnknown(PosError):
    """No profile of this maker. Facts: `maker`, `known`."""

    code: ClassVar[str] = "maker-unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text means; `source` says where that is written, `makers` who shows it so."""

    shown: Shown
    source: str = ""
    makers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Maker:
    """One maker's profile: the folded text -> its reading."""

    id: str
    name: str
    texts: Mapping[str, Reading]


def fold(text: str) -> str:
    """Return a display's text as it is compared.

    No case, no signs, and a sign that fills the display (``AAAAA``, ``dddddd``) three times,
    however many places the display has; a number without its leading zeros.
    """
    words = [word for word in _WORD.findall(text.casefold()) if word not in _NOISE]
    joined = _RUN.sub(r"\1\1\1", "".join(words))
    if joined.isdigit() and joined != "000":
        return joined.lstrip("0") or "0"
    return joined


@cache
def makers() -> Mapping[str, Maker]:
    """Return every profile by its name."""
    found = {}
    for path in sorted(resource("makers").glob("*.toml")):
        plan = tomllib.loads(path.read_text(encoding="utf-8"))
        texts = {
            fold(text): Reading(Shown(entry["means"]), entry["source"], (path.stem,))
            for entry in plan.get("shows", ())
            for text in entry["texts"]
        }
        found[path.stem] = Maker(path.stem, plan["name"], texts)
    return found


def read_display(text: str, maker: str = "") -> Reading:
    """Return what a meter's text means.

    A maker's own profile is asked first, then the general one. Without a maker all are asked;
    where they differ the reading is unknown and names those who know the text.
    Raises `MakerUnknown`.
    """
    known = makers()
    if maker and maker not in known:
        raise MakerUnknown(maker=maker[:40], known=", ".join(known))
    profiles = (known[maker], known[GENERIC]) if maker else tuple(known.values())
    for wanted in _ways_to_read(text[:LONGEST]):
        readings = [each.texts[wanted] for each in profiles if wanted in each.texts]
        if readings:
            return readings[0] if maker else _agreed(wanted, readings)
    return Reading(Shown.UNKNOWN)


def _ways_to_read(text: str) -> list[str]:
    """Return the whole text, the same with digits as the letters they look like, each word."""
    whole = fold(text)
    words = [fold(word) for word in _WORD.findall(text) if not word.isdigit()]
    ways = [whole, whole.translate(_LOOKALIKES), *words]
    return [way for way in dict.fromkeys(ways) if way]


def _agreed(text: str, readings: list[Reading]) -> Reading:
    """Return the one reading of all; a bare number of one maker may be anything of another's."""
    own = (name for each in readings for name in each.makers if name != GENERIC)
    names = tuple(dict.fromkeys(own))
    bare = text.isdigit() and len(names) == len(readings)
    if len({each.shown for each in readings}) == 1 and not bare:
        return Reading(readings[0].shown, readings[0].source, names)
    return Reading(Shown.UNKNOWN, "", names)
