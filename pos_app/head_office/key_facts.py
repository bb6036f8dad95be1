"""What entries of a till's journal say of the key in a meter.

Two kinds do: a sale that brought a key change (the customer got its tokens), and a meter whose own
display was read. A till's lists and head office's say what a meter *shall* hold, not what it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pos_app.domain.errors import PosError
from pos_app.domain.meter_key import KEY_FIELDS

GIVEN: Final = "given"
SHOWN: Final = "shown"
NOT_PROVEN: Final = "no-key"
_UNREADABLE: Final = (ArithmeticError, LookupError, PosError, TypeError, ValueError)
_LARGEST: Final = 9999

Body = Mapping[str, Any]


class KeyFact(NamedTuple):
    """A row of ``key_fact`` after the till's name, the entry and its branch.

    `key` is what the meter holds from `at_ms` on, `old` what it was believed to hold before,
    `record` what the till's list said then, each as `written`. `proof` is that of the tokens.
    """

    drn: str
    at_ms: int
    how: str
    proof: str
    sgc: str
    krn: int
    base: int
    key: str
    old: str
    record: str


def written(key: Body) -> str:
    """Return the attributes of a key in one text: SGC, KRN, TI, KEN, KT, EA, DKGA, base date.

    Raises `LookupError`, `TypeError` or `ValueError` for what is no key's.
    """
    sgc = key["sgc"]
    if not isinstance(sgc, str) or len(sgc) != 6 or not (sgc.isascii() and sgc.isdigit()):
        raise ValueError(KEY_FIELDS[0])
    return " ".join([sgc, *(str(_small(key[name])) for name in KEY_FIELDS[1:])])


def read(text: str) -> dict[str, Any]:
    """Return the attributes that `written` wrote; nothing for an empty text."""
    if not text:
        return {}
    sgc, *numbers = text.split(" ")
    return dict(zip(KEY_FIELDS, (sgc, *map(int, numbers)), strict=True))


def written_or_empty(key: Body) -> str:
    """Return the same, empty for half a record; a list need not name the expiry (255: none)."""
    try:
        return written({"ken": 255, **{name: key[name] for name in KEY_FIELDS if name in key}})
    except _UNREADABLE:
        return ""


def given(body: Body, proof: str) -> KeyFact | None:
    """Return what a sale says of its meter's key; None without a change, or without sense."""
    change = body.get("key_change")
    if not change:
        return None
    try:
        return _fact(body["meter"]["drn"], body["at_ms"], (GIVEN, proof), body["meter"], change)
    except _UNREADABLE:
        return None  # the sale counts all the same


def shown(body: Body, at_ms: int) -> KeyFact | None:
    """Return what an entry about a meter's display says; None where it makes no sense."""
    try:
        before = {"old": body["wanted"], "record": body["record"]}
        return _fact(body["drn"], at_ms, (SHOWN, NOT_PROVEN), body["key"], before)
    except _UNREADABLE:
        return None


def _fact(drn: Any, at_ms: Any, how: tuple[str, str], key: Body, before: Body) -> KeyFact:
    if not isinstance(drn, str) or not 0 < len(drn) <= 20 or not drn.isprintable():
        raise ValueError("drn")
    new = written(key)
    said = read(new)
    place = (said["sgc"], said["krn"], said["base"])
    return KeyFact(
        drn, int(at_ms), *how, *place, new, written(before["old"]), written(before["record"])
    )


def _small(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise ValueError(type(value).__name__)
    return value
