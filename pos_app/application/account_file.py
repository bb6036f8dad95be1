"""Account files: what a utility knows of its customers' accounts, as TOML or JSON.

``resources/accounts/README.md`` is the page for writers. Every fault names its line and field, as
in a tariff file; nothing of a faulty file is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from pos_app.application.account_records import (
    AccountFile,
    AdjustmentRow,
    ChargeRow,
    DebtRow,
    FreeRow,
    UsageRow,
)
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency
from pos_app.domain.tariff.fields import Fields
from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem
from pos_app.domain.tariff.source_text import read_text

FORMAT: Final = "tokentill account"
LONGEST: Final = 4_000_000
"""Characters of a file: some 25,000 rows."""

_TOP: Final = (
    "format", "utility", "series", "number", "issued", "currency", "counted",
    "debt", "adjustment", "subsidy", "free", "charge", "usage",
)  # fmt: skip
_MONTH: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_NAME: Final = 30
_REF: Final = 40
_SERIES: Final = 20
_PLACES: Final = 1000


class AccountProblem(StrEnum):
    """What is wrong with a row beyond its form; the words are ``account.problem.<problem>``."""

    METER_UNKNOWN = "meter-unknown"
    OTHER_UTILITY = "other-utility"
    OTHER_CURRENCY = "other-currency"
    UTILITY_UNKNOWN = "utility-unknown"
    TWICE = "twice"
    DAYS_DIFFER = "days-differ"


class AccountFileInvalid(PosError):
    """One field of an account file is wrong; nothing of the file was taken.

    Facts: `line` (from 1), `field`, `problem` (a `TariffProblem` or an `AccountProblem`), `detail`.
    """

    code: ClassVar[str] = "account-file-invalid"


class RowRefused(Exception):
    """Raised by `Known` about one field: `problem`."""

    def __init__(self, problem: AccountProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


Known = Callable[[str, str], Currency]
"""Given utility and meter: return the currency it pays in, or raise `RowRefused`."""


def parse_account(text: str, known: Known) -> AccountFile:
    """Read an account file; raise `AccountFileInvalid` about the first fault."""
    try:
        table, lines = read_text(text, LONGEST)
    except TariffInvalid as fault:
        raise AccountFileInvalid(**fault.facts) from None
    try:
        return _Reader(Fields("", table).only(_TOP), known).file()
    except TariffInvalid as fault:
        raise AccountFileInvalid(**fault.at(lines.of(fault.field)).facts) from None
    except _Refused as fault:
        raise AccountFileInvalid(
            line=lines.of(fault.field),
            field=fault.field,
            problem=fault.problem.value,
            detail=fault.detail,
        ) from None


class _Refused(Exception):
    def __init__(self, field: str, problem: AccountProblem, detail: str) -> None:
        super().__init__(field)
        self.field, self.problem, self.detail = field, problem, detail[:40]


class _Reader:
    """One file while it is read; the meters are asked for as they come."""

    def __init__(self, top: Fields, known: Known) -> None:
        self._top = top
        self._known = known
        self._utility = top.text("utility", longest=_REF)
        self._code = top.text("currency", longest=3)
        self._decimals = 0

    def file(self) -> AccountFile:
        top = self._top
        if top.text("format") != FORMAT:
            top.refuse("format", TariffProblem.NOT_CHOICE, top.text("format"))
        debts = tuple(map(self._debt, top.rows("debt")))
        adjustments = (
            *map(self._adjustment, top.rows("adjustment")),
            *map(self._subsidy, top.rows("subsidy")),
        )
        charges = tuple(map(self._charge, top.rows("charge")))
        free = tuple(map(self._free, top.rows("free")))
        usage = tuple(map(self._usage, top.rows("usage")))
        _once("usage", ((row.meter, row.month) for row in usage))
        _once("debt", ((row.meter, row.ref) for row in debts))
        _once("adjustment", ((row.meter, row.ref) for row in adjustments))
        _once("charge", ((row.meter, row.name) for row in charges))
        _once("free", ((row.meter, row.first) for row in free))
        _one_day(charges)
        return AccountFile(
            utility=self._utility,
            number=top.whole("number", 1, 10**9),
            issued=top.day("issued").isoformat(),
            currency=self._code,
            decimals=self._decimals,
            counted=top.whole("counted", 0, 10**12) if top.has("counted") else None,
            debts=debts,
            adjustments=adjustments,
            free=free,
            charges=charges,
            usage=usage,
            series=top.text("series", longest=_SERIES) if top.has("series") else "",
        )

    def _meter(self, row: Fields) -> tuple[str, Currency]:
        meter = row.text("meter", longest=20).replace(" ", "")
        try:
            currency = self._known(self._utility, meter)
        except RowRefused as refused:
            raise _Refused(row.at("meter"), refused.problem, meter) from None
        if currency.code != self._code:
            raise _Refused(row.at("meter"), AccountProblem.OTHER_CURRENCY, currency.code)
        self._decimals = currency.decimals
        return meter, currency

    def _debt(self, row: Fields) -> DebtRow:
        row.only(("meter", "id", "name", "balance", "percent", "instalment", "order"))
        meter, currency = self._meter(row)
        balance = row.signed("balance", currency).minor
        if balance < 0:
            row.refuse("balance", TariffProblem.NEGATIVE, balance)
        return DebtRow(
            meter=meter,
            ref=row.text("id", longest=_REF),
            name=row.text("name", longest=_NAME),
            balance=balance,
            percent=_percent(row),
            instalment=row.money("instalment", currency).minor if row.has("instalment") else 0,
            place=row.whole("order", 0, _PLACES) if row.has("order") else 0,
        )

    def _adjustment(self, row: Fields) -> AdjustmentRow:
        row.only(("meter", "id", "name", "amount", "percent", "month", "reason"))
        meter, currency = self._meter(row)
        return AdjustmentRow(
            meter=meter,
            ref=row.text("id", longest=_REF),
            name=row.text("name", longest=_NAME),
            amount=row.signed("amount", currency).minor,
            percent=_percent(row),
            month=_month(row, "month") if row.has("month") else "",
            reason=row.text("reason", longest=200) if row.has("reason") else "",
        )

    def _subsidy(self, row: Fields) -> AdjustmentRow:
        row.only(("meter", "id", "name", "amount", "month", "reason"))
        meter, currency = self._meter(row)
        return AdjustmentRow(
            meter=meter,
            ref=row.text("id", longest=_REF),
            name=row.text("name", longest=_NAME),
            amount=-row.money("amount", currency).minor,
            kind="subsidy",
            month=_month(row, "month"),
            reason=row.text("reason", longest=200) if row.has("reason") else "",
        )

    def _free(self, row: Fields) -> FreeRow:
        row.only(("meter", "from", "to", "units", "taken"))
        meter, _ = self._meter(row)
        first, last = _month(row, "from"), _month(row, "to") if row.has("to") else ""
        if last and last < first:
            row.refuse("to", TariffProblem.NOT_RISING, last)
        return FreeRow(
            meter=meter,
            first=first,
            last=last,
            tenths=_tenths(row, "units") if row.has("units") else 0,
            taken=_tenths(row, "taken") if row.has("taken") else 0,
        )

    def _charge(self, row: Fields) -> ChargeRow:
        row.only(("meter", "name", "due", "until"))
        meter, currency = self._meter(row)
        due = row.signed("due", currency).minor
        if due < 0:
            row.refuse("due", TariffProblem.NEGATIVE, due)
        return ChargeRow(
            meter=meter,
            name=row.text("name", longest=_NAME),
            due=due,
            until=row.day("until").isoformat(),
        )

    def _usage(self, row: Fields) -> UsageRow:
        row.only(("meter", "month", "bought", "average"))
        meter, _ = self._meter(row)
        return UsageRow(
            meter=meter,
            month=_month(row, "month"),
            bought=_tenths(row, "bought") if row.has("bought") else 0,
            average=_tenths(row, "average") if row.has("average") else 0,
        )


def _percent(row: Fields) -> str:
    percent = row.maybe("percent")
    if percent is None:
        return ""
    if percent <= 0:
        row.refuse("percent", TariffProblem.NOT_POSITIVE, percent)
    if percent > Decimal(100):
        row.refuse("percent", TariffProblem.TOO_LARGE, percent)
    return str(percent)


def _month(row: Fields, name: str) -> str:
    month = row.text(name, longest=7)
    if not _MONTH.fullmatch(month):
        row.refuse(name, TariffProblem.BAD_DATE, month)
    return month


def _tenths(row: Fields, name: str) -> int:
    tenths = row.exact(name).scaleb(1)
    if tenths < 0 or tenths != tenths.to_integral_value() or tenths > 10**6:
        row.refuse(name, TariffProblem.BAD_UNITS, row.table[name])
    return int(tenths)


def _once(table: str, keys: Iterable[tuple[str, str]]) -> None:
    seen: set[tuple[str, str]] = set()
    for number, key in enumerate(keys, 1):
        if key in seen:
            raise _Refused(f"{table}[{number}]", AccountProblem.TWICE, " ".join(key))
        seen.add(key)


def _one_day(charges: Iterable[ChargeRow]) -> None:
    """Charges of a meter are counted from one day, that of its last purchase."""
    days: dict[str, str] = {}
    for number, row in enumerate(charges, 1):
        if days.setdefault(row.meter, row.until) != row.until:
            raise _Refused(f"charge[{number}].until", AccountProblem.DAYS_DIFFER, row.until)


def file_body(file: AccountFile) -> Mapping[str, object]:
    """Return the head of a file as JSON values, for the journal."""
    return {
        "utility": file.numbered_by,
        "number": file.number,
        "issued": file.issued,
        "currency": file.currency,
        "decimals": file.decimals,
    }
