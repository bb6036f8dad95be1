"""Accounts: imports state them, sales settle them, and the journal alone gives them again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.adapters.ledger.verify import reading, verify_ledger
from pos_app.application.account_file import AccountFileInvalid
from pos_app.application.accounts import AccountFileOld
from pos_app.application.errors import RoleNeeded
from pos_app.application.recompute import Difference
from pos_app.application.sale import Sale
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.recomputing import recompute_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.quote import LineKind, Quote
from pos_app.domain.tariff.refusals import FreeWithPurchase, NoFreeUnits
from pos_app.exchange.chain import Fault, FaultKind, Owner
from pos_app.exchange.digest import sha256_hex
from tests.account_texts import LOAN, account_file
from tests.shops import HIGHVELD, LAGOON, HeldClock, make_shop, opened, order

RAND = Currency("ZAR", 2, 10)
DAY_MS = 86_400_000


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    found = opened(make_shop(tmp_path), clock)
    yield found
    found.close()


def take(shop: OpenShop, rows: str, number: int = 1, more: str = "") -> None:
    shop.desk.accounts.take(account_file(rows, number, more), "grace")


def sold(shop: OpenShop, clock: HeldClock, minor: int = 10_000) -> Sale:
    clock.now += DAY_MS // 4
    return shop.desk.sell(order(shop, HIGHVELD, minor))


def quoted(shop: OpenShop, minor: int = 10_000) -> Quote:
    return shop.desk.quote(HIGHVELD, Money(minor, RAND), None).quote


def put_tariff(shop: OpenShop, version: int, *changes: tuple[str, str]) -> None:
    held = shop.ledger.tariff("highveld-light")
    assert held is not None
    text = held.text.split("[[example]]")[0]
    for old, new in (("version = 1", f"version = {version}"), *changes):
        assert old in text
        text = text.replace(old, new)
    digest = sha256_hex(text.encode())
    with shop.ledger.writing() as act:
        act.put_tariff(replace(held, version=version, text=text, sha256=digest))
        body = {"id": held.id, "version": version, "sha256": digest}
        act.append("tariff_imported", body, shop.clock.now_ms())


def test_a_debt_is_recovered_sale_by_sale_and_the_slip_line_says_what_is_left(
    shop: OpenShop, clock: HeldClock
) -> None:
    take(shop, LOAN)
    first, second = sold(shop, clock), sold(shop, clock)
    # 30 % of 100.00, then what is left; 70 / 2.18822 = 31.9894 kWh, 80 / 2.18822 = 36.5594
    debts = [[line for line in sale.lines if line.kind == "debt"] for sale in (first, second)]
    assert [(d[0].amount_minor, d[0].left_minor, d[0].ref) for d in debts] == [
        (3000, 2000, "L-1"),
        (2000, 0, "L-1"),
    ]
    assert (first.tenths, second.tenths) == (320, 366)
    assert not shop.desk.accounts.show(HIGHVELD).state.debts
    assert quoted(shop).lines[0].kind is LineKind.ENERGY
    assert all(line.kind is not LineKind.DEBT for line in quoted(shop).lines)


def test_the_card_says_what_is_owed_and_what_is_free(shop: OpenShop) -> None:
    put_tariff(shop, 3, ("[[tax]]", '[free]\nunits = "50"\n\n[[tax]]'))
    card = shop.desk.card(HIGHVELD)
    assert (card.owed, card.free_due) == (None, None)
    take(shop, LOAN + FREE)
    card = shop.desk.card(HIGHVELD)
    assert (card.owed, card.free_due) == (Money(5000, RAND), Decimal(50))


def test_debts_come_in_their_order_and_each_keeps_its_own_rule(shop: OpenShop) -> None:
    take(
        shop,
        LOAN.replace('"30"', '"30"\norder = 2')
        + LOAN.replace("L-1", "L-2").replace('"30"', '"10"\ninstalment = "7.00"\norder = 1'),
    )
    debts = [line for line in quoted(shop).lines if line.kind is LineKind.DEBT]
    assert [(line.ref, line.amount.plain()) for line in debts] == [
        ("L-2", "7.00"),
        ("L-1", "30.00"),
    ]


def test_figures_from_before_a_sale_lose_nothing_that_it_settled(
    shop: OpenShop, clock: HeldClock
) -> None:
    take(shop, LOAN)
    counted = shop.ledger.head().seq
    sold(shop, clock)
    take(shop, LOAN, 2, f"counted = {counted}\n")
    assert [d.balance.minor for d in shop.desk.accounts.show(HIGHVELD).state.debts] == [2000]
    take(shop, LOAN, 3)
    assert [d.balance.minor for d in shop.desk.accounts.show(HIGHVELD).state.debts] == [5000]
    take(shop, LOAN.replace("50.00", "0"), 4)
    assert not shop.desk.accounts.show(HIGHVELD).state.debts


ADJUSTMENT = """
[[adjustment]]
meter = "METER"
id = "A-1"
name = "Price of May"
amount = "-12.50"
reason = "The old price was charged"
"""
SUBSIDY = """
[[subsidy]]
meter = "METER"
id = "S-1"
name = "Social grant"
amount = "40.00"
month = "2026-11"
"""


def test_an_adjustment_is_given_back_once(shop: OpenShop, clock: HeldClock) -> None:
    take(shop, ADJUSTMENT)
    first, second = sold(shop, clock), sold(shop, clock)
    # 112.50 / 2.18822 = 51.4117, then 100 / 2.18822 = 45.6993
    assert (first.tenths, second.tenths) == (515, 457)
    assert sum(line.amount_minor for line in first.lines) == 10_000
    assert [row.amount.minor for row in shop.desk.accounts.show(HIGHVELD).settled] == [-1250]


def test_a_subsidy_lapses_with_its_month(shop: OpenShop, clock: HeldClock) -> None:
    take(shop, SUBSIDY)
    quote = quoted(shop)
    assert quote.tenths == 640  # 140 / 2.18822 = 63.979
    (line,) = [line for line in quote.lines if line.name == "Social grant"]
    assert (line.kind, line.amount.minor, line.ref) == (LineKind.SUBSIDY, -4000, "S-1")
    clock.now += 12 * DAY_MS
    assert quoted(shop).tenths == 457


def test_the_card_names_debts_and_free_units_and_these_are_quoted_alone(shop: OpenShop) -> None:
    put_tariff(shop, 3, ("[[tax]]", '[free]\nunits = "50"\n\n[[tax]]'))
    take(shop, LOAN + FREE)
    card = shop.desk.card(HIGHVELD)
    assert (card.owed, card.free_due) == (Money(5000, RAND), Decimal(50))
    quote = shop.desk.free(HIGHVELD).quote
    assert (quote.total.minor, quote.free_tenths) == (0, 500)
    given = shop.desk.sell(order(shop, HIGHVELD, 100, amount=None, tenders=(), free_only=True))
    assert (given.free_tenths, given.total_minor) == (500, 0)
    assert shop.desk.card(HIGHVELD).free_due is None
    with pytest.raises(NoFreeUnits):
        shop.desk.free(HIGHVELD)


def test_a_subsidy_is_given_once_and_said_by_its_own_name(shop: OpenShop, clock: HeldClock) -> None:
    take(shop, SUBSIDY)
    sale = sold(shop, clock)
    assert [line.kind for line in sale.lines if line.ref] == ["subsidy"]
    assert not shop.desk.accounts.show(HIGHVELD).state.adjustments
    assert quoted(shop).tenths < sale.tenths
    take(shop, SUBSIDY, 2)  # the same month's grant again: what this till gave is known
    assert [part.left.minor for part in shop.desk.accounts.show(HIGHVELD).state.adjustments] == [
        -4000
    ]


FREE = '\n[[free]]\nmeter = "METER"\nfrom = "2026-11"\n'


def test_free_units_come_once_a_month_on_a_token_of_their_own(
    shop: OpenShop, clock: HeldClock
) -> None:
    put_tariff(shop, 3, ("[[tax]]", '[free]\nunits = "50"\ncounts = true\n\n[[tax]]'))
    assert quoted(shop).free_tenths == 0  # not entitled
    take(shop, FREE)
    first, second = sold(shop, clock), sold(shop, clock)
    assert [(token.kind, token.tenths) for token in first.tokens] == [
        ("free-basic", 500),
        ("credit", 457),
    ]
    assert first.tokens[0].minute < first.tokens[1].minute
    assert [token.kind for token in second.tokens] == ["credit"]
    assert (first.free_tenths, second.free_tenths) == (500, 0)
    # 50 free and 45.7 bought units count before the second purchase
    assert second.account["bought"] == "95.7"
    assert len(shop.ledger.purchases(HIGHVELD, 9)) == 2
    clock.now += 12 * DAY_MS
    assert quoted(shop).free_tenths == 500


def test_an_account_can_have_other_free_units_than_the_tariff_and_some_taken_elsewhere(
    shop: OpenShop, clock: HeldClock
) -> None:
    put_tariff(shop, 3, ("[[tax]]", '[free]\nunits = "50"\n\n[[tax]]'))
    take(shop, FREE + 'units = "60"\ntaken = "25"\nto = "2026-11"\n')
    assert sold(shop, clock).tokens[0].tenths == 350
    clock.now += 12 * DAY_MS
    assert quoted(shop).free_tenths == 0


def test_free_units_on_the_bought_token_do_not_fill_blocks_unless_the_tariff_says_so(
    shop: OpenShop, clock: HeldClock
) -> None:
    put_tariff(shop, 3, ("[[tax]]", '[free]\nunits = "50"\nown_token = false\n\n[[tax]]'))
    take(shop, FREE)
    first = sold(shop, clock)
    assert [(token.kind, token.tenths) for token in first.tokens] == [("credit", 957)]
    assert sold(shop, clock).account["bought"] == "45.7"


def test_what_is_due_of_a_charge_is_the_imports_until_a_sale_says_more(
    shop: OpenShop, clock: HeldClock
) -> None:
    fee = '[[charge]]\nname = "Network"\namount = "20.00"\nper = "month"\nincludes_tax = true\n'
    put_tariff(shop, 3, ("[[tax]]", f"{fee}\n[[tax]]"))
    take(shop, '\n[[charge]]\nmeter="METER"\nname="Network"\ndue="5.00"\nuntil=2026-09-30\n')
    # October and November are due, and 5.00 from before
    charge = next(line for line in quoted(shop).lines if line.kind is LineKind.CHARGE)
    assert (charge.periods, charge.left) == (2, Money(0, RAND))
    assert charge.amount.plain() == "39.13"  # 45.00 / 1.15
    sold(shop, clock)
    assert all(line.kind is not LineKind.CHARGE for line in quoted(shop).lines)


def test_what_other_tills_sold_fills_the_blocks(shop: OpenShop, clock: HeldClock) -> None:
    take(shop, '\n[[usage]]\nmeter="METER"\nmonth="2026-11"\nbought="340"\naverage="300"\n')
    # 10 kWh cost 21.8822; 78.1178 / 2.47963 = 31.5038
    sale = sold(shop, clock)
    assert (sale.tenths, sale.bought_before, sale.account["average"]) == (416, 3400, "300.0")
    clock.now += 12 * DAY_MS
    assert quoted(shop).tenths == 457


def test_everything_of_an_account_follows_from_the_journal(
    shop: OpenShop, clock: HeldClock
) -> None:
    put_tariff(shop, 3, ("[[tax]]", '[free]\nunits = "50"\n\n[[tax]]'))
    take(shop, LOAN + ADJUSTMENT + SUBSIDY + FREE)
    sold(shop, clock)
    take(shop, LOAN, 2, "counted = 3\n")
    sold(shop, clock)
    shown = shop.desk.accounts.show(HIGHVELD)
    assert len(shown.settled) == 4
    owner = Owner(shop.store.identity.till, shop.store.signer.public)
    shop.close()
    with reading(shop.ledger.path, shop.store.ledger_key) as db:
        assert verify_ledger(db, owner).fault is None
        for table in ("debt", "adjustment", "entitlement", "free_claim", "settled", "account_file"):
            assert db[table].count, table


def test_a_changed_balance_in_the_ledger_is_found(shop: OpenShop) -> None:
    take(shop, LOAN)
    entry = shop.ledger.head().seq
    shop.ledger.db.execute("update debt set balance_minor = 1")
    owner = Owner(shop.store.identity.till, shop.store.signer.public)
    shop.close()
    with reading(shop.ledger.path, shop.store.ledger_key) as db:
        assert verify_ledger(db, owner).fault == Fault(entry, FaultKind.PROJECTION, "debt")


def test_a_series_is_numbered_beside_the_files_of_its_utility(shop: OpenShop) -> None:
    desk = shop.desk.accounts
    desk.take(account_file(LOAN, 7), "grace")
    rows = '[[adjustment]]\nmeter = "METER"\nid = "X"\nname = "Correction"\namount = "-1.00"\n'
    for number in (1, 2):
        desk.take(account_file(rows.replace("X", f"X{number}"), number, 'series = "s"\n'), "grace")
    with pytest.raises(AccountFileOld):
        desk.take(account_file(rows.replace("X", "X3"), 2, 'series = "s"\n'), "grace")
    desk.take(account_file(LOAN, 8), "grace")
    assert [part.ref for part in desk.show(HIGHVELD).state.adjustments] == ["X1", "X2"]


def test_the_same_file_again_changes_nothing_and_an_older_one_is_refused(shop: OpenShop) -> None:
    desk = shop.desk.accounts
    first = desk.take(account_file(LOAN, 2), "grace")
    head = shop.ledger.head()
    again = desk.take(account_file(LOAN, 2), "grace")
    assert (again.again, again.seq, again.rows) == (True, first.seq, 1)
    with pytest.raises(AccountFileOld):
        desk.take(account_file(LOAN, 1), "grace")
    with pytest.raises(RoleNeeded):
        desk.take(account_file(LOAN, 3), "ama")
    assert shop.ledger.head() == head


@pytest.mark.parametrize(
    ("old", "new", "problem", "line"),
    [
        ("METER", "14123456791", "meter-unknown", 8),
        ("METER", LAGOON, "other-utility", 8),
        ('"50.00"', '"-50.00"', "negative", 11),
        ('"50.00"', "50.00", "float", 11),
        ('"50.00"', '"50.001"', "bad-amount", 11),
        ("percent", "percnt", "unknown", 12),
        ('"30"', '"130"', "too-large", 12),
        ('id = "L-1"', "", "missing", 7),
        ("[[debt]]", "[[debt]", "syntax", 7),
    ],
)
def test_a_faulty_file_is_refused_with_its_line_and_nothing_of_it_is_taken(
    shop: OpenShop, old: str, new: str, problem: str, line: int
) -> None:
    head = shop.ledger.head()
    with pytest.raises(AccountFileInvalid) as refused:
        take(shop, LOAN.replace(old, new))
    assert (refused.value.facts["problem"], refused.value.facts["line"]) == (problem, line)
    assert shop.ledger.head() == head


def test_a_row_that_stands_twice_is_refused(shop: OpenShop) -> None:
    with pytest.raises(AccountFileInvalid) as refused:
        take(shop, LOAN + LOAN)
    assert refused.value.facts["problem"] == "twice"


def test_free_units_can_be_had_alone_and_take_no_charge_with_them(
    shop: OpenShop, clock: HeldClock
) -> None:
    fee = '[[charge]]\nname = "Network"\namount = "20.00"\nper = "month"\nincludes_tax = true\n'
    put_tariff(shop, 3, ("[[tax]]", f'[free]\nunits = "50"\n\n{fee}\n[[tax]]'))
    free = {"amount": None, "tenders": (), "free_only": True}
    with pytest.raises(NoFreeUnits):
        shop.desk.sell(order(shop, HIGHVELD, 1, **free))
    take(shop, FREE)
    wanted = order(shop, HIGHVELD, 1, **free)
    given = shop.desk.sell(wanted)
    assert (given.total_minor, given.tenths, given.free_tenths) == (0, 0, 500)
    assert [(token.kind, token.tenths) for token in given.tokens] == [("free-basic", 500)]
    assert shop.desk.sell(wanted) == given
    with pytest.raises(NoFreeUnits):
        shop.desk.sell(order(shop, HIGHVELD, 1, **free))
    assert shop.ledger.purchases(HIGHVELD, 5) == ()
    bought = sold(shop, clock)
    assert [line.name for line in bought.lines if line.kind == "charge"] == ["Network"]
    assert [token.kind for token in bought.tokens] == ["credit"]
    shop.close()
    assert verify_shop(shop.folder, training_passphrase()).fault is None
    found: list[Difference] = []
    assert recompute_shop(shop.folder, training_passphrase(), found.append).sales == 2
    assert found == []


def test_free_units_of_the_bought_token_are_not_had_alone(shop: OpenShop) -> None:
    put_tariff(shop, 3, ("[[tax]]", '[free]\nunits = "50"\nown_token = false\n\n[[tax]]'))
    take(shop, FREE)
    with pytest.raises(FreeWithPurchase):
        shop.desk.sell(order(shop, HIGHVELD, 1, amount=None, tenders=(), free_only=True))
