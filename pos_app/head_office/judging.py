"""Whether an entry is the till's own, and what is wrong with one that is not.

The hash of an entry seals its number, its time, its content and the hash of the entry before it.
So a signature that holds over one entry's hash proves the hash of the entry before it as well,
as long as the first one's content is what was sealed, and so on backwards. Of a run of entries
that follow each other only the last needs its signature proven to know that all are the till's.
Their own signatures are proven too, but nobody has to wait for it (`second_look`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pos_app.exchange.chain import PURPOSE, Entry, seal
from pos_app.exchange.signing import signature_holds

CONTENT: Final = "content"
SIGNATURE: Final = "signature"
FORM: Final = "form"
_LONGEST_KIND: Final = 100

Verdict = tuple[str, bool]
"""What is wrong ("" for nothing), and whether the entry's own signature was proven."""


def judge(entry: Entry, public: bytes) -> str:
    """Return "" for a genuine entry, or what is wrong: `SIGNATURE`, `CONTENT`, `FORM`.

    `CONTENT` and `FORM` mean that the till signed this hash, so its place is sure.
    """
    return _of_content(entry) if _signed(entry, public) else SIGNATURE


def judge_run(entries: Sequence[Entry], public: bytes) -> list[Verdict]:
    """Judge entries in their order, each signature proven that no later entry vouches for."""
    found = list(_backwards(entries, public))
    found.reverse()
    return found


def _backwards(entries: Sequence[Entry], public: bytes) -> Iterator[Verdict]:
    vouched: tuple[int, bytes] | None = None
    for entry in reversed(entries):
        by_chain = vouched == (entry.seq, entry.hash)
        if not by_chain and not _signed(entry, public):
            vouched = None
            yield SIGNATURE, True
            continue
        problem = _of_content(entry)
        vouched = None if problem == CONTENT else (entry.seq - 1, entry.prev_hash)
        yield problem, not by_chain


def signatures_that_fail(signed: Sequence[tuple[bytes, bytes]], public: bytes) -> list[int]:
    """Return the positions of the (hash, signature) pairs that are not the till's."""
    return [
        at
        for at, (digest, signature) in enumerate(signed)
        if not signature_holds(public, PURPOSE, digest, signature)
    ]


def _signed(entry: Entry, public: bytes) -> bool:
    return signature_holds(public, PURPOSE, entry.hash, entry.signature)


def _of_content(entry: Entry) -> str:
    raw = entry.body.encode("utf-8", "surrogatepass")
    if seal(entry.prev_hash, entry.seq, entry.at_ms, entry.kind, raw) != entry.hash:
        return CONTENT
    if len(entry.kind) > _LONGEST_KIND or "\0" in entry.kind or "\0" in entry.body:
        return FORM
    return ""
