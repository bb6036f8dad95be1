"""Money back and selling again: two people, once a sale, to the coin, and no token comes back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.application.approval_records import SecondPersonNeeded
from pos_app.application.errors import (
    MeterBlocked,
    PinWrong,
    ReceiptUnknown,
    RoleNeeded,
    SaleIdReused,
)
from pos_app.application.redress import paid_of
from pos_app.application.redress_records import (
    Redress,
    RedressOrder,
    RedressUnknown,
)
from pos_app.application.reports.period import Period
from pos_app.application.sale import Sale
from pos_app.application.shift_errors import ReasonMissing, ShiftNotOpen
from pos_app.application.shift_records import ShiftReport
from pos_app.application.shift_settings import ShiftSettings
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase, training_pins
from pos_app.domain.cash_rules import CashRules
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from pos_app.domain.redress import (
    AlreadyRedressed,
    Reason,
    ReasonUnfit,
    RedressKind,
    RedressOfRedress,
    RefundTooMuch,
    SameMeter,
    TokenFate,
    TokenUsed,
)
from pos_app.domain.tender import CashNotInCoins, Tender
from tests.shops import HIGHVELD, LAGOON, HeldClock, make_shop, opened, order

RAND = Currency("ZAR", 2, 10)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), HeldClock())
    yield shop
    shop.close()


@pytest.fixture
def neighbour(shop: OpenShop) -> str:
    """Another meter of the same utility."""
    home = shop.ledger.meter(HIGHVELD)
    assert home is not None
    for hit in shop.ledger.search("a", 60):
        other = shop.ledger.meter(hit.drn)
        if other and other.tariff == home.tariff and other.drn != HIGHVELD and not other.blocked:
            return other.drn
    raise AssertionError


def wish(kind: RedressKind, sale: Sale, **changes: object) -> RedressOrder:
    values: dict[str, object] = {
        "kind": kind,
        "receipt": sale.receipt,
        "reason": Reason.WRONG_METER,
        "token": TokenFate.NOT_ENTERED,
        "operator_id": "ama",
        "approver_id": "grace",
        "pin": training_pins()["grace"],
        "sale_id": str(uuid.uuid4()) if kind is RedressKind.COMPENSATION else "",
    }
    return RedressOrder(**(values | changes))  # type: ignore[arg-type]


def refund(shop: OpenShop, sale: Sale, **changes: object) -> Redress:
    return shop.desk.redress.refund(wish(RedressKind.REFUND, sale, **changes))


def compensate(shop: OpenShop, sale: Sale, drn: str, **changes: object) -> tuple[Redress, Sale]:
    values = {"drn": drn, **changes}
    return shop.desk.redress.compensate(wish(RedressKind.COMPENSATION, sale, **values))


def sell(shop: OpenShop, minor: int = 5000, **changes: object) -> Sale:
    return shop.desk.sell(order(shop, HIGHVELD, minor, repeat_allowed=True, **changes))


def tally(report: ShiftReport, name: str, currency: str = "ZAR") -> tuple[int, int]:
    for each in report.tallies:
        if (each.name, each.currency) == (name, currency):
            return each.times, each.amount
    return 0, 0


def kinds(shop: OpenShop) -> list[str]:
    return [entry.kind for entry in shop.ledger.entries()]


def test_a_refund_takes_cash_from_the_drawer_and_leaves_the_sale_as_it_was(shop: OpenShop) -> None:
    shop.desk.shifts.open("ama", [Money(10_000, RAND)])
    sale = sell(shop)
    made = refund(shop, sale, reason=Reason.WRONG_AMOUNT)
    assert (made.amount_minor, made.parts) == (5000, (("cash", 5000),))
    assert (made.operator, made.approver, made.slip) == ("ama", "grace", "R-TRAIN1-A000001")
    assert shop.desk.sale(sale.receipt) == sale
    report = shop.desk.shifts.close("ama")
    assert report.drawer[0].expected.minor == 10_000  # 100.00 + 50.00 - 50.00
    assert report.drawer[0].refunded.minor == 5000
    assert tally(report, "sale") == (1, 5000)
    assert tally(report, "refund") == (1, 5000)
    assert tally(report, "refunded:cash") == (1, 5000)
    ever = [each for each in report.ever if each.name == "refund"]
    assert [(each.times, each.amount) for each in ever] == [(1, 5000)]
    assert report.grand[0].total.minor == 5000  # the perpetual total of sales never goes back


def test_money_goes_back_the_way_it_came_cash_first(shop: OpenShop) -> None:
    tenders = (Tender("card", Money(3000, RAND), "A1B2"), Tender("cash", Money(5000, RAND)))
    sale = sell(shop, tenders=tenders)  # 20.00 of the 50.00 stayed, 30.00 went back as change
    assert {each.kind: each.amount.minor for each in paid_of(sale)} == {"card": 3000, "cash": 2000}
    made = refund(shop, sale, amount=Money(2550, RAND), reason=Reason.WRONG_AMOUNT)
    assert made.parts == (("cash", 2000), ("card", 550))
    report = shop.desk.shifts.x("grace", of="ama")
    assert report.drawer[0].expected.minor == 0
    assert tally(report, "refunded:card") == (1, 550)


def test_the_token_of_a_refunded_sale_is_never_handed_out_again(shop: OpenShop) -> None:
    sale = sell(shop)
    refund(shop, sale)
    again, copy = shop.desk.reprint(sale.receipt, "lost", "ama")
    assert (again.tokens, copy) == ((), 1)
    assert shop.desk.sale(sale.receipt).tokens == sale.tokens  # the record stays


def test_a_compensation_sells_the_same_value_to_the_right_meter(
    shop: OpenShop, neighbour: str
) -> None:
    sale = sell(shop)
    made, again = compensate(shop, sale, neighbour)
    assert (again.meter.drn, again.total_minor) == (neighbour, sale.total_minor)
    assert [tender.kind for tender in again.tenders] == ["compensation"]
    assert made.new_receipt == again.receipt != sale.receipt
    assert len(again.tokens[0].digits) == 20
    assert again.tokens[0].digits != sale.tokens[0].digits
    assert kinds(shop)[-2:] == ["compensation", "sale"]
    report = shop.desk.shifts.close("ama")
    assert report.drawer[0].expected.minor == 5000  # no money moved the second time
    assert tally(report, "sale") == (2, 10_000)
    assert tally(report, "tender:compensation") == (1, 5000)
    assert tally(report, "compensation") == (1, 5000)


def test_nobody_earns_commission_twice_and_a_refund_takes_its_share_back(
    shop: OpenShop, neighbour: str
) -> None:
    rules = ShiftSettings(cash=CashRules(commission={"highveld": Decimal("2.5")}))
    shop = replace(shop, desk=replace(shop.desk, shift_settings=lambda: rules))
    first, second = sell(shop), sell(shop, 4000)
    assert (first.commission_minor, second.commission_minor) == (125, 100)
    _, again = compensate(shop, first, neighbour)
    assert again.commission_minor == 0
    made = refund(shop, second, amount=Money(1000, RAND), reason=Reason.WRONG_AMOUNT)
    assert made.commission_minor == 25
    assert tally(shop.desk.shifts.x("grace", of="ama"), "commission")[1] == 200


def test_a_wrong_meter_that_may_hold_units_is_for_the_utility_to_follow_up(shop: OpenShop) -> None:
    first, second = sell(shop), sell(shop, 4000)
    entered = refund(shop, first, token=TokenFate.ENTERED)
    kept = refund(shop, second, token=TokenFate.NOT_ENTERED)
    assert (entered.claim_minor, entered.claim_tenths) == (5000, first.tenths)
    assert (kept.claim_minor, kept.claim_tenths) == (0, 0)


@pytest.mark.parametrize("first", ["refund", "compensation"])
@pytest.mark.parametrize("second", ["refund", "compensation"])
def test_a_sale_is_put_right_once(shop: OpenShop, neighbour: str, first: str, second: str) -> None:
    sale = sell(shop)
    acts: dict[str, Callable[[], object]] = {
        "refund": lambda: refund(shop, sale, amount=Money(100, RAND)),
        "compensation": lambda: compensate(shop, sale, neighbour),
    }
    acts[first]()
    head = shop.ledger.head()
    with pytest.raises(AlreadyRedressed) as refused:
        acts[second]()
    assert refused.value.facts == {"receipt": sale.receipt, "slip": "R-TRAIN1-A000001"}
    assert shop.ledger.head() == head


def test_a_sale_that_makes_up_for_another_is_never_put_right(
    shop: OpenShop, neighbour: str
) -> None:
    _, again = compensate(shop, sell(shop), neighbour)
    for act in (lambda: refund(shop, again), lambda: compensate(shop, again, HIGHVELD)):
        with pytest.raises(RedressOfRedress):
            act()


REFUSED = [
    ({"approver_id": "ama", "pin": training_pins()["ama"]}, SecondPersonNeeded),
    ({"approver_id": "tendai", "pin": training_pins()["tendai"]}, RoleNeeded),
    ({"operator_id": "grace"}, SecondPersonNeeded),
    ({"pin": "0000"}, PinWrong),
    ({"amount": Money(5001, RAND)}, RefundTooMuch),
    ({"amount": Money(0, RAND)}, RefundTooMuch),
    ({"amount": Money(-100, RAND)}, RefundTooMuch),
    ({"amount": Money(1005, RAND)}, CashNotInCoins),
    ({"reason": Reason.METER_CHANGED}, ReasonUnfit),
    ({"reason": Reason.OTHER}, ReasonMissing),
    ({"reason": Reason.SOLD_TWICE, "token": TokenFate.ENTERED}, TokenUsed),
    ({"receipt": "TRAIN1-A000999"}, ReceiptUnknown),
]


@pytest.mark.parametrize(("changes", "problem"), REFUSED)
def test_what_is_refused_changes_nothing(
    shop: OpenShop, changes: dict[str, object], problem: type[PosError]
) -> None:
    sale = sell(shop)
    shop.desk.shifts.open("grace")
    before = kinds(shop)
    with pytest.raises(problem):
        refund(shop, sale, **changes)
    after = kinds(shop)[len(before) :]
    assert after == (["sign_in_refused"] if problem is PinWrong else [])


def test_without_an_open_shift_no_money_leaves(shop: OpenShop) -> None:
    sale = sell(shop)
    shop.desk.shifts.close("ama")
    with pytest.raises(ShiftNotOpen):
        refund(shop, sale)


def test_a_compensation_is_refused_for_the_same_or_a_blocked_meter(shop: OpenShop) -> None:
    sale = sell(shop)
    with pytest.raises(SameMeter):
        compensate(shop, sale, HIGHVELD)
    home = shop.ledger.meter(LAGOON)
    assert home is not None
    with shop.ledger.writing() as transaction:
        transaction.import_meters([replace(home, blocked="tampered")])
    with pytest.raises(MeterBlocked):
        compensate(shop, sale, LAGOON)
    assert "compensation" not in kinds(shop)


def test_a_retry_of_a_compensation_is_harmless(shop: OpenShop, neighbour: str) -> None:
    sale, other = sell(shop), sell(shop, 4000)
    asked = wish(RedressKind.COMPENSATION, sale, drn=neighbour)
    first = shop.desk.redress.compensate(asked)
    assert shop.desk.redress.compensate(asked) == first
    assert kinds(shop).count("compensation") == 1
    with pytest.raises(SaleIdReused):
        shop.desk.redress.compensate(replace(asked, receipt=other.receipt))


def test_slips_are_found_by_their_number_listed_by_day_and_copied(shop: OpenShop) -> None:
    made = refund(shop, sell(shop))
    desk = shop.desk.redress
    assert desk.find(made.slip) == made
    assert desk.listed(Period(date(2026, 11, 21), date(2026, 11, 21))) == (made,)
    assert desk.listed(Period(date(2026, 11, 20), date(2026, 11, 20))) == ()
    assert [desk.reprint(made.slip, "ama")[1] for _ in range(2)] == [1, 2]
    for typed in ("R-TRAIN1-A000002", "R-OTHER-A000001", "", "R-٣"):
        with pytest.raises(RedressUnknown):
            desk.find(typed)


def test_tables_follow_from_the_journal(shop: OpenShop, neighbour: str) -> None:
    refund(shop, sell(shop), token=TokenFate.ENTERED)
    compensate(shop, sell(shop, 4000), neighbour)
    shop.desk.redress.reprint("R-TRAIN1-A000002", "ama")
    shop.desk.shifts.close("ama")
    shop.close()
    assert verify_shop(shop.folder, training_passphrase()).fault is None
    db = opened(shop.folder, HeldClock())
    db.ledger.db.execute("update redress set claim_drn = '' where number = 1")
    db.close()
    fault = verify_shop(shop.folder, training_passphrase()).fault
    assert fault is not None
    assert fault.detail == "redress"
