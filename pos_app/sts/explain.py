"""What a token says, as names and values that the window and the command line put into words.

Words are elsewhere: `kind` and the names and units of fields are stable keys, values are numbers,
plain text or UTC minutes. Parts of a new key are never among them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import NoReturn

from pos_app.sts.encoding import body_of
from pos_app.sts.errors import NotEstablished
from pos_app.sts.kinds import (
    SERVICES,
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
from pos_app.sts.tid import minute_of_tid

KINDS: dict[type, str] = {
    CreditToken: "credit",
    CurrencyCreditToken: "currency-credit",
    MeterTestToken: "meter-test",
    ExtendedRead: "extended-read",
    MaxPowerLimit: "max-power-limit",
    ClearCredit: "clear-credit",
    TariffRate: "tariff-rate",
    ClearTamper: "clear-tamper",
    PhaseUnbalance: "phase-unbalance",
    WaterMeterFactor: "water-meter-factor",
    ExtendedSet: "extended-set",
    KeyChangeFirst: "key-change-1",
    KeyChangeSecond: "key-change-2",
    KeyChangeThird: "key-change-3",
    KeyChangeFourth: "key-change-4",
    KeyChangeSgc: "key-change-sgc",
    ProprietaryToken: "proprietary",
}
TESTS = (
    "all",
    "load-switch",
    "display",
    "totals",
    "key-revision",
    "tariff-index",
    "token-reader",
    "power-limit",
    "tamper",
    "power",
    "software-version",
    "phase-unbalance",
    "water-factor",
    "tariff-rate",
    "encryption-algorithm",
    "key-change-tokens",
    "supply-group",
    "key-expiry",
    "meter-number",
)
"""Names of tests 0 to 18; test n is control bit n - 1, test 0 is all ones."""
_UNITS = ("kWh", "m3", "m3", "min")
_KEY_PARTS = frozenset({"key_word"})
_REPLACED = frozenset({"sub", "tenths", "units", "control", "tid", "register"})
_CURRENCY_DECIMALS = 5


@dataclass(frozen=True, slots=True)
class Field:
    """One statement of a token; `unit` is empty where the standard gives none we know."""

    name: str
    value: int | str | Decimal | datetime
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A token's kind, class, subclass and fields, the important ones first."""

    kind: str
    token_class: int
    subclass: int
    fields: tuple[Field, ...]


def flag_of(_: ExtendedSet) -> NoReturn:
    """Raise `NotEstablished`: how an extended flag and its value share 10 bits is inferred only."""
    raise NotEstablished(what="extended-flag-split")


def _amounts(token: Token) -> list[Field]:
    match token:
        case CreditToken():
            amount = Decimal(token.tenths).scaleb(-1)
            service = Field("service", SERVICES[token.sub])
            return [service, Field("amount", amount, _UNITS[token.sub])]
        case CurrencyCreditToken():
            amount = Decimal(token.units).scaleb(-_CURRENCY_DECIMALS)
            return [Field("service", SERVICES[token.sub - 4]), Field("amount", amount, "currency")]
        case ClearCredit():
            return [Field("register", _register(token.register))]
        case MeterTestToken():
            return [Field("test", each) for each in _tests(token)]
        case ExtendedSet() | ExtendedRead():
            return [Field("index", token.index)]
    return []


def _register(register: int) -> str | int:
    if register == 0xFFFF:
        return "all"
    if register < len(SERVICES):
        return SERVICES[register]
    if register < 2 * len(SERVICES):
        return f"{SERVICES[register - len(SERVICES)]}-currency"
    return register


def _tests(token: MeterTestToken) -> list[str | int]:
    """Return the names of the tests asked for, or a number where a test has no name."""
    width = 28 if token.sub else 36
    if token.control == (1 << width) - 1:
        return [TESTS[0]]
    numbers = [bit + 1 for bit in range(width) if token.control >> bit & 1]
    return [TESTS[number] if number < len(TESTS) else number for number in numbers]


def explain(token: Token, base: int | None = None) -> Explanation:
    """Return what `token` says; `base` (of the meter's key) turns its TID into a UTC minute."""
    stated = _amounts(token)
    for each in fields(token):
        value = getattr(token, each.name)
        if each.name == "tid":
            if base is not None:
                stated.append(Field("minute", minute_of_tid(value, base)))
            stated.append(Field("tid", value, "min"))
        elif each.name not in _KEY_PARTS | _REPLACED:
            stated.append(Field(each.name, value, "W" if each.name == "watts" else ""))
    body = body_of(token)
    return Explanation(KINDS[type(token)], body >> 48, body >> 44 & 0xF, tuple(stated))
