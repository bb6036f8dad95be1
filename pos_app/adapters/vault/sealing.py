"""Passphrase to key, and sealed boxes: Argon2id (RFC 9106) and AES-256-GCM (SP 800-38D).

The header of the key store is the associated data of its box, so a weakened cost parameter is
found out; costs below the floor are refused before any work is done.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
SALT_BYTES: Final = 16
LEAST_MEMORY_KIB: Final = 64 * 1024
LEAST_PASSES: Final = 3
MOST_MEMORY_KIB: Final = 4 * 1024 * 1024


class BoxBroken(Exception):
    """A sealed box does not open: wrong key, changed bytes or changed associated data."""


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """Argon2id cost: memory in KiB, passes, lanes. Default about 0.6 s on a slow core."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 2

    def acceptable(self) -> bool:
        """Tell whether the cost is at or above the floor (64 MiB, 3 passes) and not absurd."""
        enough = self.memory_kib >= LEAST_MEMORY_KIB and self.passes >= LEAST_PASSES
        return enough and self.memory_kib <= MOST_MEMORY_KIB and 1 <= self.lanes <= 16


TRAINING_COST: Final = Argon2Cost(LEAST_MEMORY_KIB, LEAST_PASSES, 2)
"""The floor: a training shop's passphrase is printed in the manual anyway."""


def passphrase_key(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    """Return the 32-byte key-encryption key of a passphrase."""
    return hash_secret_raw(
        passphrase.encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def subkey(master: bytes, purpose: bytes) -> bytes:
    """Return a 32-byte key for one purpose (HKDF-Expand, SHA-256)."""
    return HKDFExpand(SHA256(), KEY_BYTES, b"tokentill " + purpose).derive(master)


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Return nonce | ciphertext | tag of `plain`, bound to `bound_to`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, box: bytes, bound_to: bytes) -> bytes:
    """Open a box or raise `BoxBroken`."""
    try:
        return AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError):
        raise BoxBroken from None
