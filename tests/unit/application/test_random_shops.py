"""Shops that live by a random tariff: every entry of their journals adds up, in any time zone.

The tariff comes in through the import with an example of its own, sales are paid in every way,
some are put right, the clock goes over ends of months, leap days and changes of the hour. Then the
journal is read back by proofs that know nothing of the program.
"""

from __future__ import annotations

import tempfile
import uuid
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from pos_app.application.order import SaleOrder
from pos_app.application.redress_records import RedressOrder
from pos_app.application.shift_settings import ShiftSettings
from pos_app.application.tariffs import proven
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.recomputing import recompute_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training import FOR_EVER_MS
from pos_app.bootstrap.training_file import training_passphrase, training_pins
from pos_app.domain.allowance import Allowance
from pos_app.domain.cash_rules import CashRules
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.redress import Reason, RedressKind, TokenFate
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.parts import CountBy, Per, TokenKind
from pos_app.domain.tariff.refusals import TariffInvalid
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tender import Tender, cash_due
from tests.adding_machine import AddingMachine, wall_day
from tests.money_proofs import (
    months_between,
    prove_blocks,
    prove_energy,
    prove_money,
    prove_owed,
    prove_token,
)
from tests.shops import HIGHVELD, START_MS, HeldClock, make_shop, opened
from tests.unit.domain.tariff_drawing import as_toml, tariff_tables

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
LEAP_MS = 1_835_481_540_000  # 29 February 2028, 23:59 UTC
LOAN, OLD = 70_000, 3_300
Act = tuple[str, int, int]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["sell"] * 6 + ["refund", "compensate"]),
        st.integers(100, 400_000),
        st.sampled_from([7, 61, 700, 1439, 1440, 8 * 1440, 28 * 1440, 31 * 1440 + 3]),
    ),
    min_size=8,
    max_size=24,
)


@dataclass
class ZoneClock(HeldClock):
    """A wall clock of any place, an hour ahead of itself between two instants."""

    forward: int = 0
    back: int = 0

    def offset_minutes(self, at_ms: int) -> int:
        return self.offset + 60 * (self.forward <= at_ms < self.back)


@dataclass
class Life:
    """One shop, its random tariff and what it did."""

    shop: OpenShop
    clock: ZoneClock
    tariff: Tariff
    meters: tuple[str, str]
    receipts: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def act(self, act: Act) -> None:
        kind, number, minutes = act
        kind = kind if self.receipts else "sell"
        self.clock.now += minutes * 60_000
        self.clock.steady += minutes * 60_000
        try:
            {"sell": self.sell, "refund": self.refund, "compensate": self.compensate}[kind](number)
        except PosError as refusal:
            self.refused[refusal.code] += 1

    def sell(self, number: int) -> None:
        drn = self.meters[number % 2]
        minor = number * (100 if not self.tariff.currency.decimals else 1)
        total = Money(minor, self.tariff.currency)
        order = SaleOrder(
            sale_id=str(uuid.UUID(int=len(self.receipts) * 10**9 + number)),
            drn=drn,
            amount=total,
            tenths=None,
            tenders=self.tenders(total, number),
            operator_id="ama",
            repeat_allowed=True,
        )
        self.receipts.append(self.shop.desk.sell(order).receipt)

    def tenders(self, total: Money, number: int) -> tuple[Tender, ...]:
        card = Money((0, 0, total.minor // 3, total.minor)[number % 4], total.currency)
        cash = cash_due(total - card)
        more = Money((0, 1, 9, 40)[number % 3] * total.currency.smallest_coin, total.currency)
        ways = [Tender("card", card, f"A{number:07d}{len(self.receipts)}")] if card.minor else []
        return (*ways, Tender("cash", cash + more)) if cash.minor else tuple(ways)

    def refund(self, number: int) -> None:
        receipt = self.receipts[number % len(self.receipts)]
        most = self.shop.desk.redress.about(receipt).most
        coin = most.currency.smallest_coin
        part = most.minor // (1, 1, 2, 3)[number % 4] // coin * coin
        amount = Money(max(part, coin), most.currency) if number % 4 else None
        self.shop.desk.redress.refund(self.wish(RedressKind.REFUND, receipt, amount=amount))

    def compensate(self, number: int) -> None:
        receipt = self.receipts[number % len(self.receipts)]
        drn = self.shop.desk.redress.about(receipt).drn
        other = next(each for each in self.meters if each != drn)
        wish = self.wish(RedressKind.COMPENSATION, receipt, drn=other, sale_id=str(uuid.uuid4()))
        self.receipts.append(self.shop.desk.redress.compensate(wish)[1].receipt)

    def wish(self, kind: RedressKind, receipt: str, **more: object) -> RedressOrder:
        values: dict[str, object] = {
            "kind": kind,
            "receipt": receipt,
            "reason": Reason.WRONG_METER,
            "token": TokenFate.NOT_ENTERED,
            "operator_id": "ama",
            "approver_id": "grace",
            "pin": training_pins()["grace"],
        }
        return RedressOrder(**(values | more))  # type: ignore[arg-type]


def proof_in_the_file(text: str) -> str:
    """Return the file with a worked example, which the import asks for and this test does not."""
    tariff = parse_tariff(text)
    tender = Money(12_345 * (100 if not tariff.currency.decimals else 1), tariff.currency)
    try:
        result = f'units = "{Decimal(tariff.for_money(tender, Account()).tenths).scaleb(-1)}"'
    except PosError as refusal:
        result = f'refused = "{refusal.code}"'
    return f'{text}\n\n[[example]]\ntender = "{tender.plain()}"\n{result}\n'


def moved_in(folder: Path, clock: ZoneClock, text: str) -> Life:
    """Return a shop that took the tariff, with two meters on it, debts and allowances."""
    shop = opened(make_shop(folder), clock)
    rules = ShiftSettings(cash=CashRules(commission={"highveld": Decimal("2.5")}))
    shop = replace(shop, desk=replace(shop.desk, shift_settings=lambda: rules))
    taken = shop.desk.tariffs.take(text.encode(), "grace").tariff
    home = shop.ledger.meter(HIGHVELD)
    assert home is not None
    near = [shop.ledger.meter(hit.drn) for hit in shop.ledger.search("a", 60)]
    other = next(
        each for each in near if each and each.tariff == home.tariff and each.drn != HIGHVELD
    )
    with shop.ledger.writing() as act:
        act.import_meters([replace(each, tariff="random", blocked="") for each in (home, other)])
        allowance = asdict(Allowance(2, 10**15, 10**12, 10**9, 10**12, FOR_EVER_MS))
        act.append("allowance", {"currency": taken.currency.code, **allowance}, clock.now)
    shop.desk.accounts.take(_owes(taken, (home.drn, other.drn)), "grace")
    return Life(shop, clock, taken, (home.drn, other.drn))


def _owes(tariff: Tariff, meters: tuple[str, str]) -> bytes:
    rows = "".join(
        f'\n[[debt]]\nmeter = "{drn}"\nid = "{ref}"\nname = "{name}"\nbalance = "{amount}"\n'
        f'\n[[free]]\nmeter = "{drn}"\nfrom = "2020-01"\n'
        for drn, ref, name, amount in (
            (meters[0], "L1", "Meter loan", Money(LOAN, tariff.currency).plain()),
            (meters[1], "L2", "Old account", Money(OLD, tariff.currency).plain()),
        )
    )
    head = 'format = "tokentill account"\nutility = "highveld"\nnumber = 1\nissued = 2026-11-20\n'
    return f'{head}currency = "{tariff.currency.code}"\n{rows}'.encode()


def prove(life: Life) -> int:
    """Read the journal back; return how many sales it has."""
    machine, tariff = AddingMachine(), life.tariff
    owed = {drn: {ref: due} for drn, ref, due in zip(
        life.meters, ("L1", "L2"), (LOAN, OLD), strict=True)}  # fmt: skip
    past: dict[str, list[dict[str, Any]]] = {drn: [] for drn in life.meters}
    for entry in life.shop.ledger.entries():
        body = entry.reading()
        machine.take(entry.kind, body)
        if entry.kind == "sale":
            drn = body["meter"]["drn"]
            prove_money(body, tariff.currency.smallest_coin)
            owed[drn] = prove_owed(body, owed[drn])
            prove_token(body, tariff.unit_rounding.value, tariff.unit_decimals)
            prove_month(body, past[drn], tariff)
            past[drn].append(body)
    for now in life.shop.desk.shifts.open_now():
        machine.compare(life.shop.desk.shifts.close("grace", [], of=now.operator))
    return sum(map(len, past.values()))


def prove_month(body: dict[str, Any], past: list[dict[str, Any]], tariff: Tariff) -> None:
    """Fail unless months, days and blocks are those of the wall clock, counted by hand."""
    day = wall_day(body["at_ms"], body["offset_minutes"])
    assert body["month"] == day[:7]
    assert body["account"]["on"] == day
    same = [each for each in past if each["month"] == body["month"]]
    free = tariff.free
    given = sum((Decimal(each["free_tenths"]) / 10 for each in same), Decimal(0))
    tokens = sum((Decimal(each["tenths"]) / 10 for each in same), Decimal(0))
    bought = tokens if free is None or free.own_token else tokens - given
    counted = bought + (given if free is not None and free.counts else 0)
    assert Decimal(body["account"]["bought"]) == counted
    if free is not None:
        assert Decimal(body["free_tenths"]) / 10 == (0 if same else -(-free.units * 10 // 1) / 10)
    for line in body["lines"]:
        if line["kind"] == "charge" and past:
            assert line["periods"] == _periods(line["name"], tariff, past[-1], body), line
    if tariff.token is TokenKind.UNITS and tariff.blocks_by is CountBy.UNITS:
        first = sum((Decimal(line["units"]) for line in body["lines"] if line["kind"] == "free"),
                    Decimal(0))  # fmt: skip
        counts = free is not None and free.counts
        prove_blocks(body, [block.up_to for block in tariff.blocks], first if counts else first * 0)
    if not tariff.prices_include_tax:
        prove_energy(body, Fraction(1))


def _periods(name: str, tariff: Tariff, last: dict[str, Any], body: dict[str, Any]) -> int:
    (charge,) = [each for each in tariff.charges if each.name == name]
    was, now = (wall_day(each["at_ms"], each["offset_minutes"]) for each in (last, body))
    periods = 1
    if charge.per is Per.MONTH:
        periods = months_between(was, now)
    elif charge.per is Per.DAY:
        noon = [
            (each["at_ms"] + each["offset_minutes"] * 60_000) // DAY_MS for each in (last, body)
        ]
        periods = noon[1] - noon[0]
    periods = periods if charge.accrues else min(periods, 1)
    return periods if charge.at_most is None else min(periods, charge.at_most)


@settings(max_examples=8, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    st.data(),
    ACTS,
    st.integers(-12 * 60, 14 * 60),
    st.sampled_from([START_MS, LEAP_MS - 60_000, LEAP_MS - 30 * DAY_MS]),
)
def test_a_shop_under_a_random_tariff_adds_up(
    data: st.DataObject, acts: list[Act], offset: int, start: int
) -> None:
    text = as_toml({k: v for k, v in data.draw(tariff_tables()).items() if v != []})
    try:
        text = proof_in_the_file(text)
        proven(text)
    except TariffInvalid:
        event("no tariff")
        return
    clock = ZoneClock(START_MS, offset, forward=start + 3 * DAY_MS, back=start + 40 * DAY_MS)
    with tempfile.TemporaryDirectory(prefix="tokentill-random-") as folder:
        life = moved_in(Path(folder), clock, text)
        clock.now, clock.steady = start, start - START_MS
        try:
            for act in acts:
                life.act(act)
            sales = prove(life)
        finally:
            life.shop.close()
        event(f"sales: {sales // 5 * 5} or more")
        for code in life.refused:
            event(f"refused: {code}")
        place = life.shop.folder
        assert verify_shop(place, training_passphrase()).fault is None
        found: list[object] = []
        done = recompute_shop(place, training_passphrase(), found.append)
        assert (done.sales, found) == (sales, [])
