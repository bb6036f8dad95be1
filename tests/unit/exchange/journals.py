"""Journals made of nothing but signed entries."""

from __future__ import annotations

import hashlib

from pos_app.exchange.chain import EMPTY, Entry, Head, Owner, next_entry
from pos_app.exchange.signing import SigningKey

TILL = "TILL7"
KEY = SigningKey(hashlib.sha256(b"a till of the tests").digest())
OWNER = Owner(TILL, KEY.public)
OTHER_KEY = SigningKey(hashlib.sha256(b"another till of the tests").digest())
CREATED = {"till": TILL, "public_key": KEY.public.hex(), "series": 1}


def head_of(entries: list[Entry]) -> Head:
    if not entries:
        return EMPTY
    last = entries[-1]
    return Head(last.seq, last.hash, last.at_ms)


def grown(entries: list[Entry], count: int, word: str = "", key: SigningKey = KEY) -> list[Entry]:
    """Return `entries` with `count` more; `word` makes their content differ from others."""
    entries = list(entries)
    for _ in range(count):
        head = head_of(entries)
        kind = "sale" if head.seq else "shop_created"
        body = {"n": head.seq, "word": word} if head.seq else dict(CREATED)
        entries.append(next_entry(head, 1_000 + head.seq * 10, kind, body, key))
    return entries
