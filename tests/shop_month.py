"""Thirty days of a hall with twenty operators, from a seed, through the desk and a real ledger.

The days go over a leap day, two ends of months and the night in which clocks go forward.
"""

from __future__ import annotations

import random
import statistics
import time
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from argon2 import PasswordHasher

from pos_app.application.order import SaleOrder
from pos_app.application.ports import OperatorRecord
from pos_app.application.records import Operator, Role
from pos_app.application.redress_records import RedressOrder
from pos_app.application.reprint import ReprintReason
from pos_app.application.shift_cash import DrawerReason
from pos_app.application.shift_records import BatchReport, ShiftReport
from pos_app.application.shift_settings import ShiftOpening, ShiftSettings
from pos_app.application.staff import entry_body
from pos_app.bootstrap.shop import OpenShop, open_shop
from pos_app.bootstrap.training import FOR_EVER_MS, create_training_shop
from pos_app.bootstrap.training_file import training_passphrase, training_pins
from pos_app.domain.allowance import Allowance
from pos_app.domain.cash_count import CashCount, count_pieces, parse_count, pieces_of
from pos_app.domain.cash_rules import CashRules
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from pos_app.domain.redress import REASONS, Reason, RedressKind, TokenFate
from pos_app.domain.shift import CashMove
from pos_app.domain.tender import Tender, cash_due
from tests.shops import HeldClock

DAYS, OPERATORS = 30, 20
FIRST_MS = 1_835_136_000_000  # 26 February 2028, 00:00 UTC
FORWARD_MS = 1_837_645_200_000  # 26 March 2028, 01:00 UTC: Central Europe goes one hour ahead
DAY_MS, HOUR_MS = 86_400_000, 3_600_000
APPROVER, SECOND = "grace", "naledi"
QUICK_PINS = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A shop's own take 0.1 s on purpose: that would be most of what a refund costs here."""

LEAST = {"ZAR": 2_000, "NGN": 200_000, "UGX": 6_000}
MOST = {"ZAR": 60_000, "NGN": 3_000_000, "UGX": 300_000}
RULES = ShiftSettings(
    ShiftOpening.AUTO,
    CashRules(
        commission={"highveld": Decimal("2.5"), "lagoon": Decimal(1)},
        variance_limit={"ZAR": Decimal(50)},
    ),
)


@dataclass
class ZoneClock(HeldClock):
    """A wall clock of Central Europe in spring 2028."""

    def offset_minutes(self, at_ms: int) -> int:
        return 120 if at_ms >= FORWARD_MS else 60


@dataclass
class Closed:
    """One close: how many entries the journal had, and how many seconds it took.

    `work` is the processor's time of it, `sale_work` the median of the sales before it: what waits
    for the disk or for other programs is in neither.
    """

    entries: int
    seconds: float
    work: float
    sale_work: float
    kind: str


def make_hall(
    folder: Path, meters: int = 60, *, durable: bool = True
) -> tuple[OpenShop, ZoneClock]:
    """Return a shop with twenty operators and a clock in hand, set to the first day.

    Not `durable`, nothing waits for the disk: where sums are looked at and not a power cut.
    """
    clock = ZoneClock(FIRST_MS)
    create_training_shop(folder, meters, clock)
    shop = open_shop(folder, training_passphrase(), clock)
    if not durable:
        shop.ledger.db.execute("pragma synchronous = off")
    known = {each.id: each for each in sellers_of(shop)}
    verifier = QUICK_PINS.hash(training_pins()[APPROVER])
    with shop.ledger.writing() as transaction:
        for operator in (known[APPROVER], *_newcomers(OPERATORS - len(known))):
            record = OperatorRecord(operator, verifier)
            transaction.put_operator(record)
            transaction.append("operator_imported", entry_body(record), clock.now)
        for code in LEAST:
            allowance = Allowance(2, 10**15, 10**12, 10**9, 10**12, FOR_EVER_MS)
            transaction.append("allowance", {"currency": code, **asdict(allowance)}, clock.now)
    desk = replace(shop.desk, shift_settings=lambda: RULES)
    return replace(shop, desk=desk), clock


def sellers_of(shop: OpenShop) -> list[Operator]:
    """Return who may stand at a till: an engineer has no drawer."""
    everybody = (record.operator for record in shop.ledger.operators())
    return [each for each in everybody if each.role is not Role.ENGINEER]


def _newcomers(many: int) -> Iterator[Operator]:
    yield Operator(SECOND, SECOND.title(), Role.SUPERVISOR)
    for number in range(1, many):
        yield Operator(f"seller{number}", f"Seller{number}", Role.CASHIER)


@dataclass
class ShopMonth:
    """The life of the hall; everything random comes from `chance`."""

    shop: OpenShop
    clock: ZoneClock
    sales: int
    chance: random.Random
    shifts: list[ShiftReport] = field(default_factory=list)
    banks: list[BatchReport] = field(default_factory=list)
    closes: list[Closed] = field(default_factory=list)
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=40))
    refused: Counter[str] = field(default_factory=Counter)
    spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))  # seconds
    receipts: list[str] = field(default_factory=list)
    meters: dict[str, list[str]] = field(default_factory=dict)
    homes: list[tuple[str, str]] = field(default_factory=list)

    def live(self) -> None:
        """Live the month; close and bank everything at its end."""
        self._read_meters()
        sellers = [each.id for each in sellers_of(self.shop)]
        a_day = -(-self.sales // DAYS)
        for day in range(DAYS):
            start = FIRST_MS + day * DAY_MS + 5 * HOUR_MS
            for number in range(a_day):
                at = start + int(16 * HOUR_MS * number / a_day)
                self.clock.now = max(self.clock.now + 1, at + self.chance.randrange(2_000))
                self._act(self.chance.choice(sellers))
            self._end_day(day)
        for now in self.shop.desk.shifts.open_now():
            self._close(now.operator)
        self._bank()

    def _read_meters(self) -> None:
        rows = self.shop.ledger.db.execute("select drn from meter where blocked = ''").fetchall()
        for (drn,) in rows:
            code = self.shop.desk.currency_of(drn).code
            self.meters.setdefault(code, []).append(drn)
            self.homes.append((drn, code))

    def _act(self, operator: str) -> None:
        desk = self.shop.desk.shifts
        if desk.now(operator) is None and self.chance.random() < 0.7:
            desk.open(operator, [self._money("ZAR", 50_000), self._money("NGN", 900_000)])
        try:
            code = self._sell(operator)
            self._between(operator, code)
        except PosError as refused:
            self.refused[refused.code] += 1

    def _between(self, operator: str, code: str) -> None:
        """Do what happens between sales, now and then."""
        dice, desk = self.chance.randrange(120), self.shop.desk
        if dice < 4:
            kind = self.chance.choice(list(CashMove))
            desk.shifts.move_cash(operator, kind, self._money(code, 20_000), "the day wants it")
        elif dice < 6:
            desk.shifts.open_drawer(operator, self.chance.choice(list(DrawerReason)))
        elif dice < 7:
            desk.shifts.x(operator)
        elif dice < 9:
            desk.shifts.count(operator, [self._count(code)])
        elif dice < 11:
            desk.reprint(self.receipts[-1], ReprintReason.LOST.value, operator)
        elif dice < 13:
            self._refund(operator)
        elif dice < 14:
            self._compensate(operator)

    def _sell(self, operator: str) -> str:
        drn, code = self.chance.choice(self.homes)
        currency = self.shop.desk.shifts.currency(code)
        total = Money(self.chance.randrange(LEAST[code], MOST[code]), currency)
        order = SaleOrder(
            sale_id=str(uuid.UUID(int=self.chance.getrandbits(128))),
            drn=drn,
            amount=total,
            tenths=None,
            tenders=self._tenders(total),
            operator_id=operator,
            repeat_allowed=True,
        )
        before = (time.perf_counter(), time.process_time())
        self.receipts.append(self.shop.desk.sell(order).receipt)
        self.spent["sale"] += time.perf_counter() - before[0]
        self.recent.append(time.process_time() - before[1])
        return code

    def _tenders(self, total: Money) -> tuple[Tender, ...]:
        card = Money(self.chance.choice((0, 0, total.minor // 3, total.minor)), total.currency)
        cash = cash_due(total - card)
        coin = total.currency.smallest_coin
        more = Money(self.chance.choice((0, 0, 7, 100)) * coin * bool(cash.minor), total.currency)
        approval = f"A{len(self.receipts):07d}"
        parts = (Tender("card", card, approval), Tender("cash", cash + more))
        return tuple(part for part in parts if part.amount.minor)

    def _refund(self, operator: str) -> None:
        receipt = self.chance.choice(self.receipts[-400:])
        base = self.shop.desk.redress.about(receipt)
        currency = self.shop.desk.shifts.currency(base.most.currency.code)
        part = base.most.minor // self.chance.choice((1, 1, 2, 5))
        part -= part % currency.smallest_coin
        amount = None if part == base.most.minor else Money(max(part, 1), currency)
        self.shop.desk.redress.refund(
            self._order(RedressKind.REFUND, receipt, operator, amount=amount)
        )

    def _compensate(self, operator: str) -> None:
        receipt = self.chance.choice(self.receipts[-400:])
        base = self.shop.desk.redress.about(receipt)
        drn = self.chance.choice(self.meters[base.total.currency.code])
        order = self._order(
            RedressKind.COMPENSATION,
            receipt,
            operator,
            drn=drn,
            sale_id=str(uuid.UUID(int=self.chance.getrandbits(128))),
        )
        self.receipts.append(self.shop.desk.redress.compensate(order)[1].receipt)

    def _order(
        self, kind: RedressKind, receipt: str, operator: str, **more: object
    ) -> RedressOrder:
        values: dict[str, object] = {
            "kind": kind,
            "receipt": receipt,
            "reason": self.chance.choice(REASONS[kind]),
            "token": self.chance.choice(list(TokenFate)),
            "operator_id": operator,
            "approver_id": SECOND if operator == APPROVER else APPROVER,
            "pin": training_pins()[APPROVER],
            "note": "as the customer says",
        }
        if values["reason"] is not Reason.WRONG_METER:
            values["token"] = TokenFate.NOT_ENTERED
        return RedressOrder(**(values | more))  # type: ignore[arg-type]

    def _end_day(self, day: int) -> None:
        for now in self.shop.desk.shifts.open_now():
            if self.chance.random() < 0.9:  # some forget to close
                self._close(now.operator)
        if not self.shop.desk.shifts.open_now() or day % 2:
            for now in self.shop.desk.shifts.open_now():
                self._close(now.operator)
            self._bank()

    def _close(self, operator: str) -> None:
        desk = self.shop.desk.shifts
        now = desk.now(operator)
        dealt = now.currencies if now else ()
        counts = [self._count(each.code) for each in dealt if self.chance.random() < 0.8]
        by = operator if self.chance.random() < 0.8 else APPROVER
        before = (time.perf_counter(), time.process_time())
        self.shifts.append(desk.close(by, counts, of=operator))
        self._took(before, "shift")

    def _bank(self) -> None:
        desk, kept = self.shop.desk.shifts, [self._money("ZAR", 90_000)]
        before = (time.perf_counter(), time.process_time())
        self.banks.append(desk.close_bank_batch(APPROVER, "DEP", kept))
        self._took(before, "bank")

    def _took(self, before: tuple[float, float], kind: str) -> None:
        seconds, work = time.perf_counter() - before[0], time.process_time() - before[1]
        self.spent[kind] += seconds
        sale = statistics.median(self.recent) if self.recent else work
        self.closes.append(Closed(self.shop.ledger.head().seq, seconds, work, sale, kind))

    def _money(self, code: str, most: int) -> Money:
        return Money(self.chance.randrange(1, most), self.shop.desk.shifts.currency(code))

    def _count(self, code: str) -> CashCount:
        currency: Currency = self.shop.desk.shifts.currency(code)
        if self.chance.random() < 0.3:
            return parse_count(self._money(code, 10**6).plain(), currency)
        pieces = {each.minor: self.chance.randrange(9) for each in pieces_of(currency)}
        return count_pieces(pieces, currency)
