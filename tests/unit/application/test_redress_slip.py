"""Slips of refunds: two lines to sign, the reason, the claim; and the mark on the old slip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.redress_records import Redress
from pos_app.application.slip.layout import Banner, Code, Pair, Rule, Slip, Text, TokenBlock
from pos_app.application.slip.redress_slip import RedressSlipWriter
from pos_app.application.slip.wire import from_json, to_json
from pos_app.application.slips import Slips
from pos_app.application.words import load_words
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.redress import Reason, RedressKind, TokenFate
from tests.shops import HIGHVELD, make_shop, opened, order
from tests.unit.application.test_redress import refund, wish

WORDS = ("slip", "zslip", "redress")


@pytest.fixture
def shop(tmp_path: Path) -> OpenShop:
    return opened(make_shop(tmp_path))


def slips(shop: OpenShop, language: str = "en") -> Slips:
    return Slips(shop.ledger, shop.desk.identity, shop.store.signer, load_words(language, *WORDS))


def text(slip: Slip) -> str:
    lines = [block.text for block in slip.blocks if isinstance(block, (Text, Banner))]
    pairs = [f"{each.label}: {each.value}" for each in slip.blocks if isinstance(each, Pair)]
    return "\n".join(lines + pairs)


def test_a_refund_slip_says_all_of_it_and_has_two_lines_to_sign(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    made = refund(shop, sale, token=TokenFate.UNKNOWN, note="brother's meter")
    slip = slips(shop).of_seq(made.seq, 0)
    shop.close()
    said = text(slip)
    for part in (
        "Money back", "No. R-TRAIN1-A000001", f"For receipt: {sale.receipt}", "Back: Cash: 50.00",
        "Given back ZAR: 50.00", "Reason: Bought for a wrong meter", "brother's meter",
        "The token: nobody knows", "Customer\u2019s signature", "Approved: Grace",
        "Asked for by Ama", "NO VALUE", "has to follow this up",
    ):  # fmt: skip
        assert part in said
    signing = [at for at, block in enumerate(slip.blocks) if isinstance(block, Rule)][-2:]
    under = [slip.blocks[at + 1] for at in signing]
    assert [block.text for block in under if isinstance(block, Text)] == [
        "Customer\u2019s signature", "Approved: Grace",
    ]  # fmt: skip
    assert from_json(to_json(slip)) == slip


def test_digits_keep_their_order_in_a_line_from_right_to_left(shop: OpenShop) -> None:
    made = refund(shop, shop.desk.sell(order(shop, HIGHVELD, 5000)), token=TokenFate.UNKNOWN)
    said = {language: text(slips(shop, language).of_seq(made.seq, 0)) for language in ("ar", "hi")}
    shop.close()
    assert "\u20661412 3456 783\u2069" in said["ar"]
    assert "मीटर 1412 3456 783 में" in said["hi"]
    assert "إعادة المبلغ" in said["ar"]
    assert "रकम वापस" in said["hi"]


def test_a_promise_is_asked_for_unless_the_token_was_entered(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    made = refund(shop, sale)
    shop.close()
    writer = RedressSlipWriter(load_words("en", *WORDS), shop.desk.identity)
    assert "will not enter" in text(writer.of(made))
    assert "will not enter" not in text(writer.of(replace(made, token="entered")))


@pytest.mark.parametrize("language", ["en", "ja", "ar", "hi"])
def test_the_old_slip_says_refunded_and_withholds_the_token(shop: OpenShop, language: str) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    before = slips(shop, language).of_receipt(sale.receipt, 1)
    refund(shop, sale)
    after = slips(shop, language).of_receipt(sale.receipt, 1)
    shop.close()
    secret = (TokenBlock, Code)
    assert any(isinstance(block, secret) for block in before.blocks)
    assert not any(isinstance(block, secret) for block in after.blocks)
    assert sale.tokens[0].digits not in to_json(after)
    assert "50.00" in next(b.text for b in after.blocks[2:] if isinstance(b, Banner))
    kept = [block for block in before.blocks if not isinstance(block, secret)]
    assert all(block in after.blocks for block in kept)


@pytest.mark.parametrize("language", ["en", "ja", "ar", "hi"])
def test_a_draft_can_be_shown_with_nothing_known(shop: OpenShop, language: str) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    made = refund(shop, sale)
    shop.close()
    empty = replace(
        made, slip="", reason="", token="", approver_name="", operator_name="", parts=(),
        training=False,
    )  # fmt: skip
    slip = RedressSlipWriter(load_words(language, *WORDS), shop.desk.identity).of(empty)
    assert isinstance(slip.blocks[0], Banner)  # a training shop's draft has no value either
    assert sale.receipt in to_json(slip)


def test_orders_and_entries_keep_their_secrets_and_their_shape(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    asked = wish(RedressKind.REFUND, sale, reason=Reason.SOLD_TWICE)
    assert asked.pin not in repr(asked)
    made = shop.desk.redress.refund(asked)
    entry = shop.ledger.entry(made.seq)
    shop.close()
    assert entry is not None
    assert Redress.from_body(entry.reading(), entry.seq, entry.at_ms) == made
