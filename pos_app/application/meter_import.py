"""Meters from a CSV file: a row a meter, the whole file or nothing.

UTF-8 with a first row of names in any order. ``drn``, ``name``, ``utility``, ``tariff``,
``commodity``, ``sgc``, ``krn``, ``ti``, ``ken``, ``kt``, ``ea``, ``dkga`` and ``base`` must be
there; ``address``, ``phone``, ``account`` and ``blocked`` (a reason) may be. A meter that is known
already is replaced; one that is not in the file stays. Where the file gives a known meter another
key than before, the meter itself still holds the old one: that is noted, and its next sale brings
the key change.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import islice
from typing import ClassVar, Final

from pos_app.application.key_change_records import key_of
from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.ports import Clock, Ledger, LedgerTransaction
from pos_app.application.records import MeterRecord
from pos_app.domain.errors import PosError
from pos_app.domain.meter_key import MeterKey
from pos_app.exchange.digest import sha256_hex
from pos_app.sts.identity import parse_drn
from pos_app.sts.keys import LARGEST_KEN, check_attributes, check_pairing
from pos_app.sts.tokens import SERVICES

BATCH: Final = 2000
LARGEST_FILE: Final = 256 * 1024 * 1024
_NUMBERS: Final = ("krn", "ti", "ken", "kt", "ea", "dkga", "base")
_TEXTS: Final = ("drn", "name", "utility", "tariff", "commodity", "sgc")
_OPTIONAL: Final = ("address", "phone", "account", "blocked")
_EVERY_TEXT: Final = (*_TEXTS, *_OPTIONAL)
_REQUIRED: Final = frozenset({*_TEXTS, *_NUMBERS})
_ALL: Final = frozenset({*_REQUIRED, *_OPTIONAL})
_LONGEST: Final = 200


class MeterFileInvalid(PosError):
    """A file of meters cannot be used: `problem` in `line` (the first row of names is 1)."""

    code: ClassVar[str] = "meter-file-invalid"


class MeterFileTooLarge(PosError):
    """A file of meters is larger than `most` MiB."""

    code: ClassVar[str] = "meter-file-too-large"


@dataclass(frozen=True, slots=True)
class ImportMeters:
    """Take a file of meters, on a supervisor's word."""

    ledger: Ledger
    clock: Clock

    def __call__(self, raw: bytes, by: str) -> int:
        """Return how many meters came in; raises `MeterFileInvalid` and changes nothing."""
        need_supervisor(operator_of(self.ledger, by))
        if len(raw) > LARGEST_FILE:
            raise MeterFileTooLarge(most=LARGEST_FILE // (1024 * 1024))
        utilities = {each.id for each in self.ledger.utilities()}
        tariffs = set(self.ledger.tariff_ids())
        with self.ledger.writing() as act:
            moved: dict[MeterKey, list[str]] = {}
            rows = _known(read_meters(raw), utilities, tariffs)
            count = act.import_meters(noting(self.ledger, rows, moved))
            body = {"count": count, "sha256": sha256_hex(raw), "operator": by}
            act.append("meters_imported", body, self.clock.now_ms())
            journal_moved(act, moved, self.clock.now_ms())
        return count


def journal_moved(act: LedgerTransaction, moved: dict[MeterKey, list[str]], now_ms: int) -> None:
    """Put into the journal which keys the `moved` meters really hold."""
    for key, meters in moved.items():
        for start in range(0, len(meters), BATCH):
            noted = {"key": asdict(key), "meters": meters[start : start + BATCH]}
            act.append("meter_keys_noted", noted, now_ms)


def noting(
    ledger: Ledger, meters: Iterable[MeterRecord], moved: dict[MeterKey, list[str]]
) -> Iterator[MeterRecord]:
    """Hand on meters and note in `moved` which of them were on file with which other key."""
    waiting = iter(meters)
    while batch := list(islice(waiting, BATCH)):
        before = ledger.key_changes.recorded([meter.drn for meter in batch])
        for meter in batch:
            old = before.get(meter.drn)
            if old is not None and old != key_of(meter):
                moved.setdefault(old, []).append(meter.drn)
        yield from batch


def read_meters(raw: bytes) -> Iterator[MeterRecord]:
    """Yield the meters of a file; raises `MeterFileInvalid` at the first bad line."""
    # As it is read: a file of a million meters as one text would be several times as large.
    text = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig", newline="")
    reader = csv.DictReader(text, strict=True)
    names = set(_names(reader))
    missing = sorted({*_TEXTS, *_NUMBERS} - names)
    extra = sorted(names - {*_TEXTS, *_NUMBERS, *_OPTIONAL})
    if missing or extra:
        raise MeterFileInvalid(line=1, problem=(missing or extra)[0][:40])
    seen: set[str] = set()
    for row in _rows(reader):
        meter = meter_of_row(row, reader.line_num)
        if meter.drn in seen:
            raise MeterFileInvalid(line=reader.line_num, problem="drn")
        seen.add(meter.drn)
        yield meter


def _names(reader: csv.DictReader[str]) -> list[str]:
    try:
        names = list(reader.fieldnames or ())
    except csv.Error:
        raise MeterFileInvalid(line=1, problem="csv") from None
    except UnicodeDecodeError:
        raise MeterFileInvalid(line=1, problem="utf-8") from None
    if len(set(names)) != len(names):
        raise MeterFileInvalid(line=1, problem="names")
    return names


def _rows(reader: csv.DictReader[str]) -> Iterator[dict[str, str]]:
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise MeterFileInvalid(line=reader.line_num + 1, problem="csv") from None
        except UnicodeDecodeError:
            raise MeterFileInvalid(line=reader.line_num + 1, problem="utf-8") from None
        if row is None:
            return
        if None in row or None in row.values():
            raise MeterFileInvalid(line=reader.line_num, problem="columns")
        yield row


def meter_of_row(row: dict[str, str], line: int) -> MeterRecord:
    """Return the meter of a row of texts; raises `MeterFileInvalid`, also for a missing field."""
    if not _REQUIRED <= row.keys() <= _ALL:
        raise MeterFileInvalid(line=line, problem="fields")
    texts = {name: row.get(name, "").strip() for name in _EVERY_TEXT}
    for name, text in texts.items():
        if len(text) > _LONGEST or not (text.isprintable() and (text or name in _OPTIONAL)):
            raise MeterFileInvalid(line=line, problem=name)
    numbers = tuple([row[name] for name in _NUMBERS])
    try:
        values = _checked(numbers, texts["commodity"], texts["sgc"])
        drn = parse_drn(texts["drn"])
    except PosError as problem:
        raise MeterFileInvalid(
            line=line, problem=problem.facts.get("problem", problem.code)
        ) from None
    texts["drn"] = drn.digits
    return MeterRecord(pan=drn.pan, **texts, **values)  # type: ignore[arg-type]


@lru_cache(maxsize=256)
def _checked(texts: tuple[str, ...], commodity: str, sgc: str) -> dict[str, int]:
    """Return the numbers of a row; most meters of a utility have the same and are looked at once.

    Raises `MeterFileInvalid` (of line 0), or what `pos_app.sts.keys` raises.
    """
    values = {name: _number(text, name) for name, text in zip(_NUMBERS, texts, strict=True)}
    if commodity not in SERVICES:
        raise MeterFileInvalid(line=0, problem="commodity")
    if values["ken"] > LARGEST_KEN:
        raise MeterFileInvalid(line=0, problem="ken")
    check_attributes(values["kt"], sgc, values["ti"], values["krn"], values["base"])
    check_pairing(values["ea"], values["dkga"])
    return values


def _number(text: str, name: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
        raise MeterFileInvalid(line=0, problem=name)
    return int(digits)


def _known(
    meters: Iterator[MeterRecord], utilities: set[str], tariffs: set[str]
) -> Iterator[MeterRecord]:
    """Hand on meters whose utility and tariff this till knows."""
    for line, meter in enumerate(meters, 2):
        yield known_meter(meter, line, utilities, tariffs)


def known_meter(
    meter: MeterRecord, line: int, utilities: set[str], tariffs: set[str]
) -> MeterRecord:
    """Return a meter whose utility and tariff this till knows; raises `MeterFileInvalid`."""
    if meter.utility not in utilities:
        raise MeterFileInvalid(line=line, problem=f"utility {meter.utility[:40]}")
    if meter.tariff not in tariffs:
        raise MeterFileInvalid(line=line, problem=f"tariff {meter.tariff[:40]}")
    return meter
