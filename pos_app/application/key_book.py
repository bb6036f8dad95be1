"""What the use cases around keys need of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pos_app.application.key_records import KeyGroup, ServedGroup
from pos_app.exchange.chain import Entry

if TYPE_CHECKING:  # the ports name this book
    from pos_app.application.ports import SealedKey


class KeyActs(Protocol):
    """What an open transaction does to keys."""

    def put_key(self, record: SealedKey) -> None:
        """Insert a sealed key; its ``key_imported`` entry goes with it."""
        ...

    def replace_key(self, old: SealedKey, new: SealedKey) -> None:
        """Put a record of the same attributes in another's place; raises `KeyRecordGone`."""
        ...


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

    def moving(self) -> bool:
        """Tell whether a move of keys into the module began and did not end."""
        ...

    def served(self) -> dict[str, ServedGroup]:
        """Return whom the keys of each supply group serve, by its code."""
        ...

    def passphrase_turn(self) -> int:
        """Return how many changes of the passphrase the journal tells of."""
        ...

    def papers(self, limit: int) -> tuple[Entry, ...]:
        """Return the entries that have a receipt of keys, newest first."""
        ...

    def destroyed(self) -> Entry | None:
        """Return the entry that tells of the keys' end, None while they stand."""
        ...
