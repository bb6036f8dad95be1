"""Records are read before anybody drafts them, as the till will read them.

A till sets a wrong record aside and sells on, so that nobody at head office would see that what
they sent never counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from pos_app.domain.errors import PosError
from pos_app.domain.staff import check_operator
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.source_text import read_text
from pos_app.domain.tid import MOST_SLOTS
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.exchange.fields import Fields
from pos_app.exchange.key_file import read_key_file
from pos_app.exchange.pack import Section
from pos_app.exchange.signed_text import ACCOUNT, TARIFF, read_signed
from pos_app.head_office.given_errors import KeysOfAnother, RecordUnfit
from pos_app.sts.identity import parse_meter_number

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_MONTH: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_LONGEST_FILE: Final = 8_000_000
_VERIFIER: Final = "$argon2id$"
_BOUNDS: Final = ("money_minor", "tenths", "count", "per_vend_minor", "not_after_ms")
_UTILITY: Final = ("id", "name", "address", "tax_reference", "help_line")
_METER_TEXTS: Final = ("drn", "name", "utility", "tariff", "commodity", "sgc")
_METER_NUMBERS: Final = ("krn", "ti", "ken", "kt", "ea", "dkga", "base")
_METER_MAY: Final = ("address", "phone", "account", "blocked")
"""The fields of records (``resources/exchange/README.md``)."""

Reader = Callable[[Fields], object]


def check_records(till: str, records: Iterable[tuple[Section, dict[str, Any]]]) -> None:
    """Raise `RecordUnfit`, or what is wrong with a file, for the first that a till would refuse."""
    for number, (section, record) in enumerate(records, 1):
        try:
            line = Fields(record, section.value, number)
            _reader(section, line)(line)
            if section in {Section.KEYS, Section.KEY_CHANGES}:
                _of_this_till(till, line)
        except ExchangeInvalid as problem:
            reason = str(problem.facts["problem"])
            raise RecordUnfit(record=number, section=section.value, problem=reason) from None


def _reader(section: Section, line: Fields) -> Reader:
    if section not in _READERS:
        raise line.refusal("section")  # the server itself writes these
    return _READERS[section]


def check_currency(code: str, section: str = Section.ALLOWANCE.value) -> str:
    """Return the three capitals of a currency; raises `RecordUnfit`."""
    if not _CURRENCY.fullmatch(code):
        raise RecordUnfit(record=1, section=section, problem="currency")
    return code


def _operator(line: Fields) -> object:
    if "retired" not in line.values:
        line.only("id", "name", "role", "pin_verifier").text("role", 40)
        if not line.text("pin_verifier", 200).startswith(_VERIFIER):
            raise line.refusal("pin_verifier")
        check_operator(line.text("id", 40), line.text("name"))
        return line
    if line.only("id", "retired").values["retired"] is not True:
        raise line.refusal("retired")
    return line.text("id", 40)


def _tariff(line: Fields) -> object:
    signed = read_signed(line.only("content").text("content", _LONGEST_FILE).encode(), TARIFF)
    return parse_tariff(signed.payload.decode("utf-8", "replace"))


def _accounts(line: Fields) -> object:
    signed = read_signed(line.only("content").text("content", _LONGEST_FILE).encode(), ACCOUNT)
    table, _ = read_text(signed.payload.decode("utf-8", "replace"), _LONGEST_FILE)
    return check_currency(str(table.get("currency", "")), line.what)


def _keys(line: Fields) -> object:
    return read_key_file(line.only("file").text("file", _LONGEST_FILE).encode())


def _of_this_till(till: str, line: Fields) -> None:
    file = read_key_file(line.text("file", _LONGEST_FILE).encode())
    if file.till != till:
        raise KeysOfAnother(there=file.till[:40], here=till)


def _meter(line: Fields) -> object:
    if "remove" in line.values:
        if line.only("drn", "remove").values["remove"] is not True:
            raise line.refusal("remove")
        return _drn(line)
    must = {*_METER_TEXTS, *_METER_NUMBERS}
    if not must <= set(line.values) <= {*must, *_METER_MAY}:
        raise line.refusal("fields")
    for name in (*_METER_TEXTS, *_METER_MAY):
        if name in line.values:
            line.text(name, 200, empty=name in _METER_MAY)
    for name in _METER_NUMBERS:
        if not re.fullmatch("[0-9]{1,4}", str(line.values[name])):
            raise line.refusal(name)
    return _drn(line)


def _drn(line: Fields) -> str:
    try:
        return parse_meter_number(line.text("drn", 20)).digits
    except ExchangeInvalid:
        raise
    except PosError:
        raise line.refusal("drn") from None


def _block(line: Fields) -> object:
    line.only("drn", "reason").text("reason", 200, empty=True)
    return _drn(line)


def _allowance(line: Fields) -> object:
    if "sequence" in line.values:
        raise line.refusal("sequence")  # it is given when the pack is issued
    if not _CURRENCY.fullmatch(line.only("currency", *_BOUNDS).text("currency", 3)):
        raise line.refusal("currency")
    return [line.whole(name) for name in _BOUNDS]


def _setting(line: Fields) -> object:
    if line.only("name", "value").text("name", 40) != "utility":
        raise line.refusal("name")
    value = Fields(line.values["value"], line.what, line.line).only(*_UTILITY)
    first = value.text("id", 40), value.text("name")
    return *first, *(value.text(name, 200, empty=True) for name in _UTILITY[2:])


def _message(line: Fields) -> object:
    line.only("id", "text", "from_ms", "until_ms").text("id", 40)
    return line.text("text", 400), line.whole("from_ms"), line.whole("until_ms")


def _slot(line: Fields) -> object:
    modulus = line.only("residue", "modulus").whole("modulus", 1, MOST_SLOTS)
    return line.whole("residue", 0, modulus - 1)


def _units(line: Fields) -> object:
    if not _MONTH.fullmatch(line.only("drn", "month", "tenths").text("month", 7)):
        raise line.refusal("month")
    return line.text("drn", 20), line.whole("tenths")


_READERS: Final[Mapping[Section, Reader]] = MappingProxyType({
    Section.OPERATORS: _operator,
    Section.TARIFFS: _tariff,
    Section.METERS: _meter,
    Section.BLOCKS: _block,
    Section.ACCOUNTS: _accounts,
    Section.ELSEWHERE: _units,
    Section.KEYS: _keys,
    Section.KEY_CHANGES: _keys,
    Section.ALLOWANCE: _allowance,
    Section.SETTINGS: _setting,
    Section.MESSAGES: _message,
    Section.TID_SLOTS: _slot,
})  # fmt: skip
