"""Ed25519 signatures (RFC 8032) with a name of what is signed in front of every message."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

SEED_BYTES = 32
SIGNATURE_BYTES = 64


class SigningKey:
    """A till's private signing key. Its bytes are in no `repr` and cannot be read back."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, purpose: bytes, message: bytes) -> bytes:
        """Return the 64-byte signature of `message` for one `purpose`."""
        return self._key.sign(purpose + b"\0" + message)


def signature_holds(public: bytes, purpose: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether `signature` is the owner of `public`'s word on `message` for `purpose`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, purpose + b"\0" + message)
    except (InvalidSignature, ValueError):
        return False
    return True
