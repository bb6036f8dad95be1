"""Track 2 of a magnetic card, and the one kind of card a till may read: a meter's.

Framing after ISO/IEC 7813: ``;`` digits ``=`` digits ``?``, at most 40 characters with the
sentinels and the check character, which readers do not send. A meter card carries the 18-digit
meterPAN (issuer 600727 or 0000, Luhn) and behind it expiry (YYMM), token carrier and algorithm,
supply group, tariff index and key revision; the order and widths are common practice, not proven.
A payment card must leave no trace: no number in a value, an exception or a `repr`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

START: Final = ";"
END: Final = "?"
SEPARATOR: Final = "="
LONGEST: Final = 40
"""Characters of a whole track 2 with sentinels and check character."""

_BODY: Final = re.compile(r"(?P<pan>\d{1,19})(?:=(?P<rest>\d{0,36}))?", re.ASCII)
_FIELDS: Final = re.compile(
    r"(?P<expiry>\d{4})(?P<carrier>\d\d)(?P<ea>\d\d)(?P<sgc>\d{6})(?P<ti>\d\d)(?P<krn>\d)",
    re.ASCII,
)
_ISSUERS: Final = ("600727", "0000")
_PAN: Final = 18
_PAYMENT: Final = range(13, 20)


class SwipeFault(StrEnum):
    """Why a swipe gives no meter."""

    PAYMENT_CARD = "payment-card"
    CUT = "cut"  # an end is missing, or the reader could not read on
    BACKWARDS = "backwards"
    UNKNOWN_CARD = "unknown-card"


@dataclass(frozen=True, slots=True)
class MeterCardData:
    """What a meter's card says: the 18-digit meterPAN, and its key where the card states it.

    `expiry` is ``YYMM``, empty when not stated; `sgc` is empty and `ti`, `krn` are None likewise.
    The till's own record is the truth; the card only finds it.
    """

    pan: str
    expiry: str = ""
    sgc: str = ""
    ti: int | None = None
    krn: int | None = None


Swipe = MeterCardData | SwipeFault


def luhn_holds(digits: str) -> bool:
    """Tell whether the last of `digits` is the check digit of the others (ISO/IEC 7812-1)."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def track_text(card: MeterCardData, carrier: str = "02", ea: str = "07") -> str:
    """Return the track of a meter's card, sentinels included; the inverse of `read_swipe`."""
    if card.ti is None or card.krn is None or not card.sgc:
        return f"{START}{card.pan}{SEPARATOR}{card.expiry}{END}"
    stated = f"{card.expiry or '0000'}{carrier}{ea}{card.sgc}{card.ti:02d}{card.krn}"
    return f"{START}{card.pan}{SEPARATOR}{stated}{END}"


def read_swipe(text: str) -> Swipe:
    """Return what a reader typed: a meter's card, or why there is none.

    Track 1 in front and further copies of the same track 2 are allowed; `text` is never kept.
    """
    bodies = [body for body in map(_body, _tracks(text)) if body is not None]
    cards = {_meter_card(body) for body in bodies}
    if len(cards) == 1 and None not in cards:
        return next(card for card in cards if card is not None)
    backward = {_meter_card(body) for body in _backward_bodies(text)} if not bodies else set()
    if backward and None not in backward:
        return SwipeFault.BACKWARDS
    numbers: list[str] = re.findall(r"\d{13,}", text, re.ASCII)
    if any(_may_pay(number) for number in numbers):
        return SwipeFault.PAYMENT_CARD
    if bodies and not any(body["pan"].startswith(_ISSUERS) for body in bodies):
        return SwipeFault.UNKNOWN_CARD
    return SwipeFault.CUT


def _tracks(text: str) -> list[str]:
    """Return every stretch from a start sentinel to the next end sentinel."""
    return re.findall(r";[^;?]*\?", text)


def _body(track: str) -> re.Match[str] | None:
    """Return the fields of a track, None when it is too long or holds a foreign sign."""
    return _BODY.fullmatch(track[1:-1]) if len(track) < LONGEST else None


def _is_meter(pan: str) -> bool:
    """Tell whether a number is a meterPAN: its length, issuer and both check digits."""
    if len(pan) != _PAN or not luhn_holds(pan):
        return False
    return any(pan.startswith(each) and luhn_holds(pan[len(each) : -1]) for each in _ISSUERS)


def _may_pay(digits: str) -> bool:
    """Tell whether a run of digits is, or begins with, a number as payment cards have it.

    Either way round: what is cut or reversed may still be one.
    """
    if digits.startswith(_ISSUERS[0]):
        return False
    for run in (digits, digits[::-1]):
        if run.startswith(_ISSUERS):
            continue
        if any(len(run) >= length and luhn_holds(run[:length]) for length in _PAYMENT):
            return True
    return False


def _meter_card(body: re.Match[str]) -> MeterCardData | None:
    pan, rest = body["pan"], body["rest"] or ""
    if len(pan) == _PAN - 1:
        pan += _check_digit(pan)
    if not _is_meter(pan):
        return None
    stated = _FIELDS.match(rest)
    if stated is None:
        return MeterCardData(pan, rest[:4] if len(rest) >= 4 else "")
    krn = int(stated["krn"])
    expiry = "" if stated["expiry"] == "0000" else stated["expiry"]
    return MeterCardData(pan, expiry, stated["sgc"], int(stated["ti"]), krn or None)


def _check_digit(body: str) -> str:
    return next(digit for digit in "0123456789" if luhn_holds(body + digit))


def _backward_bodies(text: str) -> list[re.Match[str]]:
    bodies = (_body(part) for part in _tracks(text[::-1]))
    return [body for body in bodies if body is not None]
