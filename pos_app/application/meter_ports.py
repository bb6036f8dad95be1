"""What the ledger knows of a meter besides its sales: its tokens, its keys, its life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pos_app.application.approval_records import ApprovalBook
    from pos_app.application.bulk_ports import BulkBook
    from pos_app.application.engineering_records import DeskBook
    from pos_app.application.key_change_ports import KeyChangeBook
    from pos_app.application.ports import KeyAttributes
    from pos_app.application.rules_guard import RuleBook
    from pos_app.domain.meter_life import MeterLife


class MeterTrail(Protocol):
    """The part of `pos_app.application.ports.Ledger` that follows one meter or one token."""

    @property
    def key_changes(self) -> KeyChangeBook:
        """Return the ledger's side of key changes."""
        ...

    @property
    def desk_acts(self) -> DeskBook:
        """Return the ledger's side of the engineering desk."""
        ...

    @property
    def approvals(self) -> ApprovalBook:
        """Return the ledger's side of approvals from afar."""
        ...

    @property
    def bulk(self) -> BulkBook:
        """Return the ledger's side of bulk vending."""
        ...

    @property
    def rules(self) -> RuleBook:
        """Return the ledger's side of the rules for money."""
        ...

    def tokens_after(self, drn: str, minute: int) -> int:
        """Return how many later tokens were sold here to a meter, at most 50."""
        ...

    def sale_of_token(self, digits: str) -> tuple[str, str]:
        """Return (receipt, DRN) of a token of one of the latest sales, empty for none."""
        ...

    def held_keys(self, pan: str) -> tuple[KeyAttributes, ...]:
        """Return what every vending key here is of, and the decoder keys of one meter."""
        ...

    def meter_life(self, drn: str) -> MeterLife | None:
        """Return where a meter stands, None for one nothing was ever done to here."""
        ...

    def meter_acts(self, drn: str, limit: int) -> list[tuple[int, int, str, str, str]]:
        """Return (entry, time, act, operator, words) of a meter's acts, newest first."""
        ...
