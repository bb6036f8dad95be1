"""Wallets on a real shop: opened on request, filled up to a cap, spent, owed, handed back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.adapters.system.settings_file import load_settings, save_settings
from pos_app.application.errors import MeterUnknown, RoleNeeded
from pos_app.application.sale import Sale
from pos_app.application.settings import Settings, SettingsInvalid, TenderSettings
from pos_app.application.shift_errors import ShiftNotOpen
from pos_app.application.slip.layout import Pair
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.paper import slips_of
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import WALLET_BACK, WALLET_IN
from pos_app.domain.tender import Tender, settle
from pos_app.domain.wallet import WalletNotOpen, WalletOff, WalletShort, keep, with_kept
from tests.shops import HIGHVELD, LAGOON, HeldClock, make_shop, opened, order

RAND = Currency("ZAR", 2)
COIN = Currency("ZAR", 2, 10)
CAP = TenderSettings(wallet={"ZAR": Decimal("20.00")})


def rand(minor: int) -> Money:
    return Money(minor, RAND)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), HeldClock())
    shop.desk.wallets.set_caps("grace", CAP.wallet, lambda: None)
    yield shop
    shop.close()


def buy(shop: OpenShop, minor: int, *tenders: Tender, keep_change: bool = False) -> Sale:
    return shop.desk.sell(
        order(shop, HIGHVELD, minor, tenders=tenders, keep_change=keep_change, repeat_allowed=True)
    )


def cash(minor: int) -> Tender:
    return Tender("cash", rand(minor))


def held(shop: OpenShop) -> int | None:
    wallet = shop.desk.card(HIGHVELD).wallet
    return None if wallet is None else wallet.minor


def test_nobody_has_a_wallet_who_did_not_ask(shop: OpenShop) -> None:
    assert held(shop) is None
    with pytest.raises(WalletNotOpen):
        buy(shop, 4500, cash(5000), keep_change=True)
    with pytest.raises(WalletNotOpen):
        buy(shop, 4500, Tender("wallet", rand(4500)))
    assert shop.desk.sales_today() == ()


def test_change_is_kept_and_pays_for_the_next_purchase(shop: OpenShop) -> None:
    shop.desk.wallets.open("ama", HIGHVELD)
    first = buy(shop, 4500, cash(5000), keep_change=True)
    assert (first.change_minor, first.wallet_in_minor, first.wallet_after_minor) == (0, 500, 500)
    assert held(shop) == 500
    second = buy(shop, 3000, Tender("wallet", rand(500)), cash(2500))
    assert (second.change_minor, second.wallet_after_minor) == (0, 0)
    assert held(shop) == 0


def test_without_the_customers_word_change_goes_back(shop: OpenShop) -> None:
    shop.desk.wallets.open("ama", HIGHVELD)
    sale = buy(shop, 4500, cash(5000))
    assert (sale.change_minor, sale.wallet_in_minor, sale.wallet_after_minor) == (500, 0, None)


def test_a_wallet_is_filled_up_to_the_shops_cap_and_the_rest_goes_back(shop: OpenShop) -> None:
    shop.desk.wallets.open("ama", HIGHVELD)
    first = buy(shop, 3500, cash(5000), keep_change=True)
    second = buy(shop, 4000, cash(5000), keep_change=True)
    assert (first.wallet_in_minor, second.wallet_in_minor, second.change_minor) == (1500, 500, 500)
    assert held(shop) == 2000


def test_a_wallet_never_pays_more_than_it_holds(shop: OpenShop) -> None:
    shop.desk.wallets.open("ama", HIGHVELD)
    buy(shop, 4500, cash(5000), keep_change=True)
    with pytest.raises(WalletShort) as short:
        buy(shop, 3000, Tender("wallet", rand(501)), cash(2500))
    assert short.value.facts == {"balance": "5.00", "currency": "ZAR"}
    parts = (Tender("wallet", rand(300)), Tender("wallet", rand(300)), cash(2400))
    with pytest.raises(WalletShort):
        buy(shop, 3000, *parts)
    assert held(shop) == 500


def test_the_drawer_holds_kept_change_and_the_z_says_to_whom_it_belongs(shop: OpenShop) -> None:
    shop.desk.wallets.open("ama", HIGHVELD)
    buy(shop, 4500, cash(5000), keep_change=True)
    buy(shop, 3000, Tender("wallet", rand(200)), cash(2800))
    seen = shop.desk.shifts.x("grace", of="ama")
    assert [(each.wallets, each.owed.minor) for each in seen.wallets] == [(1, 300)]
    report = shop.desk.shifts.close("ama")
    tallies = {each.name: each.amount for each in report.tallies if each.currency == "ZAR"}
    assert (tallies[WALLET_IN], tallies["tender:wallet"], tallies["tender:cash"]) == (
        500,
        200,
        7800,
    )
    assert [line.expected.minor for line in report.drawer] == [7800]
    assert report.wallets == seen.wallets
    slip = slips_of(shop, Settings()).of_seq(report.closed_seq, 0)
    rows = [(each.label, each.value) for each in slip.blocks if isinstance(each, Pair)]
    assert ("Owed to 1 wallet ZAR", "3.00") in rows
    assert ("Change kept in wallets", "5.00") in rows
    folder = shop.folder
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None


def test_the_slip_says_what_was_kept_and_what_is_there(shop: OpenShop) -> None:
    shop.desk.wallets.open("ama", HIGHVELD)
    buy(shop, 4500, cash(5000), keep_change=True)
    sale = buy(shop, 3000, Tender("wallet", rand(200)), cash(3000), keep_change=True)
    slip = slips_of(shop, Settings()).of_receipt(sale.receipt)
    rows = [(each.label, each.value) for each in slip.blocks if isinstance(each, Pair)]
    for row in (("Wallet", "2.00"), ("Kept for you", "2.00"), ("In your wallet", "5.00")):
        assert row in rows


def test_closing_hands_the_money_back_out_of_the_drawer(shop: OpenShop) -> None:
    shop.desk.wallets.open("ama", HIGHVELD)
    buy(shop, 4500, cash(5000), keep_change=True)
    with pytest.raises(ShiftNotOpen):
        shop.desk.wallets.close("tendai", HIGHVELD)
    assert shop.desk.wallets.close("ama", HIGHVELD) == (rand(500),)
    assert (held(shop), shop.desk.wallets.sums()) == (None, ())
    report = shop.desk.shifts.close("ama")
    tallies = {each.name: each.amount for each in report.tallies}
    assert (tallies[WALLET_BACK], tallies["out"]) == (500, 500)
    assert [line.expected.minor for line in report.drawer] == [4500]
    with pytest.raises(WalletNotOpen):
        shop.desk.wallets.close("ama", HIGHVELD)
    folder = shop.folder
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None


def test_opening_twice_is_opening_once_and_a_meter_must_be_known(shop: OpenShop) -> None:
    for _ in range(2):
        shop.desk.wallets.open("ama", HIGHVELD)
    assert [each.drn for each in shop.desk.wallets.all()] == [HIGHVELD]
    with pytest.raises(MeterUnknown):
        shop.desk.wallets.open("ama", "14000000000")


def test_a_shop_without_caps_keeps_no_change_but_pays_wallets_back(shop: OpenShop) -> None:
    shop.desk.wallets.open("ama", HIGHVELD)
    buy(shop, 4500, cash(5000), keep_change=True)
    off = replace(shop.desk, tender_settings=TenderSettings)
    with pytest.raises(WalletOff):
        off.wallets.open("ama", LAGOON)
    assert "wallet" not in [kind.code for kind in off.tenders()]
    assert off.wallets.close("ama", HIGHVELD) == (rand(500),)
    other = shop.desk.currency_of(LAGOON)
    assert other.code != "ZAR"
    naira = order(shop, LAGOON, 500_000, keep_change=True)
    with pytest.raises(WalletOff):
        shop.desk.sell(naira)


def test_only_a_supervisor_sets_the_caps(shop: OpenShop) -> None:
    kept: list[int] = []
    with pytest.raises(RoleNeeded):
        shop.desk.wallets.set_caps("ama", {}, lambda: kept.append(1))
    shop.desk.wallets.set_caps("grace", {"ZAR": Decimal(5)}, lambda: kept.append(1))
    assert kept == [1]


def test_caps_survive_the_file_and_wrong_ones_are_refused(tmp_path: Path) -> None:
    save_settings(tmp_path, Settings(tenders=CAP))
    assert load_settings(tmp_path).tenders == CAP
    with pytest.raises(SettingsInvalid):
        Settings.from_values({"wallet": {"ZAR": -5}})


@given(st.integers(0, 10**5), st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 10**5))
def test_what_was_handed_over_is_due_goes_back_or_is_kept(
    more: int, balance: int, cap: int, total: int
) -> None:
    paid = settle(Money(total, COIN), [Tender("cash", Money((total + more) // 10 * 10 + 10, COIN))])
    kept = keep(paid.change, Money(balance, COIN), Money(cap, COIN))
    after = with_kept(paid, kept)
    assert paid.received.minor == after.due.minor + after.change.minor + kept.minor
    assert 0 <= kept.minor <= max(cap - balance, 0)
    assert kept.minor % 10 == 0
    assert after.change.minor >= 0
