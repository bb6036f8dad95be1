"""From a token's fields to 20 digits.

A token body has 50 bits, most significant first: class (2), subclass (4), content (44). With its
16-bit checksum the lower 64 bits are the block, encrypted in classes 0 and 2.
Ordinary content: RND (4), TID (24), value (16). Source: IEC 62055-41, token data elements.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pos_app.sts import sta
from pos_app.sts.amounts import (
    MANTISSAS,
    amount_field,
    currency_fields,
    encodable_currency,
    encodable_units,
)
from pos_app.sts.checksum import checksum
from pos_app.sts.digits import insert_class, to_digits
from pos_app.sts.errors import KeyMissing
from pos_app.sts.keys import DecoderKey
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
    ProprietaryToken,
    TariffRate,
    Token,
    WaterMeterFactor,
)

_CLEAR_CLASS = 1
_BLOCK = (1 << 64) - 1


def _body(token_class: int, sub: int, content: int) -> int:
    return token_class << 48 | sub << 44 | content


def _management(sub: int, token: ClearTamper | Any, value: int) -> int:
    return _body(2, sub, token.rnd << 40 | token.tid << 16 | value)


def credit_body(token: CreditToken) -> int:
    """Return the 50 bits of a credit in units; class 0 adds nothing."""
    tenths = token.tenths
    amount = tenths if tenths < MANTISSAS else amount_field(tenths)
    return token.sub << 44 | token.rnd << 40 | token.tid << 16 | amount


def _currency(token: CurrencyCreditToken) -> int:
    sign_exponent, amount = currency_fields(token.units)
    return _body(0, token.sub, sign_exponent << 40 | token.tid << 16 | amount)


def _meter_test(token: MeterTestToken) -> int:
    manufacturer_bits = 16 if token.sub else 8
    return _body(1, token.sub, token.control << manufacturer_bits | token.manufacturer)


def _first(token: KeyChangeFirst) -> int:
    flags = token.roll_over << 3 | token.three_tokens << 2 | token.kt
    return _body(2, 3, token.ken_high << 40 | token.krn << 36 | flags << 32 | token.key_word)


def _second(token: KeyChangeSecond) -> int:
    return _body(2, 4, token.ken_low << 40 | token.ti << 32 | token.key_word)


_BODY_OF: dict[type, Callable[[Any], int]] = {
    CreditToken: credit_body,
    CurrencyCreditToken: _currency,
    MeterTestToken: _meter_test,
    ExtendedRead: lambda token: _body(1, 2, token.value << 8),
    MaxPowerLimit: lambda token: _management(0, token, amount_field(token.watts)),
    ClearCredit: lambda token: _management(1, token, token.register),
    TariffRate: lambda token: _management(2, token, token.rate),
    KeyChangeFirst: _first,
    KeyChangeSecond: _second,
    ClearTamper: lambda token: _management(5, token, 0),
    PhaseUnbalance: lambda token: _management(6, token, amount_field(token.watts)),
    WaterMeterFactor: lambda token: _management(7, token, token.factor),
    KeyChangeThird: lambda token: _body(2, 8, token.sgc_low << 32 | token.key_word),
    KeyChangeSgc: lambda token: _body(2, 8, int(token.sgc) << 20),
    KeyChangeFourth: lambda token: _body(2, 9, token.sgc_high << 32 | token.key_word),
    ExtendedSet: lambda token: _management(10, token, token.value),
    ProprietaryToken: lambda token: _body(token.token_class, token.sub, token.content),
}


def body_of(token: Token) -> int:
    """Return the 50 bits of class, subclass and content."""
    return _BODY_OF[type(token)](token)


def as_encoded(token: Token) -> Token:
    """Return what the meter will read back: `token` with its amount rounded as it is encoded."""
    match token:
        case CreditToken():
            return replace(token, tenths=encodable_units(token.tenths))
        case CurrencyCreditToken():
            return replace(token, units=encodable_currency(token.units))
        case MaxPowerLimit() | PhaseUnbalance():
            return replace(token, watts=encodable_units(token.watts))
    return token


def encode(token: Token, key: DecoderKey | None = None, *, tables: str = sta.OPERATIONAL) -> str:
    """Return the 20 digits of `token` for the meter that holds `key`.

    Amounts are rounded in the customer's favour (see `amounts.encodable_units`). Class 1 is
    never encrypted and needs no key; the others raise `KeyMissing` without one. `tables` names
    the STA tables of an EA07 key. Raises `AmountTooLarge` for what one token cannot carry.
    """
    body = _BODY_OF[type(token)](token)
    token_class = body >> 48
    block = (body << 16 | checksum(body)) & _BLOCK
    if token_class != _CLEAR_CLASS:
        if key is None:
            raise KeyMissing(token_class=token_class)
        block = key.encrypt(block, tables)
    return to_digits(insert_class(block, token_class))
