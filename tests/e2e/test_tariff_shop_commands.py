"""Tariffs of a shop from a shell: signed by an authority with its own key, taken, listed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.program import shop_of_today, tokentill
from tests.forked import ROOT
from tests.shops import HIGHVELD

TEXT = (ROOT / "resources" / "tariffs" / "highveld-light.toml").read_text(encoding="utf-8")
SUPERVISOR = ("--by", "grace")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "light-2.toml"
    path.write_text(
        TEXT.replace("version = 1", "version = 2").replace("2024-04-01", "2025-04-01"),
        encoding="utf-8",
    )
    return path


def test_a_version_is_signed_taken_listed_and_sold_by(shop: Path, file: Path) -> None:
    assert tokentill(None, "tariff", "sign", str(file), "--training").code == 0
    assert tokentill(None, "tariff", "check", str(file)).code == 0  # the line is a comment
    done = tokentill(shop, "tariff", "import", str(file), *SUPERVISOR)
    assert "version 2 imported, in force from 2025-04-01. Its 4 examples hold." in done.out
    assert "Signed by Training authority." in done.out
    assert "Nothing changed" in tokentill(shop, "tariff", "import", str(file), *SUPERVISOR).out
    listed = tokentill(shop, "tariff", "list").out
    assert "highveld-light 2: Home Light 20 A, from 2025-04-01 to -, in force today" in listed
    assert "highveld-light 1: Home Light 20 A, from 2024-04-01 to -\n" in listed
    sale = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50", "--json").json()
    assert sale["tariff_version"] == 2
    assert tokentill(shop, "journal", "verify").code == 0
    assert tokentill(shop, "journal", "recompute").code == 0


def test_each_reason_not_to_take_a_tariff_is_a_sentence(
    shop: Path, file: Path, tmp_path: Path
) -> None:
    assert tokentill(None, "tariff", "sign", str(file), "--training").code == 0
    whole = file.read_text(encoding="utf-8")

    def said(text: str) -> str:
        path = tmp_path / "other.toml"
        path.write_text(text, encoding="utf-8")
        ran = tokentill(shop, "tariff", "import", str(path), *SUPERVISOR)
        assert (ran.code, ran.out) == (1, "")
        return ran.err

    assert "signature does not hold" in said(whole.replace("1.9028", "1.0000"))
    plain = whole[: whole.index("#signed")]
    assert "example 1 comes out as 45.7, not 45.8" in said(plain.replace('"45.7"', '"45.8"'))
    overlapping = said(plain.replace("2025-04-01", "2024-04-01"))
    assert "both versions would be in force on this day" in overlapping
    assert "the old tariff stays in force" in overlapping
    assert "block[1].price: must be above 0 (-1.9028)" in said(plain.replace('"1.90', '"-1.90'))
    assert "Did you mean minimum?" in said(plain.replace("minimum", "minimun"))
    refused = tokentill(shop, "tariff", "import", str(file), "--by", "ama")
    assert "supervisor" in refused.refusal()
    assert [row["version"] for row in _listed(shop)] == [1]


def _listed(shop: Path) -> list[dict[str, object]]:
    rows = tokentill(shop, "tariff", "list", "--json").json()["tariffs"]
    return [row for row in rows if row["id"] == "highveld-light"]


def test_an_authority_signs_with_a_key_of_its_own(shop: Path, file: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(key)],
        check=True,
        timeout=20,
        capture_output=True,
    )
    signed = tmp_path / "signed.toml"
    made = tokentill(None, "tariff", "sign", str(file), "--key", str(key), "--output", str(signed))
    assert made.code == 0
    refused = tokentill(shop, "tariff", "import", str(signed), *SUPERVISOR).refusal()
    assert "a key this shop does not know" in refused
    public = tokentill(None, "authority", "key", str(key)).out.strip()
    assert len(public) == 64
    pinned = tokentill(shop, "authority", "pin", "Other", public, "--operator", "grace")
    assert "pinned in this shop already" in pinned.refusal()
    known = tokentill(shop, "authority", "show", "--json").json()["authorities"]
    assert [each["name"] for each in known] == ["Training authority"]
    nonsense = tokentill(None, "tariff", "sign", str(file), "--key", str(file))
    assert "holds no Ed25519 private key" in nonsense.refusal()
