"""Passphrase to key, and sealed boxes: Argon2id (RFC 9106) and AES-256-GCM (SP 800-38D).

The header of the key store is the associated data of its box, so a weakened cost parameter is
found out; costs below the floor are refused before any work is done.
"""

from __future__ import annotations

import secrets
from typing import Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from pos_app.adapters.vault.header import Argon2Cost

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
SALT_BYTES: Final = 16


class BoxBroken(Exception):
    """A sealed box does not open: wrong key, changed bytes or changed associated data."""


def passphrase_key(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    """Return the 32-byte key-encryption key of a passphrase."""
    return hash_secret_raw(
        passphrase.encode("utf-8", "surrogateescape"),
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
