"""Shifts and batches on a real shop: what is counted, what is refused, what a close says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite

from pos_app.adapters.ledger.errors import LedgerUnavailable
from pos_app.application.errors import OperatorUnknown, PinWrong, RoleNeeded
from pos_app.application.records import Operator, Role, ShopMode
from pos_app.application.shift_cash import DrawerReason, OpenDrawer
from pos_app.application.shift_errors import (
    BatchNotOpen,
    CurrencyUnknown,
    ReasonMissing,
    ReferenceMissing,
    ShiftAlreadyOpen,
    ShiftNotOpen,
    ShiftsStillOpen,
    ShiftUnknown,
)
from pos_app.application.shift_records import ShiftReport
from pos_app.application.shift_settings import ShiftOpening, ShiftSettings
from pos_app.application.shifts import ShiftDesk
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training import FOR_EVER_MS
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.allowance import Allowance, AllowanceUsedUp
from pos_app.domain.cash_count import CashCount, parse_count
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import CashMove, times_of
from pos_app.domain.tender import Tender
from pos_app.exchange.chain import Entry
from pos_app.exchange.close_seal import read_seal
from tests.shops import HIGHVELD, START_MS, HeldClock, make_shop, opened, order
from tests.shops import card as by_card

RAND = Currency("ZAR", 2)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), HeldClock())
    yield shop
    shop.close()


@pytest.fixture
def desk(shop: OpenShop) -> ShiftDesk:
    return shop.desk.shifts


def rand(minor: int) -> Money:
    return Money(minor, RAND)


def counted(typed: str) -> CashCount:
    return parse_count(typed, RAND)


def with_rules(shop: OpenShop, settings: ShiftSettings, mode: ShopMode) -> OpenShop:
    identity = replace(shop.desk.identity, mode=mode)
    desk = replace(shop.desk, identity=identity, shift_settings=lambda: settings)
    return replace(shop, desk=desk)


def last_of(shop: OpenShop, kind: str) -> Entry:
    return [entry for entry in shop.ledger.entries() if entry.kind == kind][-1]


def tally(report: ShiftReport, name: str, currency: str = "ZAR") -> tuple[int, int]:
    for each in report.tallies:
        if (each.name, each.currency) == (name, currency):
            return each.times, each.amount
    return 0, 0


def test_a_day_adds_up_to_the_coin(shop: OpenShop, desk: ShiftDesk) -> None:
    desk.open("ama", [rand(20_000)])
    paid = (Tender("cash", rand(10_000)),)
    sold = shop.desk.sell(order(shop, HIGHVELD, 5004, tenders=paid))  # cash rounds to 50.00
    card = (by_card(rand(3000)), Tender("cash", rand(1000)))
    shop.desk.sell(order(shop, HIGHVELD, 4000, tenders=card))
    desk.move_cash("ama", CashMove.IN, rand(2500), "change from the bank")
    desk.move_cash("ama", CashMove.OUT, rand(700), "milk")
    desk.move_cash("ama", CashMove.DROP, rand(15_000), "too full")
    report = desk.close("ama", [counted("100x1 20x1 5x1 2x1 0.50x2")])
    (line,) = report.drawer
    # 200.00 + 50.00 + 10.00 + 25.00 - 7.00 - 150.00 = 128.00, and 128.00 was counted
    assert (line.expected, line.variance) == (rand(12_800), rand(0))
    assert tally(report, "sale") == (2, 9004)
    assert tally(report, "tender:cash") == (2, 6000)
    assert tally(report, "tender:card") == (1, 3000)
    assert tally(report, "rounding") == (1, -4)
    lines = tally(report, "line:energy")[1] + tally(report, "line:tax")[1]
    assert lines == 9004
    assert (report.first_receipt, report.last_receipt) == (sold.receipt, "TRAIN1-A000002")
    assert sold.shift == report.shift == 1


def test_a_z_is_read_back_from_its_entry_alone(shop: OpenShop, desk: ShiftDesk) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    closed = desk.close("ama", [counted("50x1")])
    shop.desk.sell(order(shop, HIGHVELD, 6000))
    assert desk.z(closed.shift) == closed
    copy, number = desk.reprint_z("grace", closed.shift)
    assert (copy, number) == (closed, 1)
    assert desk.reprint_z("grace", closed.shift)[1] == 2


def test_a_z_names_the_head_before_it_and_its_code_proves_it(
    shop: OpenShop, desk: ShiftDesk
) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    head = shop.ledger.head()
    report = desk.close("ama")
    assert (report.head_seq, report.head_hash) == (head.seq, head.hash.hex())
    entry = shop.ledger.entry(head.seq + 1)
    assert entry is not None
    assert (entry.kind, entry.prev_hash) == ("shift_closed", head.hash)
    seal = read_seal(report.seal)
    assert seal.holds(shop.store.signer.public)
    assert (seal.seq, seal.hash, seal.till) == (entry.seq, entry.hash, "TRAIN1")


def test_the_last_one_to_close_seals_the_day(shop: OpenShop, desk: ShiftDesk) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    shop.desk.sell(order(shop, HIGHVELD, 6000, operator_id="tendai"))
    assert desk.close("ama").day_seal == 0
    closed = desk.close("tendai")
    seal = last_of(shop, "day_seal")
    assert closed.day_seal == 1
    assert seal.seq == shop.ledger.head().seq
    body = seal.reading()
    assert body["first_seq"] == 1
    assert (body["last_seq"], body["head"]) == (closed.closed_seq, seal.prev_hash.hex())
    assert body["sums"] == [{"currency": "ZAR", "decimals": 2, "sales": 2, "total_minor": 11_000}]
    shop.desk.sell(order(shop, HIGHVELD, 7000))
    desk.close("ama")
    body = last_of(shop, "day_seal").reading()
    assert (body["seal"], body["sums"][0]["total_minor"]) == (2, 7000)
    assert (body["grand"][0]["sales"], body["grand"][0]["total_minor"]) == (3, 18_000)


def test_nothing_blocks_a_close_but_having_no_shift(desk: ShiftDesk) -> None:
    with pytest.raises(ShiftNotOpen):
        desk.close("ama")
    desk.open("ama", [rand(500)])
    report = desk.close("ama")  # not counted, nothing sold
    assert [line.counted for line in report.drawer] == [None]
    assert desk.now("ama") is None
    with pytest.raises(ShiftNotOpen):
        desk.close("ama")


def test_a_wild_variance_is_recorded_and_closes(desk: ShiftDesk) -> None:
    desk.open("ama", [rand(500)])
    (line,) = desk.close("ama", [counted("9000.00")]).drawer
    assert line.variance == rand(899_500)


def test_a_count_holds_until_cash_moves(shop: OpenShop, desk: ShiftDesk) -> None:
    desk.open("ama", [rand(5000)])
    assert [line.variance for line in desk.count("ama", [counted("49.00")])] == [rand(-100)]
    card = (by_card(rand(3000)),)
    shop.desk.sell(order(shop, HIGHVELD, 3000, tenders=card))
    assert [line.variance for line in desk.x("ama").drawer] == [rand(-100)]
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    (line,) = desk.close("ama").drawer
    assert (line.expected, line.counted) == (rand(10_000), None)


def test_an_x_is_blind_until_counted_and_leaves_open(shop: OpenShop, desk: ShiftDesk) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    seen = desk.x("ama")
    assert seen.drawer == ()
    assert tally(seen, "tender:cash") == (0, 0)
    assert desk.x("grace", of="ama").drawer[0].expected == rand(5000)
    desk.count("ama", [counted("50x1")])
    assert desk.x("ama").drawer[0].variance == rand(0)
    assert desk.now("ama") is not None
    assert not seen.closed


def test_anothers_shift_is_a_supervisors_matter(shop: OpenShop, desk: ShiftDesk) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    for ask in (
        lambda: desk.x("tendai", of="ama"),
        lambda: desk.close("tendai", of="ama"),
        lambda: desk.count("tendai", [counted("0")], of="ama"),
        lambda: desk.drawer("ama"),
    ):
        with pytest.raises(RoleNeeded):
            ask()
    assert desk.drawer("grace", of="ama")[0].taken == rand(5000)
    closed = desk.close("grace", of="ama")
    assert (closed.operator_name, closed.by_name) == ("Ama", "Grace")


def test_a_second_shift_of_one_operator_is_refused(desk: ShiftDesk) -> None:
    desk.open("ama")
    with pytest.raises(ShiftAlreadyOpen):
        desk.open("ama")
    assert desk.open("tendai").shift == 2
    assert [now.operator for now in desk.open_now()] == ["ama", "tendai"]
    with pytest.raises(OperatorUnknown):
        desk.open("nobody")


def test_a_live_shop_sells_only_in_a_shift(shop: OpenShop) -> None:
    live = with_rules(shop, ShiftSettings(), ShopMode.LIVE)
    head = shop.ledger.head()
    with pytest.raises(ShiftNotOpen):
        live.desk.sell(order(shop, HIGHVELD, 5000))
    assert shop.ledger.head() == head
    live.desk.shifts.open("ama")
    assert live.desk.sell(order(shop, HIGHVELD, 5000)).shift == 1


@pytest.mark.parametrize(
    ("opening", "mode", "itself"),
    [
        (ShiftOpening.BY_MODE, ShopMode.TRAINING, True),
        (ShiftOpening.BY_MODE, ShopMode.LIVE, False),
        (ShiftOpening.AUTO, ShopMode.LIVE, True),
        (ShiftOpening.REQUIRED, ShopMode.TRAINING, False),
    ],
)
def test_whether_a_sale_opens_a_shift_is_a_setting(
    opening: ShiftOpening, mode: ShopMode, *, itself: bool
) -> None:
    assert ShiftSettings(opening).opens_itself(mode) is itself


def test_a_sale_refused_at_the_last_moment_opens_no_shift(shop: OpenShop, desk: ShiftDesk) -> None:
    granted = asdict(Allowance(2, 100, 10**9, 10, 100, FOR_EVER_MS))
    with shop.ledger.writing() as transaction:
        transaction.append("allowance", {"currency": "ZAR", **granted}, START_MS)
    with pytest.raises(AllowanceUsedUp):
        shop.desk.sell(order(shop, HIGHVELD, 5000))
    assert desk.open_now() == ()
    assert last_of(shop, "allowance").seq == shop.ledger.head().seq


def test_counters_are_the_shifts_own_and_the_tills_for_ever(
    shop: OpenShop, desk: ShiftDesk
) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    shop.desk.reprint(sale.receipt, "lost", "ama")
    with pytest.raises(PinWrong):
        shop.desk.sign_in("ama", "0000")
    with pytest.raises(PinWrong):
        shop.desk.sign_in("tendai", "0000")  # no shift: for ever only
    desk.open_drawer("ama", DrawerReason.CHANGE, "two fives for a ten")
    desk.open_drawer("grace", DrawerReason.OTHER)
    desk.x("ama")
    report = desk.close("ama")
    counted_names = ("reprint", "sign-in-refused", "drawer-opened", "x-report")
    assert [times_of(report.tallies, name) for name in counted_names] == [1, 1, 1, 1]
    assert [times_of(report.ever, name) for name in counted_names] == [1, 2, 2, 1]


def test_an_engineer_opens_no_drawer(shop: OpenShop) -> None:
    before = shop.ledger.head().seq
    act, engineer = OpenDrawer(shop.ledger, shop.clock), Operator("eve", "Eve", Role.ENGINEER)
    with pytest.raises(RoleNeeded):
        act(engineer, DrawerReason.OTHER)
    assert shop.ledger.head().seq == before


@pytest.mark.parametrize("reason", ["", "   ", "x" * 101, "bell\x07"])
def test_cash_moves_for_a_reason(desk: ShiftDesk, reason: str) -> None:
    desk.open("ama")
    with pytest.raises(ReasonMissing):
        desk.move_cash("ama", CashMove.IN, rand(100), reason)


def test_cash_moves_in_a_shift(desk: ShiftDesk) -> None:
    with pytest.raises(ShiftNotOpen):
        desk.move_cash("ama", CashMove.DROP, rand(100), "full")


def test_batches_nest_and_number_themselves(shop: OpenShop, desk: ShiftDesk) -> None:
    for operator in ("ama", "tendai"):
        shop.desk.sell(order(shop, HIGHVELD, 5000, operator_id=operator, repeat_allowed=True))
    with pytest.raises(ShiftsStillOpen) as refused:
        desk.close_sales_batch("grace")
    assert refused.value.facts == {"operators": "Ama, Tendai"}
    desk.close("ama", [counted("49.00")])
    desk.close("tendai", [counted("50x1")])
    with pytest.raises(RoleNeeded):
        desk.close_sales_batch("ama")
    first = desk.close_sales_batch("grace")
    assert (first.number, first.first_inner, first.last_inner) == (1, 1, 2)
    shop.desk.sell(order(shop, HIGHVELD, 6000))
    assert desk.close("ama", [counted("60.00")]).sales_batch == 2
    with pytest.raises(ReferenceMissing):
        desk.close_bank_batch("grace", " ")
    bank = desk.close_bank_batch("grace", "DEP-77", [rand(15_000)])
    assert (bank.number, bank.first_inner, bank.last_inner) == (1, 1, 2)
    (deposit,) = bank.deposits
    assert (deposit.expected, deposit.found) == (rand(16_000), rand(15_900))
    assert (deposit.amount, deposit.kept) == (rand(15_000), rand(900))
    shop.desk.sell(order(shop, HIGHVELD, 7000))
    assert desk.close("ama").bank_batch == 2
    (deposit,) = desk.close_bank_batch("grace", "DEP-78").deposits
    assert (deposit.amount, deposit.kept) == (rand(7900), rand(0))


def test_an_empty_batch_is_not_closed(desk: ShiftDesk) -> None:
    with pytest.raises(BatchNotOpen):
        desk.close_sales_batch("grace")
    with pytest.raises(BatchNotOpen):
        desk.close_bank_batch("grace", "DEP")


def test_an_unknown_shift_or_currency_is_told(desk: ShiftDesk) -> None:
    desk.open("ama")
    for number in (1, 2, 10**9):
        with pytest.raises(ShiftUnknown):
            desk.z(number)
    assert desk.currency(" zar ") == RAND
    for code in ("EUR", "", "ZARR"):
        with pytest.raises(CurrencyUnknown):
            desk.currency(code)


def test_a_close_is_whole_or_not_at_all(shop: OpenShop, desk: ShiftDesk, tmp_path: Path) -> None:
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    head = shop.ledger.head()
    shop.ledger.db.execute(
        "create temp trigger full before insert on day_seal"
        " begin select raise(abort, 'the disk is full'); end"
    )
    with pytest.raises((sqlite.IntegrityError, LedgerUnavailable)):
        desk.close("ama", [counted("50x1")])
    assert shop.ledger.head() == head
    shop.ledger.db.execute("drop trigger temp.full")
    now = desk.now("ama")
    assert now is not None
    assert desk.close("ama", [counted("50x1")]).shift == now.shift


def test_shifts_outlive_the_program_and_the_ledger_proves_them(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    shop = opened(folder)
    shop.desk.shifts.open("ama", [rand(1000)])
    shop.desk.sell(order(shop, HIGHVELD, 5000))
    shop.close()
    shop = opened(folder)
    shop.desk.sell(order(shop, HIGHVELD, 6000))
    report = shop.desk.shifts.close("ama", [counted("119.00")])
    assert (report.shift, report.drawer[0].variance) == (1, rand(-100))
    shop.desk.shifts.close_bank_batch("grace", "DEP")
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None
