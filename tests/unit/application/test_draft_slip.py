"""The slip so far says what the slip of the sale will say: money above all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from pos_app.application.settings import Settings
from pos_app.application.slip.compose import SlipHead, SlipWriter
from pos_app.application.slip.layout import Pair, Slip
from pos_app.application.tender_settings import kinds_from
from pos_app.application.words import load_words
from pos_app.bootstrap.paper import slips_of
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.money import Money
from pos_app.domain.tender import Tender
from tests.shops import HIGHVELD, make_shop, opened, order

HEAD = SlipHead("Highveld", "", "", "")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path))
    yield shop
    shop.close()


def money_of(slip: Slip) -> dict[str, str]:
    said = {block.label: block.value for block in slip.blocks if isinstance(block, Pair)}
    names = ("Total ZAR", "Rounding", "Change")
    return {name: said[name] for name in names if name in said}


def test_units_bought_with_cash_are_rounded_to_coins_on_both_slips(shop: OpenShop) -> None:
    desk = shop.desk
    currency = desk.currency_of(HIGHVELD)
    received = Money(20_000, currency)
    writer = SlipWriter(load_words("en"), desk.identity)
    answer = desk.quote(HIGHVELD, None, 400)
    handed = (Tender("cash", received),)
    draft = money_of(writer.of_quote(desk.card(HIGHVELD), answer, handed, None, HEAD))
    total = Decimal(draft["Total ZAR"])
    due = total.quantize(Decimal("0.1"), ROUND_HALF_UP)  # the smallest coin is 10 cents
    assert total != due
    assert draft["Rounding"] == f"{due - total:.2f}"
    assert draft["Change"] == f"{200 - due:.2f}"
    sale = desk.sell(
        order(shop, HIGHVELD, 0, amount=None, tenths=400, tenders=(Tender("cash", received),))
    )
    assert money_of(writer.of_sale(sale, HEAD, 0, "code")) == draft


def test_an_amount_that_coins_can_pay_has_no_rounding(shop: OpenShop) -> None:
    desk = shop.desk
    currency = desk.currency_of(HIGHVELD)
    writer = SlipWriter(load_words("en"), desk.identity)
    answer = desk.quote(HIGHVELD, Money(10_000, currency), None)
    handed = (Tender("cash", Money(5_000, currency)),)
    draft = writer.of_quote(desk.card(HIGHVELD), answer, handed, None, HEAD)
    assert money_of(draft) == {"Total ZAR": "100.00"}


def test_what_a_gift_card_brings_too_much_is_change_on_both_slips(shop: OpenShop) -> None:
    gift = kinds_from([{"code": "gift", "gives_change": True}])
    shop.desk.set_tenders("grace", gift, lambda: None)
    desk, slips = shop.desk, slips_of(shop, Settings())
    paid = (Tender("gift", Money(5_000, desk.currency_of(HIGHVELD))),)
    amount = Money(4_553, desk.currency_of(HIGHVELD))
    answer = desk.quote(HIGHVELD, amount, None)
    draft = money_of(slips.draft(desk.card(HIGHVELD), answer, paid))
    # 4.47 goes back in coins of 10 cents: 4.50
    assert draft == {"Total ZAR": "45.53", "Rounding": "-0.03", "Change": "4.50"}
    sale = desk.sell(order(shop, HIGHVELD, 4_553, tenders=paid))
    assert money_of(slips.of_receipt(sale.receipt)) == draft
