"""SHA-256 as text."""

from __future__ import annotations

import hashlib


def sha256_hex(content: bytes) -> str:
    """Return the 64 hex digits of the digest of `content`."""
    return hashlib.sha256(content).hexdigest()
