"""Reading what a cashier typed: an amount, units, or a scan that landed in the wrong field."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.units import parse_units

UNITS_SIGNS = ("u", "U", "/")
SCAN_DIGITS = 10
NUMBER_LENGTHS = (11, 13, 18)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the customer named: money or 0.1 units, never both."""

    amount: Money | None = None
    tenths: int | None = None


def read_asked(typed: str, currency: Currency) -> Asked | None:
    """Return None for an empty field; raise `AmountInvalid` or `UnitsInvalid`."""
    text = typed.strip()
    if not text or text in UNITS_SIGNS:
        return None
    if text.startswith(UNITS_SIGNS):
        return Asked(tenths=parse_units(text[1:].strip().removesuffix(".")))
    return Asked(amount=Money.parse(text, currency))


def is_scan(typed: str) -> bool:
    """Tell whether `typed` is a meter or receipt number: no amount has ten digits in a row."""
    return typed.isascii() and typed.isdigit() and len(typed) >= SCAN_DIGITS


def is_whole_number(typed: str) -> bool:
    """Tell whether `typed` is a complete DRN or meterPAN, spaces and dashes aside."""
    digits = typed.replace(" ", "").replace("-", "")
    return digits.isascii() and digits.isdigit() and len(digits) in NUMBER_LENGTHS


def digits_of(typed: str) -> str:
    """Return `typed` without spaces and dashes."""
    return typed.replace(" ", "").replace("-", "")
