"""Head office's signed word on how much of a till's journal it holds.

In the answer to a bundle: ``{"at_ms":1700000000000,"hash":"<64 hex>","seq":456,
"signature":"<128 hex>"}``. The signature is the office's (purpose ``tokentill acknowledgement``)
over the canonical JSON of [till, seq, hash, at_ms]. A pack brings the same without a signature
of its own, because the pack has one. A till keeps the highest; one that names an entry the till
does not have, or has with another hash, says that the journal forked or was rolled back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pos_app.exchange.canonical import canonical
from pos_app.exchange.fields import Fields
from pos_app.exchange.signing import SigningKey, signature_holds

PURPOSE: Final = b"tokentill acknowledgement"
WHAT: Final = "acknowledgement"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Head office holds every entry up to `seq`, whose hash is `hash`; said at `at_ms`."""

    seq: int
    hash: bytes
    at_ms: int

    def values(self) -> dict[str, Any]:
        """Return the record of a pack."""
        return {"at_ms": self.at_ms, "hash": self.hash.hex(), "seq": self.seq}


def write_acknowledgement(till: str, found: Acknowledgement, office: SigningKey) -> dict[str, Any]:
    """Return the JSON values of a signed acknowledgement to `till`."""
    signature = office.sign(PURPOSE, _said(till, found)).hex()
    return {**found.values(), "signature": signature}


def read_acknowledgement(values: object, till: str, office: bytes) -> Acknowledgement:
    """Read a signed acknowledgement to `till`; raises `ExchangeInvalid`."""
    line = Fields(values, WHAT).only("at_ms", "hash", "seq", "signature")
    found = acknowledgement_of(line)
    if not signature_holds(office, PURPOSE, _said(till, found), line.bytes("signature", 64)):
        raise line.refusal("signature")
    return found


def acknowledgement_of(line: Fields) -> Acknowledgement:
    """Return what the fields of a pack's record or of an answer say."""
    return Acknowledgement(line.whole("seq"), line.bytes("hash"), line.whole("at_ms"))


def _said(till: str, found: Acknowledgement) -> bytes:
    return canonical([till, found.seq, found.hash.hex(), found.at_ms])
