"""What a use case refuses, each with what was and was not done: nothing was."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class MeterUnknown(PosError):
    """No meter here has this number. Fact: `typed`."""

    code: ClassVar[str] = "meter-unknown"


class MeterBlocked(PosError):
    """The utility does not sell to this meter. Facts: `drn`, `reason`."""

    code: ClassVar[str] = "meter-blocked"


class TariffMissing(PosError):
    """The meter's tariff was never imported. Fact: `tariff`."""

    code: ClassVar[str] = "tariff-missing"


class DuplicateSale(PosError):
    """The same meter bought for the same money moments ago.

    Facts: `receipt`, `seconds`, `operator`.
    """

    code: ClassVar[str] = "duplicate-sale"


class QuoteChanged(PosError):
    """What the cashier accepted is no longer what would be sold. Facts: `expected`, `now`."""

    code: ClassVar[str] = "quote-changed"


class SaleIdReused(PosError):
    """A client's sale id was used before for something else. Fact: `sale_id`."""

    code: ClassVar[str] = "sale-id-reused"


class OperatorUnknown(PosError):
    """Nobody here has this name. Fact: `operator`."""

    code: ClassVar[str] = "operator-unknown"


class PinWrong(PosError):
    """The PIN is wrong. Fact: `tries_left` before the lock closes."""

    code: ClassVar[str] = "pin-wrong"


class RoleNeeded(PosError):
    """Someone else must do this. Fact: `role`."""

    code: ClassVar[str] = "role-needed"


class ReceiptUnknown(PosError):
    """No sale here has this receipt number. Fact: `receipt`."""

    code: ClassVar[str] = "receipt-unknown"


class AllowanceMissing(PosError):
    """Head office never allowed sales in this currency. Fact: `currency`."""

    code: ClassVar[str] = "allowance-missing"
