"""Typed reading of one test vector: every mistake in it becomes a sentence, never a crash.

Tolerated: integers as decimal strings, hex in either case, spaces and hyphens in digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from pos_app.sts import sta
from pos_app.sts.keychange import key_words
from pos_app.sts.keys import (
    DKGA_DES,
    EA_STA,
    LARGEST_KEN,
    DecoderKey,
    KeyAttributes,
    VendingKey,
    derive_decoder_key,
)
from pos_app.sts.kinds import (
    ClearCredit,
    ClearTamper,
    CreditToken,
    CurrencyCreditToken,
    ExtendedRead,
    ExtendedSet,
    KeyChangeFirst,
    KeyChangeFourth,
    KeyChangeSecond,
    KeyChangeSgc,
    KeyChangeThird,
    MaxPowerLimit,
    MeterTestToken,
    PhaseUnbalance,
    TariffRate,
    Token,
    WaterMeterFactor,
)
from pos_app.sts.tid import BASES

_LONGEST_NUMBER = 80
_LONGEST_TEXT = 4000
_MIDDLE_WORDS = (1, 2)
"""Words of a 128-bit key that the third and fourth key-change token carry."""
T = TypeVar("T")


class Unreadable(Exception):
    """One vector, or one field of it, cannot be read; the text says why."""


class Fields:
    """The fields of a JSON object, each taken as the type that is needed."""

    def __init__(self, source: Mapping[str, object], inside: str = "") -> None:
        self._source = source
        self._inside = inside

    def __contains__(self, name: str) -> bool:
        return self._source.get(name) is not None

    def _take(self, name: str) -> object:
        if name not in self:
            raise Unreadable(f"the field '{self._inside}{name}' is missing")
        return self._source[name]

    def _refused(self, name: str, wanted: str) -> Unreadable:
        return Unreadable(f"the field '{self._inside}{name}' is not {wanted}")

    def number(self, name: str, absent: int | None = None) -> int:
        """Return an integer, or `absent` (if given) where there is none."""
        if absent is not None and name not in self:
            return absent
        value = self._take(name)
        if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and value.isascii():
            bare = value.strip()
            if bare.removeprefix("-").isdigit():
                return int(bare)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._refused(name, "a whole number")
        return value

    def text(self, name: str, width: int = 0) -> str:
        """Return a string; a number is written out with `width` digits."""
        value = self._take(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**40:
            value = f"{value:0{width}d}"
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
            raise self._refused(name, "a text")
        return value

    def octets(self, name: str, *lengths: int) -> bytes:
        """Return the bytes of a hex string whose length is one of `lengths`, if any are given."""
        text = self.text(name)
        try:
            octets = bytes.fromhex(text)
        except ValueError:
            raise self._refused(name, "hex") from None
        if lengths and len(octets) not in lengths:
            wanted = " or ".join(str(length) for length in lengths)
            raise self._refused(name, f"{wanted} bytes of hex")
        return octets

    def truth(self, name: str) -> bool:
        """Return true or false."""
        value = self._take(name)
        if isinstance(value, str):
            value = {"true": True, "false": False}.get(value.strip().lower())
        if not isinstance(value, bool):
            raise self._refused(name, "true or false")
        return value

    def digit_lists(self, name: str) -> list[str]:
        """Return a list of strings of digits, spaces and hyphens removed."""
        value = self._take(name)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._refused(name, "a list of tokens")
        return [bare(each) for each in value]

    def inner(self, name: str) -> Fields:
        """Return an object inside this one."""
        value = self._take(name)
        if not isinstance(value, dict):
            raise self._refused(name, "an object")
        return Fields(value, f"{self._inside}{name}.")

    def minute(self, name: str) -> datetime:
        """Return a UTC minute written ``2026-07-29 00:01``."""
        try:
            at = datetime.fromisoformat(self.text(name))
        except ValueError:
            raise self._refused(name, "a date and time like 2026-07-29 00:01") from None
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def bare(digits: str) -> str:
    """Return digits without the spaces and hyphens people put between them."""
    return "".join(digits.split()).replace("-", "")


def tables_of(vector: Fields) -> str:
    """Return the name of the STA tables of a vector."""
    return vector.text("tables") if "tables" in vector else sta.OPERATIONAL


def key_of(vector: Fields, name: str = "key") -> DecoderKey:
    """Return the decoder key of a vector, given as it is or to be derived."""
    source = vector.inner(name)
    ea = vector.number("ea", EA_STA)
    if "dk" in source:
        key = DecoderKey(source.octets("dk"))
        if key.ea != ea:
            raise Unreadable(f"the key is not one of EA {ea}")
        return key
    dkga = source.number("dkga")
    base = source.number("base", BASES[0]) if dkga == DKGA_DES else source.number("base")
    attributes = KeyAttributes(
        pan=bare(source.text("pan", 18)),
        kt=source.number("kt"),
        sgc=source.text("sgc", 6),
        ti=source.number("ti"),
        krn=source.number("krn"),
        base=base,
        ea=ea,
        dkga=dkga,
    )
    return derive_decoder_key(VendingKey(source.octets("vk")), attributes)


def _key_word(args: Fields, place: int) -> int:
    words = key_words(DecoderKey(args.octets("new_dk", 8, 16)))
    if place in _MIDDLE_WORDS and len(words) < 4:
        raise Unreadable("a key of 8 bytes has no such section")
    return words[place]


def _stamp(args: Fields) -> tuple[int, int]:
    return args.number("tid"), args.number("rnd")


def _ken(args: Fields) -> int:
    ken = args.number("ken")
    if not 0 <= ken <= LARGEST_KEN:
        raise Unreadable("the field 'args.ken' is not 0 to 255")
    return ken


def _first(args: Fields) -> Token:
    return KeyChangeFirst(
        ken_high=_ken(args) >> 4,
        krn=args.number("krn"),
        roll_over=args.number("ro"),
        three_tokens=args.number("three_kct"),
        kt=args.number("kt"),
        key_word=_key_word(args, 0),
    )


def _sgc(args: Fields) -> int:
    return int(KeyChangeSgc(args.text("sgc", 6)).sgc)


def _credit(args: Fields) -> Token:
    return CreditToken(args.number("sub"), args.number("units"), *_stamp(args))


def _currency(args: Fields) -> Token:
    return CurrencyCreditToken(args.number("sub"), args.number("units"), args.number("tid"))


def _meter_test(args: Fields) -> Token:
    return MeterTestToken(args.number("sub"), args.number("control"), args.number("mfr"))


def _second(args: Fields) -> Token:
    return KeyChangeSecond(_ken(args) & 0xF, args.number("ti"), _key_word(args, -1))


_TOKEN_OF: dict[str, Callable[[Fields], Token]] = {
    "credit": _credit,
    "currency": _currency,
    "meter_test": _meter_test,
    "extended_read": lambda args: ExtendedRead(args.number("value")),
    "max_power_limit": lambda args: MaxPowerLimit(args.number("watts"), *_stamp(args)),
    "max_phase_unbalance": lambda args: PhaseUnbalance(args.number("watts"), *_stamp(args)),
    "clear_credit": lambda args: ClearCredit(args.number("register"), *_stamp(args)),
    "clear_tamper": lambda args: ClearTamper(*_stamp(args)),
    "tariff_rate": lambda args: TariffRate(args.number("rate"), *_stamp(args)),
    "water_meter_factor": lambda args: WaterMeterFactor(args.number("factor"), *_stamp(args)),
    "extended_set": lambda args: ExtendedSet(args.number("value"), *_stamp(args)),
    "kct1": _first,
    "kct2": _second,
    "kct3": lambda args: KeyChangeThird(_sgc(args) & 0xFFF, _key_word(args, 1)),
    "kct3_sgc": lambda args: KeyChangeSgc(args.text("sgc", 6)),
    "kct4": lambda args: KeyChangeFourth(_sgc(args) >> 12, _key_word(args, 2)),
}


def token_of(vector: Fields) -> Token:
    """Return the token that a vector of kind ``token`` describes."""
    kind = vector.text("type")
    if kind not in _TOKEN_OF:
        raise Unreadable(f"tokens of type '{kind[:40]}' are not known here")
    return _TOKEN_OF[kind](vector.inner("args"))
