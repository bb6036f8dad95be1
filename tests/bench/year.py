"""A made-up year of a shop, written through the ledger's own transaction."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.transaction import Transaction
from pos_app.application.redress_records import Redress
from pos_app.application.sale import Sale, SaleLine, SaleTender
from pos_app.application.shop_time import month_of
from tests.ledger_makers import make_ledger, sale_of

FIRST_MS = 1_798_754_400_000
"""Midnight of 1 January 2027 two hours ahead of UTC."""
OFFSET = 120
DAY_MS = 86_400_000
METERS = 20_000
OPERATORS = ("ama", "tendai", "grace", "kofi")
TAX = 15
PERCENT = "2.5"
"""The commission of every sale; of the hundredth part that is refunded it goes back."""
A_COMMIT = 2_000


def write_year(folder: Path, sales: int, days: int = 365, seed: int = 7) -> SqliteLedger:
    """Return an open ledger with so many sales spread over so many days."""
    ledger = make_ledger(folder)
    sell_for(ledger, sales, days, seed)
    return ledger


def sell_for(
    ledger: SqliteLedger, sales: int, days: int = 365, seed: int = 7, first_ms: int = FIRST_MS
) -> None:
    """Add so many sales to a ledger, spread over so many days from `first_ms` on."""
    chance = random.Random(seed)  # noqa: S311 - a fixed year
    times = iter(sorted(_times(chance, sales, days, first_ms)))
    left, sample = sales, None
    while left:
        with ledger.writing() as transaction:
            for _ in range(min(left, A_COMMIT)):
                at_ms = next(times)
                sample = sample or sale_of(transaction, at_ms)
                _write(transaction, chance, sample, at_ms)
                left -= 1


def _times(chance: random.Random, sales: int, days: int, first_ms: int) -> Iterator[int]:
    for _ in range(sales):
        day = chance.randrange(days)
        hour = min(max(chance.gauss(13, 3.5), 0), 23.99)
        yield first_ms + day * DAY_MS + int(hour * 3_600_000)


def _write(transaction: Transaction, chance: random.Random, sample: Sale, at_ms: int) -> None:
    series, number = transaction.next_receipt()
    drn = f"14{int(METERS * chance.random() ** 2):08d}3"
    minute = max((transaction.last_tid_minute(drn) or 0) + 1, at_ms // 60_000 - 12_097_440)
    total = chance.randrange(10, 500) * 100 + chance.choice((0, 0, 0, 50))
    tax = round(total * TAX / (100 + TAX))
    handed = -(-total // 1000) * 1000
    tenths = max(1, total * 10 // 219)
    token = replace(sample.tokens[0], minute=minute, tenths=tenths, digits=f"{number:020d}")
    sale = replace(
        sample,
        sale_id=f"00000000-0000-4000-8000-{number:012d}",
        receipt=f"TILL7-A{number:06d}",
        series=series,
        number=number,
        at_ms=at_ms,
        offset_minutes=OFFSET,
        month=month_of(at_ms, OFFSET),
        operator=chance.choice(OPERATORS),
        meter=replace(sample.meter, drn=drn, name=f"MOYO Ama {drn[2:6]}"),
        total_minor=total,
        due_minor=total,
        change_minor=handed - total,
        tenths=tenths,
        lines=(SaleLine("energy", total - tax), SaleLine("tax", tax, "VAT", percent=str(TAX))),
        tenders=(SaleTender("cash", handed),),
        tokens=(token,),
        commission_percent=PERCENT,
        commission_minor=total // 40,
    )
    entry = transaction.append("sale", sale.to_body(), at_ms)
    if chance.random() < 0.01:
        _refund(transaction, sale, entry.seq)
    if chance.random() < 0.002:
        _reprint(transaction, chance, entry.seq, at_ms)
    if chance.random() < 0.001:
        _refuse(transaction, chance.choice(OPERATORS), at_ms, chance.choice((1, 2, 4)))


def _refund(transaction: Transaction, sale: Sale, seq: int) -> None:
    """Give all the money of a sale back, an hour later."""
    given = Redress(
        kind="refund", slip="redress", number=seq, offset_minutes=OFFSET, sale_seq=seq,
        receipt=sale.receipt, drn=sale.meter.drn, name=sale.meter.name, currency=sale.currency,
        decimals=sale.decimals, total_minor=sale.total_minor, amount_minor=sale.due_minor,
        parts=(("cash", sale.due_minor),), reason="wrong-amount", note="", token="not-entered",
        claim_minor=0, claim_tenths=0, unit=sale.meter.unit, operator=sale.operator,
        operator_name=sale.operator_name, approver="grace", approver_name="Grace", shift=sale.shift,
        training=True, commission_minor=sale.commission_minor, utility=sale.meter.utility,
        commission_percent=sale.commission_percent,
    )  # fmt: skip
    transaction.append("refund", given.to_body(), sale.at_ms + 3_600_000)


def _reprint(transaction: Transaction, chance: random.Random, seq: int, at_ms: int) -> None:
    for copy in range(1, chance.choice((1, 1, 1, 3)) + 1):
        body: dict[str, Any] = {"sale_seq": seq, "copy": copy, "reason": "lost", "operator": "ama"}
        transaction.append("reprint", body, at_ms)


def _refuse(transaction: Transaction, operator: str, at_ms: int, times: int) -> None:
    for number in range(times):
        body = {"operator": operator, "failures": number + 1}
        transaction.append("sign_in_refused", body, at_ms)
