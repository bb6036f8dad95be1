"""A till's word on who it is, for one short while: the header of every request to head office.

``Authorization: Till <base64url without padding>`` of the canonical JSON
``{"audience":"<64 hex>","expires":1700000060,"issued_at":1700000000,"nonce":"<32 hex>",
"signature":"<128 hex>","till":"TILL7"}``. `audience` is the public key of the head office that
is spoken to, so that a word to one office is none to another; times are seconds UTC since 1970.
The signature is the till's (Ed25519, purpose ``tokentill assertion``) over the canonical JSON of
the other fields. A head office takes a nonce once.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Final

from pos_app.exchange.canonical import canonical
from pos_app.exchange.chain import Signer
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.exchange.fields import Fields
from pos_app.exchange.signing import signature_holds

SCHEME: Final = "Till"
PURPOSE: Final = b"tokentill assertion"
WHAT: Final = "assertion"
LONGEST_S: Final = 120
NONCE_BYTES: Final = 16
_LONGEST: Final = 2000
_NAMES: Final = ("audience", "expires", "issued_at", "nonce", "till")


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a header says; `signature` is proven by `holds` only. Times in seconds."""

    till: str
    audience: bytes
    issued_at: int
    expires: int
    nonce: bytes
    signature: bytes = b""

    def values(self) -> dict[str, Any]:
        """Return what is signed."""
        return {
            "audience": self.audience.hex(),
            "expires": self.expires,
            "issued_at": self.issued_at,
            "nonce": self.nonce.hex(),
            "till": self.till,
        }

    def holds(self, public: bytes) -> bool:
        """Tell whether the till with this public key signed it."""
        return signature_holds(public, PURPOSE, canonical(self.values()), self.signature)

    def in_force(self, now_s: int, skew_s: int = 0) -> bool:
        """Tell whether it counts at `now_s` by a clock that may be `skew_s` off the till's."""
        return self.issued_at - skew_s <= now_s < self.expires + skew_s


def authorization(assertion: Assertion, signer: Signer) -> str:
    """Return the header's value for an assertion, signed."""
    values = assertion.values()
    signature = signer.sign(PURPOSE, canonical(values)).hex()
    raw = canonical({**values, "signature": signature})
    return f"{SCHEME} {base64.urlsafe_b64encode(raw).decode().rstrip('=')}"


def read_authorization(header: str) -> Assertion:
    """Read a header's value; whose word it is shows `Assertion.holds`.

    Raises `ExchangeInvalid` for anything else, and for one that is meant to last longer than
    `LONGEST_S`.
    """
    scheme, _, coded = header.partition(" ")
    try:
        raw = base64.b64decode(coded + "=" * (-len(coded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    spelt = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    if scheme != SCHEME or len(header) > _LONGEST or spelt != coded:
        raise ExchangeInvalid(format=WHAT, line=1, problem="header")
    line = Fields.read(raw, WHAT).only(*_NAMES, "signature")
    found = Assertion(
        till=line.text("till", 40),
        audience=line.bytes("audience"),
        issued_at=line.whole("issued_at"),
        expires=line.whole("expires"),
        nonce=line.bytes("nonce", NONCE_BYTES),
        signature=line.bytes("signature", 64),
    )
    if not 0 < found.expires - found.issued_at <= LONGEST_S:
        raise line.refusal("expires")
    return found
