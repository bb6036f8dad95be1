"""Ledgers full of sales worth reporting, and reports of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.report_queries import SqliteReports
from pos_app.application.records import Operator, Role, ShopIdentity, ShopMode
from pos_app.application.reports.catalogue import Reports
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import Cell, Report
from pos_app.application.sale import SaleLine, SaleTender, SaleToken
from pos_app.application.shop_time import day_of
from pos_app.application.words import load_words
from tests.ledger_makers import METER, START_MINUTE, TILL, sell
from tests.shops import HeldClock

CURRENCIES = (("ZAR", 2), ("UGX", 0), ("KWD", 3))
TAXES = (("VAT", "15"), ("VAT", "7.5"), ("Street light", "2"))
EARLIEST = datetime(2027, 12, 1, tzinfo=UTC)
"""After the ledger was made, in the winter before a leap year's February."""
OFFSETS = (60, 120)
"""A place with daylight saving time: its offset changes under the same ledger."""
EVER = Period.of(date(2027, 1, 1), date(2029, 12, 31))
EN = load_words("en")
GRACE = Operator("grace", "Grace", Role.SUPERVISOR)
AMA = Operator("ama", "Ama", Role.CASHIER)


def reports_of(
    ledger: SqliteLedger, now: datetime = datetime(2029, 6, 1, tzinfo=UTC), offset: int = 120
) -> Reports:
    clock = HeldClock(int(now.timestamp() * 1000), offset)
    source = SqliteReports(ledger, lambda at_ms: day_of(at_ms, offset))
    return Reports(source, ledger, clock, ShopIdentity(TILL, "Mbare Shop 3", ShopMode.LIVE))


def report(ledger: SqliteLedger, name: str, period: Period = EVER, **choices: Any) -> Report:
    choices.setdefault("reader", GRACE)
    return reports_of(ledger).make(name, period, EN, **choices)


def instant(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]


def sell_randomly(ledger: SqliteLedger, chance: random.Random, count: int) -> None:
    """Sell `count` times with taxes, change, rounding and several tokens, over a year."""
    at = EARLIEST
    for number in range(count):
        at += timedelta(minutes=chance.choice((1, 40, 500, 6_000)))
        sell(ledger, int(at.timestamp() * 1000), **_random_sale(chance, number))


def _random_sale(chance: random.Random, number: int) -> dict[str, Any]:
    currency, decimals = chance.choice(CURRENCIES)
    net = chance.randrange(1, 10**6)
    taxes = chance.sample(TAXES, chance.randrange(3))
    amounts = [round(net * chance.random() / 5) for _ in taxes]
    debt = chance.choice((0, 0, 700))
    total = net + sum(amounts) + debt
    rounding = chance.choice((0, 3, -2))
    handed = total + rounding + chance.choice((0, 0, 5_000))
    other = handed // 3 if chance.random() < 0.3 else 0
    tenths = [chance.randrange(1, 9_000) for _ in range(chance.choice((1, 1, 2)))]
    minute = START_MINUTE + 10_000_000 + number * 3
    tokens = tuple(
        SaleToken(f"{number:020d}", kind, minute + place, minute + place, each)
        for place, (kind, each) in enumerate(zip(("credit", "free"), tenths, strict=False))
    )
    lines = [SaleLine("energy", net - 1, block=1), SaleLine("energy", 1, block=2)]
    lines += [SaleLine("debt", debt, "Arrears")] if debt else []
    lines += [
        SaleLine("tax", amount, name, percent=percent)
        for amount, (name, percent) in zip(amounts, taxes, strict=True)
    ]
    tenders = [SaleTender("cash", handed - other)]
    tenders += [SaleTender("mobile", other)] if other else []
    return {
        "drn": f"1400000000{chance.randrange(5)}",
        "minute": minute,
        "currency": currency,
        "decimals": decimals,
        "offset_minutes": chance.choice(OFFSETS),
        "operator": chance.choice(("ama", "grace")),
        "total_minor": total,
        "rounding_minor": rounding,
        "due_minor": total + rounding,
        "change_minor": handed - total - rounding,
        "tenths": sum(tenths),
        "lines": tuple(lines),
        "tenders": tuple(tenders),
        "tokens": tokens,
    }


def sales_of(ledger: SqliteLedger, period: Period = EVER) -> Iterator[dict[str, Any]]:
    """Yield what the journal says of the sales of a time, with their local moment as ``local``.

    This reads nothing that reports read.
    """
    for entry in ledger.entries():
        if entry.kind == "sale":
            body = entry.reading()
            zone = timedelta(minutes=body["offset_minutes"])
            local = datetime.fromtimestamp(body["at_ms"] / 1000, UTC) + zone
            if period.first <= local.date() <= period.last:
                yield body | {"local": local}


def column(made: Report, code: str) -> list[Cell]:
    at = [each.code for each in made.columns].index(code)
    return [row[at] for row in made.rows]


def cells(made: Report, *codes: str, total: bool = False) -> list[tuple[Cell, ...]]:
    places = [[each.code for each in made.columns].index(code) for code in codes]
    return [tuple(row[at] for at in places) for row in (made.totals if total else made.rows)]


def pairs(made: Report, left: str, right: str) -> dict[Cell, Cell]:
    return dict(zip(column(made, left), column(made, right), strict=True))


def a_quiet_sale(ledger: SqliteLedger, at_ms: int, **changes: Any) -> None:
    """Sell once to the usual meter, at its own minute."""
    minute = START_MINUTE + at_ms // 60_000
    sell(ledger, at_ms, **{"drn": METER.drn, "minute": minute} | changes)
