"""Which key a meter holds, which one is asked of it, and which changes a meter would refuse.

A key is told apart by its attributes (IEC 62055-41): supply group SGC, revision KRN, tariff index
TI, expiry KEN, type KT, cipher EA, derivation DKGA and the year of its base date. The key-type
rule and the step to the next base date are this program's reading, because no public text settles
either; the virtual meter keeps to the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import ClassVar, Final

from pos_app.domain.errors import PosError

NEXT_BASE: Final = {1993: 2014, 2014: 2035}
"""A roll-over leads to the following base date; the tokens do not say which one it is."""
UNIQUE_KT: Final = 2
ISSUING_KT: Final = frozenset({2, 3})
"""Unique and common keys make credit; keys of the maker (0, 1) only lead to one of these."""
ANY: Final = -1
"""No wish for a number; an empty text for a supply group."""


class KeyTypeLower(PosError):
    """The new key is of a more default type than the meter's: it refuses. Facts: `old`, `new`."""

    code: ClassVar[str] = "key-type-lower"


class KeyMakesNoCredit(PosError):
    """The meter would hold a maker's key, under which it takes no credit. Facts: `drn`, `kt`."""

    code: ClassVar[str] = "key-makes-no-credit"


class BaseDateBeyond(PosError):
    """No single key change leads from one base date to the other. Facts: `old`, `new`."""

    code: ClassVar[str] = "base-date-beyond"


class CipherDiffers(PosError):
    """A meter cannot change its cipher. Facts: `old`, `new` (EA)."""

    code: ClassVar[str] = "cipher-differs"


@dataclass(frozen=True, slots=True)
class MeterKey:
    """The attributes of the key in a meter, in the order in which a meter's record has them."""

    sgc: str
    krn: int
    ti: int
    ken: int
    kt: int
    ea: int
    dkga: int
    base: int


KEY_FIELDS: Final = tuple(each.name for each in fields(MeterKey))


@dataclass(frozen=True, slots=True)
class KeyAsk:
    """What a utility asks of the keys of its meters, or of those on one tariff.

    `ANY`, or empty text, leaves a field to the meter's record and the newest key. `tokens` is how
    many tokens a change of a 64-bit key has: 2, or 3 with the supply group. `due_ms` is the day by
    which all shall be done, 0 for none.
    """

    utility: str
    tariff: str = ""
    sgc: str = ""
    krn: int = ANY
    ti: int = ANY
    base: int = ANY
    tokens: int = 2
    due_ms: int = 0

    @property
    def empty(self) -> bool:
        """Tell whether nothing is asked."""
        return not self.sgc and (self.krn, self.ti, self.base) == (ANY, ANY, ANY)


@dataclass(frozen=True, slots=True)
class KeyHere:
    """A key this till can make credit under: its attributes and since when it is in force.

    `ti` and `ea` are `ANY` for a vending key, which makes the keys of all indices and ciphers.
    `order` marks a key-change set of head office: it asks for its key by itself, in any group.
    """

    sgc: str
    krn: int
    ti: int
    ken: int
    kt: int
    ea: int
    dkga: int
    base: int
    since_ms: int
    order: bool = False

    def fits(self, ask: KeyAsk, sgc: str, ea: int) -> bool:
        """Tell whether a meter of this cipher may get it under what is asked."""
        ordered = self.order and not ask.sgc
        if (self.sgc != sgc and not ordered) or self.kt not in ISSUING_KT:
            return False
        if self.ea not in (ANY, ea) or (ea == _MISTY1 and self.dkga != _HMAC):
            return False
        wishes = ((ask.krn, self.krn), (ask.base, self.base))
        if ask.ti != ANY and self.ti not in (ANY, ask.ti):
            return False
        return all(wish in (ANY, own) for wish, own in wishes)


_MISTY1: Final = 11
_HMAC: Final = 4


def asked_key(
    record: MeterKey, ask: KeyAsk, here: Sequence[KeyHere], since_ms: int = 0
) -> MeterKey:
    """Return the key that a meter of this record shall hold, of the keys that are `here`.

    The utility's wish comes before the meter's record, and of the keys that fit both the newest
    counts: first those of the recorded key type, then the one in force since last, but of the
    meter's own group none from before `since_ms`, when its present key came into force. With no
    such key the record stands, so that selling goes on.
    """
    sgc = ask.sgc or record.sgc
    least = since_ms if sgc == record.sgc and (ask.krn, ask.base) == (ANY, ANY) else 0
    fitting = [key for key in here if key.since_ms >= least and key.fits(ask, sgc, record.ea)]
    if not fitting:
        return record
    newest = max(fitting, key=lambda key: (key.kt == record.kt, key.since_ms))
    ti = record.ti if ask.ti == ANY else ask.ti
    return replace(
        record,
        sgc=newest.sgc,
        krn=newest.krn,
        ti=ti if newest.ti == ANY else newest.ti,
        ken=newest.ken,
        kt=newest.kt,
        dkga=newest.dkga,
        base=newest.base,
    )


def merged(general: KeyAsk, own: KeyAsk) -> KeyAsk:
    """Return what is asked of meters on a tariff: its own wishes, then the whole utility's."""
    return replace(
        own,
        sgc=own.sgc or general.sgc,
        krn=general.krn if own.krn == ANY else own.krn,
        ti=general.ti if own.ti == ANY else own.ti,
        base=general.base if own.base == ANY else own.base,
        tokens=max(own.tokens, general.tokens),
        due_ms=own.due_ms or general.due_ms,
    )


def differences(old: MeterKey, new: MeterKey) -> tuple[str, ...]:
    """Return the names of the attributes that differ."""
    pairs = zip(KEY_FIELDS, astuple(old), astuple(new), strict=True)
    return tuple(name for name, mine, other in pairs if mine != other)


def rolls_over(old: MeterKey, new: MeterKey) -> bool:
    """Tell whether the meter has to forget its tokens: the new key counts from another date."""
    return old.base != new.base


def refuse_change(old: MeterKey, new: MeterKey) -> None:
    """Raise for a change that the meter would refuse, or that it could not follow.

    Raises `CipherDiffers`, `KeyTypeLower` or `BaseDateBeyond`. Whether the new key's KEN still
    allows a token is for whoever makes one: the old key may be as old as it likes.
    """
    if old.ea != new.ea:
        raise CipherDiffers(old=old.ea, new=new.ea)
    if min(new.kt, UNIQUE_KT) < min(old.kt, UNIQUE_KT):
        raise KeyTypeLower(old=old.kt, new=new.kt)
    if new.base not in (old.base, NEXT_BASE.get(old.base)):
        raise BaseDateBeyond(old=old.base, new=new.base)
