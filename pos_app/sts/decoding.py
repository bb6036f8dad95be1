"""From 20 digits back to a token's fields.

Written apart from `encoding`: it shares with it only the kinds, the digits and the amount bands.
The checksum runs bit by bit, the ciphers step backwards with tables of their own, so a mistake
in the fast path does not cancel itself out when a token is proven before it is shown.
Source: IEC 62055-41, token data elements and TCDU steps in reverse.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_app.sts import sta
from pos_app.sts.amounts import currency_of_fields, units_of_field
from pos_app.sts.digits import from_digits, split_class
from pos_app.sts.errors import (
    FieldOutOfRange,
    KeyAttributeInvalid,
    KeyMissing,
    NotEstablished,
    TokenCrc,
    TokenReserved,
)
from pos_app.sts.keys import EA_DEA, EA_OF_LENGTH, EA_STA, DecoderKey
from pos_app.sts.kinds import (
    PROPRIETARY,
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

_ENCRYPTED = (0, 2)


class _Bits:
    """Reads the 44 content bits from the most significant on."""

    def __init__(self, content: int) -> None:
        self._rest = f"{content:044b}"

    def take(self, width: int) -> int:
        taken, self._rest = self._rest[:width], self._rest[width:]
        return int(taken, 2)

    def zeros(self, width: int) -> None:
        if self.take(width):
            raise FieldOutOfRange(field="padding", largest=0)


def _checksum(octets: bytes) -> bytes:
    register = 0xFFFF
    for octet in octets:
        register ^= octet
        for _ in range(8):
            register = register >> 1 ^ 0xA001 if register & 1 else register >> 1
    return register.to_bytes(2, "little")


def _credit(sub: int, bits: _Bits) -> Token:
    rnd, tid, amount = bits.take(4), bits.take(24), bits.take(16)
    return CreditToken(sub, units_of_field(amount), tid, rnd)


def _currency(sub: int, bits: _Bits) -> Token:
    sign_exponent, tid, amount = bits.take(4), bits.take(24), bits.take(16)
    return CurrencyCreditToken(sub, currency_of_fields(sign_exponent, amount), tid)


def _meter_test(sub: int, bits: _Bits) -> Token:
    return MeterTestToken(sub, bits.take(28 if sub else 36), bits.take(16 if sub else 8))


def _extended_read(_: int, bits: _Bits) -> Token:
    value = bits.take(36)
    if bits.take(8):
        raise NotEstablished(what="extended-read-tail")
    return ExtendedRead(value)


def _clear_tamper(_: int, bits: _Bits) -> Token:
    rnd, tid = bits.take(4), bits.take(24)
    bits.zeros(16)
    return ClearTamper(tid, rnd)


def _worded(kind: Callable[[int, int, int], Token]) -> Callable[[int, _Bits], Token]:
    def read(_: int, bits: _Bits) -> Token:
        rnd, tid, word = bits.take(4), bits.take(24), bits.take(16)
        return kind(word, tid, rnd)

    return read


def _power(kind: Callable[[int, int, int], Token]) -> Callable[[int, _Bits], Token]:
    return _worded(lambda word, tid, rnd: kind(units_of_field(word), tid, rnd))


def _first(_: int, bits: _Bits) -> Token:
    ken_high, krn = bits.take(4), bits.take(4)
    roll_over, three_tokens, kt = bits.take(1), bits.take(1), bits.take(2)
    return KeyChangeFirst(ken_high, krn, roll_over, three_tokens, kt, bits.take(32))


def _second(_: int, bits: _Bits) -> Token:
    return KeyChangeSecond(bits.take(4), bits.take(8), bits.take(32))


def _third(_: int, bits: _Bits) -> Token:
    return KeyChangeThird(bits.take(12), bits.take(32))


def _sgc(_: int, bits: _Bits) -> Token:
    sgc = f"{bits.take(24):06d}"
    bits.zeros(20)
    return KeyChangeSgc(sgc)


def _fourth(_: int, bits: _Bits) -> Token:
    return KeyChangeFourth(bits.take(12), bits.take(32))


_READERS: dict[tuple[int, int], Callable[[int, _Bits], Token]] = {
    **{(0, sub): _credit for sub in range(4)},
    **{(0, sub): _currency for sub in range(4, 8)},
    (1, 0): _meter_test,
    (1, 1): _meter_test,
    (1, 2): _extended_read,
    (2, 0): _power(MaxPowerLimit),
    (2, 1): _worded(ClearCredit),
    (2, 2): _worded(TariffRate),
    (2, 3): _first,
    (2, 4): _second,
    (2, 5): _clear_tamper,
    (2, 6): _power(PhaseUnbalance),
    (2, 7): _worded(WaterMeterFactor),
    (2, 8): _third,
    (2, 9): _fourth,
    (2, 10): _worded(ExtendedSet),
}


def _clear_block(
    token_class: int, block: int, key: DecoderKey | None, ea: int | None, tables: str
) -> int:
    if ea == EA_DEA:
        raise NotEstablished(what="ea09")
    if ea is not None and ea not in EA_OF_LENGTH.values():
        raise KeyAttributeInvalid(field="ea", value=ea)
    if token_class not in _ENCRYPTED:
        return block
    if key is None:
        raise KeyMissing(token_class=token_class)
    if ea is not None and ea != key.ea:
        raise KeyAttributeInvalid(field="ea", value=ea)
    return key.decrypt(block, tables)


def _refuse_wrong_checksum(token_class: int, sub: int, octets: bytes) -> None:
    currency_mark = b"\x01" if token_class == 0 and 4 <= sub <= 7 else b""
    if _checksum(bytes([token_class]) + octets[:6] + currency_mark) != octets[6:]:
        raise TokenCrc


def decode(
    digits: str,
    key: DecoderKey | None = None,
    ea: int | None = None,
    *,
    tables: str = sta.OPERATIONAL,
) -> Token:
    """Return what 20 digits say to the meter that holds `key`.

    `ea` may be left out: the key tells it. It decides how a subclass 8 of class 2 is read, the
    SGC of a three-token set under EA07, a key section under EA11.
    Raises `TokenFormat`, `KeyMissing`, `TokenCrc` (another meter's, another key's, or mistyped),
    `TokenReserved`, `FieldOutOfRange`, or `NotEstablished`.
    """
    token_class, block = split_class(from_digits(digits))
    octets = _clear_block(token_class, block, key, ea, tables).to_bytes(8, "big")
    sub = octets[0] >> 4
    _refuse_wrong_checksum(token_class, sub, octets)
    content = int.from_bytes(octets[:6], "big") & (1 << 44) - 1
    if (token_class, sub) in PROPRIETARY:
        return ProprietaryToken(token_class, sub, content)
    read = _READERS.get((token_class, sub))
    if read is None:
        raise TokenReserved(token_class=token_class, subclass=sub)
    if read is _third and key is not None and key.ea == EA_STA:
        read = _sgc
    return read(sub, _Bits(content))
