"""Shifts without a disk: real tallies and drawer arithmetic, one shift at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pos_app.application.sale import Sale
from pos_app.application.shift_cash import DrawerReason
from pos_app.application.shift_errors import ReasonMissing, ShiftAlreadyOpen, ShiftNotOpen
from pos_app.application.shift_records import DrawerLine, Grand, OpenBatch, ShiftNow, ShiftReport
from pos_app.domain.cash_count import CashCount
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import (
    FLOAT,
    SALE,
    TENDER,
    CashMove,
    Level,
    Tally,
    amount_of,
    currencies,
    drawer_cash,
    times_of,
)
from pos_app.domain.tender import CASH
from tests.ui.fake_batches import FakeBatches

RAND = Currency("ZAR", 2, 10)
NAIRA = Currency("NGN", 2, 1)


@dataclass
class FakeShifts(FakeBatches):
    """`till` are the currencies of the till; `open_since` is None while no shift is open."""

    called: Callable[[str], None]
    sales: Callable[[], list[Sale]]
    now_ms: Callable[[], int]
    till: tuple[Currency, ...] = (RAND,)
    number: int = 6
    open_since: int | None = None
    sold_before: int = 0
    moves: list[Tally] = field(default_factory=list)
    counts: tuple[CashCount, ...] = ()
    last: ShiftReport | None = None
    copies: int = 0
    others: list[ShiftNow] = field(default_factory=list)
    waiting: list[ShiftReport] = field(default_factory=list)
    held: dict[Level, OpenBatch] = field(default_factory=dict)

    def open(self, operator_id: str, opening: Sequence[Money] = ()) -> ShiftNow:
        self.called("shift open")
        if self.open_since is not None:
            raise ShiftAlreadyOpen(operator=operator_id, shift=self.number)
        self.number += 1
        self.open_since, self.sold_before = self.now_ms(), len(self.sales())
        self.moves, self.counts = [], ()
        for money in opening:
            self._move(FLOAT, money)
        now = self.now(operator_id)
        assert now is not None
        return now

    def _move(self, name: str, money: Money) -> None:
        currency = money.currency
        self.moves.append(Tally(name, 1, money.minor, currency.code, currency.decimals))

    def _tallies(self) -> tuple[Tally, ...]:
        made = [*self.moves]
        mine = self.sales()[: len(self.sales()) - self.sold_before]
        for sale in mine:
            for name, minor in ((SALE, sale.total_minor), (TENDER + CASH, sale.due_minor)):
                made.append(Tally(name, 1, minor, sale.currency, sale.decimals))
        merged: dict[tuple[str, str], Tally] = {}
        for one in made:
            key = (one.name, one.currency)
            past = merged.get(key, replace(one, times=0, amount=0))
            merged[key] = replace(one, times=past.times + 1, amount=past.amount + one.amount)
        return tuple(merged.values())

    def now(self, operator_id: str) -> ShiftNow | None:
        self.called("shift now")
        if self.open_since is None:
            return None
        tallies = self._tallies()
        dealt = currencies(tallies)
        sold = tuple(amount_of(tallies, SALE, each) for each in dealt)
        count = times_of(tallies, SALE)
        return ShiftNow(self.number, operator_id, self.open_since, count, sold, (), dealt)

    def currencies(self) -> tuple[Currency, ...]:
        return self.till

    def _need(self, operator_id: str) -> None:
        if self.open_since is None:
            raise ShiftNotOpen(operator=operator_id)

    def move_cash(self, operator_id: str, kind: CashMove, amount: Money, reason: str) -> int:
        self.called(f"move {kind} {amount.plain()} {reason}")
        self._need(operator_id)
        if not reason.strip():
            raise ReasonMissing(most=100)
        self._move(kind, amount)
        return 1

    def open_drawer(self, operator_id: str, reason: DrawerReason, note: str = "") -> int:
        self.called(f"drawer {reason}")
        return 1

    def _lines(self, counts: Sequence[CashCount]) -> tuple[DrawerLine, ...]:
        tallies = self._tallies()
        found = {count.total.currency.code: count for count in counts}
        return tuple(
            DrawerLine(
                amount_of(tallies, FLOAT, each),
                amount_of(tallies, TENDER + CASH, each),
                amount_of(tallies, CashMove.IN, each),
                amount_of(tallies, CashMove.OUT, each),
                amount_of(tallies, CashMove.DROP, each),
                drawer_cash(tallies, each),
                Money(0, each),
                found.get(each.code),
            )
            for each in currencies(tallies)
        )

    def count(
        self, operator_id: str, counts: Sequence[CashCount], of: str = ""
    ) -> tuple[DrawerLine, ...]:
        self.called("count")
        self._need(operator_id)
        self.counts = tuple(counts)
        return self._lines(counts)

    def x(self, operator_id: str, of: str = "") -> ShiftReport:
        self.called("x")
        self._need(operator_id)
        return self._report(())

    def close(
        self, operator_id: str, counts: Sequence[CashCount] = (), of: str = ""
    ) -> ShiftReport:
        self.called("close")
        self._need(operator_id)
        self.last = self._report(self._lines(counts or self.counts), closed_seq=41)
        self.open_since, self.copies = None, 0
        return self.last

    def reprint_z(self, operator_id: str, shift: int) -> tuple[ShiftReport, int]:
        self.called("reprint z")
        assert self.last is not None
        self.copies += 1
        return self.last, self.copies

    def _report(self, drawer: tuple[DrawerLine, ...], closed_seq: int = 0) -> ShiftReport:
        tallies = self._tallies()
        mine = self.sales()[: len(self.sales()) - self.sold_before]
        grand = tuple(
            Grand(times_of(tallies, SALE), amount_of(tallies, SALE, each))
            for each in currencies(tallies)
        )
        return ShiftReport(
            shift=self.number,
            operator="ama",
            operator_name="Ama Owusu",
            by_name="Ama Owusu",
            sales_batch=2,
            bank_batch=1,
            opened_ms=self.open_since or 0,
            at_ms=self.now_ms(),
            offset_minutes=120,
            training=True,
            tallies=tallies,
            drawer=drawer,
            first_receipt=mine[-1].receipt if mine else "",
            last_receipt=mine[0].receipt if mine else "",
            grand=grand,
            ever=(),
            head_seq=40,
            head_hash="5f0c2a9e71b4d386" * 4,
            closed_seq=closed_seq,
            seal="T1;Z;3;7" if closed_seq else "",
        )
