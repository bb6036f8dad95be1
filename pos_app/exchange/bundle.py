"""Bundles: a stretch of a till's journal on its way to head office.

One Zstandard frame of lines of canonical JSON (`pos_app.exchange.compression`), the same bytes
over HTTPS and as a file ``TILL-000123-000456.ttb``: a title, a line an entry
(`pos_app.exchange.entry_line`), an end::

    {"first":123,"format":"tokentill-bundle","last":456,"made_at_ms":1700000000000,
     "previous_hash":"<64 hex>","till":"TILL7","till_key":"<64 hex>","version":1}
    {"at":...,"body":{...},...}
    {"count":334,"digest":"<64 hex>","head_hash":"<64 hex>","signature":"<128 hex>"}

`previous_hash` is that of the entry before `first`, `head_hash` that of `last`, `digest` the
SHA-256 of everything before the end. The signature is the till's, for the purpose
``tokentill bundle``, over the canonical JSON of [title, count, digest, head_hash].
The page with examples: ``resources/exchange/README.md``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

from pos_app.exchange.canonical import canonical
from pos_app.exchange.chain import Entry, Fault, FaultKind, Head, Owner, Signer, verify
from pos_app.exchange.compression import compressing, read_lines
from pos_app.exchange.entry_line import entry_line, read_entry
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.exchange.fields import Fields
from pos_app.exchange.signing import signature_holds

FORMAT: Final = "tokentill-bundle"
VERSION: Final = 1
PURPOSE: Final = b"tokentill bundle"
WHAT: Final = "bundle"
SUFFIX: Final = ".ttb"
_END: Final = b'{"count":'
"""How the last line begins, and no entry's: canonical JSON has its names in order."""
_TITLE: Final = (
    "first", "format", "last", "made_at_ms", "previous_hash", "till", "till_key", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BundleTitle:
    """What a bundle says of itself: entries `first` to `last` of the journal of `owner`."""

    owner: Owner
    first: int
    last: int
    previous_hash: bytes
    made_at_ms: int

    @property
    def file_name(self) -> str:
        """Return the name of the file on a stick."""
        return f"{self.owner.till}-{self.first:06d}-{self.last:06d}{SUFFIX}"

    @property
    def before(self) -> Head:
        """Return the head that the first entry must follow; its time is not known."""
        return Head(self.first - 1, self.previous_hash, 0)

    def values(self) -> dict[str, Any]:
        """Return the title's line."""
        return {
            "first": self.first,
            "format": FORMAT,
            "last": self.last,
            "made_at_ms": self.made_at_ms,
            "previous_hash": self.previous_hash.hex(),
            "till": self.owner.till,
            "till_key": self.owner.public.hex(),
            "version": VERSION,
        }


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle being read: its title, and its entries once, in order.

    `entries` yields what has the form of an entry, numbers rising from `first` to `last`;
    nothing is proven before it is exhausted, when the till's signature has been found to hold
    for all of it. Whether each entry is genuine and none is missing is not looked at, so that a
    reader can set a bad one aside; `proven` does it.
    """

    title: BundleTitle
    entries: Iterator[Entry]


def write_bundle(
    file: IO[bytes], title: BundleTitle, entries: Iterable[Entry], signer: Signer
) -> None:
    """Write the bundle of `title` with `entries`, as they are; a reader says what is wrong."""
    with compressing(file) as lines:
        first = canonical(title.values())
        digest = hashlib.sha256(first + b"\n")
        lines.write(first)
        count, head = 0, title.previous_hash
        for entry in entries:
            line = entry_line(entry)
            digest.update(line + b"\n")
            lines.write(line)
            count, head = count + 1, entry.hash
        lines.write(canonical(_end(title, count, digest.hexdigest(), head, signer)))


def _end(
    title: BundleTitle, count: int, digest: str, head: bytes, signer: Signer
) -> dict[str, Any]:
    said = _signed(title, count, digest, head)
    return {
        "count": count,
        "digest": digest,
        "head_hash": head.hex(),
        "signature": signer.sign(PURPOSE, said).hex(),
    }


def _signed(title: BundleTitle, count: int, digest: str, head: bytes) -> bytes:
    return canonical([title.values(), count, digest, head.hex()])


@dataclass(frozen=True, slots=True)
class BundleLines:
    """A bundle being read line by line: its title, and the lines of its entries as they came.

    As with `Bundle` nothing is proven before `lines` is exhausted.
    """

    title: BundleTitle
    lines: Iterator[bytes]


def bundle_lines(file: IO[bytes]) -> BundleLines:
    """Start to read a bundle; raises `ExchangeInvalid` or `ExchangeNewer`, now or on the way."""
    lines = read_lines(file, WHAT)
    raw = next(lines, b"")
    title = _title(Fields.read(raw, WHAT))
    return BundleLines(title, _lines(title, raw, lines))


def read_bundle(file: IO[bytes]) -> Bundle:
    """Start to read a bundle; raises `ExchangeInvalid` or `ExchangeNewer`, now or on the way."""
    read = bundle_lines(file)
    return Bundle(read.title, _entries(read))


def proven(bundle: Bundle, after: Head | None = None) -> Iterator[Entry]:
    """Yield the entries of a bundle, each one proven by the chain and the till's signature.

    `after` is the head they must follow where it is known. Raises `ExchangeInvalid` with the
    kind of fault at the first that is not.
    """
    head = bundle.title.before if after is None else after
    line = 1
    for line, entry in enumerate(bundle.entries, 2):
        for found in verify((entry,), bundle.title.owner.public, head):
            if isinstance(found, Fault):
                raise ExchangeInvalid(format=WHAT, line=line, problem=found.kind.value)
            head = found
        yield entry
    if head.seq != bundle.title.last:
        raise ExchangeInvalid(format=WHAT, line=line + 1, problem=FaultKind.MISSING.value)


def _title(line: Fields) -> BundleTitle:
    line.of_version(FORMAT, VERSION).only(*_TITLE)
    first = line.whole("first", 1)
    return BundleTitle(
        owner=Owner(line.text("till"), line.bytes("till_key")),
        first=first,
        last=line.whole("last", first),
        previous_hash=line.bytes("previous_hash"),
        made_at_ms=line.whole("made_at_ms"),
    )


def _entries(read: BundleLines) -> Iterator[Entry]:
    seq = read.title.first - 1
    for number, raw in enumerate(read.lines, 2):
        entry, _ = read_entry(raw, WHAT, number)
        seq = in_order(read.title, seq, entry.seq, number)
        yield entry


def in_order(title: BundleTitle, before: int, seq: int, line: int) -> int:
    """Return `seq`, which must rise from entry to entry; raises `ExchangeInvalid`."""
    if not before < seq <= title.last:
        raise ExchangeInvalid(format=WHAT, line=line, problem="order")
    return seq


def _lines(title: BundleTitle, raw: bytes, lines: Iterator[bytes]) -> Iterator[bytes]:
    digest = hashlib.sha256(raw + b"\n")
    count, last = 0, b""
    for each in lines:
        raw = each
        if raw.startswith(_END):
            break
        digest.update(raw)
        digest.update(b"\n")
        count, last = count + 1, raw
        yield raw
    line = Fields.read(raw if raw.startswith(_END) else b"", WHAT, count + 2)
    head = read_entry(last, WHAT, count + 1)[0].hash if count else title.previous_hash
    _prove_end(line, title, (count, digest.hexdigest(), head))
    if next(lines, None) is not None:
        raise line.refusal("trailing")


def _prove_end(line: Fields, title: BundleTitle, found: tuple[int, str, bytes]) -> None:
    line.only("count", "digest", "head_hash", "signature")
    said = (line.whole("count"), line.bytes("digest").hex(), line.bytes("head_hash"))
    if said != found:
        raise line.refusal("end")
    signature = line.bytes("signature", 64)
    signed = _signed(title, *found)
    if not signature_holds(title.owner.public, PURPOSE, signed, signature):
        raise line.refusal("signature")
