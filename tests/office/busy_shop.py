"""A hall that did everything a settlement is about: a real shop, its journal, its own reports."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from pos_app.adapters.ledger.report_queries import SqliteReports
from pos_app.application.approval_records import Approval
from pos_app.application.engineering_records import ActOrder
from pos_app.application.reports.period import Period
from pos_app.application.sale import Sale
from pos_app.application.shop_time import day_of
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_pins
from pos_app.domain.engineering import DeskAct
from pos_app.domain.money import Currency, Money
from pos_app.domain.tender import Tender
from pos_app.exchange.bundle import BundleTitle
from pos_app.exchange.chain import GENESIS, Owner
from pos_app.head_office.rooms import Rooms
from tests.account_texts import LOAN, account_file
from tests.head_office import at_once
from tests.office.makers import make_rooms
from tests.shop_month import FIRST_MS, ShopMonth, ZoneClock, make_hall
from tests.shops import HIGHVELD, HeldClock, order
from tests.unit.application.test_accounts import put_tariff

RAND = Currency("ZAR", 2, 10)
HOUR_MS = 3_600_000
FREE = '\n[[free]]\nmeter = "METER"\nfrom = "2028-02"\n'
ALL = Period(date(2028, 2, 1), date(2028, 4, 30))
SOME = (
    ALL,
    Period(date(2028, 2, 26), date(2028, 2, 26)),
    Period(date(2028, 3, 1), date(2028, 3, 31)),
    Period(date(2028, 3, 25), date(2028, 3, 27)),
)


@dataclass(frozen=True)
class BusyShop:
    """The shop after its month; `till` is its name at head office."""

    shop: OpenShop
    clock: ZoneClock
    till: str = "TRAIN1"

    @property
    def source(self) -> SqliteReports:
        offset = self.clock.offset_minutes
        return SqliteReports(self.shop.ledger, lambda at: day_of(at, offset(at)))

    @property
    def last(self) -> int:
        return self.shop.ledger.head().seq

    def rooms(self, store: object) -> Rooms:
        """Return an office at the shop's time."""
        return make_rooms(store, HeldClock(self.clock.now))  # type: ignore[arg-type]

    def enrol(self, rooms: Rooms) -> None:
        """Let the office know this till."""
        code = rooms.enrolling.code_for(self.till)
        rooms.enrolling.answer(self.shop.desk.office.request(code, "grace"), "127.0.0.1")

    def bundle(self, first: int, last: int) -> io.BytesIO:
        """Return entries of the journal as the till sends them."""
        up, file = self.shop.desk.office.up, io.BytesIO()
        before = self.shop.ledger.entry(first - 1)
        title = BundleTitle(
            owner=Owner(self.till, up.seal.public),
            first=first,
            last=last,
            previous_hash=before.hash if before else GENESIS,
            made_at_ms=self.clock.now,
        )
        up.write(file, title, at_once)
        file.seek(0)
        return file

    def send(self, rooms: Rooms, first: int = 1, last: int = 0) -> None:
        """Bring entries in as the network does."""
        rooms.take(rooms.till(self.till), self.bundle(first, last or self.last))


@contextmanager
def busy_shop(folder: Path, sales: int, seed: int = 5) -> Iterator[BusyShop]:
    """Live a month of `sales` sales with everything between them."""
    shop, clock = make_hall(folder / "shop", durable=False)
    clock.now = FIRST_MS + 3 * HOUR_MS
    shop.desk.wallets.set_caps("grace", {"ZAR": Decimal(20)}, lambda: None)
    shop = _with_accounts(shop)
    _first_hours(shop, clock)
    ShopMonth(shop, clock, sales, random.Random(seed)).live()  # noqa: S311 - repeatable
    yield BusyShop(shop, clock)
    shop.close()


def _with_accounts(shop: OpenShop) -> OpenShop:
    put_tariff(shop, 3, ("[[tax]]", '[free]\nunits = "50"\ncounts = true\n\n[[tax]]'))
    shop.desk.accounts.take(account_file(LOAN + FREE), "grace")
    return shop


def _first_hours(shop: OpenShop, clock: ZoneClock) -> None:
    """Sell with a debt, free units and a wallet; give units away; make a slip again."""
    desk = shop.desk
    desk.shifts.open("ama", [Money(50_000, RAND)])
    desk.wallets.open("ama", HIGHVELD)
    first = _sell(shop, clock, 9_950, Tender("cash", Money(11_000, RAND)), keep_change=True)
    assert (first.wallet_in_minor, first.free_tenths) == (1_050, 500)
    parts = [Tender(kind, Money(minor, RAND)) for kind, minor in (("wallet", 300), ("cash", 3_700))]
    second = _sell(shop, clock, 4_000, *parts)
    assert any(line.kind == "debt" for line in second.lines)
    desk.reprint(second.receipt, "lost", "ama")
    _act(shop, DeskAct.FREE_ISSUE, drn=HIGHVELD, units="12.5")
    _act(shop, DeskAct.REPLACEMENT, receipt=second.receipt, says="refused")
    _act(shop, DeskAct.POWER_LIMIT, drn=HIGHVELD, power="3x40A@220")
    desk.wallets.close("ama", HIGHVELD)


def _sell(shop: OpenShop, clock: ZoneClock, minor: int, *tenders: Tender, **more: object) -> Sale:
    clock.now += 60_000
    paid = {"tenders": tenders, "repeat_allowed": True, **more}
    return shop.desk.sell(order(shop, HIGHVELD, minor, **paid))


def _act(shop: OpenShop, act: DeskAct, **values: str) -> None:
    drn, approval = values.pop("drn", ""), Approval("grace", pin=training_pins()["grace"])
    shop.desk.engineering.make(
        ActOrder(act, act.value, "kwame", drn, "C-1", "at the meter", values, approval=approval)
    )
