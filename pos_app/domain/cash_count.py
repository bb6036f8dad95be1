"""Counting a drawer: pieces of each note and coin, or what somebody added up already.

Amounts are minor units. Old small coins are here too, because a drawer may hold one. Compared with:
Bank of Zambia, public notice of 11 February 2025 (ZMW: six notes to K500, six coins); Central Bank
of Kenya, coins of 2018 and notes of 2019 (KES; the 40 shilling and 50 cent coins are older);
SA Mint, 20 October 2021 (ZAR: 1c and 2c ended in 2002, 5c in 2012, all still valid); the public
list currency-denominations (A. Schander, 2a85865) for BWP, GHS, KWD, TZS, UGX, XAF, for XOF but
for its old 1 franc, for BDT and ETB but for their newer notes of 200. Not compared: EUR, IDR, INR,
JPY, MZN, NGN and USD.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.domain.money import LARGEST_MINOR, AmountInvalid, Currency, Money

_PIECES: Final[dict[str, str]] = {
    "BDT": "1000 500 200 100 50 20 10 5 2 1",
    "BWP": "200 100 50 20 10 5 2 1 0.50 0.25 0.10 0.05",
    "ETB": "200 100 50 10 5 1 0.50 0.25 0.10 0.05 0.01",
    "EUR": "500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "GHS": "200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.01",
    "IDR": "100000 50000 20000 10000 5000 2000 1000 500 200 100 50",
    "INR": "500 200 100 50 20 10 5 2 1 0.50",
    "JPY": "10000 5000 2000 1000 500 100 50 10 5 1",
    "KES": "1000 500 200 100 50 40 20 10 5 1 0.50",
    "KWD": "20 10 5 1 0.500 0.250 0.100 0.050 0.020 0.010 0.005",
    "MZN": "1000 500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.01",
    "NGN": "1000 500 200 100 50 20 10 5 2 1 0.50",
    "TZS": "10000 5000 2000 1000 500 200 100 50",
    "UGX": "50000 20000 10000 5000 2000 1000 500 200 100 50",
    "USD": "100 50 20 10 5 2 1 0.50 0.25 0.10 0.05 0.01",
    "XAF": "10000 5000 2000 1000 500 100 50 25 10 5 2 1",
    "XOF": "10000 5000 2000 1000 500 250 200 100 50 25 10 5 1",
    "ZAR": "200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05",
    "ZMW": "500 200 100 50 20 10 5 2 1 0.50 0.10 0.05",
}
_SERIES: Final = (5, 2, 1)
_DECADES: Final = 7
MOST_PIECES: Final = 100_000
_LONGEST: Final = 500
_PART: Final = re.compile(r"(?P<value>[0-9]+(?:\.[0-9]+)?)\s*[xX*]\s*(?P<pieces>[0-9]{1,9})")
_TOTAL: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]+)?")


class CountInvalid(PosError):
    """What was typed is not a count of cash. Facts: `typed`, `currency`."""

    code: ClassVar[str] = "count-invalid"


class NoSuchPiece(PosError):
    """No note or coin has this value. Facts: `value`, `currency`, `pieces`: those there are."""

    code: ClassVar[str] = "no-such-piece"


@dataclass(frozen=True, slots=True)
class CashCount:
    """What somebody found; `pieces` are (value in minor units, how many), empty for a bare sum."""

    total: Money
    pieces: tuple[tuple[int, int], ...] = ()


def pieces_of(currency: Currency) -> tuple[Money, ...]:
    """Return the notes and coins of a currency, falling; 1-2-5 steps for one that is not listed."""
    listed = _PIECES.get(currency.code)
    if listed is None:
        steps = [Decimal(step).scaleb(at) for at in range(_DECADES - 1, -1, -1) for step in _SERIES]
        values = [step.scaleb(-currency.decimals) for step in steps]
    else:
        values = [Decimal(value) for value in listed.split()]
    scaled = [value.scaleb(currency.decimals) for value in values]
    return tuple(Money(int(each), currency) for each in scaled if each == int(each))


def count_pieces(pieces: Mapping[int, int], currency: Currency) -> CashCount:
    """Return the count of {value in minor units: how many}; zeros may be left in.

    Raises `NoSuchPiece`, or `CountInvalid` for a number of pieces that cannot be.
    """
    known = {each.minor for each in pieces_of(currency)}
    for value, many in pieces.items():
        if value not in known:
            raise _unknown(Money(value, currency).plain(), currency)
        if not 0 <= many <= MOST_PIECES:
            raise CountInvalid(typed=str(many)[:40], currency=currency.code)
    counted = tuple(sorted(((value, many) for value, many in pieces.items() if many), reverse=True))
    total = sum(value * many for value, many in counted)
    return CashCount(_bounded(Money(total, currency), str(total)), counted)


def parse_count(typed: str, currency: Currency) -> CashCount:
    """Read ``"200x3 50x2 0.50x4"`` or a sum, ``"712.00"``; ``"0"`` is an empty drawer.

    Raises `CountInvalid` for letters, signs and anything else, or `NoSuchPiece`.
    """
    text = typed.strip()
    if len(text) > _LONGEST or not text.isascii():
        raise CountInvalid(typed=typed[:40], currency=currency.code)
    if _TOTAL.fullmatch(text):
        return CashCount(_typed_total(text, currency))
    pieces: dict[int, int] = {}
    for part in re.split(r"[,;]\s*|(?<=[0-9])\s+(?=[0-9.]+\s*[xX*])", text):
        match = _PART.fullmatch(part.strip())
        if match is None:
            raise CountInvalid(typed=typed[:40], currency=currency.code)
        value = _value(match["value"], currency)
        pieces[value] = pieces.get(value, 0) + int(match["pieces"])
    return count_pieces(pieces, currency)


def _typed_total(text: str, currency: Currency) -> Money:
    if not text.strip("0."):
        return Money(0, currency)
    try:
        return Money.parse(text, currency)
    except AmountInvalid:
        raise CountInvalid(typed=text[:40], currency=currency.code) from None


def _value(text: str, currency: Currency) -> int:
    value = Decimal(text).scaleb(currency.decimals)
    if value != int(value):
        raise _unknown(text[:40], currency)
    return int(value)


def _unknown(value: str, currency: Currency) -> NoSuchPiece:
    known = ", ".join(each.plain() for each in pieces_of(currency))
    return NoSuchPiece(value=value, currency=currency.code, pieces=known)


def _bounded(total: Money, typed: str) -> Money:
    if total.minor > LARGEST_MINOR:
        raise CountInvalid(typed=typed[:40], currency=total.currency.code)
    return total
