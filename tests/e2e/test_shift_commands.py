"""A shift from a shell: opened, sold in, counted, closed, banked; and every mistake in words."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from pos_app.exchange.close_seal import read_seal
from tests.e2e.program import shop_of_today, tokentill
from tests.shops import HIGHVELD


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


def set_rule(shop: Path, name: str, value: str) -> None:
    assert tokentill(shop, "shift", "rules", name, value, "--operator", "grace").code == 0


def test_a_day_of_one_operator(shop: Path, tmp_path: Path) -> None:
    opened = tokentill(shop, "shift", "open", "--float", "ZAR:200", "--json").json()
    assert (opened["shift"], opened["operator"], opened["sales"]) == (1, "ama", 0)
    paid = ["--meter", HIGHVELD, "--amount", "50", "--tender", "cash:100"]
    assert tokentill(shop, "sell", *paid, "--json").json()["shift"] == 1
    for kind, amount in (("cash-in", "30"), ("cash-out", "10.50"), ("drop", "100")):
        moved = ["--amount", f"zar:{amount}", "--reason", "needed"]
        assert tokentill(shop, "shift", kind, *moved, "--json").json()["currency"] == "ZAR"
    assert tokentill(shop, "drawer", "open", "--reason", "change").code == 0
    seen = tokentill(shop, "shift", "x", "--json").json()
    assert (seen["report"], seen["drawer"], seen["seal"]) == ("x", [], "")

    slip = tmp_path / "z.png"
    count = ["--count", "ZAR:100x1 50x1 10x1 5x1 2x2", "--slip", str(slip)]
    closed = tokentill(shop, "shift", "close", *count, "--json").json()
    (drawer,) = closed["drawer"]
    # 200 + 50 + 30 - 10.50 - 100 = 169.50 should be there; 169.00 is.
    assert (drawer["expected"], drawer["counted"], drawer["variance"]) == (
        "169.50", "169.00", "-0.50",
    )  # fmt: skip
    assert drawer["pieces"]["2.00"] == 2
    with Image.open(slip) as picture:
        (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert code.text == closed["seal"]
    assert read_seal(code.text).till == "TRAIN1"

    copy = tokentill(shop, "shift", "reprint", "1")
    assert "COPY 1" in copy.out
    grace = ["--operator", "grace"]
    deposit = ["--bank", "--reference", "DEP-9", "--amount", "ZAR:69"]
    banked = tokentill(shop, "batch", "close", *deposit, *grace, "--json").json()
    assert banked["deposits"] == [
        {"currency": "ZAR", "expected": "69.50", "counted": "69.00", "amount": "69.00",
         "kept": "0.00"},
    ]  # fmt: skip
    assert tokentill(shop, "journal", "verify", "--json").json()["ok"]


def test_a_close_is_told_as_its_slip_says_it(shop: Path) -> None:
    tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50")
    assert "Shift 1 of ama: 1 sale, ZAR 50.00." in tokentill(shop, "shift", "status").out
    told = tokentill(shop, "shift", "close", "--count", "ZAR:49.00").out
    assert "Z · shift 1 closed" in told
    assert "Difference" in told
    assert "-1.00" in told
    assert "No shift is open" in tokentill(shop, "shift", "status").out


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["shift", "close"], "Ama has no open shift"),
        (["shift", "x"], "Ama has no open shift"),
        (["shift", "drop", "--amount", "ZAR:5", "--reason", "full"], "Ama has no open shift"),
        (["shift", "reprint", "7"], "There is no closed shift 7"),
        (["shift", "open", "--float", "200"], "Which currency?"),
        (["shift", "open", "--float", "EUR:200"], "Which currency?"),
        (["shift", "open", "--float", "ZAR:-200"], "is not an amount"),
        (["shift", "open", "--float", "ZAR:two"], "is not an amount"),
        (["shift", "close", "--of", "tendai"], "needs a supervisor"),
        (["batch", "close"], "needs a supervisor"),
        (["batch", "close", "--operator", "grace"], "nothing to close"),
        (["batch", "close", "--bank", "--operator", "grace"], "reference is needed"),
    ],
)
def test_what_is_refused_without_a_shift(shop: Path, typed: list[str], told: str) -> None:
    assert told in tokentill(shop, *typed).refusal()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["shift", "open"], "has shift 1 open already"),
        (["shift", "close", "--count", "ZAR:200x3 abc"], "is not a count"),
        (["shift", "close", "--count", "ZAR:200x-1"], "is not a count"),
        (["shift", "close", "--count", "ZAR:30x1"], "no ZAR note or coin of 30.00"),
        (["shift", "count", "--count", "712"], "Which currency?"),
        (["shift", "cash-out", "--amount", "ZAR:5", "--reason", " "], "A reason is needed"),
        (["batch", "close", "--operator", "grace"], "still open: Ama"),
    ],
)
def test_what_is_refused_in_a_shift_changes_nothing(
    shop: Path, typed: list[str], told: str
) -> None:
    tokentill(shop, "shift", "open")
    assert told in tokentill(shop, *typed).refusal()
    held = tokentill(shop, "shift", "status", "--json").json()["open"]
    assert [each["shift"] for each in held] == [1]


def test_a_shop_can_ask_for_shifts(shop: Path) -> None:
    set_rule(shop, "opening", "required")
    set_rule(shop, "operator-limit", "ZAR:60")
    sell = ["sell", "--meter", HIGHVELD, "--amount", "50"]
    assert "Open one first" in tokentill(shop, *sell).refusal()
    tokentill(shop, "shift", "open")
    assert tokentill(shop, *sell).code == 0
    assert "at most 60.00" in tokentill(shop, *sell, "--again").refusal()


def test_a_count_that_is_off_waits_for_a_supervisor(shop: Path) -> None:
    set_rule(shop, "variance-limit", "ZAR:5")
    set_rule(shop, "shift-sales", "ZAR:60")
    tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50")
    more = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "20").refusal()
    assert "You sold ZAR 50.00 in this shift; at most 60.00" in more
    closed = tokentill(shop, "shift", "close", "--count", "ZAR:40")
    assert "off by more than the limit (ZAR)" in closed.out
    assert tokentill(shop, "shift", "status", "--json").json()["unapproved"] == [1]
    batches = tokentill(shop, "batch", "status", "--operator", "grace", "--json").json()["open"]
    assert [each["level"] for each in batches] == ["sales", "bank"]
    assert batches[0]["cash"] == [{"currency": "ZAR", "amount": "40.00"}]
    asked = ["--reason", "change given twice", "--approver"]
    assert "supervisor" in tokentill(shop, "shift", "approve", "1", *asked, "tendai").refusal()
    done = tokentill(shop, "shift", "approve", "1", *asked, "grace", "--json").json()
    assert (done["approved_by"], done["approval"]) == ("Grace", "change given twice")
    assert tokentill(shop, "journal", "verify", "--json").json()["ok"]
