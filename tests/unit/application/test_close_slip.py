"""X, Z and batch slips: nothing of a close is left off the paper, in any language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.errors import ReceiptUnknown
from pos_app.application.slip.close_slip import CloseSlipWriter
from pos_app.application.slip.layout import Banner, Code, Pair, Slip, Text
from pos_app.application.slip.wire import from_json, to_json
from pos_app.application.slips import Slips
from pos_app.application.words import load_words
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.cash_count import parse_count
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import Tally
from pos_app.domain.tender import Tender
from tests.shops import HIGHVELD, LAGOON, make_shop, opened, order
from tests.shops import card as by_card

RAND = Currency("ZAR", 2)


@pytest.fixture
def shop(tmp_path: Path) -> OpenShop:
    return opened(make_shop(tmp_path))


def pairs(slip: Slip) -> list[tuple[str, str]]:
    return [(block.label, block.value) for block in slip.blocks if isinstance(block, Pair)]


def text(slip: Slip) -> str:
    return "\n".join(block.text for block in slip.blocks if isinstance(block, (Text, Banner)))


def test_a_z_says_every_amount_of_its_close(shop: OpenShop) -> None:
    shop.desk.shifts.open("ama", [Money(100_000, RAND)])
    card = Money(1000, RAND)
    shop.desk.sell(
        order(
            shop,
            HIGHVELD,
            5000,
            tenders=(by_card(card), Tender("cash", card + card + card + card)),
        )
    )
    shop.desk.sell(order(shop, LAGOON, 500_000))
    report = shop.desk.shifts.close("ama", [parse_count("200x5 10x4 0.50x1", RAND)])
    slip = CloseSlipWriter(load_words("en", "slip", "zslip"), shop.desk.identity).of_shift(report)
    shop.close()
    said = pairs(slip)
    for pair in (
        ("1 sale ZAR", "50.00"), ("Cash (1)", "40.00"), ("Card (1)", "10.00"),
        ("1 sale NGN", "5,000.00"), ("Float", "1,000.00"), ("Should be there", "1,040.00"),
        ("200.00 x 5", "1,000.00"), ("Counted", "1,040.50"), ("Difference", "0.50"),
        ("First receipt", "TRAIN1-A000001"), ("Last receipt", "TRAIN1-A000002"),
    ):  # fmt: skip
        assert pair in said
    assert "Not counted." in text(slip)  # the naira
    assert report.head_hash[:16] in text(slip)
    assert [block.payload for block in slip.blocks if isinstance(block, Code)] == [report.seal]
    assert "NO VALUE" in text(slip)


def test_what_has_no_word_is_printed_by_its_name(shop: OpenShop) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    report = shop.desk.shifts.x("grace", of="ama")
    shop.close()
    strange = Tally("tender:cowrie", 2, 700, "ZAR", 2)
    changed = replace(report, tallies=(*report.tallies, strange))
    writer = CloseSlipWriter(load_words("en", "slip", "zslip"), shop.desk.identity)
    assert ("cowrie (2)", "7.00") in pairs(writer.of_shift(changed))


@pytest.mark.parametrize("language", ["en", "ja", "ar", "hi"])
def test_a_close_waits_for_paper_like_any_slip(shop: OpenShop, language: str) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    closed = shop.desk.shifts.close("ama")
    shop.desk.shifts.reprint_z("ama", closed.shift)
    batch = shop.desk.shifts.close_bank_batch("grace", "DEP-1")
    words = load_words(language, "slip", "zslip")
    slips = Slips(shop.ledger, shop.desk.identity, shop.store.signer, words)
    waiting = []
    while (task := shop.ledger.next_print_task()) is not None:
        slip = slips.of_seq(task.sale_seq, task.copy)
        assert from_json(to_json(slip)) == slip
        waiting.append((task.sale_seq, task.copy, words("slip.copy", number=1) in text(slip)))
    shop.close()
    z = closed.closed_seq
    sales_batch, bank_batch = batch.closed_seq - 1, batch.closed_seq
    assert waiting == [
        (z - 1, 0, False), (z, 0, False), (z, 1, True),
        (sales_batch, 0, False), (bank_batch, 0, False),
    ]  # fmt: skip


def test_an_entry_that_is_no_close_has_no_slip(shop: OpenShop) -> None:
    slips = Slips(shop.ledger, shop.desk.identity, shop.store.signer, load_words("en"))
    with pytest.raises(ReceiptUnknown):
        slips.of_seq(1, 0)
    shop.close()


def test_a_deposit_slip_has_reference_amounts_and_a_line_to_sign(shop: OpenShop) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    shop.desk.shifts.close("ama", [parse_count("49.00", RAND)])
    batch = shop.desk.shifts.close_bank_batch("grace", "DEP-1", [Money(4000, RAND)])
    shop.close()
    writer = CloseSlipWriter(load_words("en", "slip", "zslip"), shop.desk.identity)
    slip = writer.of_batch(batch)
    for pair in (
        ("Bank reference", "DEP-1"), ("By the books ZAR", "50.00"), ("By the counts ZAR", "49.00"),
        ("To the bank ZAR", "40.00"), ("Kept in the shop ZAR", "9.00"),
    ):  # fmt: skip
        assert pair in pairs(slip)
    assert "Signature" in text(slip)
