"""A list of purchases as CSV: a row a purchase, each broken row with its line and its reason.

UTF-8; commas or semicolons; the first line names the columns in any order. ``meter`` and at least
one of ``amount`` and ``units`` must be there; ``tender`` and ``reference`` may be. Other columns
are for whoever keeps the list and are let be. No cell holds a line break, so one bad quote spoils
one row and not the rest of the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.exchange.digest import sha256_hex

LARGEST_FILE: Final = 20_000_000
MOST_ROWS: Final = 50_000
LONGEST_CELL: Final = 200
NEEDED: Final = "meter"
VALUES: Final = ("amount", "units")
KNOWN: Final = (NEEDED, *VALUES, "tender", "reference")


class RowFault(StrEnum):
    """What is wrong with a row as text; the words are ``bulk.row-<fault>``."""

    COLUMNS = "columns"
    QUOTE = "quote"
    CHARACTERS = "characters"
    TOO_LONG = "too-long"
    NO_METER = "no-meter"
    NO_VALUE = "no-value"
    BOTH_VALUES = "both-values"
    SHORTENED = "shortened"
    TWICE = "twice"


class BulkFileInvalid(PosError):
    """The list as a whole cannot be read. Facts: `problem`, `line`, `detail`."""

    code: ClassVar[str] = "bulk-file-invalid"


class BulkRowInvalid(PosError):
    """A row cannot be read. Facts: `problem` (a `RowFault`), `detail`."""

    code: ClassVar[str] = "bulk-row-invalid"


@dataclass(frozen=True, slots=True)
class BulkRow:
    """A row as it stands in the list; `line` counts from 1, the names of the columns being 1."""

    line: int
    meter: str = ""
    amount: str = ""
    units: str = ""
    tender: str = ""
    reference: str = ""
    problem: PosError | None = None


@dataclass(frozen=True, slots=True)
class BulkList:
    """A list as it was read; `sha256` knows it again."""

    sha256: str
    rows: tuple[BulkRow, ...]


def read_list(raw: bytes) -> BulkList:
    """Return a list with what it is known by; raises like `read_rows`."""
    return BulkList(sha256_hex(raw), read_rows(raw))


def read_rows(raw: bytes) -> tuple[BulkRow, ...]:
    """Return every row of a list, broken ones with their problem; empty lines are none.

    Raises `BulkFileInvalid` where not even the columns can be told.
    """
    if len(raw) > LARGEST_FILE:
        raise BulkFileInvalid(problem="too-large", line=1, detail="20 MB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise BulkFileInvalid(problem="utf-8", line=line, detail="") from None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    names, sign = _names(lines[0])
    found = tuple(_rows(lines[1:], names, sign))
    if not found:
        raise BulkFileInvalid(problem="empty", line=1, detail="")
    if len(found) > MOST_ROWS:
        raise BulkFileInvalid(problem="too-many", line=1, detail=str(MOST_ROWS))
    return found


def _names(first: str) -> tuple[list[str], str]:
    """Return the names of the columns and the sign between them."""
    sign = ";" if ";" in first and "," not in first else ","
    try:
        cells = next(csv.reader([first], strict=True, delimiter=sign), [])
    except csv.Error:
        raise BulkFileInvalid(problem="names", line=1, detail="") from None
    names = [cell.strip().casefold() for cell in cells]
    for name in KNOWN:
        if names.count(name) > 1:
            raise BulkFileInvalid(problem="twice", line=1, detail=name)
    if NEEDED not in names:
        raise BulkFileInvalid(problem="missing", line=1, detail=NEEDED)
    if not set(VALUES) & set(names):
        raise BulkFileInvalid(problem="missing", line=1, detail=" / ".join(VALUES))
    return names, sign


def _rows(lines: list[str], names: list[str], sign: str) -> Iterator[BulkRow]:
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines, 2):
        if not line.strip(f"{sign} \t"):
            continue
        try:
            row = _row(number, line, names, sign)
            same = (row.meter, row.amount, row.units)
            if same in seen:
                _refuse(RowFault.TWICE, row.meter)
            seen.add(same)
        except BulkRowInvalid as problem:
            row = BulkRow(number, problem=problem)
        yield row


def _row(number: int, line: str, names: list[str], sign: str) -> BulkRow:
    cells = _cells(line, sign)
    if len(cells) != len(names):
        _refuse(RowFault.COLUMNS, f"{len(cells)} / {len(names)}")
    held = dict(zip(names, cells, strict=True))
    meter, amount, units, tender, reference = (_cell(held.get(name, "")) for name in KNOWN)
    row = BulkRow(number, meter, amount, units, tender, reference)
    if not row.meter:
        _refuse(RowFault.NO_METER)
    if _shortened(row.meter):
        _refuse(RowFault.SHORTENED, row.meter[:40])
    if not row.amount and not row.units:
        _refuse(RowFault.NO_VALUE)
    if row.amount and row.units:
        _refuse(RowFault.BOTH_VALUES)
    return row


def _cells(line: str, sign: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True, delimiter=sign))
    except csv.Error as fault:
        kind = RowFault.CHARACTERS if "\0" in line else RowFault.QUOTE
        raise BulkRowInvalid(problem=kind.value, detail="") from fault


def _cell(text: str) -> str:
    """Return a cell; the apostrophe of a spreadsheet's text cell is not part of it."""
    cell = text.strip().removeprefix("'")
    if len(cell) > LONGEST_CELL:
        _refuse(RowFault.TOO_LONG)
    if not cell.isprintable():
        _refuse(RowFault.CHARACTERS)
    return cell


def _shortened(meter: str) -> bool:
    """Tell whether a spreadsheet made ``1.41235E+10`` of a number."""
    return "e+" in meter.casefold()


def _refuse(fault: RowFault, detail: str = "") -> None:
    raise BulkRowInvalid(problem=fault.value, detail=detail)
