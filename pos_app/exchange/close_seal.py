"""The code on a close's slip: paper that anchors the journal.

``TK1/<till>/<entry>/<hash>/<signature>``: the journal number of the closing entry, its hash and
the till's signature of that hash, both in hexadecimal. It is the entry's own signature, so the
paper proves that the journal reached this entry, in this form, even when the till is gone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pos_app.exchange.chain import PURPOSE, Entry
from pos_app.exchange.errors import NotCanonical
from pos_app.exchange.signing import signature_holds

_SEAL: Final = re.compile(r"TK1/(.{1,40})/([1-9][0-9]{0,17})/([0-9A-F]{64})/([0-9A-F]{128})")


@dataclass(frozen=True, slots=True)
class CloseSeal:
    """What a slip's code says: `till`, entry `seq`, its `hash` and `signature`."""

    till: str
    seq: int
    hash: bytes
    signature: bytes

    def holds(self, public: bytes) -> bool:
        """Tell whether the till with this public key signed it."""
        return signature_holds(public, PURPOSE, self.hash, self.signature)


def write_seal(till: str, entry: Entry) -> str:
    """Return the code for a closing entry."""
    return f"TK1/{till}/{entry.seq}/{entry.hash.hex().upper()}/{entry.signature.hex().upper()}"


def read_seal(text: str) -> CloseSeal:
    """Read a code back; raises `NotCanonical` for anything else."""
    match = _SEAL.fullmatch(text.strip())
    if match is None:
        raise NotCanonical(problem="close-seal")
    till, seq, digest, signature = match.groups()
    return CloseSeal(till, int(seq), bytes.fromhex(digest), bytes.fromhex(signature))
