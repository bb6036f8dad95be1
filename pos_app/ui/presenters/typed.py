"""Reading what a cashier typed: an amount, units, or a scan that landed in the wrong field."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from pos_app.application.records import MeterCard
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money

UNITS_SIGNS = ("u", "U", "/")
SCAN_DIGITS = 10
LARGEST_UNITS = 10**6


class UnitsInvalid(PosError):
    """What was typed after the sign of units is no number of units: `typed`."""

    code: ClassVar[str] = "units-invalid"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the customer named: money or 0.1 units, never both."""

    amount: Money | None = None
    tenths: int | None = None


def currency_of(card: MeterCard) -> Currency:
    """Return the currency a card's money is in."""
    for money in (*card.note_keys, card.usual, card.minimum, card.maximum):
        if money is not None:
            return money.currency
    return Currency(card.currency_code)


def read_asked(typed: str, currency: Currency) -> Asked | None:
    """Return None for an empty field; raise `AmountInvalid` or `UnitsInvalid`."""
    text = typed.strip()
    if not text or text in UNITS_SIGNS:
        return None
    if text.startswith(UNITS_SIGNS):
        return Asked(tenths=_tenths(text[1:].strip(), typed))
    return Asked(amount=Money.parse(text, currency))


def _tenths(text: str, typed: str) -> int:
    if not text.isascii() or not text.replace(".", "", 1).isdigit():
        raise UnitsInvalid(typed=typed[:40])
    tenths = Decimal(text) * 10
    if tenths != tenths.to_integral_value() or not 0 < tenths <= LARGEST_UNITS:
        raise UnitsInvalid(typed=typed[:40])
    return int(tenths)


def is_scan(typed: str) -> bool:
    """Tell whether `typed` is a meter or receipt number: no amount has ten digits in a row."""
    return typed.isascii() and typed.isdigit() and len(typed) >= SCAN_DIGITS


def is_whole_number(typed: str) -> bool:
    """Tell whether `typed` is a complete DRN of 11 or 13 digits, spaces and dashes aside."""
    digits = typed.replace(" ", "").replace("-", "")
    return digits.isascii() and digits.isdigit() and len(digits) in (11, 13)


def digits_of(typed: str) -> str:
    """Return `typed` without spaces and dashes."""
    return typed.replace(" ", "").replace("-", "")


def cash_due(total: Money) -> Money:
    """Return `total` in coins that exist: rounded half up to the smallest one."""
    coin = total.currency.smallest_coin
    if coin <= 1:
        return total
    coins = (Decimal(total.minor) / coin).quantize(Decimal(1), ROUND_HALF_UP)
    return Money(int(coins) * coin, total.currency)
