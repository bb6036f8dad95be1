"""What accounts ask of the ledger; every answer is one meter's and takes the same time."""

from __future__ import annotations

from typing import Protocol

from pos_app.application.account_records import AccountState, FileSeen, Settled


class AccountBook(Protocol):
    """The ledger's side of the accounts."""

    def state(self, drn: str, month: str) -> AccountState:
        """Return what is known of a meter's account, its free units of `month` with it."""
        ...

    def elsewhere(self, drn: str, month: str) -> int:
        """Return the tenths that head office says a meter bought in `month` at other tills."""
        ...

    def settled(self, drn: str, limit: int) -> tuple[Settled, ...]:
        """Return what the latest sales settled, newest first."""
        ...

    def newest_file(self, utility: str) -> FileSeen | None:
        """Return the account file of a utility with the highest number."""
        ...

    def file_of(self, sha256: str) -> FileSeen | None:
        """Return the imported account file with these bytes."""
        ...
