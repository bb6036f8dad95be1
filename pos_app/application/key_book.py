"""What the use cases around keys need of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pos_app.application.key_records import KeyGroup
from pos_app.exchange.chain import Entry

if TYPE_CHECKING:  # the ports name this book
    from pos_app.application.ports import SealedKey


class KeyBook(Protocol):
    """The ledger's side of keys."""

    def authorities(self) -> dict[str, tuple[str, int]]:
        """Return {public key in hex: (name, newest sequence taken, 0 for none)}."""
        ...

    def groups(self) -> tuple[KeyGroup, ...]:
        """Return all keys by group; takes no longer for more keys of a group."""
        ...

    def vending(self) -> tuple[SealedKey, ...]:
        """Return the records of all vending keys."""
        ...

    def passphrase_turn(self) -> int:
        """Return how many changes of the passphrase the journal tells of."""
        ...

    def destroyed(self) -> Entry | None:
        """Return the entry that tells of the keys' end, None while they stand."""
        ...
