"""Problems a shop can have, as this side of the door sees them."""

from __future__ import annotations

from typing import ClassVar

from pos_app.domain.errors import PosError


class LedgerUnavailable(PosError):
    code: ClassVar[str] = "ledger-unavailable"


class AllowanceUsedUp(PosError):
    code: ClassVar[str] = "allowance-used-up"


class PassphraseWrong(PosError):
    code: ClassVar[str] = "passphrase-wrong"


class ShopInUse(PosError):
    code: ClassVar[str] = "shop-in-use"
