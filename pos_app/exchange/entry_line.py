"""A journal entry as a line of canonical JSON, the same in exported journals and in bundles.

``{"at":1700000000000,"body":{...},"hash":"<64 hex>","kind":"sale","prev":"<64 hex>","seq":1,
"signature":"<128 hex>"}``. The body of an entry that somebody tampered with may be no canonical
JSON; it then travels as a text, so that whoever reads it can say what is wrong with it.
"""

from __future__ import annotations

import re
from typing import Any, Final

from pos_app.exchange.canonical import LARGEST_INTEGER, canonical, read_canonical
from pos_app.exchange.chain import Entry
from pos_app.exchange.errors import NotCanonical
from pos_app.exchange.fields import Fields

FIELDS: Final = ("at", "body", "hash", "kind", "prev", "seq", "signature")

_USUAL: Final = re.compile(
    rb'\{"at":(0|[1-9][0-9]{0,15}),"body":(\{.*\}),"hash":"([0-9a-f]{64})","kind":"([a-z_]{1,100})"'
    rb',"prev":"([0-9a-f]{64})","seq":([1-9][0-9]{0,15}),"signature":"([0-9a-f]{128})"\}',
    re.DOTALL,
)
"""A line as a till writes it. What matches and whose body is canonical is canonical as a whole."""


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
    usual = _USUAL.fullmatch(raw)
    if usual is not None:
        at, body, digest, kind, prev, seq, signature = usual.groups()
        at_ms, number = int(at), int(seq)
        values = _object(body)
        if values is not None and at_ms <= LARGEST_INTEGER >= number:
            sealed = bytes.fromhex(digest.decode()), bytes.fromhex(signature.decode())
            past = bytes.fromhex(prev.decode())
            return Entry(number, past, at_ms, kind.decode(), body.decode(), *sealed), values
    entry = entry_of(Fields.read(raw, what, line))
    return entry, _object(entry.body.encode("utf-8", "surrogatepass"))


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        value = read_canonical(body)
    except NotCanonical:
        return None
    return value if isinstance(value, dict) else None
