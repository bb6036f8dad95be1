"""What a receipt of keys says, read back from the journal: paper and record cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pos_app.application.key_records import KeyGroup
from pos_app.application.operators import name_of
from pos_app.application.ports import KeyAttributes, Ledger
from pos_app.exchange.chain import Entry
from pos_app.exchange.key_file import fingerprint

MOST_LISTED: Final = 12
"""So many keys of a file stand on paper; more are counted."""


@dataclass(frozen=True, slots=True)
class KeyReceipt:
    """Keys that came in, or their end (`groups`, and no authority).

    `keys` are the first `MOST_LISTED` of `count`; `people` are names; `request` is what a code
    from elsewhere answered. `entry` 0 is a file nobody took yet.
    """

    entry: int
    at_ms: int
    people: tuple[str, ...]
    authority: str = ""
    fingerprint: str = ""
    sequence: int = 0
    digest: str = ""
    keys: tuple[KeyAttributes, ...] = ()
    count: int = 0
    request: str = ""
    groups: tuple[KeyGroup, ...] = ()
    seal: str = ""


def taken_keys(ledger: Ledger, entry: Entry) -> KeyReceipt:
    """Return the receipt of a ``key_file_imported`` entry; its keys are the entries behind it."""
    body = entry.reading()
    name = ledger.keys.authorities().get(body["authority"], ("", 0))[0]
    keys = []
    for seq in range(entry.seq + 1, entry.seq + 1 + min(body["keys"], MOST_LISTED)):
        each = ledger.entry(seq)
        if each is not None and each.kind == "key_imported":
            keys.append(KeyAttributes(**each.reading()))
    return KeyReceipt(
        entry=entry.seq,
        at_ms=entry.at_ms,
        people=_names(ledger, body["operators"]),
        authority=name,
        fingerprint=fingerprint(bytes.fromhex(body["authority"])),
        sequence=body["sequence"],
        digest=body["sha256"],
        keys=tuple(keys),
        count=body["keys"],
        request=body.get("request", ""),
        seal=entry.hash.hex()[:16],
    )


def ended_keys(ledger: Ledger, entry: Entry) -> KeyReceipt:
    """Return the receipt of a ``keys_destroyed`` entry."""
    body = entry.reading()
    groups = tuple(KeyGroup(**each) for each in body["groups"])
    return KeyReceipt(
        entry=entry.seq,
        at_ms=entry.at_ms,
        people=_names(ledger, body["operators"]),
        count=sum(each.keys for each in groups),
        groups=groups,
        seal=entry.hash.hex()[:16],
    )


def _names(ledger: Ledger, operators: list[str]) -> tuple[str, ...]:
    return tuple(name_of(ledger, each) for each in operators)
