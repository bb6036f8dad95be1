"""Allowance codes: 20 digits that head office reads to a till over the telephone.

A code is a number below 2^66, written with 20 digits; its bits, the highest first:

| bits | what |
|---|---|
| 10 | sequence: the low bits of how many codes this till has been given |
| 12 | step: 10 bits of 1 to 999, 2 bits of how many zeros follow, in hundreds of minor units |
| 3 | days: 0, 1, 3, 7, 14, 30, 60 or 90 that the allowance is to last from now, if not longer |
| 41 | the first bits of HMAC-SHA256 under the secret shared at enrolment |

The HMAC covers the till, the currency, the *whole* sequence, the step and the days, so a code
serves one till, one currency and one time: a till takes sequences above the highest one it took.

Strength: one guess is right once in 2^41 divided by the currencies that a till sells in. A till
that allows five guesses and then ever fewer, in the end one an hour, would let one forgery through
in some 250 million years of guessing day and night.
Who has the secret makes codes at will: it is sealed to the till and kept by head office, and a
till that is stolen gives up its own, good for that till only.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.exchange.canonical import canonical

DIGITS: Final = 20
DAYS: Final = (0, 1, 3, 7, 14, 30, 60, 90)
LARGEST_AMOUNT: Final = 999_000
"""What one code can grant, in hundreds of minor units: whole money where there are cents."""
_SEQUENCE_BITS, _STEP_BITS, _DAYS_BITS, _MAC_BITS = 10, 12, 3, 41
_WINDOW: Final = 1 << _SEQUENCE_BITS
_BITS: Final = _SEQUENCE_BITS + _STEP_BITS + _DAYS_BITS + _MAC_BITS
_MOST: Final = 999


class AllowanceCodeWrong(PosError):
    """These are not 20 digits, or not a code for this till now. Fact: `problem`."""

    code: ClassVar[str] = "allowance-code-wrong"


class AllowanceAmountUnfit(PosError):
    """A code cannot say this amount or this many days. Facts: `amount`, `days`."""

    code: ClassVar[str] = "allowance-amount-unfit"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code grants: `amount` in hundreds of minor units of `currency`, `days` from now."""

    sequence: int
    currency: str
    amount: int
    days: int


def write_allowance_code(grant: Grant, till: str, secret: bytes) -> str:
    """Return the 20 digits in groups of four; raises `AllowanceAmountUnfit`.

    An amount is 1 to 999 with up to three zeros behind it; `sequence` counts from 1 for a till.
    """
    step = _step(grant.amount)
    if step is None or grant.days not in DAYS:
        raise AllowanceAmountUnfit(amount=grant.amount, days=grant.days)
    open_part = (grant.sequence % _WINDOW) << _STEP_BITS | step
    open_part = open_part << _DAYS_BITS | DAYS.index(grant.days)
    digits = f"{open_part << _MAC_BITS | _mac(grant, till, secret):0{DIGITS}d}"
    return " ".join(digits[at : at + 4] for at in range(0, DIGITS, 4))


def read_allowance_code(
    typed: str, till: str, secret: bytes, currencies: Iterable[str], last: int
) -> Grant:
    """Return what a code grants; `last` is the highest sequence this till took.

    Raises `AllowanceCodeWrong`: `problem` is ``digits``, or ``code`` for a wrong, used, older or
    foreign one, which cannot be told apart.
    """
    digits = typed.replace(" ", "").replace("-", "")
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise AllowanceCodeWrong(problem="digits")
    number = int(digits)
    mac = number % (1 << _MAC_BITS)
    days = number >> _MAC_BITS & (1 << _DAYS_BITS) - 1
    step = number >> _MAC_BITS + _DAYS_BITS & (1 << _STEP_BITS) - 1
    low = number >> _MAC_BITS + _DAYS_BITS + _STEP_BITS
    sequence = last + 1 + (low - last - 1) % _WINDOW
    amount = (step >> 2) * 10 ** (step & 3)
    for currency in currencies:
        grant = Grant(sequence, currency, amount, DAYS[days])
        right = hmac.compare_digest(*(f"{m:x}" for m in (mac, _mac(grant, till, secret))))
        if right and number >> _BITS == 0 and _step(amount) == step:
            return grant
    raise AllowanceCodeWrong(problem="code")


def _step(amount: int) -> int | None:
    """Return the step of an amount, with as few zeros as it takes; None for one that has none."""
    for zeros, unit in enumerate((1, 10, 100, 1000)):
        count, rest = divmod(amount, unit)
        if not rest and 1 <= count <= _MOST:
            return count << 2 | zeros
    return None


def _mac(grant: Grant, till: str, secret: bytes) -> int:
    said = [
        "tokentill allowance code",
        till,
        grant.currency,
        grant.sequence,
        grant.amount,
        grant.days,
    ]
    digest = hmac.new(secret, canonical(said), hashlib.sha256).digest()
    return int.from_bytes(digest, "big") >> 256 - _MAC_BITS
