"""Rules for shifts in the settings file: exact amounts in, exact amounts out, the rest refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.system.settings_file import load_settings, save_settings
from pos_app.application.settings import Settings, SettingsInvalid
from pos_app.application.shift_settings import ShiftOpening, ShiftSettings
from pos_app.domain.cash_rules import CashRules

CHOSEN = ShiftSettings(
    ShiftOpening.REQUIRED,
    CashRules(
        drop_above={"ZAR": Decimal("2000.50")},
        operator_limit={"ZAR": Decimal(5000), "UGX": Decimal(900_000)},
        shop_limit={"ZAR": Decimal(20_000)},
        commission={"highveld": Decimal("2.5")},
    ),
)


def test_rules_survive_the_file(tmp_path: Path) -> None:
    save_settings(tmp_path, Settings(shifts=CHOSEN))
    assert load_settings(tmp_path).shifts == CHOSEN


def test_a_file_without_rules_has_none() -> None:
    assert Settings.from_values({}).shifts == ShiftSettings()


@pytest.mark.parametrize(
    "rules",
    [
        {"opening": "sometimes"},
        {"drop_above": {"ZAR": 2000}},
        {"drop_above": {"ZAR": "-1"}},
        {"operator_limit": {"ZAR": "1e3"}},
        {"shop_limit": {"": "5"}},
        {"commission": "2.5"},
        {"commission": {"highveld": "NaN"}},
    ],
)
def test_rules_that_cannot_be_are_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(SettingsInvalid):
        Settings.from_values({"shifts": rules})
