"""What a shop may choose about shifts: whether they open by themselves, limits, commission."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pos_app.application.identity import ShopMode
from pos_app.domain.cash_rules import CashRules


class ShiftOpening(StrEnum):
    """Whether a sale may open its operator's shift.

    `AUTO`: the first sale opens one with an empty drawer. `REQUIRED`: without a shift nothing is
    sold. `BY_MODE`: a training shop is `AUTO`, a live shop `REQUIRED`.
    """

    BY_MODE = "by-mode"
    AUTO = "auto"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class ShiftSettings:
    """`opening` and the rules for cash; see `ShiftOpening` and `CashRules`."""

    opening: ShiftOpening = ShiftOpening.BY_MODE
    cash: CashRules = field(default_factory=CashRules)

    def opens_itself(self, mode: ShopMode) -> bool:
        """Tell whether a sale opens a shift in a shop of this `mode`."""
        if self.opening is ShiftOpening.BY_MODE:
            return mode is ShopMode.TRAINING
        return self.opening is ShiftOpening.AUTO
