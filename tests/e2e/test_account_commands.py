"""Accounts and recomputation from a shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.account_texts import LOAN, account_file
from tests.e2e.program import shop_of_today, tokentill
from tests.shops import HIGHVELD


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


def written(folder: Path, rows: str, number: int = 1) -> str:
    path = folder / f"account-{number}.toml"
    path.write_bytes(account_file(rows, number))
    return str(path)


def test_a_debt_from_import_to_the_last_cent(shop: Path, tmp_path: Path) -> None:
    file = written(tmp_path, LOAN)
    supervisor = ("--operator", "grace")
    done = tokentill(shop, "account", "import", file, *supervisor)
    assert (done.code, "1 row," in done.out) == (0, True)
    assert "Nothing changed" in tokentill(shop, "account", "import", file, *supervisor).out
    meter = ("--meter", HIGHVELD)
    assert (
        "Debt L-1 Meter loan: ZAR 50.00, at most 30 %"
        in tokentill(shop, "account", "show", *meter).out
    )
    sale = tokentill(shop, "sell", *meter, "--amount", "100", "--json").json()
    (debt,) = [line for line in sale["lines"] if line["kind"] == "debt"]
    assert (debt["name"], debt["amount"]) == ("Meter loan", "30.00")
    shown = tokentill(shop, "account", "show", *meter, "--json").json()
    assert shown["debts"][0]["balance"] == "20.00"
    assert shown["settled"][0]["receipt"] == sale["receipt"]
    assert tokentill(shop, "journal", "verify").code == 0
    assert "1 sale recomputed, 0 do not follow." in tokentill(shop, "journal", "recompute").out
    counts = tokentill(shop, "journal", "recompute", "--json").json()
    acts = {"acts": 0, "acts_wrong": 0}
    assert counts == {"recomputed": 1, "wrong": 0, **acts, "without_inputs": 0}


def test_what_is_wrong_with_an_account_file_is_one_sentence(shop: Path, tmp_path: Path) -> None:
    supervisor = ("--operator", "grace")
    typo = written(tmp_path, LOAN.replace("percent", "percnt"), 1)
    said = tokentill(shop, "account", "import", typo, *supervisor).err
    assert "account-1.toml, line 12, debt[1].percnt: no such field or name." in said
    assert "Did you mean percent" in said
    stranger = written(tmp_path, LOAN.replace("METER", "14123456791"), 2)
    said = tokentill(shop, "account", "import", stranger, *supervisor).refusal()
    assert "line 8" in said
    assert "does not know the meter (14123456791)" in said
    good = written(tmp_path, LOAN, 3)
    assert "supervisor" in tokentill(shop, "account", "import", good).refusal()
    missing = tokentill(shop, "account", "import", str(tmp_path / "none"), *supervisor)
    assert "cannot be read" in missing.refusal()
