"""Sealing to a till's public key: HPKE (RFC 9180), base mode, one message.

DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. What must not be changed goes into
`info`, which the RFC names for single messages (section 8.1): a box opens only for the very
bytes it was sealed with. Who sealed it is not proven here; a signature does that.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SUITE_NAME: Final = "DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305"
PRIVATE_BYTES: Final = 32
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Sealed(Exception):
    """A box does not open: another key, changed bytes or another `info`."""


def public_of(private: bytes) -> bytes:
    """Return the 32-byte public key of a 32-byte X25519 private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_to(public: bytes, plain: bytes, info: bytes) -> bytes:
    """Return encapsulated key | ciphertext | tag; `ValueError` for bytes that are no key."""
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), info)


def open_sealed(private: bytes, box: bytes, info: bytes) -> bytes:
    """Open a box or raise `Sealed`."""
    try:
        return _SUITE.decrypt(box, X25519PrivateKey.from_private_bytes(private), info)
    except (InvalidTag, ValueError):
        raise Sealed from None
