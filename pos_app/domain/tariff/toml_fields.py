"""Fields of a TOML text, read one by one, and the lines they stand on.

Invariant: every fault names its field; `LineIndex` gives that field a line. A number with a point
is refused unless it is quoted: TOML calls it a float, and prices are exact.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NoReturn

from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem

_LARGEST_TEXT = 100_000
_EXACT = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*=""")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TWICE = ("Cannot overwrite", "Cannot declare", "Duplicate")


class LineIndex:
    """On which line of a TOML text each field starts, as in ``block[2].price``."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, int] = {}
        self._last = 1
        table = ""
        counts: Counter[str] = Counter()
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                self._last = number
            if header := _HEADER.fullmatch(line):
                table = header[2]
                if header[1] == "[[":
                    counts[table] += 1
                    table = f"{table}[{counts[table]}]"
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                name = f"{table}.{key[1]}" if table else key[1]
                self._lines.setdefault(name, number)

    def of(self, field: str) -> int:
        """Return the line of `field`, else that of the table around it, else 1."""
        while field not in self._lines:
            head, found, _ = field.rpartition(".")
            if not found:
                return 1
            field = head
        return self._lines[field]

    def last(self) -> int:
        """Return the number of the last line that is not blank."""
        return self._last


def load(text: str, lines: LineIndex) -> Mapping[str, object]:
    """Return the top table of a TOML text.

    Raises `TariffInvalid` for what is not TOML, names a field twice or is far too long.
    """
    if len(text) > _LARGEST_TEXT:
        raise TariffInvalid(field="", problem=TariffProblem.TOO_LARGE, line=1)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise TariffInvalid(field="", problem=TariffProblem.SYNTAX, line=1) from None
    except ValueError as fault:  # tomllib's own error, or Python's limit on a number's digits
        raise _syntax_fault(str(fault), lines) from None


def _syntax_fault(message: str, lines: LineIndex) -> TariffInvalid:
    found = _AT_LINE.search(message)
    line = int(found[1]) if found else lines.last()
    problem = TariffProblem.SYNTAX
    if message.startswith(_TWICE):
        problem = TariffProblem.DUPLICATE
    elif message.startswith("Invalid date"):
        problem = TariffProblem.BAD_DATE
    return TariffInvalid(field="", problem=problem, line=line)


@dataclass(frozen=True, slots=True)
class Fields:
    """One table of a TOML text; `path` is empty for the top table, else as in ``block[2]``."""

    path: str
    table: Mapping[str, object]

    def refuse(self, name: str, problem: TariffProblem, detail: object = "") -> NoReturn:
        """Raise `TariffInvalid` about one field of this table."""
        field = f"{self.path}.{name}" if self.path else name
        raise TariffInvalid(field=field, problem=problem, detail=str(detail))

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

    def inner(self, name: str) -> Fields:
        """Return the one table of that name."""
        value = self._given(name)
        if not isinstance(value, dict):
            self.refuse(name, TariffProblem.NOT_TABLE, value)
        return Fields(name, value)

    def rows(self, name: str) -> list[Fields]:
        """Return the tables written ``[[name]]``, in order; none when there are none."""
        value = self.table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.refuse(name, TariffProblem.NOT_TABLE, value)
        return [Fields(f"{name}[{number}]", row) for number, row in enumerate(value, 1)]
