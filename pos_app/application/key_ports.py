"""What the use cases around keys need of the vault."""

from __future__ import annotations

from typing import Any, Protocol

from pos_app.application.ports import KeyAttributes, SealedKey


class KeySafe(Protocol):
    """The vault's side of keys. Key bytes stay behind it."""

    @property
    def turn(self) -> int:
        """Return how often the key store's passphrase was changed."""
        ...

    @property
    def exchange_key(self) -> bytes:
        """Return the X25519 public key to seal keys to; empty once keys were destroyed."""
        ...

    def request(self, made_ms: int) -> bytes:
        """Return a signed request for keys."""
        ...

    def take_over(self, box: bytes, info: bytes, attributes: KeyAttributes) -> SealedKey:
        """Open a box of a key file and seal the key for this till's ledger.

        Raises `KeyBoxBroken`, `KeyUnfit`, or `KeyCheckWrong` when the key has another check
        value than `attributes` say.
        """
        ...

    def change_passphrase(self, old: str, new: str) -> None:
        """Seal the key store anew; raises `PassphraseWrong` or `PassphraseWeak` before."""
        ...

    def destroy(self, passphrase: str) -> None:
        """Destroy what opens keys, here and in files made for this till; the ledger's key stays."""
        ...

    def receipt(self, body: dict[str, Any]) -> bytes:
        """Return a signed receipt of what `body` tells."""
        ...
