"""A meter's life from a shell: on file, in its house, stopped, swapped, reported."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.program import shop_of_today, tokentill
from tests.shops import HIGHVELD, LAGOON

GRACE = ("--operator", "grace")


def test_a_meter_from_its_block_to_its_successor(tmp_path: Path) -> None:
    shop = shop_of_today(tmp_path)
    block = ("meter-record", "block", "--meter", HIGHVELD, "--reason", "unpaid")
    way_out = ("--way-out", "pay at the office")
    assert "supervisor" in tokentill(shop, *block, *way_out).refusal()
    blocked = tokentill(shop, *block, *way_out, *GRACE, "--json")
    assert blocked.json()["blocked"] == "unpaid (pay at the office)"
    sale = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50")
    assert "pay at the office" in sale.refusal()

    slip = tmp_path / "fault.pdf"
    fault = ("meter-record", "fault", "--meter", HIGHVELD, "--code", "display")
    told = tokentill(shop, *fault, "--slip", str(slip))
    assert told.code == 0
    assert "TRAIN1-F" in told.out
    assert slip.read_bytes().startswith(b"%PDF")

    swap = ("meter-record", "swap", "--meter", HIGHVELD, "--new", LAGOON, "--credit", "12.5")
    swapped = tokentill(shop, *swap, "--reason", "burnt", *GRACE)
    assert swapped.code == 0
    assert "The old meter still showed 12.5" in swapped.out
    shown = tokentill(shop, "meter-record", "show", "--meter", HIGHVELD, "--json").json()
    assert (shown["standing"], shown["replaced_by"]) == ("out", LAGOON)
    assert [act["act"] for act in shown["acts"]] == ["swap", "fault", "block"]
    assert tokentill(shop, "journal", "verify").code == 0
