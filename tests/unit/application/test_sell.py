"""The sale on a real shop: what it promises, and what it refuses before anything happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.adapters.vault.errors import KeyMissing, KeyNotInForce
from pos_app.adapters.vault.records import seal_decoder_key, seal_vending_key
from pos_app.application.errors import (
    DuplicateSale,
    MeterBlocked,
    MeterUnknown,
    OperatorUnknown,
    QuoteChanged,
    SaleIdReused,
)
from pos_app.application.order import SaleOrder
from pos_app.application.ports import KeyAttributes as StoredKey
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.allowance import Allowance, AllowanceUsedUp
from pos_app.domain.clock_guard import ClockStopped
from pos_app.domain.money import Money
from pos_app.domain.tariff.refusals import BelowMinimum
from pos_app.domain.tender import Tender, TenderShort
from pos_app.domain.tid import minute_1993
from pos_app.sts.keys import KeyAttributes, VendingKey, derive_decoder_key
from pos_app.sts.tokens import CreditToken, decode
from tests.shops import HIGHVELD, LAGOON, LAKESIDE, START_MS, HeldClock, make_shop, opened, order

MINUTE_MS = 60_000
TEST_KEY = "abababababababab949494949494949401234567"  # STS 531-1


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), clock)
    yield shop
    shop.close()


def test_the_token_says_to_its_meter_what_the_receipt_says(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    meter = sale.meter
    key = derive_decoder_key(
        VendingKey(bytes.fromhex(TEST_KEY)),
        KeyAttributes(meter.pan, 2, "201457", 1, 1, 2014, 7, 4),
    )
    said = decode(sale.tokens[0].digits, key)
    # 50.00 at 1.9028 a kWh plus 15 % VAT: 22.8496 kWh, up to the next tenth.
    assert isinstance(said, CreditToken)
    assert (said.sub, said.tenths, said.tid) == (0, 229, sale.tokens[0].tid)
    assert sale.tenths == 229
    assert (sale.lines[0].amount_minor, sale.lines[1].amount_minor) == (4348, 652)


@pytest.mark.parametrize(("drn", "minor", "sub"), [(LAGOON, 500_000, 0), (LAKESIDE, 10_000, 1)])
def test_every_utility_of_the_shop_sells_its_commodity(
    shop: OpenShop, drn: str, minor: int, sub: int
) -> None:
    sale = shop.desk.sell(order(shop, drn, minor))
    parts = {
        LAGOON: (TEST_KEY, KeyAttributes(sale.meter.pan, 2, "203557", 2, 6, 2014, 11, 4)),
        LAKESIDE: ("ab" * 8, KeyAttributes(sale.meter.pan, 2, "123456", 1, 1, 2014, 7, 2)),
    }
    secret, attributes = parts[drn]
    key = derive_decoder_key(VendingKey(bytes.fromhex(secret)), attributes)
    said = decode(sale.tokens[0].digits, key)
    assert isinstance(said, CreditToken)
    assert (said.sub, said.tenths) == (sub, sale.tenths)


def test_a_sale_is_one_journal_entry_with_its_print_job(shop: OpenShop) -> None:
    shop.desk.shifts.open("ama")
    before = shop.ledger.head().seq
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    entry = shop.ledger.entry(before + 1)
    assert entry is not None
    assert shop.ledger.head().seq == before + 1
    assert (entry.kind, entry.reading()) == ("sale", sale.to_body())
    task = shop.ledger.next_print_task()
    assert task is not None
    assert (task.sale_seq, task.copy) == (before + 1, 0)


def test_receipts_count_without_a_gap(shop: OpenShop) -> None:
    receipts = [shop.desk.sell(order(shop, HIGHVELD, 5000 + 10 * n)).receipt for n in range(3)]
    with pytest.raises(BelowMinimum):
        shop.desk.sell(order(shop, HIGHVELD, 500))
    receipts.append(shop.desk.sell(order(shop, HIGHVELD, 9000)).receipt)
    assert receipts == [f"TRAIN1-A00000{n}" for n in (1, 2, 3, 4)]


def test_sales_in_one_minute_carry_rising_tids(shop: OpenShop) -> None:
    sold = [shop.desk.sell(order(shop, HIGHVELD, 5000 + 10 * n)) for n in range(4)]
    minutes = [sale.tokens[0].minute for sale in sold]
    assert minutes == [minute_1993(START_MS) + n for n in range(4)]


def test_the_reserved_minute_is_passed_over(shop: OpenShop, clock: HeldClock) -> None:
    day = START_MS - START_MS % 86_400_000 + 86_400_000
    clock.now = day + MINUTE_MS  # 00:01 UTC
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    assert sale.tokens[0].minute % 1440 == 2


def test_the_same_sale_id_sells_once(shop: OpenShop) -> None:
    first = order(shop, HIGHVELD, 5000)
    sold = shop.desk.sell(first)
    head = shop.ledger.head()
    assert shop.desk.sell(first) == sold
    assert shop.ledger.head() == head


def test_a_sale_id_cannot_be_used_for_another_sale(shop: OpenShop) -> None:
    first = order(shop, HIGHVELD, 5000)
    shop.desk.sell(first)
    with pytest.raises(SaleIdReused):
        shop.desk.sell(replace(first, drn=LAGOON))


def test_the_same_sale_moments_later_is_questioned(shop: OpenShop, clock: HeldClock) -> None:
    sold = shop.desk.sell(order(shop, HIGHVELD, 5000))
    clock.now += 2 * MINUTE_MS
    with pytest.raises(DuplicateSale) as caught:
        shop.desk.sell(order(shop, HIGHVELD, 5000))
    assert caught.value.facts == {"receipt": sold.receipt, "seconds": 120, "operator": "Ama"}
    again = shop.desk.sell(order(shop, HIGHVELD, 5000, repeat_allowed=True))
    assert again.receipt != sold.receipt


def test_ten_minutes_later_it_is_an_ordinary_sale(shop: OpenShop, clock: HeldClock) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    clock.now += 10 * MINUTE_MS
    assert shop.desk.sell(order(shop, HIGHVELD, 5000)).number == 2


def test_blocks_count_the_units_of_the_calendar_month(shop: OpenShop, clock: HeldClock) -> None:
    first = shop.desk.sell(order(shop, HIGHVELD, 100_000))
    second = shop.desk.sell(order(shop, HIGHVELD, 10_000))
    # 1000.00 buys 444.4182 kWh: 350 in block 1; the next 100.00 is all block 2.
    assert first.tenths == 4445
    assert [line.block for line in second.lines if line.kind == "energy"] == [2]
    assert second.bought_before == 4445
    clock.now += 11 * 86_400_000  # 2 December
    shop.desk.settle_clock("grace", "3333")
    third = shop.desk.sell(order(shop, HIGHVELD, 10_000))
    assert (third.month, third.bought_before, third.tenths) == ("2026-12", 0, 457)


def test_units_cost_what_their_money_buys(shop: OpenShop) -> None:
    quote = shop.desk.quote(HIGHVELD, None, 457).quote
    assert quote.tenths == 457
    assert shop.desk.quote(HIGHVELD, quote.total, None).quote.tenths == 457
    assert Decimal(99) < quote.total.amount() <= Decimal(100)


def test_change_comes_from_cash_and_rounding_is_a_line(shop: OpenShop) -> None:
    currency = shop.desk.currency_of(HIGHVELD)
    money = Money(5003, currency)
    tender = (Tender("cash", Money(10_000, currency)),)
    sale = shop.desk.sell(order(shop, HIGHVELD, 5003, tenders=tender))
    assert (sale.total_minor, sale.rounding_minor, sale.due_minor) == (5003, -3, 5000)
    assert sale.change_minor == 5000
    assert sum(line.amount_minor for line in sale.lines) == money.minor


def assert_refused(shop: OpenShop, problem: type[Exception], asked: object) -> None:
    head = shop.ledger.head()
    with pytest.raises(problem):
        shop.desk.sell(asked)  # type: ignore[arg-type]
    assert shop.ledger.head() == head
    assert shop.ledger.next_print_task() is None


def test_too_little_money_sells_nothing(shop: OpenShop) -> None:
    short = (Tender("cash", Money(4000, shop.desk.currency_of(HIGHVELD))),)
    assert_refused(shop, TenderShort, order(shop, HIGHVELD, 5000, tenders=short))


def test_an_unknown_meter_sells_nothing(shop: OpenShop) -> None:
    assert_refused(shop, MeterUnknown, replace(order(shop, HIGHVELD, 5000), drn="14999999996"))


def test_an_unknown_operator_sells_nothing(shop: OpenShop) -> None:
    assert_refused(shop, OperatorUnknown, order(shop, HIGHVELD, 5000, operator_id="nobody"))


def test_a_quote_that_changed_sells_nothing(shop: OpenShop) -> None:
    assert_refused(shop, QuoteChanged, order(shop, HIGHVELD, 5000, expected_tenths=230))


def test_a_blocked_meter_sells_nothing(shop: OpenShop) -> None:
    meter = shop.ledger.meter(HIGHVELD)
    assert meter is not None
    with shop.ledger.writing() as transaction:
        transaction.import_meters([replace(meter, blocked="tamper case open")])
    assert_refused(shop, MeterBlocked, order(shop, HIGHVELD, 5000))


def test_a_meter_of_another_supply_group_sells_nothing(shop: OpenShop) -> None:
    meter = shop.ledger.meter(HIGHVELD)
    assert meter is not None
    with shop.ledger.writing() as transaction:
        transaction.import_meters([replace(meter, sgc="999999")])
    assert_refused(shop, KeyMissing, order(shop, HIGHVELD, 5000))


def test_a_used_up_allowance_sells_nothing(shop: OpenShop, clock: HeldClock) -> None:
    grant = Allowance(2, 6000, 10_000, 10, 6000, clock.now + 86_400_000)
    body = {"currency": "ZAR", "sequence": 2, "money_minor": 6000, "tenths": 10_000}
    rest = {"count": 10, "per_vend_minor": 6000, "not_after_ms": grant.not_after_ms}
    with shop.ledger.writing() as transaction:
        transaction.append("allowance", body | rest, clock.now)
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    head = shop.ledger.head()
    with pytest.raises(AllowanceUsedUp) as caught:
        shop.desk.sell(order(shop, HIGHVELD, 1010))
    assert caught.value.facts == {"what": "money", "left": 1000, "sequence": 2}
    assert shop.ledger.head() == head
    assert shop.desk.sell(order(shop, HIGHVELD, 1000)).number == 2


def test_a_clock_set_back_a_day_stops_selling_until_a_supervisor_settles_it(
    shop: OpenShop, clock: HeldClock
) -> None:
    sold = shop.desk.sell(order(shop, HIGHVELD, 5000))
    clock.now -= 86_400_000
    assert_stopped(shop, "behind")
    shop.desk.settle_clock("grace", "3333")
    later = shop.desk.sell(order(shop, HIGHVELD, 6000))
    assert later.tokens[0].minute == sold.tokens[0].minute + 1


def test_a_clock_a_day_ahead_waits_for_a_supervisor(shop: OpenShop, clock: HeldClock) -> None:
    clock.now += 86_400_000 + 1000
    assert_stopped(shop, "ahead")
    shop.desk.settle_clock("grace", "3333")
    assert shop.desk.sell(order(shop, HIGHVELD, 5000)).number == 1


def assert_stopped(shop: OpenShop, reason: str) -> None:
    head = shop.ledger.head()
    assert shop.desk.status().clock_problem == reason
    with pytest.raises(ClockStopped) as caught:
        shop.desk.sell(order(shop, HIGHVELD, 6000))
    assert caught.value.facts["reason"] == reason
    assert shop.ledger.head() == head


def test_a_till_with_only_its_meters_own_key_sells_to_that_meter(shop: OpenShop) -> None:
    meter = shop.ledger.meter(HIGHVELD)
    assert meter is not None
    attributes = KeyAttributes(meter.pan, 2, "999999", 3, 1, 2014, 7, 4)
    key = derive_decoder_key(VendingKey(bytes.fromhex(TEST_KEY)), attributes)
    record = StoredKey(
        kind="decoder",
        sgc="999999",
        krn=1,
        kt=2,
        base=2014,
        ken=255,
        dkga=4,
        kcv="",
        active_from_ms=0,
        issue_until_ms=START_MS + 86_400_000,
        pan=meter.pan,
        ti=3,
        ea=7,
    )
    with shop.ledger.writing() as transaction:
        transaction.import_meters([replace(meter, sgc="999999", ti=3)])
        transaction.put_key(seal_decoder_key(shop.store, record, key))
    said = decode(shop.desk.sell(order(shop, HIGHVELD, 5000)).tokens[0].digits, key)
    assert isinstance(said, CreditToken)
    assert said.tenths == 229


def test_a_key_past_its_last_day_makes_no_token(shop: OpenShop, clock: HeldClock) -> None:
    meter = shop.ledger.meter(HIGHVELD)
    assert meter is not None
    record = StoredKey("vending", "888888", 1, 2, 2014, 255, 4, "", 0, START_MS + 1000)
    with shop.ledger.writing() as transaction:
        transaction.import_meters([replace(meter, sgc="888888")])
        key = VendingKey(bytes.fromhex(TEST_KEY))
        transaction.put_key(seal_vending_key(shop.store, record, key))
    assert shop.desk.sell(order(shop, HIGHVELD, 5000)).number == 1
    clock.now += 1000
    assert_refused_after(shop, KeyNotInForce, order(shop, HIGHVELD, 6000))


def assert_refused_after(shop: OpenShop, problem: type[Exception], asked: SaleOrder) -> None:
    head = shop.ledger.head()
    with pytest.raises(problem):
        shop.desk.sell(asked)
    assert shop.ledger.head() == head
