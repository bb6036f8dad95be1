"""Ways of paying from a shell: what is taken, split payments, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.program import shop_of_today, tokentill
from tests.shops import HIGHVELD

GIFT = [{"code": "gift", "names": {"en": "Gift card"}, "reference": "optional"}]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


def test_a_sale_is_paid_in_three_ways(shop: Path) -> None:
    given = ["cheque:30:000123", "mobile:10.50:qk72m8x9p", "cash:20"]
    paid = [part for each in given for part in ("--tender", each)]
    ran = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50", *paid, "--json")
    assert ran.code == 0, ran.err
    assert ran.json()["tenders"] == [
        {"kind": "cheque", "amount": "30.00", "reference": "000123"},
        {"kind": "mobile", "amount": "10.50", "reference": "QK72M8X9P"},
        {"kind": "cash", "amount": "20.00", "reference": ""},
    ]
    assert ran.json()["change"] == "10.50"
    shown = tokentill(shop, "shift", "x").out
    assert "Cheque (1)" in shown
    assert "With the cash in the drawer" in shown
    rows = tokentill(shop, "report", "tenders", "--json").json()["rows"]
    assert [(row[0], row[-1]) for row in rows] == [
        ("Cheque", "30.00"),
        ("Mobile money", "10.50"),
        ("Cash", "9.50"),
    ]


def test_a_stream_takes_lists_of_payments(shop: Path) -> None:
    lines = [
        {"meter": HIGHVELD, "amount": "50", "tender": ["cheque:30:000123", "cash:20"]},
        {"meter": HIGHVELD, "amount": "60", "tender": ["cheque:60:000123"]},
        {"meter": HIGHVELD, "amount": "70", "tender": "mobile:70:QK72M8X9P"},
    ]
    ran = tokentill(shop, "sell", "--stream", typed="\n".join(map(json.dumps, lines)))
    assert [len(sale["tenders"]) for sale in ran.lines()] == [2, 1]
    (refused,) = [json.loads(line) for line in ran.err.splitlines()]
    assert refused["error"]["code"] == "reference-used"
    assert ran.code == 1


@pytest.mark.parametrize(
    ("tender", "said"),
    [
        ("cheque:50", "“Cheque” needs its number, like 123456"),
        ("cheque:50:12", "is no number of “Cheque”"),
        ("cheque:51:000123", "more than the sale costs"),
        ("account:50", "Only a supervisor may take “On account”"),
        ("shells:50", "is not a payment"),
        ("mobile:40:QK72M8X9P", "10.00 is missing"),
    ],
)
def test_a_payment_that_cannot_be_is_told_in_a_sentence(shop: Path, tender: str, said: str) -> None:
    ran = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50", "--tender", tender)
    assert said in ran.refusal()
    assert "No such sale" in tokentill(shop, "sales").out


def test_a_supervisor_sets_what_the_shop_takes(shop: Path, tmp_path: Path) -> None:
    listed = tokentill(shop, "tenders", "list").out
    assert [line.split()[0] for line in listed.splitlines()] == [
        "cash", "card", "mobile", "cheque", "account",
    ]  # fmt: skip
    file = tmp_path / "tenders.json"
    file.write_text(json.dumps(GIFT), encoding="utf-8")
    refused = tokentill(shop, "tenders", "set", str(file))
    assert "supervisor" in refused.refusal()
    done = tokentill(shop, "tenders", "set", str(file), "--operator", "grace")
    assert (done.code, "Gift card" in done.out, "cheque" in done.out) == (0, True, False)
    sold = ["sell", "--meter", HIGHVELD, "--amount", "50", "--tender", "gift:50"]
    assert tokentill(shop, *sold).code == 0
    assert "Gift card" in tokentill(shop, "shift", "x").out
    again = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "5", "--tender", "cheque:5:1")
    assert "is not a payment" in again.refusal()


@pytest.mark.parametrize("text", ["", "{}", "[5]", '[{"code": "cash"}]', "\x00"])
def test_a_list_that_cannot_be_is_refused_and_changes_nothing(
    shop: Path, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "tenders.json"
    file.write_text(text, encoding="utf-8")
    ran = tokentill(shop, "tenders", "set", str(file), "--operator", "grace")
    assert "cannot be" in ran.refusal()
    assert "cheque" in tokentill(shop, "tenders", "list").out


def test_a_sale_is_parked_and_called_back_by_command(shop: Path) -> None:
    assert "No sale is parked" in tokentill(shop, "parked", "list").out
    wanted = ["--meter", HIGHVELD, "--amount", "50"]
    number = tokentill(shop, "parked", "add", *wanted, "--json").json()["number"]
    (held,) = tokentill(shop, "parked", "list", "--json").json()["parked"]
    assert (held["meter"], held["amount"], held["operator"]) == (HIGHVELD, "50.00", "ama")
    back = tokentill(shop, "parked", "recall", str(number), "--operator", "tendai", "--json").json()
    assert (back["number"], back["state"]) == (number, "waiting")
    assert "No parked sale" in tokentill(shop, "parked", "drop", str(number)).refusal()


def test_a_card_without_an_answer_is_noted_resolved_and_sold(shop: Path) -> None:
    wanted = ["--meter", HIGHVELD, "--amount", "50"]
    number = str(tokentill(shop, "card", "unclear", *wanted, "--json").json()["number"])
    assert "card not clear" in tokentill(shop, "parked", "list").out
    assert "Nobody knows yet" in tokentill(shop, "parked", "recall", number).refusal()
    assert "No card terminal" in tokentill(shop, "card", "query", number).refusal()
    said = ["--charged", "--approval", "AP7712", "--reason", "terminal copy"]
    assert "supervisor" in tokentill(shop, "card", "resolve", number, *said).refusal()
    done = tokentill(shop, "card", "resolve", number, *said, "--operator", "grace")
    assert "--tender card:50.00:AP7712" in done.out
    assert tokentill(shop, "sell", *wanted, "--tender", "card:50:AP7712").code == 0
    assert "No sale is parked" in tokentill(shop, "parked", "list").out
    assert tokentill(shop, "journal", "verify").code == 0


def test_a_card_that_was_not_charged_or_was_paid_back_leaves_the_list(shop: Path) -> None:
    wanted = ["--meter", HIGHVELD, "--amount", "50"]
    by = ["--reason", "terminal copy", "--operator", "grace"]
    numbers = [
        str(tokentill(shop, "card", "unclear", *wanted, "--json").json()["number"]) for _ in "ab"
    ]
    assert (
        "was not charged"
        in tokentill(shop, "card", "resolve", numbers[0], "--not-charged", *by).out
    )
    tokentill(shop, "card", "resolve", numbers[1], "--charged", "--approval", "AP7712", *by)
    assert "given back" in tokentill(shop, "card", "refunded", numbers[1], *by).out
    assert "No sale is parked" in tokentill(shop, "parked", "list").out


def test_change_is_kept_spent_and_handed_back_by_command(shop: Path) -> None:
    by = ["--operator", "grace"]
    assert "keeps no change" in tokentill(shop, "wallet", "open", HIGHVELD).refusal()
    assert "supervisor" in tokentill(shop, "wallet", "cap", "ZAR:20").refusal()
    assert "ZAR 20.00" in tokentill(shop, "wallet", "cap", "ZAR:20", *by).out
    assert tokentill(shop, "wallet", "open", HIGHVELD).code == 0
    paid = ["sell", "--meter", HIGHVELD, "--amount", "45", "--tender", "cash:50", "--keep-change"]
    sale = tokentill(shop, *paid, "--json").json()
    assert (sale["change"], sale["kept"], sale["wallet"]) == ("0.00", "5.00", "5.00")
    line = {"meter": HIGHVELD, "amount": "30", "tender": ["wallet:2", "cash:28"]}
    ran = tokentill(shop, "sell", "--stream", typed=json.dumps(line))
    assert ran.lines()[0]["wallet"] == "3.00"
    assert "Owed to customers: ZAR 3.00" in tokentill(shop, "wallet", "list").out
    report = tokentill(shop, "report", "tenders", "--json").json()
    assert ["Sold", "75.00"] in [[row[0], row[-1]] for row in report["totals"]]
    closed = tokentill(shop, "wallet", "close", HIGHVELD, "--json").json()
    assert closed["handed_back"] == [{"currency": "ZAR", "amount": "3.00"}]
    assert "No customer has a wallet" in tokentill(shop, "wallet", "list").out
    assert tokentill(shop, "journal", "verify").code == 0
