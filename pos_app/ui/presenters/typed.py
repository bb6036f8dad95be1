"""Reading what a cashier typed: money, units, days, or a scan that landed in the wrong field."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.units import parse_units
from pos_app.domain.usual import Usage, units_of_days

UNITS_SIGNS = ("u", "U", "/")
DAYS_SIGNS = ("d", "D", "//")
SCAN_DIGITS = 10
NUMBER_LENGTHS = (11, 13, 18)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the customer named: money or 0.1 units, never both.

    `pace` is the use that turned days into units, None where no days were named.
    """

    amount: Money | None = None
    tenths: int | None = None
    pace: Usage | None = None


def read_asked(typed: str, currency: Currency, usage: Usage | None = None) -> Asked | None:
    """Read money (``50``), units (``u40``) or days (``d30``, or ``d30/5.5`` for 5.5 units a day).

    `usage` is what the meter is known to use. Returns None for an empty field; raises
    `AmountInvalid`, `UnitsInvalid`, `DaysInvalid` or `UsageUnknown`.
    """
    text = typed.strip()
    if not text or text in (*UNITS_SIGNS, *DAYS_SIGNS):
        return None
    sign = next((each for each in DAYS_SIGNS if text.startswith(each)), "")
    if sign:
        tenths, pace = units_of_days(text[len(sign) :].rstrip("./"), usage)
        return Asked(tenths=tenths, pace=pace)
    if text.startswith(UNITS_SIGNS):
        return Asked(tenths=parse_units(text[1:].strip().removesuffix(".")))
    return Asked(amount=Money.parse(text, currency))


def named_no_money(typed: str) -> bool:
    """Tell whether units or days are being typed, and money is the answer."""
    return typed.strip().startswith((*UNITS_SIGNS, *DAYS_SIGNS))


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
