"""The shift page without a window: steps on a fake shop, books on a real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.application.records import Operator, Role
from pos_app.application.shift_records import DropDue, ShiftReport
from pos_app.application.slip.layout import Slip, Text
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.money import Money
from pos_app.domain.shift import CashMove
from pos_app.ui.presenters.shift import ShiftParts, ShiftPresenter
from pos_app.ui.presenters.shift_desk import Shifts
from pos_app.ui.presenters.shift_screen import ShiftScreen, Step
from tests.shops import HIGHVELD, make_shop, opened, order
from tests.ui.fake_desk import make_desk
from tests.ui.fake_shifts import NAIRA, RAND, FakeShifts
from tests.ui.hand import Queue

AMA = Operator("ama", "Ama Owusu", Role.CASHIER)


def slip_of(report: ShiftReport, copy: int) -> Slip:
    return Slip("Z" if report.closed else "X", (Text(str(copy)),))


class Hand:
    """An operator at a presenter."""

    def __init__(self, shifts: Shifts) -> None:
        self.queue, self.pulses = Queue(), 0
        self.seen: list[ShiftScreen] = []
        self.due: tuple[DropDue, ...] = ()
        parts = ShiftParts(shifts, lambda: self.due, self.queue, slip_of, self._pulse)
        self.presenter = ShiftPresenter(parts, AMA, self)
        self.presenter.begin()

    def _pulse(self) -> None:
        self.pulses += 1

    def show_screen(self, screen: ShiftScreen) -> None:
        self.seen.append(screen)

    @property
    def screen(self) -> ShiftScreen:
        return self.presenter.screen

    def code(self) -> str:
        return self.screen.problem.code if self.screen.problem else ""

    def opened(self, *floats: str) -> Hand:
        for number, text in enumerate(floats):
            self.presenter.typed_float(number, text)
        self.presenter.open()
        assert self.screen.step is Step.OPEN
        return self

    def pieces(self, **many: str) -> None:
        """Type pieces of the currency being counted: ``_200="3"`` is three notes of 200."""
        for piece in self.screen.pieces:
            text = many.get(f"_{piece.amount():f}".replace(".00", ""))
            if text is not None:
                self.presenter.typed_pieces(piece, text)


def fake(*till_codes: str) -> FakeShifts:
    shifts = make_desk().shifts
    shifts.till = tuple({"ZAR": RAND, "NGN": NAIRA}[code] for code in till_codes or ("ZAR",))
    return shifts


@pytest.mark.parametrize("typed", ["", "0", "0.00", " "])
def test_an_empty_float_opens_an_empty_drawer(typed: str) -> None:
    hand = Hand(fake()).opened(typed)
    assert hand.screen.now is not None
    assert hand.screen.now.currencies == ()


@pytest.mark.parametrize("typed", ["-5", "300.555", "x", "1e3", "0..0"])
def test_a_float_that_is_no_amount_stays_on_the_screen_and_nothing_opens(typed: str) -> None:
    shifts = fake("NGN", "ZAR")
    hand = Hand(shifts)
    hand.presenter.typed_float(1, typed)
    hand.presenter.open()
    assert (hand.screen.step, hand.code(), hand.screen.wrong) == (Step.FLOAT, "amount-invalid", 1)
    assert hand.screen.floats == ("", typed)
    assert shifts.open_since is None


def test_cash_moves_need_a_reason_and_keep_what_was_typed_without_one() -> None:
    shifts = fake()
    hand = Hand(shifts).opened("300")
    hand.presenter.begin_move(CashMove.DROP)
    hand.presenter.typed_amount("120")
    hand.presenter.move()
    assert (hand.screen.step, hand.code(), hand.screen.wrong) == (Step.MOVE, "reason-missing", 1)
    assert (hand.screen.amount, hand.pulses) == ("120", 0)
    hand.presenter.typed_reason("bag 14")
    hand.presenter.move()
    assert (hand.screen.step, hand.pulses) == (Step.OPEN, 1)
    assert hand.screen.said is not None
    assert hand.screen.said.amount == Money(12_000, RAND)


def test_no_expected_sum_reaches_the_screen_before_the_count_is_on_record() -> None:
    hand = Hand(fake()).opened("300")
    hand.presenter.begin_count()
    hand.pieces(_200="1")
    assert all(screen.drawer == () for screen in hand.seen)
    assert hand.screen.total() == Money(20_000, RAND)
    hand.presenter.count()
    assert hand.screen.drawer[0].variance == Money(-10_000, RAND)


def test_currencies_are_counted_one_after_the_other_and_esc_goes_back_through_them() -> None:
    hand = Hand(fake("NGN", "ZAR")).opened("5000", "300")
    hand.presenter.begin_count()
    hand.pieces(_1000="5")
    hand.presenter.count()
    assert hand.screen.currency == RAND
    assert hand.presenter.back()
    assert (hand.screen.currency, hand.screen.total()) == (NAIRA, Money(500_000, NAIRA))
    hand.presenter.count()
    hand.pieces(_100="3")
    hand.presenter.count()
    assert [line.variance for line in hand.screen.drawer] == [Money(0, NAIRA), Money(0, RAND)]


def test_too_much_cash_asks_for_a_drop_without_telling_how_much_there_is() -> None:
    hand = Hand(fake()).opened("300")
    limit, held = Money(20_000, RAND), Money(30_000, RAND)
    hand.due = (DropDue("kofi", held, limit),)
    hand.presenter.begin()
    assert hand.screen.drop_above is None
    hand.due = (*hand.due, DropDue("ama", held, limit))
    hand.presenter.begin()
    assert hand.screen.drop_above == limit


def test_letters_in_a_count_are_refused_in_a_sentence_and_nothing_is_counted() -> None:
    shifts = fake()
    hand = Hand(shifts).opened("300")
    hand.presenter.begin_count()
    hand.pieces(_200="1x")
    hand.presenter.count()
    assert (hand.screen.step, hand.code(), hand.screen.wrong) == (Step.COUNT, "count-invalid", 0)
    assert shifts.counts == ()
    assert hand.screen.total() is None


def test_typed_pieces_survive_a_customer_in_between() -> None:
    hand = Hand(fake()).opened("300")
    hand.presenter.begin_count()
    hand.pieces(_200="1")
    hand.presenter.begin()
    hand.presenter.begin_count()
    assert hand.screen.total() == Money(20_000, RAND)


def test_a_second_enter_while_the_ledger_works_does_nothing_twice() -> None:
    shifts = fake()
    hand = Hand(shifts).opened("300")
    hand.queue.held = True
    hand.presenter.close()
    hand.presenter.close()
    hand.presenter.begin_count()
    hand.queue.work()
    assert hand.screen.step is Step.CLOSED


def test_a_shift_that_is_gone_is_told_and_the_page_starts_again() -> None:
    shifts = fake()
    hand = Hand(shifts).opened("300")
    shifts.open_since = None  # a supervisor closed it
    hand.presenter.close()
    assert hand.code() == "shift-not-open"
    hand.presenter.begin()
    assert hand.screen.step is Step.FLOAT


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    open_one = opened(make_shop(tmp_path))
    yield open_one
    open_one.close()


def test_a_real_shift_from_float_to_z_with_a_copy(shop: OpenShop) -> None:
    hand = Hand(shop.desk.shifts)
    codes = [currency.code for currency in hand.screen.till]
    sold = shop.desk.currency_of(HIGHVELD)
    hand.presenter.typed_float(codes.index(sold.code), "200")
    hand.presenter.open()
    shop.desk.sell(order(shop, HIGHVELD, 10_000))
    hand.presenter.begin()
    assert hand.screen.now is not None
    assert hand.screen.now.totals == (Money(10_000, sold),)
    hand.presenter.read_x()
    assert hand.screen.slip is not None
    assert hand.screen.slip.title == "X"
    hand.presenter.begin_drawer()
    hand.presenter.drawer(0)
    hand.presenter.begin_count()
    hand.pieces(_100="2", _50="1")
    hand.presenter.count()
    assert [line.variance for line in hand.screen.drawer] == [Money(-5_000, sold)]
    hand.presenter.close()
    report = hand.screen.report
    assert report is not None
    assert report.drawer[0].variance == Money(-5_000, sold)
    assert shop.desk.shifts.now("ama") is None
    hand.presenter.print_again()
    assert hand.screen.slip == Slip("Z", (Text("1"),))
