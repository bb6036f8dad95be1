"""A sale put right from a shell: slips to sign, codes, and every mistake in words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from pos_app.bootstrap.training_file import training_pins
from tests.e2e.program import handed_over, shop_of_today, tokentill
from tests.shops import HIGHVELD

ASKED = ["--reason", "wrong-meter", "--token", "not-entered", "--approver", "grace"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


def sold(shop: Path, amount: str = "50") -> str:
    sale = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", amount, "--json").json()
    return str(sale["receipt"])


def neighbour(shop: Path) -> str:
    found = tokentill(shop, "lookup", "a", "--json").json()["meters"]
    for meter in found:
        if meter["meter"] != HIGHVELD and not meter["blocked"]:
            card = tokentill(shop, "lookup", meter["meter"], "--json").json()["card"]
            if card["tariff"] == "highveld-light":
                return str(meter["meter"])
    raise AssertionError(found)


def test_money_back_from_asking_to_the_z(shop: Path, tmp_path: Path) -> None:
    receipt, slip = sold(shop), tmp_path / "refund.png"
    made = tokentill(
        shop, "refund", receipt, *ASKED, "--amount", "20.50", "--slip", str(slip), "--json"
    ).json()
    assert (made["amount"], made["parts"]) == ("20.50", [{"kind": "cash", "amount": "20.50"}])
    assert (made["slip"], made["approver"]) == ("R-TRAIN1-A000001", "grace")
    assert slip.stat().st_size > 1000
    listed = tokentill(shop, "sales", "--json").json()["sales"]
    assert [row["redress"] for row in listed] == ["refund"]
    closed = tokentill(shop, "shift", "close", "--count", "ZAR:29.50", "--json").json()
    (drawer,) = closed["drawer"]
    assert (drawer["refunded"], drawer["expected"], drawer["variance"]) == (
        "20.50", "29.50", "0.00",
    )  # fmt: skip
    assert tokentill(shop, "journal", "verify", "--json").json()["ok"]


def test_a_copy_of_a_refunded_sale_has_no_token_and_no_code(shop: Path, tmp_path: Path) -> None:
    receipt, before, after = sold(shop), tmp_path / "before.png", tmp_path / "after.png"
    assert "6" in tokentill(shop, "reprint", receipt, "--slip", str(before)).out
    tokentill(shop, "refund", receipt, *ASKED)
    again = tokentill(shop, "reprint", receipt, "--slip", str(after), "--json").json()
    assert again["tokens"] == []
    codes = []
    for path in (before, after):
        with Image.open(path) as picture:
            codes.append(len(zxingcpp.read_barcodes(picture.convert("L"))))
    assert codes == [1, 0]


def test_sold_again_on_the_right_meter(shop: Path) -> None:
    receipt, right = sold(shop), neighbour(shop)
    wanted = [*ASKED, "--meter", right, "--sale-id", "mine-1", "--json"]
    made = tokentill(shop, "compensate", receipt, *wanted).json()
    assert made["sale"]["meter"] == made["new_meter"] == right
    assert made["sale"]["receipt"] == made["new_receipt"]
    assert len(made["sale"]["tokens"][0]["digits"]) == 20
    again = tokentill(shop, "compensate", receipt, *wanted).json()
    assert again["sale"]["tokens"] == made["sale"]["tokens"]
    told = tokentill(shop, "redress", "list")
    assert receipt in told.out
    assert "Sold again" in told.out
    copy = tokentill(shop, "redress", "reprint", made["slip"])
    assert "COPY 1" in copy.out


def test_every_mistake_is_one_sentence_and_changes_nothing(shop: Path) -> None:
    receipt = sold(shop)
    refused = {
        "there is no receipt": ["refund", "TRAIN1-A000077", *ASKED],
        "needs a supervisor": ["refund", receipt, *ASKED[:-1], "tendai"],
        "somebody else has to approve": ["refund", receipt, *ASKED[:-1], "ama"],
        "cannot be given back": ["refund", receipt, *ASKED, "--amount", "51"],
        "is the one that was sold to": ["compensate", receipt, *ASKED, "--meter", HIGHVELD],
        "no refund slip": ["redress", "reprint", "R-TRAIN1-A000009"],
    }
    for words, arguments in refused.items():
        assert words in tokentill(shop, *arguments).refusal().lower()
    assert tokentill(shop, "redress", "list", "--json").json() == {"redress": []}


def test_the_supervisors_pin_is_handed_over_and_never_shown(shop: Path) -> None:
    receipt = sold(shop)
    wrong = {"TOKENTILL_APPROVER_PIN": "0000"}
    assert "PIN is wrong" in tokentill(shop, "refund", receipt, *ASKED, env=wrong).refusal()
    number = handed_over(training_pins()["grace"] + "\n")
    try:
        given = ["--approver-pin-fd", str(number), "--json"]
        made = tokentill(shop, "refund", receipt, *ASKED, *given, fds=(number,)).json()
    finally:
        os.close(number)
    assert made["approver"] == "grace"


def cells(shop: Path, name: str) -> list[list[str]]:
    """Return the rows and totals of a report of today as text."""
    report = tokentill(shop, "report", name, "--operator", "grace", "--json").json()
    return [[str(cell) for cell in row] for row in (*report["rows"], *report["totals"])]


def test_reports_leave_nothing_out_that_was_put_right(shop: Path) -> None:
    first, second = sold(shop, "50"), sold(shop, "40")
    tokentill(shop, "refund", first, *ASKED[:2], "--token", "entered", *ASKED[4:])
    tokentill(shop, "compensate", second, *ASKED, "--meter", neighbour(shop))
    newest, oldest = cells(shop, "redress")[:2]
    assert second in newest
    assert {"Sold again", "Ama", "Grace"} <= set(newest)
    assert {first, "Money back"} <= set(oldest)
    found = [row for row in cells(shop, "exceptions") if "Put right" in row]
    assert len(found) == 2
    assert all("-90.00" in row for row in cells(shop, "operators"))
    assert any("Refunded: Cash" in row and "-50.00" in row for row in cells(shop, "tenders"))
