"""Charges on a real shop: what is due follows from the till's own ledger, and is on the sale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.sale import Sale
from pos_app.application.slip.compose import SlipHead, SlipWriter
from pos_app.application.slip.layout import Pair, Text
from pos_app.application.slips import Slips
from pos_app.application.words import load_words
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.account_values import account_from, account_values
from pos_app.domain.tariff.file import parse_tariff
from pos_app.sts.tokens import CurrencyCreditToken
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order

DAY_MS = 86_400_000
RAND = Currency("ZAR", 2, 10)
FEE = """
[[charge]]
name = "Service fee"
amount = "100.00"
per = "month"
cap_percent = "50"
"""

LEVIES = """
[[levy]]
name = "Fuel"
price = "0.05"

[[levy]]
name = "Lighting"
percent = "5"
"""


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), clock)
    yield shop
    shop.close()


def _put(shop: OpenShop, parts: str, old: str = "", new: str = "") -> str:
    held = shop.ledger.tariff("highveld-light")
    assert held is not None
    text = held.text.split("[[example]]")[0] + parts
    text = text.replace("version = 1", "version = 2").replace(old or "\0", new)
    with shop.ledger.writing() as transaction:
        transaction.put_tariff(replace(held, version=2, text=text, sha256="2" * 64))
    return text


def _fee(sale: Sale) -> tuple[int, int, int]:
    (line,) = [line for line in sale.lines if line.kind == "charge"]
    return line.periods, line.amount_minor, line.left_minor


def test_a_capped_fee_goes_on_where_the_last_sale_left_it(shop: OpenShop, clock: HeldClock) -> None:
    _put(shop, FEE)
    first = shop.desk.sell(order(shop, HIGHVELD, 11_500))
    # half of R115 pays R50 and its VAT; R50 stay due
    assert _fee(first) == (1, 5000, 5000)
    clock.now += DAY_MS
    second = shop.desk.sell(order(shop, HIGHVELD, 4600))
    assert _fee(second) == (0, 2000, 3000)
    clock.now += 45 * DAY_MS  # from 22 November into January: two months more
    shop.desk.settle_clock("grace", "3333")
    third = shop.desk.sell(order(shop, HIGHVELD, 100_000))
    assert _fee(third) == (2, 23_000, 0)
    clock.now += DAY_MS
    fourth = shop.desk.sell(order(shop, HIGHVELD, 5000))
    assert "charge" not in [line.kind for line in fourth.lines]


@pytest.mark.parametrize("language", ["en", "ja", "ar", "hi"])
def test_the_slip_shows_the_fee_a_levy_and_what_stays_due(shop: OpenShop, language: str) -> None:
    _put(shop, FEE + LEVIES)
    sale = shop.desk.sell(order(shop, HIGHVELD, 11_500))
    writer = SlipWriter(load_words(language), shop.desk.identity)
    blocks = writer.of_sale(sale, SlipHead("Highveld", "", "", ""), 0, "code").blocks
    rows = {block.label: block.value for block in blocks if isinstance(block, Pair)}
    fine = [block.text for block in blocks if isinstance(block, Text)]
    assert rows["Service fee"].startswith("50")
    assert any(left.startswith("Lighting 5") for left in rows)
    assert any(left.startswith("Fuel: ") and "kWh" in left for left in rows)
    assert len([text for text in fine if "50.00" in text or "50,00" in text]) == 1


def test_a_sale_can_be_worked_out_again_from_its_own_entry(
    shop: OpenShop, clock: HeldClock
) -> None:
    text = _put(shop, FEE)
    shop.desk.sell(order(shop, HIGHVELD, 11_500))
    clock.now += DAY_MS
    sale = shop.desk.sell(order(shop, HIGHVELD, 90_000))
    kept = Sale.from_body(sale.to_body())
    assert kept == sale
    account = account_from(kept.account, RAND)
    assert account_values(account) == kept.account
    quote = parse_tariff(text).for_money(Money(kept.total_minor, RAND), account)
    assert [line.amount.minor for line in quote.lines] == [line.amount_minor for line in kept.lines]
    assert (quote.tenths, quote.energy.minor) == (kept.tenths, kept.energy_minor)


def test_entries_from_before_these_fields_are_still_read(shop: OpenShop) -> None:
    body = shop.desk.sell(order(shop, HIGHVELD, 5000)).to_body()
    for name in ("energy_minor", "account"):
        del body[name]
    for line in body["lines"]:
        del line["periods"], line["left_minor"]
    old = Sale.from_body(body)
    assert (old.energy_minor, old.account, old.lines[0].left_minor) == (0, {}, 0)


def test_blocks_by_money_count_what_went_to_units_this_month(shop: OpenShop) -> None:
    _put(shop, "", 'unit_rounding = "up"', 'unit_rounding = "up"\nblocks_by = "money"')
    shop.desk.sell(order(shop, HIGHVELD, 30_000))
    # R50 are left of the R350 that block 1 now ends at; they cost 2.18822 a kWh, the rest 2.47963
    quote = shop.desk.quote(HIGHVELD, Money(10_000, RAND), None).quote
    assert quote.account.spent == Money(30_000, RAND)
    assert [line.amount.plain() for line in quote.lines] == ["43.48", "43.48", "13.04"]


def test_a_meter_that_counts_money_gets_a_token_of_money(shop: OpenShop) -> None:
    held = shop.ledger.tariff("highveld-light")
    assert held is not None
    text = held.text.split("[[block]]")[0].replace('unit = "kWh"', 'unit = "ZAR"\ntoken = "money"')
    with shop.ledger.writing() as transaction:
        transaction.put_tariff(replace(held, version=3, text=text, sha256="3" * 64))
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    # 50.00 / 1.15 = 43.48, or 4 348 000 of 0.00001; the token's next step of 1000 is 4 348 624
    assert [(token.kind, token.fine) for token in sale.tokens] == [("money", 4_348_624)]
    meter = shop.desk.card(HIGHVELD).meter
    said = shop.desk.engine.read(sale.tokens[0].digits, meter)
    assert said == CurrencyCreditToken(4, 4_348_624, sale.tokens[0].tid)
    assert shop.desk.explain_token(sale.tokens[0].digits, HIGHVELD).receipt == sale.receipt


PERIODS = """
[[period]]
name = "Peak"
price = "3.10"
hours = "06-09,17-20"

[[period]]
name = "Standard"
price = "1.75"
"""


def test_quote_and_slip_of_a_meter_that_counts_money_show_the_days_prices(shop: OpenShop) -> None:
    held = shop.ledger.tariff("highveld-light")
    assert held is not None
    text = held.text.split("[[block]]")[0].replace('unit = "kWh"', 'unit = "ZAR"\ntoken = "money"')
    digest = "4" * 64
    with shop.ledger.writing() as transaction:
        transaction.put_tariff(replace(held, text=text + PERIODS, sha256=digest))
    answer = shop.desk.quote(HIGHVELD, Money(5000, RAND), None)
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    slips = Slips(shop.ledger, shop.desk.identity, shop.store.signer, load_words("en"))
    card = shop.desk.card(HIGHVELD)
    draft = slips.draft(card, answer, ())
    for slip in (slips.of_receipt(sale.receipt), draft):
        pairs = {block.label: block.value for block in slip.blocks if isinstance(block, Pair)}
        assert pairs["Credit on the token"] == "ZAR 43.48624"
        strip = [label for label in pairs if ":00-" in label]
        assert [label.split()[0] for label in strip] == [
            "00:00-06:00",
            "06:00-09:00",
            "09:00-17:00",
            "17:00-20:00",
            "20:00-24:00",
        ]
        assert [pairs[label] for label in strip] == ["1.75", "3.10", "1.75", "3.10", "1.75"]
