"""The key that a meter itself shows: what was read off its display, and the key that this means.

A meter answers tests of class 1 with its supply group, key revision (and type), tariff index and
expiry (IEC 62055-41, test/display controls 4, 5, 16 and 17); it shows no base date by a published
test, but some makers print or show one. What is not read stays what the till believes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.domain.meter_key import ANY, KeyHere, MeterKey
from pos_app.domain.tid import BASE_MINUTES

NO_GROUP: Final = "000000"
"""What a meter shows that was never told its group: a set of two tokens carries none."""
_RANGES: Final = {
    "krn": range(1, 10),
    "ti": range(100),
    "ken": range(256),
    "kt": range(4),
}


class KeyShownInvalid(PosError):
    """No meter shows this: `field`. Fact: `value`."""

    code: ClassVar[str] = "key-shown-invalid"


class KeyShownMissing(PosError):
    """Nothing was read off the meter."""

    code: ClassVar[str] = "key-shown-missing"


@dataclass(frozen=True, slots=True)
class ShownKey:
    """What was read off a display; `ANY`, or an empty group, was not."""

    sgc: str = ""
    krn: int = ANY
    ti: int = ANY
    ken: int = ANY
    kt: int = ANY
    base: int = ANY

    @property
    def said(self) -> dict[str, Any]:
        """Return what was read, by name: the group as text, all else as numbers."""
        return {name: each for name, each in asdict(self).items() if each not in {ANY, ""}}


def shown_key(typed: Mapping[str, str]) -> ShownKey:
    """Read what was typed of a display: ``sgc``, ``krn`` (``2`` or, with its type, ``2/2``) ...

    Raises `KeyShownInvalid`, or `KeyShownMissing` where nothing was typed at all.
    """
    values = {name: "".join(text.split()) for name, text in typed.items()}
    krn, slash, kt = values.get("krn", "").partition("/")
    if slash:
        values |= {"krn": krn, "kt": kt}
    shown = ShownKey(
        _group(values.get("sgc", "")),
        base=_base(values.get("base", "")),
        **{name: _number(name, values.get(name, "")) for name in _RANGES},
    )
    if not shown.said:
        raise KeyShownMissing
    return shown


def _group(text: str) -> str:
    if text and not (len(text) == len(NO_GROUP) and text.isascii() and text.isdigit()):
        raise KeyShownInvalid(field="sgc", value=text[:40])
    return "" if text == NO_GROUP else text


def _number(name: str, text: str) -> int:
    if not text:
        return ANY
    good = text.isascii() and text.isdigit() and len(text) <= 3
    if not good or int(text) not in _RANGES[name]:
        raise KeyShownInvalid(field=name, value=text[:40])
    return int(text)


def _base(text: str) -> int:
    """Read a base date as four digits of its year, or the two that key files write."""
    if not text:
        return ANY
    for year in BASE_MINUTES:
        if text in {str(year), str(year)[2:]}:
            return year
    raise KeyShownInvalid(field="base", value=text[:40])


def completed(believed: MeterKey, shown: ShownKey, here: Sequence[KeyHere]) -> MeterKey:
    """Return the key that a meter holds which shows this.

    A display says less than a key has. Of another group or revision than believed the rest is
    taken from the key of that group and revision that is `here`, the one most like the believed
    key; where none is, it stays as believed.
    """
    read = replace(believed, **shown.said)
    if (read.sgc, read.krn) == (believed.sgc, believed.krn):
        return read
    alike = [key for key in here if _may_be(key, read, shown)]
    if not alike:
        return read
    best = max(alike, key=lambda key: (key.kt == read.kt, key.base == read.base, key.since_ms))
    rest: dict[str, Any] = {"ken": best.ken, "kt": best.kt, "dkga": best.dkga, "base": best.base}
    unread = {name: each for name, each in rest.items() if name not in shown.said}
    return replace(read, **unread)


def _may_be(key: KeyHere, read: MeterKey, shown: ShownKey) -> bool:
    if (key.sgc, key.krn) != (read.sgc, read.krn):
        return False
    if key.ti not in (ANY, read.ti) or key.ea not in (ANY, read.ea):
        return False
    pairs = ((shown.ken, key.ken), (shown.kt, key.kt), (shown.base, key.base))
    return all(said in (ANY, own) for said, own in pairs)
