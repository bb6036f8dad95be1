"""The counter from a shell: find, quote, sell, print, list; every sale checked in the journal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from pos_app.exchange.compact import read_compact
from tests.e2e.program import shop_of_today, tokentill
from tests.shops import HIGHVELD, LAGOON, LAKESIDE


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


def groups(digits: str) -> str:
    return "  ".join(digits[at : at + 4] for at in range(0, 20, 4))


def test_a_sale_and_all_that_can_be_asked_about_it(shop: Path, tmp_path: Path) -> None:
    offer = tokentill(shop, "quote", "--meter", HIGHVELD, "--amount", "50", "--json").json()
    # 50.00 at 1.9028 a kWh plus 15 % VAT: 22.8496 kWh, up to the next tenth.
    assert (offer["units"], offer["total"], offer["token"]) == ("22.9", "50.00", "0" * 20)

    png, pdf, raw = (tmp_path / f"slip.{kind}" for kind in ("png", "pdf", "bin"))
    slips = ["--slip", str(png), "--slip", str(pdf), "--slip", str(raw)]
    paid = ["--meter", HIGHVELD, "--amount", "50", "--tender", "cash:100"]
    ran = tokentill(shop, "sell", *paid, *slips, "--json")
    assert (ran.code, ran.err) == (0, "")
    sale = ran.json()
    token = sale["tokens"][0]["digits"]
    assert (sale["total"], sale["change"], sale["units"]) == ("50.00", "50.00", "22.9")
    assert (sale["training"], len(token), token.isdigit()) == (True, 20, True)
    assert sum(float(line["amount"]) for line in sale["lines"]) == pytest.approx(50)
    with Image.open(png) as picture:
        assert picture.width == 80 * 8  # 80 mm at 8 dots a millimetre
        (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    exported = tmp_path / "journal.jsonl"
    assert tokentill(shop, "journal", "export", str(exported)).code == 0
    public = json.loads(exported.read_text().splitlines()[0])["public_key"]
    compact = read_compact(code.text, bytes.fromhex(public))
    assert (compact.digits, compact.drn, compact.total_minor) == (token, HIGHVELD, 5000)
    assert pdf.read_bytes().startswith(b"%PDF")
    printed = raw.read_bytes()
    assert printed.startswith(b"\x1b@")
    assert token[:4].encode() in printed

    receipt = sale["receipt"]
    assert tokentill(shop, "sales").out.count(receipt) == 1
    (row,) = tokentill(shop, "sales", receipt[-4:], "--json").json()["sales"]
    assert (row["receipt"], row["total"], row["slip"]) == (receipt, "50.00", "queued")
    assert "No such sale" in tokentill(shop, "sales", "nobody").out
    status = tokentill(shop, "status", "--json").json()
    assert status["today"] == [{"sales": 1, "total": "50.00", "currency": "ZAR"}]
    assert (status["waiting"], status["unprinted"]) == (status["today"], 1)
    assert status["failed_slips"] == 0
    assert "ZAR 50.00 (1)" in tokentill(shop, "status").out

    copy = tokentill(shop, "reprint", receipt, "--reason", "unreadable")
    assert (copy.code, f"COPY 1 of receipt {receipt}" in copy.out) == (0, True)
    assert groups(token) in copy.out
    assert tokentill(shop, "reprint", receipt, "--json").json()["copy"] == 2

    said = tokentill(shop, "token", "decode", groups(token), "--meter", HIGHVELD).out
    assert "22.9 kWh" in said
    assert f"sold here: receipt {receipt}" in said
    values = tokentill(shop, "token", "decode", token, "--meter", HIGHVELD, "--json").json()
    assert (values["receipt"], values["class"], values["subclass"]) == (receipt, 0, 0)
    proof = tokentill(shop, "journal", "verify")
    assert (proof.code, "sound" in proof.out) == (0, True)


def test_a_meter_is_found_by_whatever_the_customer_brings(shop: Path) -> None:
    card = tokentill(shop, "lookup", HIGHVELD, "--json").json()["card"]
    assert (card["meter"], card["currency"], card["unit"]) == (HIGHVELD, "ZAR", "kWh")
    for fragment in (card["pan"], HIGHVELD[:9], card["name"][:4].lower(), card["phone"]):
        hits = tokentill(shop, "lookup", fragment, "--json").json()["meters"]
        assert HIGHVELD in {hit["meter"] for hit in hits}, fragment
    many = tokentill(shop, "lookup", "14")
    assert (many.code, len(many.out.splitlines()) > 5) == (0, True)
    nothing = tokentill(shop, "lookup", "zzzz")
    assert (nothing.code, "Nothing found for “zzzz”" in nothing.out) == (1, True)


def test_units_may_be_asked_for_instead_of_money(shop: Path) -> None:
    asked = ["--meter", LAGOON, "--units", "12.5"]
    offer = tokentill(shop, "quote", *asked)
    assert "NGN" in offer.out
    sale = tokentill(shop, "sell", *asked, "--json").json()
    assert (sale["units"], sale["change"]) == ("12.5", "0.00")
    assert f"NGN {sale['total']} = 12.5 kWh" in offer.out


def test_days_may_be_asked_for_instead_of_money(shop: Path) -> None:
    asked = ["--meter", LAGOON, "--days", "10/1.25"]
    unknown = tokentill(shop, "quote", *asked[:3], "10")
    assert (unknown.code, "not known yet" in unknown.err) == (1, True)
    assert tokentill(shop, "sell", *asked).refusal().startswith("“1.25”")
    asked[3] = "10/1.5"
    offer = tokentill(shop, "quote", *asked)
    assert "15.0 kWh\n≈ 10 days" in offer.out
    sale = tokentill(shop, "sell", *asked, "--json").json()
    assert (sale["units"], f"NGN {sale['total']} = 15.0 kWh" in offer.out) == ("15.0", True)
    parked = tokentill(shop, "parked", "add", *asked, "--json").json()
    assert parked["units"] == "15.0"


def test_the_same_id_is_the_same_sale(shop: Path) -> None:
    wanted = ["sell", "--meter", LAKESIDE, "--amount", "5000", "--sale-id", "order 7", "--json"]
    first, second = tokentill(shop, *wanted), tokentill(shop, *wanted)
    assert first.code == second.code == 0
    assert first.out == second.out
    other = tokentill(shop, *wanted[:4], "6000", *wanted[5:])
    assert other.json()["error"]["code"] == "sale-id-reused"
    assert other.refusal() == other.json()["error"]["message"]
    empty = tokentill(shop, *wanted[:6], "", "--json")
    assert empty.json()["error"]["code"] == "order-invalid"
    assert len(tokentill(shop, "sales", "--json").json()["sales"]) == 1


def test_the_same_sale_moments_later_needs_a_word(shop: Path) -> None:
    wanted = ["sell", "--meter", HIGHVELD, "--amount", "50"]
    assert tokentill(shop, *wanted).code == 0
    questioned = tokentill(shop, *wanted)
    assert "TRAIN1-A000001" in questioned.refusal()
    assert "--again" in questioned.err
    again = tokentill(shop, *wanted, "--again")
    assert (again.code, "TRAIN1-A000002" in again.out) == (0, True)


def test_a_slip_that_cannot_be_saved_does_not_unmake_the_sale(shop: Path, tmp_path: Path) -> None:
    wanted = ["sell", "--meter", HIGHVELD, "--amount", "50", "--json", "--slip"]
    wrong_name = tokentill(shop, *wanted, str(tmp_path / "slip.docx"))
    assert (wrong_name.code, wrong_name.out) == (2, "")
    sold = tokentill(shop, *wanted, str(tmp_path / "nowhere" / "slip.png"))
    assert (sold.code, sold.json()["receipt"]) == (0, "TRAIN1-A000001")
    (sentence,) = sold.err.splitlines()
    assert "The sale itself is safe" in sentence


def test_a_sale_whose_answer_nobody_takes_is_done_all_the_same(shop: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs a device that is always full")
    wanted = ["sell", "--meter", HIGHVELD, "--amount", "50", "--json"]
    lost = tokentill(shop, *wanted, before=("sh", "-c", 'exec "$@" >/dev/full', "sh"))
    assert "What was asked may be done" in lost.refusal()
    assert tokentill(shop, "sales").out.count("TRAIN1-A000001") == 1


def test_the_manual_pages_of_the_commands_can_be_read() -> None:
    assert "lookup" in tokentill(None, "--help").out
    assert "--tender" in tokentill(None, "sell", "--help").out
    unknown = tokentill(None, "frobnicate")
    assert (unknown.code, "No such command" in unknown.err) == (2, True)
