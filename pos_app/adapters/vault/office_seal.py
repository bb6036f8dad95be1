"""The vault as head office's use cases see it: the till signs; nothing secret comes out of it.

What is sealed to the till for head office's own ends (the secret of allowance codes) opens here;
boxes with keys do not, because they are bound to another `info`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.adapters.vault.keystore import OpenKeyStore
from pos_app.exchange.hpke import Sealed, open_sealed, public_of


@dataclass(frozen=True, slots=True)
class VaultSeal:
    """Implements `pos_app.application.office_ports.OfficeSeal`."""

    store: OpenKeyStore

    @property
    def public(self) -> bytes:
        """Return the till's Ed25519 public key."""
        return self.store.signer.public

    @property
    def exchange_key(self) -> bytes:
        """Return the till's X25519 public key; empty once its keys were destroyed."""
        private = self.store.exchange_private
        return public_of(private) if private else b""

    def sign(self, purpose: bytes, message: bytes) -> bytes:
        """Return the till's signature."""
        return self.store.signer.sign(purpose, message)

    def open_box(self, box: bytes, info: bytes) -> bytes | None:
        """Open what was sealed to the till, None where it does not open."""
        try:
            return open_sealed(self.store.exchange_private, box, info)
        except Sealed:
            return None
