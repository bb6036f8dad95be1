"""Other ways of paying on a real shop: what is kept, counted, printed, refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.system.settings_file import load_settings, save_settings
from pos_app.application.errors import RoleNeeded
from pos_app.application.records import ShopMode
from pos_app.application.settings import Settings, SettingsInvalid, TenderSettings
from pos_app.application.slip.layout import Pair, Slip, Text
from pos_app.application.tender_settings import (
    TenderKindsInvalid,
    kinds_from,
    kinds_to,
    standard_kinds,
    with_names,
)
from pos_app.application.words import load_words
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.paper import slips_of
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.money import Currency, Money
from pos_app.domain.tender import Tender, TenderTooMuch
from pos_app.domain.tender_kind import (
    ReferenceNeeded,
    ReferenceUsed,
    TenderKindUnknown,
    TenderNotYours,
)
from tests.shops import HIGHVELD, HeldClock, card, make_shop, opened, order

RAND = Currency("ZAR", 2)
GIFT = [
    {
        "code": "gift",
        "names": {"en": "Gift card", "ja": "商品券"},
        "gives_change": True,
        "limit": {"ZAR": "500"},
    }
]


def rand(minor: int) -> Money:
    return Money(minor, RAND)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), HeldClock())
    yield shop
    shop.close()


def take(shop: OpenShop, total: int, *tenders: Tender, **changes: Any) -> str:
    return shop.desk.sell(order(shop, HIGHVELD, total, tenders=tenders, **changes)).receipt


def lines_of(slip: Slip) -> list[tuple[str, str]]:
    rows = [(block.label, block.value) for block in slip.blocks if isinstance(block, Pair)]
    return rows + [(block.text, "") for block in slip.blocks if isinstance(block, Text)]


def three_ways(shop: OpenShop) -> str:
    return take(
        shop,
        10_000,
        Tender("cheque", rand(3000), "000123"),
        Tender("mobile", rand(2050), "qk7 2m8x9p"),
        Tender("cash", rand(5000)),
    )


def test_a_split_payment_is_kept_as_it_was_made(shop: OpenShop) -> None:
    sale = shop.desk.sale(three_ways(shop))
    kept = [(t.kind, t.amount_minor, t.reference, t.in_drawer) for t in sale.tenders]
    assert kept == [
        ("cheque", 3000, "000123", True),
        ("mobile", 2050, "QK72M8X9P", False),
        ("cash", 5000, "", False),
    ]
    assert sale.change_minor == 50
    assert sum(t.amount_minor for t in sale.tenders) == sale.due_minor + sale.change_minor


def test_the_slip_lists_every_payment_with_its_number(shop: OpenShop) -> None:
    rows = lines_of(slips_of(shop, Settings()).of_receipt(three_ways(shop)))
    for row in (
        ("Cheque", "30.00"),
        ("Mobile money", "20.50"),
        ("Cash", "50.00"),
        ("Change", "0.50"),
        ("No. 000123", ""),
        ("No. QK72M8X9P", ""),
    ):
        assert row in rows


def test_only_cash_is_expected_in_the_drawer_and_paper_is_listed_beside_it(shop: OpenShop) -> None:
    three_ways(shop)
    report = shop.desk.shifts.close("ama")
    tallies = {(t.name, t.currency): (t.times, t.amount) for t in report.tallies}
    assert tallies["tender:cheque", "ZAR"] == tallies["held:cheque", "ZAR"] == (1, 3000)
    assert tallies["tender:mobile", "ZAR"] == (1, 2050)
    assert tallies["tender:cash", "ZAR"] == (1, 4950)
    assert ("held:mobile", "ZAR") not in tallies
    assert [line.expected.minor for line in report.drawer] == [4950]
    rows = lines_of(slips_of(shop, Settings()).of_seq(report.closed_seq, 0))
    assert ("With the cash in the drawer", "") in rows
    assert rows.count(("Cheque (1)", "30.00")) == 2
    shop.desk.shifts.close_sales_batch("grace")
    banked = shop.desk.shifts.close_bank_batch("grace", "D1", [rand(4950)])
    sums = {t.name: t.amount for t in banked.tallies}
    assert (sums["held:cheque"], sums["tender:cash"]) == (3000, 4950)


def test_change_for_a_gift_card_is_cash_and_leaves_the_drawer(shop: OpenShop) -> None:
    shop.desk.set_tenders("grace", kinds_from(GIFT), lambda: None)
    sale = shop.desk.sale(take(shop, 4500, Tender("gift", rand(5000))))
    assert sale.change_minor == 500
    report = shop.desk.shifts.close("ama")
    assert [line.expected.minor for line in report.drawer] == [-500]
    words = with_names(load_words("ja"), shop.desk.tenders())
    assert words("zslip.tender-gift") == "商品券"


def test_the_tables_follow_from_the_journal_with_every_way_of_paying(shop: OpenShop) -> None:
    three_ways(shop)
    shop.desk.shifts.close("ama")
    folder = shop.folder
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None


def test_a_number_pays_once(shop: OpenShop) -> None:
    first = take(shop, 5000, Tender("mobile", rand(5000), "QK72M8X9P"))
    with pytest.raises(ReferenceUsed) as used:
        take(shop, 6000, Tender("mobile", rand(6000), "qk72m8x9p"))
    assert used.value.facts["receipt"] == first
    twice = (Tender("cheque", rand(1000), "000777"), Tender("cheque", rand(2000), "000777"))
    with pytest.raises(ReferenceUsed):
        take(shop, 3000, *twice)
    assert take(shop, 7000, Tender("cheque", rand(7000), "000777"))
    for minor in (1500, 2500):  # an account's number comes with every sale on it
        by = {"operator_id": "grace"}
        assert take(shop, minor, Tender("account", rand(minor), "HIG1"), **by)


def test_what_the_shop_does_not_take_is_refused_before_a_token_exists(shop: OpenShop) -> None:
    before = shop.ledger.head().seq
    for refusal, tender in (
        (TenderKindUnknown, Tender("shells", rand(5000))),
        (ReferenceNeeded, Tender("cheque", rand(5000))),
        (TenderNotYours, Tender("account", rand(5000))),
        (TenderTooMuch, Tender("cheque", rand(5001), "000123")),
    ):
        with pytest.raises(refusal):
            take(shop, 5000, tender)
    assert shop.ledger.head().seq == before


def test_a_live_shop_takes_cash_until_it_names_more() -> None:
    assert [kind.code for kind in TenderSettings().in_force(ShopMode.LIVE)] == ["cash"]
    training = [kind.code for kind in TenderSettings().in_force(ShopMode.TRAINING)]
    assert training == ["cash", "card", "mobile", "cheque", "account"]
    assert TenderSettings(()).in_force(ShopMode.TRAINING)[1:] == ()


def test_the_list_survives_the_file(tmp_path: Path) -> None:
    kinds = (*standard_kinds(), *kinds_from(GIFT))
    assert kinds_from(json.loads(json.dumps(kinds_to(kinds)))) == kinds
    for tenders in (TenderSettings(kinds), TenderSettings(()), TenderSettings()):
        save_settings(tmp_path, Settings(tenders=tenders))
        assert load_settings(tmp_path).tenders == tenders


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "cash"},
        {"code": "Gift"},
        {"code": 5},
        {"colour": "red"},
        {"names": {"en": ""}},
        {"names": {"en": "{x}"}},
        {"names": ["Gift"]},
        {"reference": "maybe"},
        {"reference": "required", "mask": "9["},
        {"mask": "999"},
        {"once": 1},
        {"limit": {"ZAR": 500}},
        {"limit": {"Rand": "500"}},
        {"roles": ["boss"]},
        {"roles": "cashier"},
    ],
)
def test_a_list_that_cannot_be_is_refused_by_its_field(changes: dict[str, Any]) -> None:
    with pytest.raises(TenderKindsInvalid):
        kinds_from([GIFT[0] | changes])
    with pytest.raises(SettingsInvalid):
        Settings.from_values({"tenders": [GIFT[0] | changes]})


def test_two_of_one_name_or_too_many_are_refused() -> None:
    for values in (GIFT * 2, [{"code": f"k{n}"} for n in range(9)], "cheque", [5]):
        with pytest.raises(TenderKindsInvalid):
            kinds_from(values)


def test_only_a_supervisor_sets_the_list_and_the_journal_says_so(shop: OpenShop) -> None:
    kinds, kept = kinds_from(GIFT), []
    with pytest.raises(RoleNeeded):
        shop.desk.set_tenders("ama", kinds, lambda: kept.append(1))
    assert not kept
    shop.desk.set_tenders("grace", kinds, lambda: kept.append(1))
    entry = shop.ledger.entry(shop.ledger.head().seq)
    assert entry is not None
    assert (entry.kind, entry.reading()["operator"]) == ("tenders_set", "grace")
    assert kept == [1]


def test_a_list_that_cannot_be_kept_is_not_journalled(shop: OpenShop) -> None:
    before = shop.ledger.head().seq

    def full() -> None:
        raise SettingsInvalid(field="tenders", value="disk full")

    with pytest.raises(SettingsInvalid):
        shop.desk.set_tenders("grace", kinds_from(GIFT), full)
    assert shop.ledger.head().seq == before


def test_a_name_the_shop_gives_up_leaves_its_code_on_old_slips(shop: OpenShop) -> None:
    receipt = three_ways(shop)
    words = load_words("en", "slip", "zslip")
    bare = {key: said for key, said in words.sentences.items() if "cheque" not in key}
    slips = replace(slips_of(shop, Settings()), words=replace(words, sentences=bare))
    assert ("cheque", "30.00") in lines_of(slips.of_receipt(receipt))


def test_a_card_needs_its_approval_code_and_takes_no_change(shop: OpenShop) -> None:
    sale = shop.desk.sale(take(shop, 5000, card(rand(5000))))
    assert sale.tenders[0].reference
    assert (sale.change_minor, sale.rounding_minor) == (0, 0)
