"""Ed25519 signatures (RFC 8032) with a name of what is signed in front of every message."""

from __future__ import annotations

from typing import ClassVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from pos_app.domain.errors import PosError

SEED_BYTES = 32
SIGNATURE_BYTES = 64


class SigningKeyInvalid(PosError):
    """There is no Ed25519 private key without a passphrase in this PEM text. Fact: `path`."""

    code: ClassVar[str] = "signing-key-invalid"


class SigningKey:
    """A till's or an authority's private signing key.

    Its bytes are in no `repr` and cannot be read back.
    """

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


def key_of_pem(pem: bytes, path: str) -> SigningKey:
    """Read a private key as ``openssl genpkey -algorithm ed25519`` writes it (RFC 8410).

    Raises `SigningKeyInvalid`.
    """
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - off the way to a sale
        load_pem_private_key,
    )

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SigningKeyInvalid(path=path) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyInvalid(path=path)
    return SigningKey(key.private_bytes_raw())
