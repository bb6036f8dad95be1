"""Five weeks of a made-up shop behind the page of reports: a real ledger, a folder for files."""

from __future__ import annotations

import random
import shutil
import tempfile
import weakref
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.report_queries import SqliteReports
from pos_app.adapters.ledger.transaction import Transaction
from pos_app.application.ports import OperatorRecord, UtilityRecord
from pos_app.application.records import Operator, ShopIdentity
from pos_app.application.reports.catalogue import Reports
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import Report
from pos_app.application.sale import SaleLine, SaleTender
from pos_app.application.shop_time import day_of
from pos_app.bootstrap.training import training_meters
from pos_app.domain.meter_key import KeyAsk
from pos_app.ui.counter import ReportSide
from tests.ledger_makers import START_MINUTE, START_MS, make_ledger, sale_of
from tests.shops import HeldClock
from tests.ui.fake_meters import METERS

OFFSET = 120
DAY_MS = 24 * 3_600_000
DAYS = 34
NOW_MS = START_MS + DAYS * DAY_MS + 4 * 3_600_000
"""Christmas Day 2026, half past four in the afternoon."""
_STREETS = ("Samora Machel Avenue", "Herbert Chitepo Street", "Kwame Nkrumah Avenue")
_SOLD_IN_AN_HOUR = {8: 2, 9: 3, 10: 4, 11: 4, 12: 3, 13: 2, 14: 2, 15: 3, 16: 5, 17: 6, 18: 4}


class FakeReports:
    """Implements `ReportDoor`: made with the first question, on the thread that asks it."""

    def __init__(self, operators: tuple[Operator, ...], identity: ShopIdentity) -> None:
        self._operators, self._identity = operators, identity
        self._folder = Path(tempfile.mkdtemp(prefix="tokentill-"))
        self._gone = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._made: Reports | None = None
        self.ledger: SqliteLedger | None = None
        self.calls: list[str] = []

    @property
    def files(self) -> Path:
        return self._folder / "Documents" / "Tokentill"

    def _door(self) -> Reports:
        if self._made is None:
            self.ledger = make_ledger(self._folder / "shop")
            names = [operator.id for operator in self._operators]
            with self.ledger.writing() as transaction:
                for operator in self._operators:
                    transaction.put_operator(OperatorRecord(operator, "verifier"))
                _hang_meters(transaction)
                _sell_for_weeks(transaction, random.Random(21), names)  # noqa: S311
            source = SqliteReports(self.ledger, lambda at_ms: day_of(at_ms, OFFSET))
            self._made = Reports(source, self.ledger, HeldClock(NOW_MS, OFFSET), self._identity)
        return self._made

    def today(self) -> date:
        return self._door().today()

    def open_shift(self, operator_id: str) -> Period | None:
        return self._door().open_shift(operator_id)

    def make(self, name: str, *asked: Any, **choices: Any) -> Report:
        self.calls.append(name)
        return self._door().make(name, *asked, **choices)

    def release(self, *asked: Any, **choices: Any) -> None:
        self._door().release(*asked, **choices)

    def close(self) -> None:
        if self.ledger is not None:
            self.ledger.close()
        self._gone()


def _sell_for_weeks(transaction: Transaction, chance: random.Random, names: list[str]) -> None:
    midnight = START_MS - (START_MS + OFFSET * 60_000) % DAY_MS
    for day in range(DAYS + 1):
        busy = 1.5 if (day + 5) % 7 == 4 else 1.0  # Fridays
        for hour, most in _SOLD_IN_AN_HOUR.items():
            for _ in range(chance.randrange(round(most * busy) + 1)):
                at = midnight + day * DAY_MS + hour * 3_600_000 + chance.randrange(3_600_000)
                if START_MS < at < NOW_MS:
                    _sell(transaction, chance, names, at)


def _sell(transaction: Transaction, chance: random.Random, names: list[str], at_ms: int) -> None:
    who = chance.randrange(60)
    drn = METERS[who % 5].drn if who < 5 else f"0712448{who:04d}"
    total = chance.choice((2_000, 5_000, 5_000, 10_000, 10_000, 20_000, 30_000, 7_550))
    debt = 1_200 if chance.random() < 0.15 else 0
    free = "50" if chance.random() < 0.04 else ""
    tax = round((total - debt) * 15 / 115)
    lines = [SaleLine("energy", total - debt - tax, block=1)]
    lines += [SaleLine("free", 0, units=free)] if free else []
    lines += [SaleLine("debt", debt, "Arrears")] if debt else []
    kind = chance.choice(("cash", "cash", "cash", "mobile", "card"))
    handed = -(-total // 5_000) * 5_000 if kind == "cash" else total
    minute = START_MINUTE + (at_ms - START_MS) // 60_000
    sample = sale_of(transaction, at_ms, drn=drn, minute=_free(transaction, drn, minute))
    tenths = (total - debt) * 10 // 219 + (500 if free else 0)
    sale = replace(
        sample,
        operator=chance.choice(names),
        meter=replace(
            sample.meter,
            name=METERS[who % 5].name if who < 5 else f"MOYO Tendai {who}",
            address=f"{who} {chance.choice(_STREETS)}",
        ),
        total_minor=total,
        due_minor=total,
        change_minor=handed - total,
        tenths=tenths,
        tokens=(replace(sample.tokens[0], tenths=tenths),),
        lines=(*lines, SaleLine("tax", tax, "VAT", percent="15")),
        tenders=(SaleTender(kind, handed),),
        commission_percent="2.5",
        commission_minor=round(total * 0.025),
    )
    entry = transaction.append("sale", sale.to_body(), at_ms)
    if chance.random() < 0.03:
        body = {"sale_seq": entry.seq, "copy": 1, "reason": "lost", "operator": names[0]}
        transaction.append("reprint", body, at_ms)


def _free(transaction: Transaction, drn: str, minute: int) -> int:
    return max(minute, (transaction.last_tid_minute(drn) or 0) + 1)


def report_side(door: FakeReports, ask: Any) -> ReportSide:
    """Return the reports of a window: the real files, written beside the ledger."""
    from pos_app.bootstrap.reports import ReportFiles, plot_painter  # noqa: PLC0415 - brings Qt

    return ReportSide(door, ReportFiles(ask, lambda: door.files).save, plot_painter)


def _hang_meters(transaction: Transaction) -> None:
    """Put meters on file, a third of one utility's on the oldest base date, to be rolled over."""
    meters = tuple(training_meters(240))
    aged = (
        replace(meter, base=1993) if meter.utility == "highveld" and at % 3 == 0 else meter
        for at, meter in enumerate(meters)
    )
    transaction.import_meters(aged)
    for name in ("highveld", "lagoon", "lakeside"):
        utility = UtilityRecord(name, name.capitalize(), "", "", "")
        transaction.put_utility(utility)
        transaction.append("utility_imported", asdict(utility), START_MS)
    ask = asdict(KeyAsk("highveld", base=2014, due_ms=NOW_MS + 60 * 86_400_000))
    transaction.append("key_asked", {"ask": ask, "operator": ""}, START_MS)
