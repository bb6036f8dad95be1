"""A month in small: every Z is what an adding machine makes of the journal, and no coin is lost.

The adding machine below reads journal bodies and nothing else of the program.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.application.records import ShopMode
from pos_app.application.shift_cash import DrawerReason
from pos_app.application.shift_records import BatchReport, ShiftReport
from pos_app.application.shift_settings import ShiftOpening, ShiftSettings
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.cash_count import count_pieces, parse_count, pieces_of
from pos_app.domain.cash_rules import CashRules
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import CashMove
from pos_app.domain.tender import Tender, cash_due
from tests.shops import HIGHVELD, LAGOON, LAKESIDE, START_MS, HeldClock, make_shop, opened, order
from tests.shops import card as by_card

DAYS, SALES_A_DAY = 30, 22
OPERATORS = ("ama", "tendai", "grace")
METERS = (HIGHVELD, HIGHVELD, LAGOON, LAKESIDE)
RULES = ShiftSettings(
    ShiftOpening.AUTO, CashRules(commission={"highveld": Decimal("2.5"), "lagoon": Decimal(1)})
)


@dataclass
class AddingMachine:
    """Sums of the open shift of each number, from journal bodies alone."""

    sums: dict[int, Counter[tuple[str, str]]] = field(default_factory=dict)
    times: dict[int, Counter[tuple[str, str]]] = field(default_factory=dict)
    receipts: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    counted: defaultdict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    sold: Counter[str] = field(default_factory=Counter)
    sales: Counter[str] = field(default_factory=Counter)

    def add(self, shift: int, currency: str, name: str, amount: int, times: int = 1) -> None:
        self.sums[shift][currency, name] += amount
        self.times[shift][currency, name] += times

    def expected(self, shift: int, currency: str) -> int:
        sums = self.sums[shift]
        plus = sum(sums[currency, name] for name in ("float", "cash", "in"))
        return plus - sum(sums[currency, name] for name in ("out", "drop"))

    def take(self, kind: str, body: dict[str, Any]) -> None:
        if kind == "shift_opened":
            self.sums[body["shift"]], self.times[body["shift"]] = Counter(), Counter()
            for part in body["float"]:
                self.add(body["shift"], part["currency"], "float", part["amount_minor"])
        elif kind == "sale":
            self._sale(body)
        elif kind == "cash_moved":
            self.add(body["shift"], body["currency"], body["kind"], body["amount_minor"])
        elif kind == "shift_counted":
            for part in body["counts"]:
                assert part["expected_minor"] == self.expected(body["shift"], part["currency"])
                self.counted[body["shift"]][part["currency"]] = part["counted_minor"]
        elif kind in {"reprint", "drawer_opened"} and body["shift"]:
            self.add(body["shift"], "", kind, 0)

    def _sale(self, body: dict[str, Any]) -> None:
        shift, code = body["shift"], body["currency"]
        cash = [part["amount_minor"] for part in body["tenders"] if part["kind"] == "cash"]
        card = [part["amount_minor"] for part in body["tenders"] if part["kind"] == "card"]
        self.add(shift, code, "sale", body["total_minor"])
        self.add(shift, code, "cash", sum(cash) - body["change_minor"], len(cash))
        self.add(shift, code, "card", sum(card), len(card))
        self.add(shift, code, "rounding", body["rounding_minor"])
        self.add(shift, code, "commission", body["commission_minor"])
        tax = [part["amount_minor"] for part in body["lines"] if part["kind"] == "tax"]
        self.add(shift, code, "tax", sum(tax), len(tax))
        self.receipts[shift].append(body["receipt"])
        self.sold[code] += body["total_minor"]
        self.sales[code] += 1


@dataclass
class Month:
    shop: OpenShop
    clock: HeldClock
    chance: random.Random
    shifts: list[ShiftReport] = field(default_factory=list)
    banks: list[BatchReport] = field(default_factory=list)

    def live(self) -> None:
        for day in range(DAYS):
            self.clock.now = START_MS + day * 86_400_000
            for _ in range(SALES_A_DAY):
                self.clock.now += self.chance.randrange(1, 600_000)
                self._act(self.chance.choice(OPERATORS))
            for now in self.shop.desk.shifts.open_now():
                if self.chance.random() < 0.9:  # some forget to close
                    self._close(now.operator)
            if not self.shop.desk.shifts.open_now() and day % 7 == 6:
                self._bank()
        for now in self.shop.desk.shifts.open_now():
            self._close(now.operator)
        self._bank()

    def _act(self, operator: str) -> None:
        desk = self.shop.desk.shifts
        if desk.now(operator) is None and self.chance.random() < 0.7:
            desk.open(operator, [self._money("ZAR", 50_000), self._money("NGN", 900_000)])
        sale = self._sell(operator)
        dice = self.chance.randrange(12)
        if dice == 0:
            kind = self.chance.choice(list(CashMove))
            desk.move_cash(operator, kind, self._money(sale, 20_000), "the day wants it")
        elif dice == 1:
            desk.open_drawer(operator, self.chance.choice(list(DrawerReason)))
        elif dice == 2:
            desk.x(operator)
        elif dice == 3:
            desk.count(operator, [self._count(sale)])
        elif dice == 4:
            receipt = self.shop.desk.sales_today("", 1)[0].receipt
            self.shop.desk.reprint(receipt, "lost", operator)

    def _sell(self, operator: str) -> str:
        drn = self.chance.choice(METERS)
        currency = self.shop.desk.currency_of(drn)
        minor = self.chance.randrange(2000, 30_000) * (100 if drn != HIGHVELD else 1)
        total = Money(minor // 10 * 10 + self.chance.randrange(10), currency)
        if drn == LAKESIDE:
            total = Money(self.chance.randrange(5000, 90_000), currency)
        tenders = self._tenders(total)
        self.shop.desk.sell(
            order(
                self.shop, drn, total.minor, tenders=tenders, operator_id=operator,
                repeat_allowed=True,
            )
        )  # fmt: skip
        return currency.code

    def _tenders(self, total: Money) -> tuple[Tender, ...]:
        card = Money(self.chance.choice((0, 0, total.minor // 3, total.minor)), total.currency)
        rest = total - card
        cash = cash_due(rest)
        coin = total.currency.smallest_coin
        more = Money(self.chance.choice((0, 0, 7, 100)) * coin * bool(cash.minor), total.currency)
        parts = [by_card(card), Tender("cash", cash + more)]
        return tuple(part for part in parts if part.amount.minor)

    def _close(self, operator: str) -> None:
        desk = self.shop.desk.shifts
        now = desk.now(operator)
        assert now is not None
        counts = [self._count(each.code) for each in now.currencies if self.chance.random() < 0.8]
        by = operator if self.chance.random() < 0.8 else "grace"
        self.shifts.append(desk.close(by, counts, of=operator))

    def _bank(self) -> None:
        desk = self.shop.desk.shifts
        self.banks.append(desk.close_bank_batch("grace", "DEP", [self._money("ZAR", 90_000)]))

    def _money(self, code: str, most: int) -> Money:
        return Money(self.chance.randrange(1, most), self.shop.desk.shifts.currency(code))

    def _count(self, code: str) -> Any:
        currency = self.shop.desk.shifts.currency(code)
        if self.chance.random() < 0.3:
            return parse_count(self._money(code, 10**6).plain(), currency)
        pieces = {each.minor: self.chance.randrange(9) for each in pieces_of(currency)}
        return count_pieces(pieces, currency)


def entries(shop: OpenShop) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for entry in shop.ledger.entries():
        yield entry.kind, entry.seq, entry.reading()


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    clock = HeldClock()
    shop = opened(make_shop(tmp_path_factory.mktemp("month")), clock)
    shop.ledger.db.execute("pragma synchronous = off")  # sums are looked at, not a power cut
    desk = replace(shop.desk, shift_settings=lambda: RULES)
    lived = Month(replace(shop, desk=desk), clock, random.Random(1))  # noqa: S311 - repeatable
    assert shop.desk.identity.mode is ShopMode.TRAINING
    lived.live()
    yield lived
    lived.shop.close()


def tallies(report: ShiftReport, name: str, currency: str) -> tuple[int, int]:
    for each in report.tallies:
        if (each.name, each.currency) == (name, currency):
            return each.times, each.amount
    return 0, 0


NAMES = {
    "sale": "sale", "tender:cash": "cash", "tender:card": "card", "rounding": "rounding",
    "commission": "commission", "line:tax": "tax", "float": "float", "in": "in", "out": "out",
    "drop": "drop",
}  # fmt: skip


def test_every_z_is_what_an_adding_machine_says(month: Month) -> None:
    machine, by_seq = AddingMachine(), {report.closed_seq: report for report in month.shifts}
    seen = 0
    for kind, seq, body in entries(month.shop):
        machine.take(kind, body)
        if kind == "shift_closed":
            seen += 1
            _compare(by_seq[seq], machine)
    assert seen == len(month.shifts) > 60
    assert sum(machine.sales.values()) == DAYS * SALES_A_DAY


def _compare(report: ShiftReport, machine: AddingMachine) -> None:
    shift = report.shift
    for currency in ("ZAR", "NGN", "UGX"):
        for theirs, ours in NAMES.items():
            times, amount = tallies(report, theirs, currency)
            assert amount == machine.sums[shift][currency, ours], (shift, theirs)
            if ours in {"sale", "cash", "card", "tax", "in", "out", "drop"}:
                assert times == machine.times[shift][currency, ours], (shift, theirs)
    for theirs, ours in (("reprint", "reprint"), ("drawer-opened", "drawer_opened")):
        assert tallies(report, theirs, "")[0] == machine.times[shift]["", ours]
    for line in report.drawer:
        code = line.expected.currency.code
        assert line.expected.minor == machine.expected(shift, code)
        if line.counted is not None:
            assert line.counted.total.minor == machine.counted[shift][code]
    receipts = machine.receipts[shift]
    ends = (receipts[0], receipts[-1]) if receipts else ("", "")
    assert (report.first_receipt, report.last_receipt) == ends
    grand = {each.total.currency.code: (each.sales, each.total.minor) for each in report.grand}
    assert grand == {code: (machine.sales[code], machine.sold[code]) for code in machine.sold}


def test_in_every_sale_and_shift_what_was_paid_is_what_was_sold(month: Month) -> None:
    for kind, _, body in entries(month.shop):
        if kind == "sale":
            paid = sum(part["amount_minor"] for part in body["tenders"]) - body["change_minor"]
            lines = sum(part["amount_minor"] for part in body["lines"])
            assert paid == lines + body["rounding_minor"]
    for report in month.shifts:
        for currency in ("ZAR", "NGN", "UGX"):
            paid = sum(tallies(report, f"tender:{kind}", currency)[1] for kind in ("cash", "card"))
            sold = tallies(report, "sale", currency)[1] + tallies(report, "rounding", currency)[1]
            assert paid == sold


def test_no_coin_is_lost_between_drawer_safe_and_bank(month: Month) -> None:
    """All cash taken + in - out, as counted, is at the bank or kept in the shop."""
    for code in ("ZAR", "NGN", "UGX"):
        taken = sum(
            tallies(report, "tender:cash", code)[1]
            + tallies(report, "in", code)[1]
            - tallies(report, "out", code)[1]
            for report in month.shifts
        )
        variance = sum(
            line.variance.minor
            for report in month.shifts
            for line in report.drawer
            if line.variance is not None and line.variance.currency.code == code
        )
        banked = sum(_deposits(month, code, "amount"))
        kept = _deposits(month, code, "kept")[-1]
        assert taken + variance == banked + kept


def _deposits(month: Month, code: str, name: str) -> list[int]:
    found: list[Money] = [
        getattr(each, name)
        for bank in month.banks
        for each in bank.deposits
        if each.amount.currency == Currency(code, each.amount.currency.decimals)
    ]
    return [amount.minor for amount in found]


def test_seals_cover_the_journal_without_gap_or_overlap(month: Month) -> None:
    sums: Counter[str] = Counter()
    end = 0
    for kind, _, body in entries(month.shop):
        if kind == "day_seal":
            assert body["first_seq"] == end + 1
            end = body["last_seq"]
            sums.update({part["currency"]: part["total_minor"] for part in body["sums"]})
            assert sums == {part["currency"]: part["total_minor"] for part in body["grand"]}
    assert end == month.shifts[-1].closed_seq


def test_the_close_looks_at_no_sale_and_is_as_long_as_ever(month: Month) -> None:
    """After a thousand sales the same statements run as after one, none of them over all rows."""
    desk, database = month.shop.desk, month.shop.ledger.db.conn
    for _ in range(2):
        said: list[str] = []
        desk.sell(order(month.shop, HIGHVELD, 5000, repeat_allowed=True))
        database.set_trace_callback(said.append)
        desk.shifts.close("ama", [parse_count("50.00", desk.shifts.currency("ZAR"))])
        database.set_trace_callback(None)
    asked = [statement for statement in said if statement.lower().startswith("select")]
    assert 10 < len(asked) < 40
    for statement in asked:
        plan = " ".join(str(row[-1]) for row in database.execute(f"explain query plan {statement}"))
        for table in ("sale", "journal", "token", "tally", "hour_sum", "cash_count", "batch"):
            assert f"SCAN {table} " not in plan + " ", (statement, plan)


def test_every_table_follows_from_the_journal(month: Month, tmp_path: Path) -> None:
    """Last of all: the program lets go of the shop, the verifier takes it."""
    folder = month.shop.folder
    month.shop.close()
    try:
        assert verify_shop(folder, training_passphrase()).fault is None
    finally:
        again = opened(folder, month.clock)
        month.shop = replace(again, desk=replace(again.desk, shift_settings=lambda: RULES))
