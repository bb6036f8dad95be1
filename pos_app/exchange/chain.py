"""The journal's chain: each entry seals the one before it, and the till signs each seal.

``hash = SHA-256(prev_hash | head | 0x00 | body)``, where `head` is the canonical JSON of
{at, kind, seq} and `body` the canonical JSON of what happened; the signature is Ed25519 over
the hash for the purpose ``tokentill journal``. The first entry follows 32 zero bytes and its
body names the till and its public key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from pos_app.exchange.canonical import LARGEST_INTEGER, canonical, read_canonical
from pos_app.exchange.errors import NotCanonical
from pos_app.exchange.signing import signature_holds

GENESIS = bytes(32)
PURPOSE = b"tokentill journal"


class Signer(Protocol):
    """Whoever signs for the till."""

    def sign(self, purpose: bytes, message: bytes) -> bytes:
        """Return the signature of `message` for `purpose`."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry; `body` is canonical JSON text, `at_ms` milliseconds UTC since 1970."""

    seq: int
    prev_hash: bytes
    at_ms: int
    kind: str
    body: str
    hash: bytes
    signature: bytes

    def reading(self) -> dict[str, Any]:
        """Return the body as values; raises `NotCanonical` for a body that was tampered with."""
        value = read_canonical(self.body.encode())
        if not isinstance(value, dict):
            raise NotCanonical(problem="body")
        return value


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose journal it is: the till's name and its public key."""

    till: str
    public: bytes

    def __str__(self) -> str:
        return f"{self.till} ({self.public.hex()[:8]})"


@dataclass(frozen=True, slots=True)
class Head:
    """Where a journal ends."""

    seq: int
    hash: bytes
    at_ms: int


EMPTY = Head(0, GENESIS, 0)


def seal(prev_hash: bytes, seq: int, at_ms: int, kind: str, body: bytes) -> bytes:
    """Return the hash of an entry."""
    if kind.isascii() and kind.isidentifier() and 0 <= at_ms <= LARGEST_INTEGER >= seq >= 0:
        head = b'{"at":%d,"kind":"%b","seq":%d}' % (at_ms, kind.encode(), seq)
    else:  # nothing that a till writes
        head = canonical({"at": at_ms, "kind": kind, "seq": seq})
    return hashlib.sha256(b"".join((prev_hash, head, b"\0", body))).digest()


def next_entry(head: Head, at_ms: int, kind: str, body: dict[str, Any], signer: Signer) -> Entry:
    """Return the entry that follows `head`, hashed and signed."""
    raw = canonical(body)
    digest = seal(head.hash, head.seq + 1, at_ms, kind, raw)
    signature = signer.sign(PURPOSE, digest)
    return Entry(head.seq + 1, head.hash, at_ms, kind, raw.decode(), digest, signature)


def belongs_to(first: Entry, owner: Owner) -> bool:
    """Tell whether a journal's first entry, if it is as it was written, names `owner`."""
    raw = first.body.encode()
    if seal(first.prev_hash, first.seq, first.at_ms, first.kind, raw) != first.hash:
        return True  # what a changed entry says proves nothing; the chain will find it
    body = first.reading()
    return (body.get("till"), body.get("public_key")) == (owner.till, owner.public.hex())


class FaultKind(StrEnum):
    """What is wrong with an entry; words are ``journal.<kind>``."""

    MISSING = "missing"
    REORDERED = "reordered"
    CHAIN = "chain"
    CONTENT = "content"
    SIGNATURE = "signature"
    TIME = "time"
    IDENTITY = "identity"
    UNREADABLE = "unreadable"
    CUT_OFF = "cut-off"
    ANCHOR = "anchor"
    PROJECTION = "projection"
    SCHEMA = "schema"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bad place: entry number, what is wrong, and a detail for support."""

    seq: int
    kind: FaultKind
    detail: str = ""


def _fault_of(entry: Entry, before: Head, public: bytes) -> Fault | None:
    if entry.seq != before.seq + 1:
        if entry.seq > before.seq:
            return Fault(before.seq + 1, FaultKind.MISSING, f"next is {entry.seq}")
        return Fault(entry.seq, FaultKind.REORDERED)
    digest = seal(entry.prev_hash, entry.seq, entry.at_ms, entry.kind, entry.body.encode())
    earlier = entry.at_ms < before.at_ms and entry.kind != "clock_settled"
    checks = (
        (FaultKind.CHAIN, entry.prev_hash == before.hash),
        (FaultKind.CONTENT, digest == entry.hash),
        (FaultKind.SIGNATURE, signature_holds(public, PURPOSE, entry.hash, entry.signature)),
        (FaultKind.TIME, not earlier),
    )
    return next((Fault(entry.seq, kind) for kind, holds in checks if not holds), None)


def verify(entries: Iterable[Entry], public: bytes, after: Head = EMPTY) -> Iterator[Head | Fault]:
    """Walk `entries` in order; yield each good head, or one `Fault` and stop."""
    before = after
    for entry in entries:
        fault = _fault_of(entry, before, public)
        if fault is not None:
            yield fault
            return
        before = Head(entry.seq, entry.hash, entry.at_ms)
        yield before


@dataclass(frozen=True, slots=True)
class Fork:
    """Two journals of one till agree up to entry `common` and go different ways after it."""

    common: int
    left: int
    right: int


def compare(left: Iterable[Entry], right: Iterable[Entry]) -> Fork | None:
    """Return where two journals part, None when one continues the other.

    `Fork.left` and `Fork.right` are how many entries each side has beyond the common part.
    """
    ours, theirs = iter(left), iter(right)
    common = 0
    for mine in ours:
        other = next(theirs, None)
        if other is None:
            return None
        if mine.hash != other.hash or mine.signature != other.signature:
            return Fork(common, 1 + sum(1 for _ in ours), 1 + sum(1 for _ in theirs))
        common = mine.seq
    return None
