"""Amounts as tokens carry them: a 14-bit mantissa and a decimal exponent.

An amount of exponent e and mantissa m stands for 10**e * m + 2**14 * (10**e - 1) / 9, so every
band starts where the one before it ends and no amount has two forms.
Units: 0.1 kWh, 0.1 m3, 0.1 min or 1 W in the 16-bit field (e = 0..3); 0.00001 of the currency in
the currency field (e = 0..31 and a sign).
Rounding favours the customer: up, for negative currency towards zero.
Source: IEC 62055-41, transfer amount; STS 531 CTSA10, CTSA12, CTSA20 to CTSA23.
"""

from __future__ import annotations

from pos_app.sts.errors import AmountTooLarge, FieldOutOfRange

_MANTISSA_BITS = 14
MANTISSAS = 1 << _MANTISSA_BITS
"""Amounts below this are their own 16-bit field."""
_STEPS: list[int] = [10**exponent for exponent in range(32)]
_BANDS = [(step, MANTISSAS * (step - 1) // 9) for step in _STEPS]
"""Step and first value of each exponent's band."""
_UNIT_BANDS = _BANDS[:4]
_NEGATIVE = 0x8


def _largest(bands: list[tuple[int, int]]) -> int:
    step, start = bands[-1]
    return step * (MANTISSAS - 1) + start


LARGEST_UNITS = _largest(_UNIT_BANDS)
LARGEST_CURRENCY = _largest(_BANDS)


def _rounded_up(value: int, bands: list[tuple[int, int]]) -> tuple[int, int]:
    """Return exponent and mantissa of the smallest amount that is not below `value`."""
    for exponent, (step, start) in enumerate(bands):
        mantissa = -((start - value) // step)
        if mantissa < MANTISSAS:
            return exponent, mantissa
    raise AmountTooLarge(largest=_largest(bands))


def _rounded_down(value: int, bands: list[tuple[int, int]]) -> tuple[int, int]:
    """Return exponent and mantissa of the largest amount that is not above `value`."""
    if value > _largest(bands):
        raise AmountTooLarge(largest=_largest(bands))
    exponent = max(e for e, (_, start) in enumerate(bands) if start <= value)
    step, start = bands[exponent]
    return exponent, (value - start) // step


def amount_field(units: int) -> int:
    """Return the 16-bit field of `units`, rounded up to the next amount it can hold.

    Raises `FieldOutOfRange` below zero and `AmountTooLarge` above `LARGEST_UNITS`.
    """
    if 0 <= units < MANTISSAS:
        return units
    if units < 0:
        raise FieldOutOfRange(field="amount")
    exponent, mantissa = _rounded_up(units, _UNIT_BANDS)
    return exponent << _MANTISSA_BITS | mantissa


def units_of_field(field: int) -> int:
    """Return the units that a 16-bit field stands for."""
    step, start = _UNIT_BANDS[field >> _MANTISSA_BITS]
    return step * (field & MANTISSAS - 1) + start


def encodable_units(units: int) -> int:
    """Return what a token of `units` really carries (0.1 unit, or W), rounded up."""
    return units_of_field(amount_field(units))


def currency_fields(units: int) -> tuple[int, int]:
    """Return the sign-and-exponent nibble and the 16-bit field of a currency amount.

    Rounds towards plus infinity. Raises `AmountTooLarge` beyond `LARGEST_CURRENCY`.
    """
    if units < 0:
        sign, (exponent, mantissa) = _NEGATIVE, _rounded_down(-units, _BANDS)
    else:
        sign, (exponent, mantissa) = 0, _rounded_up(units, _BANDS)
    return sign | exponent >> 2, (exponent & 3) << _MANTISSA_BITS | mantissa


def currency_of_fields(sign_exponent: int, field: int) -> int:
    """Return the 0.00001 currency units of the two fields of a currency token."""
    step, start = _BANDS[(sign_exponent & 7) << 2 | field >> _MANTISSA_BITS]
    magnitude = step * (field & MANTISSAS - 1) + start
    return -magnitude if sign_exponent & _NEGATIVE else magnitude


def encodable_currency(units: int) -> int:
    """Return what a currency token of `units` really carries (0.00001 currency)."""
    return currency_of_fields(*currency_fields(units))
