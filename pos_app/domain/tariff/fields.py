"""Fields of a tariff's text, read one by one.

Invariant: every fault names its field. A number with a point is refused unless it is quoted: TOML
and JSON call it a float, and prices are exact.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NoReturn

from pos_app.domain.money import LARGEST_MINOR, Currency, Money
from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem

_EXACT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Fields:
    """One table of a text; `path` is empty for the top table, else as in ``block[2]``."""

    path: str
    table: Mapping[str, object]

    def at(self, name: str) -> str:
        """Return the full name of one field of this table."""
        return f"{self.path}.{name}" if self.path else name

    def refuse(self, name: str, problem: TariffProblem, detail: object = "") -> NoReturn:
        """Raise `TariffInvalid` about one field of this table."""
        raise TariffInvalid(field=self.at(name), problem=problem, detail=str(detail))

    def only(self, known: Collection[str]) -> Fields:
        """Return this table; raise `TariffInvalid` when it holds another field than `known`."""
        for name in self.table:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                self.refuse(name, TariffProblem.UNKNOWN, near[0] if near else "")
        return self

    def has(self, name: str) -> bool:
        """Return whether the field was given."""
        return name in self.table

    def _given(self, name: str) -> object:
        if name not in self.table:
            self.refuse(name, TariffProblem.MISSING)
        return self.table[name]

    def text(self, name: str, longest: int = 80) -> str:
        """Return a text of one line, not empty."""
        value = self._given(name)
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            self.refuse(name, TariffProblem.NOT_TEXT, value)
        if len(value) > longest:
            self.refuse(name, TariffProblem.TOO_LARGE, value)
        return value

    def choice(self, name: str, allowed: Collection[str]) -> str:
        """Return one of the `allowed` words."""
        value = self.text(name)
        if value not in allowed:
            self.refuse(name, TariffProblem.NOT_CHOICE, value)
        return value

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self._given(name)
        if not isinstance(value, bool):
            self.refuse(name, TariffProblem.NOT_YES_NO, value)
        return value

    def whole(self, name: str, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`."""
        value = self._given(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(name, TariffProblem.NOT_WHOLE, value)
        return value

    def maybe(self, name: str) -> Decimal | None:
        """Return `exact`, or None where the field is not given."""
        return self.exact(name) if self.has(name) else None

    def exact(self, name: str) -> Decimal:
        """Return a decimal number that was written as text (``"2.10"``) or as a whole number."""
        value = self._given(name)
        if isinstance(value, Decimal):
            self.refuse(name, TariffProblem.FLOAT, value)
        whole = isinstance(value, int) and not isinstance(value, bool)
        written = str(value) if whole or isinstance(value, str) else ""
        if not _EXACT.fullmatch(written):
            self.refuse(name, TariffProblem.NOT_NUMBER, value)
        return Decimal(written)

    def day(self, name: str) -> date:
        """Return a day, written ``2024-04-01`` with or without quotes."""
        value = self._given(name)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(self.text(name, longest=10))
        except (ValueError, TariffInvalid):
            self.refuse(name, TariffProblem.BAD_DATE, value)

    def days(self, name: str) -> tuple[date, ...]:
        """Return a list of days."""
        value = self._given(name)
        if not isinstance(value, list):
            self.refuse(name, TariffProblem.NOT_TABLE, value)
        path = self.at(name)
        rows = enumerate(value, 1)
        return tuple(Fields(f"{path}[{n}]", {"day": day}).day("day") for n, day in rows)

    def months(self, name: str) -> frozenset[int]:
        """Return a list of month numbers."""
        value = self._given(name)
        if not isinstance(value, list) or not value or set(value) - set(range(1, 13)):
            self.refuse(name, TariffProblem.NOT_WHOLE, value)
        return frozenset(value)

    def inner(self, name: str) -> Fields:
        """Return the one table of that name."""
        value = self._given(name)
        if not isinstance(value, dict):
            self.refuse(name, TariffProblem.NOT_TABLE, value)
        return Fields(self.at(name), value)

    def rows(self, name: str) -> list[Fields]:
        """Return the tables written ``[[name]]``, in order; none when there are none."""
        value = self.table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.refuse(name, TariffProblem.NOT_TABLE, value)
        path = self.at(name)
        return [Fields(f"{path}[{number}]", row) for number, row in enumerate(value, 1)]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; one text alone is a list of one."""
        value = self._given(name)
        parts = value if isinstance(value, list) else [value]
        if not parts or not all(isinstance(part, str) and part.isprintable() for part in parts):
            self.refuse(name, TariffProblem.NOT_TEXT, value)
        return tuple(parts)

    def pairs(self, name: str) -> list[Fields]:
        """Return a list of two-element lists as rows with the fields ``units`` and ``amount``."""
        value = self._given(name)
        if not isinstance(value, list) or not all(
            isinstance(row, list) and len(row) == 2 for row in value
        ):
            self.refuse(name, TariffProblem.NOT_TABLE, value)
        path = self.at(name)
        return [
            Fields(f"{path}[{number}]", {"units": row[0], "amount": row[1]})
            for number, row in enumerate(value, 1)
        ]

    def money(self, name: str, currency: Currency) -> Money:
        """Return an amount above 0 with at most the currency's decimals."""
        money = self.signed(name, currency)
        if money.minor <= 0:
            self.refuse(name, TariffProblem.BAD_AMOUNT, self.table[name])
        return money

    def signed(self, name: str, currency: Currency) -> Money:
        """Return an amount of any sign with at most the currency's decimals."""
        minor = self.exact(name).scaleb(currency.decimals)
        if minor != minor.to_integral_value() or abs(minor) > LARGEST_MINOR:
            self.refuse(name, TariffProblem.BAD_AMOUNT, self.table[name])
        return Money(int(minor), currency)
