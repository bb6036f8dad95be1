"""A journal entry as a line of canonical JSON, the same in exported journals and in bundles.

``{"at":1700000000000,"body":{...},"hash":"<64 hex>","kind":"sale","prev":"<64 hex>","seq":1,
"signature":"<128 hex>"}``. The body of an entry that somebody tampered with may be no canonical
JSON; it then travels as a text, so that whoever reads it can say what is wrong with it.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pos_app.exchange.canonical import LARGEST_INTEGER, canonical, read_canonical
from pos_app.exchange.chain import Entry
from pos_app.exchange.errors import NotCanonical
from pos_app.exchange.fields import Fields

FIELDS: Final = ("at", "body", "hash", "kind", "prev", "seq", "signature")

_MIDDLE: Final = b'},"hash":"'
_LINE: Final = b'{"at":%d,"body":%b,"hash":"%b","kind":"%b","prev":"%b","seq":%d,"signature":"%b"}'
"""A line as a till writes it. Where its body is canonical, it is canonical as a whole."""
_KIND: Final = re.compile(rb"[a-z_]{1,100}")
Reader = Callable[[bytes], Any]
"""`read_canonical`, or what has its verdicts."""


class Line(NamedTuple):
    """What an `Entry` has, from the usual line of one; its body still as bytes."""

    seq: int
    prev_hash: bytes
    at_ms: int
    kind: str
    body: bytes
    hash: bytes
    signature: bytes


def entry_line(entry: Entry) -> bytes:
    """Return the line of an entry, without a line feed."""
    if (body := _usual_body(entry)) is not None:
        sealed = entry.hash.hex(), entry.kind, entry.prev_hash.hex(), entry.seq
        end = _END % (*sealed, entry.signature.hex())
        return b"".join((b'{"at":%d,"body":' % entry.at_ms, body, end.encode()))
    return canonical(
        {
            "at": entry.at_ms,
            "body": _readable(entry.body),
            "hash": entry.hash.hex(),
            "kind": entry.kind,
            "prev": entry.prev_hash.hex(),
            "seq": entry.seq,
            "signature": entry.signature.hex(),
        }
    )


_END: Final = ',"hash":"%s","kind":"%s","prev":"%s","seq":%d,"signature":"%s"}'


def _usual_body(entry: Entry) -> bytes | None:
    """Return the body of an entry as a till writes it; None for one of which anything is odd.

    A body that is canonical is set into the line as it is, and not made a second time.
    """
    numbers = 0 <= entry.at_ms <= LARGEST_INTEGER >= entry.seq >= 0
    if not (numbers and entry.kind.isascii() and entry.kind.isidentifier()):
        return None
    try:
        body = entry.body.encode()
        return body if isinstance(read_canonical(body), dict) else None
    except (NotCanonical, UnicodeEncodeError):
        return None


def entry_of(line: Fields) -> Entry:
    """Return the entry of a line; raises `ExchangeInvalid` for a line of another form.

    Whether the entry is genuine is the chain's question (`pos_app.exchange.chain.verify`).
    """
    line.only(*FIELDS)
    body = line.values["body"]
    if isinstance(body, str):
        if _readable(body) != body:
            raise line.refusal("body")  # two spellings of one entry
    elif isinstance(body, dict):
        body = canonical(body).decode()
    else:
        raise line.refusal("body")
    return Entry(
        seq=line.whole("seq", 1),
        prev_hash=line.bytes("prev"),
        at_ms=line.whole("at"),
        kind=line.text("kind"),
        body=body,
        hash=line.bytes("hash"),
        signature=line.bytes("signature", 64),
    )


def _readable(body: str) -> Any:
    """Return the object that a body says, or the text itself where it says none."""
    try:
        value = read_canonical(body.encode())
    except (NotCanonical, UnicodeEncodeError):
        return body
    return value if isinstance(value, dict) else body


def read_entry(raw: bytes, what: str, line: int) -> tuple[Entry, dict[str, Any] | None]:
    """Return the entry of a line and what its body says; None for a body that is no object.

    Raises `ExchangeInvalid` of the format `what` as `entry_of` does. The usual line is taken apart
    without reading it twice: a bundle has as many as there were sales.
    """
    usual = read_usual(raw)
    if usual is not None:
        (seq, past, at_ms, kind, body, *sealed), values = usual
        return Entry(seq, past, at_ms, kind, body.decode(), *sealed), values
    entry = entry_of(Fields.read(raw, what, line))
    return entry, _object(entry.body.encode("utf-8", "surrogatepass"), read_canonical)


def read_usual(raw: bytes, read: Reader = read_canonical) -> tuple[Line, dict[str, Any]] | None:
    """Return the parts of a line as a till writes it and what its body says; None for another.

    The line is taken apart at its quotes, and put together again to see that it was the usual one.
    """
    middle = raw.rfind(_MIDDLE)
    try:
        comma = raw.index(b",", 0, 30)
        tail = raw[middle:].split(b'"')
        at_ms, body, seq = int(raw[6:comma]), raw[comma + 8 : middle + 1], int(tail[14][1:-1])
        hexes = tail[3], tail[11], tail[17]
        digest, prev, signature = map(unhexlify, hexes)
        kind = _kind(tail[7])
    except (ValueError, IndexError):
        return None
    usual = _LINE % (at_ms, body, tail[3], tail[7], tail[11], seq, tail[17])
    sizes = len(digest), len(prev), len(signature)
    if raw != usual or sizes != (32, 32, 64) or not b"".join(hexes).islower():
        return None
    values = _object(body, read) if 0 <= at_ms <= LARGEST_INTEGER >= seq > 0 else None
    if values is None:
        return None
    return Line(seq, prev, at_ms, kind, body, digest, signature), values


@lru_cache(1000)
def _kind(raw: bytes) -> str:
    if not _KIND.fullmatch(raw):
        raise ValueError(raw)
    return raw.decode()


def _object(body: bytes, read: Reader) -> dict[str, Any] | None:
    try:
        value = read(body)
    except NotCanonical:
        return None
    return value if isinstance(value, dict) else None
