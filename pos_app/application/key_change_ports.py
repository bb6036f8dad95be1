"""What the use cases around key changes need of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # the ports name this book
    from pos_app.application.key_change_records import KeyChangeRow
    from pos_app.application.ports import KeyAttributes, SealedKey
    from pos_app.domain.meter_key import KeyAsk, MeterKey


class KeyChangeBook(Protocol):
    """The ledger's side of key changes; `Ledger.meter` returns a meter with the key it holds."""

    def recorded(self, drns: list[str]) -> dict[str, MeterKey]:
        """Return the keys in the utility's own records of some meters, changes here left out."""
        ...

    def record_before(self, drn: str) -> MeterKey | None:
        """Return what the record said when the meter's key was last noted here, None for never."""
        ...

    def wanted_before(self, drn: str) -> MeterKey | None:
        """Return what a meter shall hold that showed another key than believed, None for others."""
        ...

    def keys_for(self, pan: str) -> tuple[KeyAttributes, ...]:
        """Return every vending key, and the keys and key-change sets of one meter."""
        ...

    def sets_for(self, pan: str) -> tuple[SealedKey, ...]:
        """Return the key-change sets of one meter, the newest first."""
        ...

    def asks(self) -> tuple[KeyAsk, ...]:
        """Return everything that is asked of keys, by utility and tariff."""
        ...

    def ask_for(self, utility: str, tariff: str) -> KeyAsk:
        """Return what is asked of the meters of a utility on a tariff; the tariff's own first."""
        ...

    def changes(self, drn: str, limit: int) -> tuple[KeyChangeRow, ...]:
        """Return the key changes of a meter, or of all with no `drn`, newest first."""
        ...

    def change(self, seq: int) -> KeyChangeRow | None:
        """Return the key change of a sale's entry."""
        ...

    def base_counts(self) -> list[tuple[str, str, str, int, int]]:
        """Return (utility, tariff, SGC, base date, meters) of the utility's own records."""
        ...

    def moved_counts(self) -> list[tuple[str, str, str, int, int, int]]:
        """Return (utility, tariff, SGC and base date on record, base date held, meters).

        Only of meters that hold another base date than the one on record.
        """
        ...

    def rolled_over(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Return {(utility, new base date): (issued, confirmed)} of the roll-overs given here."""
        ...

    def on_base(
        self, utility: str, base: int, after: str, limit: int
    ) -> list[tuple[str, str, str]]:
        """Return (DRN, name, address) of meters on a base date, in the order of their numbers."""
        ...
