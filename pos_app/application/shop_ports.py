"""What the ledger keeps of a shop's people, tariffs, sellers, limits and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pos_app.application.stored_records import (
        OperatorRecord,
        SealedKey,
        TariffRecord,
        UtilityRecord,
    )
    from pos_app.domain.allowance import Allowance, Spent
    from pos_app.domain.lockout import LockState


class ShopShelf(Protocol):
    """The part of `pos_app.application.ports.Ledger` that holds what a shop was given."""

    def operators(self) -> tuple[OperatorRecord, ...]:
        """Return the operators who may sign in."""
        ...

    def operator_ids(self) -> frozenset[str]:
        """Return the short names of all operators there ever were."""
        ...

    def lock_state(self, operator_id: str) -> LockState:
        """Return the failed PIN tries of an operator."""
        ...

    def tariff(self, tariff_id: str) -> TariffRecord | None:
        """Return the newest imported version of a tariff."""
        ...

    def tariff_versions(self, tariff_id: str) -> tuple[tuple[int, str], ...]:
        """Return (version, digest of the text) of a tariff, the newest first."""
        ...

    def tariff_version(self, tariff_id: str, version: int) -> TariffRecord | None:
        """Return one version of a tariff."""
        ...

    def tariff_ids(self) -> tuple[str, ...]:
        """Return the names of all imported tariffs."""
        ...

    def newest_tariff_ms(self) -> int:
        """Return when a tariff was last imported, 0 for never."""
        ...

    def utility(self, utility_id: str) -> UtilityRecord | None:
        """Return a utility."""
        ...

    def utilities(self) -> tuple[UtilityRecord, ...]:
        """Return every utility."""
        ...

    def allowances(self) -> tuple[tuple[str, Allowance, Spent], ...]:
        """Return (currency, allowance, what is spent of it) for every currency."""
        ...

    def sealed_keys(self, sgc: str, krn: int, pan: str) -> tuple[SealedKey, ...]:
        """Return the decoder keys of a meter first, then the vending keys of its group."""
        ...

    def authorities(self) -> dict[str, str]:
        """Return whose signed files are taken: public key in hexadecimal, name."""
        ...
