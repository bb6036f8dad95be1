"""Packs: what head office says to its tills.

One Zstandard frame of lines of canonical JSON (`pos_app.exchange.compression`), the same bytes
over HTTPS and as a file ``TILL-000007.ttp``: a title, a line a record, an end::

    {"active_from_ms":0,"format":"tokentill-pack","issued_at_ms":1700000000000,"number":7,
     "office":"<64 hex>","previous":"<64 hex>","sections":["tariffs","meters"],"till":"TILL7",
     "version":1}
    {"record":{...},"section":"meters"}
    {"count":1,"digest":"<64 hex>","signature":"<128 hex>"}

`digest` is the SHA-256 of everything before the end, and the pack's name for the next one, whose
`previous` it is (64 zeros in pack 1). The signature is Ed25519 by `office` over the digest's 32
bytes for the purpose ``tokentill pack``. Every pack is for one till, whose packs have numbers
without gaps. Records stand in the order of `sections`.
The page with examples and every record's fields: ``resources/exchange/README.md``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any, Final

from pos_app.exchange.canonical import canonical
from pos_app.exchange.compression import compressing, read_lines
from pos_app.exchange.errors import SectionUnknown
from pos_app.exchange.fields import Fields
from pos_app.exchange.signing import SigningKey, signature_holds

FORMAT: Final = "tokentill-pack"
VERSION: Final = 1
PURPOSE: Final = b"tokentill pack"
WHAT: Final = "pack"
SUFFIX: Final = ".ttp"
NONE_BEFORE: Final = bytes(32)
AT_ONCE: Final = 100
"""Records that are proven in one go: some 2 ms."""
_TITLE: Final = (
    "active_from_ms", "format", "issued_at_ms", "number", "office", "previous", "sections",
    "till", "version",
)  # fmt: skip

_Read = Callable[[bytes, str, int], Fields]


class Section(StrEnum):
    """What a pack may bring; a record's fields are told on the page."""

    OPERATORS = "operators"
    TARIFFS = "tariffs"
    METERS = "meters"
    BLOCKS = "blocks"
    ACCOUNTS = "accounts"
    ELSEWHERE = "elsewhere"
    KEYS = "keys"
    KEY_CHANGES = "key_changes"
    ALLOWANCE = "allowance"
    SETTINGS = "settings"
    MESSAGES = "messages"
    TID_SLOTS = "tid_slots"
    PROPOSALS = "proposals"
    ACKNOWLEDGEMENT = "acknowledgement"


@dataclass(frozen=True, slots=True)
class PackTitle:
    """What a pack says of itself.

    `office` is the authority's public key, `till` whom it is for, `number`
    counts from 1 in its series, `previous` is the digest of the pack before. The pack counts
    from `active_from_ms` on; 0 is at once.
    """

    office: bytes
    till: str
    number: int
    previous: bytes
    issued_at_ms: int
    active_from_ms: int
    sections: tuple[Section, ...]

    @property
    def file_name(self) -> str:
        """Return the name of the file on a stick."""
        return f"{self.till}-{self.number:06d}{SUFFIX}"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a pack; `line` counts from 1."""

    section: Section
    values: dict[str, Any]
    line: int

    def fields(self) -> Fields:
        """Return the record to take its fields from."""
        return Fields(self.values, WHAT, self.line)


@dataclass(frozen=True, slots=True)
class ProvenPack:
    """A pack that is whole and whose signature holds; `count` records, `digest` its name."""

    title: PackTitle
    count: int
    digest: bytes


def write_pack(
    file: IO[bytes],
    title: PackTitle,
    records: Iterable[tuple[Section, dict[str, Any]]],
    office: SigningKey,
) -> bytes:
    """Write a pack and return its digest.

    Raises `ValueError` when a record's section is not the title's or out of its order, or when
    `office` is not the title's.
    """
    if office.public != title.office or len(set(title.sections)) != len(title.sections):
        raise ValueError(title)
    with compressing(file) as lines:
        digest = hashlib.sha256()
        count, place = 0, 0

        def add(line: bytes) -> None:
            digest.update(line + b"\n")
            lines.write(line)

        add(canonical(_values(title)))
        for section, record in records:
            place = title.sections.index(section, place)
            add(canonical({"record": record, "section": section.value}))
            count += 1
        end = {
            "count": count,
            "digest": digest.hexdigest(),
            "signature": office.sign(PURPOSE, digest.digest()).hex(),
        }
        lines.write(canonical(end))
    return digest.digest()


def prove_pack(
    file: IO[bytes], office: bytes | None = None, between: Callable[[], object] = int
) -> ProvenPack:
    """Read a whole pack and prove it; the file is then at its end.

    With `office` (an authority's public key) a pack of another office is refused. Raises
    `ExchangeInvalid`, `ExchangeNewer` or `SectionUnknown`. Nothing of a pack may be used before
    this has come back; then `pack_records` reads it again from its start. `between` is called
    after every `AT_ONCE` records: who proves beside other work gives way there.
    """
    reading = _Reading(read_lines(file, WHAT))
    if office is not None and reading.title.office != office:
        raise reading.first.refusal("office")
    count = 0
    for _ in reading.records():
        count += 1
        if count % AT_ONCE == 0:
            between()
    return ProvenPack(reading.title, count, reading.digest.digest())


def read_title(file: IO[bytes]) -> PackTitle:
    """Return what a pack says of itself; nothing is proven."""
    return _Reading(read_lines(file, WHAT)).title


def pack_records(file: IO[bytes]) -> Iterator[Record]:
    """Yield the records of a pack that `prove_pack` has proven; the end is proven again.

    The file is one that nobody can change in between: what was read before is not refused again
    before its end.
    """
    return _Reading(read_lines(file, WHAT)).records(Fields.read_again)


class _Reading:
    """A pack being read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        raw = next(lines, b"")
        self.first = Fields.read(raw, WHAT)
        self.title = _title(self.first)
        self.digest = hashlib.sha256(raw + b"\n")

    def records(self, read: _Read = Fields.read) -> Iterator[Record]:
        names = [section.value for section in self.title.sections]
        number, place = 1, 0
        while True:
            number += 1
            raw = next(self._lines, b"")
            line = read(raw, WHAT, number)
            if "record" not in line.values:
                break
            section = line.only("record", "section").text("section")
            if section not in names[place:]:
                raise line.refusal("section")
            place = names.index(section, place)
            self.digest.update(raw + b"\n")
            values = Fields(line.values["record"], WHAT, number).values
            yield Record(Section(section), values, number)
        self._prove_end(line, number - 2)

    def _prove_end(self, line: Fields, count: int) -> None:
        line.only("count", "digest", "signature")
        if (line.whole("count"), line.bytes("digest")) != (count, self.digest.digest()):
            raise line.refusal("end")
        signature = line.bytes("signature", 64)
        if not signature_holds(self.title.office, PURPOSE, self.digest.digest(), signature):
            raise line.refusal("signature")
        if next(self._lines, None) is not None:
            raise line.refusal("trailing")


def _values(title: PackTitle) -> dict[str, Any]:
    return {
        "active_from_ms": title.active_from_ms,
        "format": FORMAT,
        "issued_at_ms": title.issued_at_ms,
        "number": title.number,
        "office": title.office.hex(),
        "previous": title.previous.hex(),
        "sections": [section.value for section in title.sections],
        "till": title.till,
        "version": VERSION,
    }


def _title(line: Fields) -> PackTitle:
    line.of_version(FORMAT, VERSION).only(*_TITLE)
    return PackTitle(
        office=line.bytes("office"),
        till=line.text("till"),
        number=line.whole("number", 1),
        previous=line.bytes("previous"),
        issued_at_ms=line.whole("issued_at_ms"),
        active_from_ms=line.whole("active_from_ms"),
        sections=_sections(line),
    )


def _sections(line: Fields) -> tuple[Section, ...]:
    named = line.values["sections"]
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise line.refusal("sections")
    known = set(Section)
    unknown = next((name for name in named if name not in known), None)
    if unknown is not None:
        raise SectionUnknown(section=unknown[:40])
    if len(set(named)) != len(named):
        raise line.refusal("sections")
    return tuple(Section(name) for name in named)
