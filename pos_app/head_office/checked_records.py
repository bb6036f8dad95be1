"""Records are read before anybody drafts them, as the till will read them.

A till sets a wrong record aside and sells on, so that nobody at head office would see that what
they sent never counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from pos_app.application.account_file import LONGEST, parse_account
from pos_app.application.meter_import import MeterFileInvalid, meter_of_row
from pos_app.application.pack_records import (
    allowance_of,
    message_of,
    operator_record,
    slot_of,
    units_of,
    utility_of,
)
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.source_text import read_text
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.exchange.fields import Fields
from pos_app.exchange.key_file import read_key_file
from pos_app.exchange.pack import Section
from pos_app.exchange.signed_text import ACCOUNT, TARIFF, read_signed
from pos_app.head_office.currencies import decimals_of
from pos_app.head_office.given_errors import KeysOfAnother, RecordUnfit
from pos_app.sts.identity import parse_meter_number

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_LONGEST_FILE: Final = 8_000_000

Reader = Callable[[Fields], object]


def check_records(till: str, records: Iterable[tuple[Section, dict[str, Any]]]) -> None:
    """Raise `RecordUnfit`, or what is wrong with a file, for the first that a till would refuse."""
    for number, (section, record) in enumerate(records, 1):
        try:
            line = Fields(record, section.value, number)
            _reader(section, line)(line)
            if section in {Section.KEYS, Section.KEY_CHANGES}:
                _of_this_till(till, line)
        except (ExchangeInvalid, MeterFileInvalid) as problem:
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
        return operator_record(line)
    if line.only("id", "retired").values["retired"] is not True:
        raise line.refusal("retired")
    return line.text("id", 40)


def _tariff(line: Fields) -> object:
    signed = read_signed(line.only("content").text("content", _LONGEST_FILE).encode(), TARIFF)
    return parse_tariff(signed.payload.decode("utf-8", "replace"))


def _accounts(line: Fields) -> object:
    signed = read_signed(line.only("content").text("content", LONGEST).encode(), ACCOUNT)
    text = signed.payload.decode("utf-8", "replace")
    code = check_currency(str(read_text(text, LONGEST)[0].get("currency", "")), line.what)
    paid = Currency(code, decimals_of(code))
    return parse_account(text, lambda _utility, _meter: paid)


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
    if not all(isinstance(value, (str, int)) for value in line.values.values()):
        raise line.refusal("fields")
    texts = {name: str(value) for name, value in line.values.items()}
    return meter_of_row(texts, line.line)


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
    found = allowance_of(Fields(line.values | {"sequence": 1}, line.what, line.line))
    if not _CURRENCY.fullmatch(found[0]):
        raise line.refusal("currency")
    return found


_READERS: Final[Mapping[Section, Reader]] = MappingProxyType({
    Section.OPERATORS: _operator,
    Section.TARIFFS: _tariff,
    Section.METERS: _meter,
    Section.BLOCKS: _block,
    Section.ACCOUNTS: _accounts,
    Section.ELSEWHERE: units_of,
    Section.KEYS: _keys,
    Section.KEY_CHANGES: _keys,
    Section.ALLOWANCE: _allowance,
    Section.SETTINGS: utility_of,
    Section.MESSAGES: message_of,
    Section.TID_SLOTS: slot_of,
})  # fmt: skip
