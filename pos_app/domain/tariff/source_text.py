"""A tariff's text as tables, and the line on which each field stands.

TOML, or the same tables in JSON (a text that starts with a brace).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem

_LARGEST_TEXT = 100_000
_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*=""")
_JSON_MARK = re.compile(r'"((?:[^"\\\n]|\\.)*)"\s*:|"(?:[^"\\\n]|\\.)*"|[\[\]{},\n]')
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TWICE = ("Cannot overwrite", "Cannot declare", "Duplicate")


class LineIndex:
    """On which line of a text each field starts, as in ``block[2].price``."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, int] = {}
        self._twice: dict[int, str] = {}
        numbered = enumerate(text.split("\n"), 1)
        self._last = max((number for number, line in numbered if line.strip()), default=1)
        if is_json(text):
            places = _JsonPlaces(text)
            self._lines, self._twice = places.lines, places.twice
        else:
            self._read_toml(text)

    def _read_toml(self, text: str) -> None:
        table = ""
        counts: Counter[str] = Counter()
        for number, line in enumerate(text.split("\n"), 1):
            if header := _HEADER.fullmatch(line):
                table = self._inside(header[2], counts)
                if header[1] == "[[":
                    counts[table] += 1
                    table = f"{table}[{counts[table]}]"
                self._note(table, number)
            elif key := _KEY.match(line):
                name = f"{table}.{key[1]}" if table else key[1]
                self._note(name, number)

    def _note(self, name: str, number: int) -> None:
        if self._lines.setdefault(name, number) != number:
            self._twice.setdefault(number, name)

    @staticmethod
    def _inside(header: str, counts: Counter[str]) -> str:
        """Return the path of a header's table: ``[[example.debt]]`` is in the last example."""
        path = ""
        for word in header.split("."):
            if path and counts[path]:
                path = f"{path}[{counts[path]}]"
            path = f"{path}.{word}" if path else word
        return path

    def of(self, field: str) -> int:
        """Return the line of `field`, else that of what is around it, else 1."""
        while field and field not in self._lines:
            row = field.rfind("[") if field.endswith("]") else -1
            field = field[: max(field.rfind("."), row, 0)]
        return self._lines.get(field, 1)

    def twice(self) -> tuple[str, int]:
        """Return the first field that stands here a second time and its line; ("", 1) for none."""
        return next(((name, line) for line, name in self._twice.items()), ("", 1))

    def on(self, line: int) -> str:
        """Return the field that starts on `line`, empty where none does."""
        return next((name for name, at in self._lines.items() if at == line), "")

    def last(self) -> int:
        """Return the number of the last line that is not blank."""
        return self._last


class _JsonPlaces:
    """The lines of a JSON text's fields; a text that is no JSON gives them as far as it goes."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self.twice: dict[int, str] = {}
        self._line = 1
        self._key = ""
        self._open: list[tuple[str, int]] = []  # path of each open bracket, and its row (0: none)
        for found in _JSON_MARK.finditer(text):
            if found[1]:
                self._key = found[1]
                if self._path() in self.lines:
                    self.twice.setdefault(self._line, self._path())
                self.lines.setdefault(self._path(), self._line)
            else:
                self._mark(found[0])

    def _mark(self, mark: str) -> None:
        if mark == "\n":
            self._line += 1
        elif mark in "[{":
            path = self._path()
            self.lines.setdefault(path, self._line)
            self._open.append((path, int(mark == "[")))
            self._key = ""
        elif mark in "]}" and self._open:
            self._open.pop()
        elif mark == "," and self._open and self._open[-1][1]:
            path, row = self._open[-1]
            self._open[-1] = (path, row + 1)

    def _path(self) -> str:
        if not self._open:
            return self._key
        path, row = self._open[-1]
        if row:
            return f"{path}[{row}]"
        return f"{path}.{self._key}" if path else self._key


def is_json(text: str) -> bool:
    """Say whether a text means to be JSON; no TOML text starts with a brace."""
    return text.lstrip().startswith("{")


def read_text(text: str, longest: int = _LARGEST_TEXT) -> tuple[Mapping[str, object], LineIndex]:
    """Return the top table of a TOML or JSON text, and the lines of its fields.

    Raises `TariffInvalid` for what is neither, names a field twice or has more than `longest`
    characters.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > longest:
        raise TariffInvalid(field="", problem=TariffProblem.TOO_LARGE, line=1)
    lines = LineIndex(text)
    return (_json(text, lines) if is_json(text) else _toml(text, lines)), lines


def _toml(text: str, lines: LineIndex) -> Mapping[str, object]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise TariffInvalid(field="", problem=TariffProblem.SYNTAX, line=1) from None
    except ValueError as fault:  # tomllib's own error, or Python's limit on a number's digits
        raise _syntax_fault(str(fault), lines) from None


def _json(text: str, lines: LineIndex) -> Mapping[str, object]:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) < len(pairs):
            field, line = lines.twice()
            raise TariffInvalid(field=field, problem=TariffProblem.DUPLICATE, line=line)
        return dict(pairs)

    try:
        table = json.loads(text, parse_float=Decimal, object_pairs_hook=once)
    except RecursionError:
        raise TariffInvalid(field="", problem=TariffProblem.SYNTAX, line=1) from None
    except json.JSONDecodeError as fault:
        line = min(fault.lineno, lines.last())
        raise TariffInvalid(field="", problem=TariffProblem.SYNTAX, line=line) from None
    except ValueError:  # Python's limit on a number's digits
        problem = TariffProblem.SYNTAX
        raise TariffInvalid(field="", problem=problem, line=lines.last()) from None
    if not isinstance(table, dict):
        raise TariffInvalid(field="", problem=TariffProblem.NOT_TABLE, line=1)
    return table


def _syntax_fault(message: str, lines: LineIndex) -> TariffInvalid:
    found = _AT_LINE.search(message)
    line = int(found[1]) if found else lines.last()
    if message.startswith(_TWICE):
        field, at = lines.twice()
        if not field:
            field, at = lines.on(line), line
        return TariffInvalid(field=field, problem=TariffProblem.DUPLICATE, line=at)
    if message.startswith("Invalid date"):
        return TariffInvalid(field=lines.on(line), problem=TariffProblem.BAD_DATE, line=line)
    return TariffInvalid(field="", problem=TariffProblem.SYNTAX, line=line)
