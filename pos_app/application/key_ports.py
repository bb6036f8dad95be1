"""What the use cases around keys need of the vault."""

from __future__ import annotations

from typing import Any, Protocol

from pos_app.application.ports import KeyAttributes, SealedKey
from pos_app.exchange.approval import ApprovalRequest


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

    def use_module(self, library: str, token: str, pin: str) -> str:
        """Keep vending keys in a PKCS#11 module from now on and return its serial number.

        `library` is the path of the module's driver, `token` a label. Raises
        `KeyModuleUnavailable` and changes nothing.
        """
        ...

    @property
    def has_module(self) -> bool:
        """Tell whether new vending keys go into a PKCS#11 module."""
        ...

    def open_module(self) -> None:
        """Open the module; raises `KeyModuleUnavailable` or a kind of it."""
        ...

    def in_module(self, key: SealedKey) -> bool:
        """Tell whether a vending key is in a module; raises `KeyRecordBroken`."""
        ...

    def move_in(self, key: SealedKey) -> SealedKey:
        """Put a vending key into the module, prove it there, return the record that points there.

        A key that is there already is proven and not put there again. Raises `KeyNotForModule`,
        `KeyRecordBroken`, or `KeyModuleUnavailable` and its kinds; the old record stays good.
        """
        ...

    def give_up(self, keys: tuple[SealedKey, ...]) -> None:
        """Let go of keys that were taken over but did not get into the ledger."""
        ...

    def destroy(
        self, passphrase: str, vending: tuple[SealedKey, ...], *, moving: bool = False
    ) -> None:
        """Destroy what opens keys, here and in files made for this till; the ledger's key stays.

        `vending` are the records whose keys may be in a module and end there, too; after a move
        that was interrupted (`moving`) even those whose records do not say so.
        """
        ...

    def receipt(self, body: dict[str, Any]) -> bytes:
        """Return a signed receipt of what `body` tells."""
        ...

    def approver_secret(self, approver: str, turn: int) -> bytes:
        """Return the secret a supervisor approves from afar with; raises `KeysDestroyed`.

        It is handed out once, when the supervisor is enrolled.
        """
        ...

    def approval_code(self, request: ApprovalRequest, approver: str, turn: int) -> str:
        """Return the code that answers a request; raises `KeysDestroyed`."""
        ...
