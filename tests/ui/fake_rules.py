"""Rules for money without a journal; a cashier is refused as the desk refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pos_app.application.errors import RoleNeeded
from pos_app.application.money_rules import RulesAbout
from pos_app.application.settings import Settings
from pos_app.application.shift_settings import ShiftSettings
from pos_app.domain.money import Currency

RAND, SHILLING = Currency("ZAR", 2, 10), Currency("UGX", 0, 50)


@dataclass
class FakeRules:
    """`kept` are the rules of every act, the newest last."""

    currencies: tuple[Currency, ...] = (RAND, SHILLING)
    kept: list[ShiftSettings] = field(default_factory=list)
    journalled: ShiftSettings | None = None  # None: what the file says

    def about(self) -> RulesAbout:
        utilities = (("jacaranda", "City of Jacaranda"), ("lake", "Lakeside Water"))
        return RulesAbout(self.currencies, utilities)

    def in_force(self, file: Settings) -> Settings:
        return file if self.journalled is None else replace(file, shifts=self.journalled)

    def set(self, operator_id: str, rules: ShiftSettings, keep: Callable[[], None]) -> None:
        if operator_id != "thandi":
            raise RoleNeeded(role="supervisor")
        self.kept.append(rules)
        keep()
