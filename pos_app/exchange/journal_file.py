"""The exported journal: JSON lines for auditors, head office and comparing.

Every line is canonical JSON (`pos_app.exchange.canonical`) and ends with a line feed.

First line, the title::

    {"format":"tokentill journal","public_key":"<64 hex>","till":"TILL1","version":1}

then a line per entry, in order from entry 1 and without a gap::

    {"at":1700000000000,"body":{...},"hash":"<64 hex>","kind":"sale",
     "prev":"<64 hex>","seq":1,"signature":"<128 hex>"}

`at` is milliseconds UTC since 1970; what the hash covers and who signs it is told in
`pos_app.exchange.chain`. The last line seals the end, so that a file cut off between two lines
is found out::

    {"end":{"entries":N,"head":"<hash of entry N>","till":"TILL1"},"signature":"<128 hex>"}

its signature is the till's over the canonical JSON of ``end`` for the purpose
``tokentill journal end``. Reading trusts nothing: form, owner, chain, every signature, the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.chain import (
    EMPTY,
    Entry,
    Fault,
    Head,
    Owner,
    Signer,
    belongs_to,
    verify,
)
from pos_app.exchange.entry_line import entry_line, entry_of
from pos_app.exchange.errors import ExchangeInvalid, NotCanonical
from pos_app.exchange.fields import Fields
from pos_app.exchange.signing import signature_holds

FORMAT: Final = "tokentill journal"
VERSION: Final = 1
PURPOSE: Final = b"tokentill journal end"
LONGEST_LINE: Final = 1 << 20


class JournalFileInvalid(PosError):
    """An exported journal is none, was changed or is cut off. Facts: `line`, `problem`."""

    code: ClassVar[str] = "journal-file-invalid"


def write_journal(file: IO[bytes], owner: Owner, entries: Iterable[Entry], signer: Signer) -> int:
    """Write `entries`, which are taken as proven, and return how many."""
    title = {"format": FORMAT, "version": VERSION, "till": owner.till}
    file.write(canonical({**title, "public_key": owner.public.hex()}) + b"\n")
    head = EMPTY
    for entry in entries:
        file.write(entry_line(entry) + b"\n")
        head = Head(entry.seq, entry.hash, entry.at_ms)
    end = _end(owner, head)
    seal = signer.sign(PURPOSE, canonical(end)).hex()
    file.write(canonical({"end": end, "signature": seal}) + b"\n")
    return head.seq


def _end(owner: Owner, head: Head) -> dict[str, Any]:
    return {"entries": head.seq, "head": head.hash.hex(), "till": owner.till}


@dataclass(frozen=True, slots=True)
class JournalFile:
    """An exported journal being read: whose it says it is, and its entries once, in order.

    `entries` yields proven entries only and raises `JournalFileInvalid` at the first line that
    is not; the end of the file is proven when it is exhausted.
    """

    owner: Owner
    entries: Iterator[Entry]


def read_journal(file: IO[bytes]) -> JournalFile:
    """Start to read an exported journal; raises `JournalFileInvalid` when it is none."""
    title = _values(file, 1)
    owner = _owner(title)
    return JournalFile(owner, _entries(file, owner))


def _owner(title: dict[str, Any]) -> Owner:
    if title.get("format") != FORMAT or title.get("version") != VERSION:
        raise JournalFileInvalid(line=1, problem="format")
    till, public = title.get("till"), title.get("public_key")
    if not isinstance(till, str) or not till or len(till) > 100:
        raise JournalFileInvalid(line=1, problem="till")
    return Owner(till, _hex(public, 32, 1))


def _entries(file: IO[bytes], owner: Owner) -> Iterator[Entry]:
    head, number = EMPTY, 1
    while True:
        number += 1
        values = _values(file, number)
        if "end" in values:
            break
        entry = _entry(values, number)
        for found in verify((entry,), owner.public, head):
            if isinstance(found, Fault):
                raise JournalFileInvalid(line=number, problem=found.kind.value)
            head = found
        if entry.seq == 1 and not belongs_to(entry, owner):
            raise JournalFileInvalid(line=number, problem="identity")
        yield entry
    seal = _hex(values.get("signature"), 64, number)
    genuine = signature_holds(owner.public, PURPOSE, canonical(values["end"]), seal)
    if not genuine or values["end"] != _end(owner, head) or file.read(1):
        raise JournalFileInvalid(line=number, problem="end")


def _values(file: IO[bytes], number: int) -> dict[str, Any]:
    raw = file.readline(LONGEST_LINE + 1)
    if not raw.endswith(b"\n"):
        problem = "length" if len(raw) > LONGEST_LINE else "cut-off"
        raise JournalFileInvalid(line=number, problem=problem)
    try:
        values = read_canonical(raw[:-1])
    except NotCanonical as bad:
        raise JournalFileInvalid(line=number, problem=str(bad.facts["problem"])) from None
    if not isinstance(values, dict):
        raise JournalFileInvalid(line=number, problem="object")
    return values


def _entry(values: dict[str, Any], number: int) -> Entry:
    if not isinstance(values.get("body"), dict):
        raise JournalFileInvalid(line=number, problem="fields")
    try:
        return entry_of(Fields(values, FORMAT, number))
    except ExchangeInvalid:
        raise JournalFileInvalid(line=number, problem="fields") from None


def _hex(value: object, length: int, number: int) -> bytes:
    """Return the bytes of lower-case hex digits; no other spelling is the canonical one."""
    try:
        raw = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        raw = b""
    if len(raw) != length or raw.hex() != value:
        raise JournalFileInvalid(line=number, problem="fields")
    return raw
