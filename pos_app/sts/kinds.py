"""What a token says: one frozen dataclass per kind, checked when made.

Units: `tenths` in 0.1 kWh, 0.1 m3 or 0.1 min; `units` in 0.00001 of the currency; `watts` in W;
`tid` in minutes (see `tid`); `rnd` 0 to 15. Class and subclass as in IEC 62055-41.
Halves and quarters of a decoder key inside key-change tokens are 32-bit numbers, not shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pos_app.sts.amounts import LARGEST_CURRENCY, LARGEST_UNITS
from pos_app.sts.errors import AmountTooLarge, FieldOutOfRange
from pos_app.sts.identity import is_digits

SERVICES = ("electricity", "water", "gas", "time")
ALL_REGISTERS = 0xFFFF
_LARGEST_WORD = 0xFFFF
_CONTROL_BITS = (36, 28)


def _check(**fields: tuple[int, int]) -> None:
    """Raise `FieldOutOfRange` for a (value, largest) whose value is negative or too large."""
    for name, (value, largest) in fields.items():
        if not 0 <= value <= largest:
            raise FieldOutOfRange(field=name, largest=largest)


def _check_sgc(sgc: str) -> None:
    if len(sgc) != 6 or not is_digits(sgc):
        raise FieldOutOfRange(field="sgc", largest=999_999)


def _check_watts(watts: int, tid: int, rnd: int) -> None:
    _check(tid=(tid, 0xFFFFFF), rnd=(rnd, 15))
    if watts > LARGEST_UNITS:
        raise AmountTooLarge(largest=LARGEST_UNITS)
    _check(watts=(watts, LARGEST_UNITS))


@dataclass(frozen=True, slots=True)
class CreditToken:
    """Class 0, subclass 0 to 3: credit in units of a service; encoding rounds `tenths` up."""

    sub: int
    tenths: int
    tid: int
    rnd: int

    def __post_init__(self) -> None:
        if 0 <= self.tenths <= LARGEST_UNITS and 0 <= self.tid <= 0xFFFFFF:
            if 0 <= self.sub <= 3 and 0 <= self.rnd <= 15:
                return
            _check(sub=(self.sub, 3), rnd=(self.rnd, 15))
        if self.tenths > LARGEST_UNITS:
            raise AmountTooLarge(largest=LARGEST_UNITS)
        _check(tenths=(self.tenths, LARGEST_UNITS), tid=(self.tid, 0xFFFFFF))


@dataclass(frozen=True, slots=True)
class CurrencyCreditToken:
    """Class 0, subclass 4 to 7: credit in currency, may be negative; it has no RND."""

    sub: int
    units: int
    tid: int

    def __post_init__(self) -> None:
        if not 4 <= self.sub <= 7:
            raise FieldOutOfRange(field="sub", largest=7)
        _check(tid=(self.tid, 0xFFFFFF))
        if abs(self.units) > LARGEST_CURRENCY:
            raise AmountTooLarge(largest=LARGEST_CURRENCY)


@dataclass(frozen=True, slots=True)
class MeterTestToken:
    """Class 1, subclass 0 (2-digit manufacturer code) or 1 (4-digit): show or test.

    `control` has one bit per test, all ones for test 0. Not encrypted.
    """

    sub: int
    control: int
    manufacturer: int

    def __post_init__(self) -> None:
        _check(sub=(self.sub, 1))
        _check(
            control=(self.control, (1 << _CONTROL_BITS[self.sub]) - 1),
            manufacturer=(self.manufacturer, (1 << 44 - _CONTROL_BITS[self.sub]) - 1),
        )


@dataclass(frozen=True, slots=True)
class ExtendedRead:
    """Class 1, subclass 2 (STS 202-5): a 36-bit value whose top 6 bits are an index."""

    value: int

    def __post_init__(self) -> None:
        _check(value=(self.value, (1 << 36) - 1))

    @property
    def index(self) -> int:
        """Return the table entry that is asked for, 0 to 63."""
        return self.value >> 30


@dataclass(frozen=True, slots=True)
class MaxPowerLimit:
    """Class 2, subclass 0: the power above which the meter switches off, rounded up."""

    watts: int
    tid: int
    rnd: int

    def __post_init__(self) -> None:
        _check_watts(self.watts, self.tid, self.rnd)


@dataclass(frozen=True, slots=True)
class ClearCredit:
    """Class 2, subclass 1: empty a credit register; `ALL_REGISTERS` empties all."""

    register: int
    tid: int
    rnd: int

    def __post_init__(self) -> None:
        _check(register=(self.register, _LARGEST_WORD), tid=(self.tid, 0xFFFFFF))
        _check(rnd=(self.rnd, 15))


@dataclass(frozen=True, slots=True)
class TariffRate:
    """Class 2, subclass 2: a 16-bit word whose meaning is not established."""

    rate: int
    tid: int
    rnd: int

    def __post_init__(self) -> None:
        _check(rate=(self.rate, _LARGEST_WORD), tid=(self.tid, 0xFFFFFF), rnd=(self.rnd, 15))


@dataclass(frozen=True, slots=True)
class ClearTamper:
    """Class 2, subclass 5: forget a tamper condition."""

    tid: int
    rnd: int

    def __post_init__(self) -> None:
        _check(tid=(self.tid, 0xFFFFFF), rnd=(self.rnd, 15))


@dataclass(frozen=True, slots=True)
class PhaseUnbalance:
    """Class 2, subclass 6: the largest difference of power between phases, rounded up."""

    watts: int
    tid: int
    rnd: int

    def __post_init__(self) -> None:
        _check_watts(self.watts, self.tid, self.rnd)


@dataclass(frozen=True, slots=True)
class WaterMeterFactor:
    """Class 2, subclass 7: a 16-bit word whose meaning is not established."""

    factor: int
    tid: int
    rnd: int

    def __post_init__(self) -> None:
        _check(factor=(self.factor, _LARGEST_WORD), tid=(self.tid, 0xFFFFFF), rnd=(self.rnd, 15))


@dataclass(frozen=True, slots=True)
class ExtendedSet:
    """Class 2, subclass 10 (STS 202-5): a 16-bit value whose top 6 bits are an index."""

    value: int
    tid: int
    rnd: int

    def __post_init__(self) -> None:
        _check(value=(self.value, _LARGEST_WORD), tid=(self.tid, 0xFFFFFF), rnd=(self.rnd, 15))

    @property
    def index(self) -> int:
        """Return the table entry that is set, 0 to 63; 63 is the flag table."""
        return self.value >> 10


@dataclass(frozen=True, slots=True)
class KeyChangeFirst:
    """Class 2, subclass 3: upper half of KEN, KRN, KT and the first word of the new key.

    `roll_over` is 1 when the new key has another base date; `three_tokens` is 1 when a token
    with the SGC follows as third.
    """

    ken_high: int
    krn: int
    roll_over: int
    three_tokens: int
    kt: int
    key_word: int = field(repr=False)

    def __post_init__(self) -> None:
        _check(ken_high=(self.ken_high, 15), roll_over=(self.roll_over, 1))
        _check(three_tokens=(self.three_tokens, 1), kt=(self.kt, 3))
        if not 1 <= self.krn <= 9:
            raise FieldOutOfRange(field="krn", largest=9)
        _check(key=(self.key_word, 0xFFFFFFFF))


@dataclass(frozen=True, slots=True)
class KeyChangeSecond:
    """Class 2, subclass 4: lower half of KEN, TI and the last word of the new key."""

    ken_low: int
    ti: int
    key_word: int = field(repr=False)

    def __post_init__(self) -> None:
        _check(ken_low=(self.ken_low, 15), ti=(self.ti, 99), key=(self.key_word, 0xFFFFFFFF))


@dataclass(frozen=True, slots=True)
class KeyChangeThird:
    """Class 2, subclass 8 of a four-token set: lower 12 bits of the SGC, second key word."""

    sgc_low: int
    key_word: int = field(repr=False)

    def __post_init__(self) -> None:
        _check(sgc=(self.sgc_low, 0xFFF), key=(self.key_word, 0xFFFFFFFF))


@dataclass(frozen=True, slots=True)
class KeyChangeFourth:
    """Class 2, subclass 9: upper 12 bits of the SGC, third key word."""

    sgc_high: int
    key_word: int = field(repr=False)

    def __post_init__(self) -> None:
        _check(sgc=(self.sgc_high, 0xFFF), key=(self.key_word, 0xFFFFFFFF))


@dataclass(frozen=True, slots=True)
class KeyChangeSgc:
    """Class 2, subclass 8 of a three-token set: the whole SGC, 6 digits."""

    sgc: str

    def __post_init__(self) -> None:
        _check_sgc(self.sgc)


@dataclass(frozen=True, slots=True)
class ProprietaryToken:
    """Class 1, subclass 6 to 15, or class 2, subclass 11 to 15: the maker's, 44 raw bits."""

    token_class: int
    sub: int
    content: int

    def __post_init__(self) -> None:
        if (self.token_class, self.sub) not in PROPRIETARY:
            raise FieldOutOfRange(field="sub", largest=15)
        _check(content=(self.content, (1 << 44) - 1))


PROPRIETARY = frozenset([(1, sub) for sub in range(6, 16)] + [(2, sub) for sub in range(11, 16)])

KeyChangeToken = KeyChangeFirst | KeyChangeSecond | KeyChangeThird | KeyChangeFourth | KeyChangeSgc
Token = (
    CreditToken
    | CurrencyCreditToken
    | MeterTestToken
    | ExtendedRead
    | MaxPowerLimit
    | ClearCredit
    | TariffRate
    | ClearTamper
    | PhaseUnbalance
    | WaterMeterFactor
    | ExtendedSet
    | KeyChangeToken
    | ProprietaryToken
)
