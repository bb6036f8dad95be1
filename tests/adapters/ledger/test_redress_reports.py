"""What reports say of refunds and compensations is what their journal entries say."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.engine import connect
from pos_app.adapters.ledger.migrations import STEPS, migrate
from pos_app.adapters.ledger.report_queries import SqliteReports
from pos_app.application.redress_records import Redress
from pos_app.application.reports.period import Period
from pos_app.application.sale import Sale
from pos_app.exchange.chain import FaultKind
from tests.adding_machine import wall_day
from tests.ledger_makers import LEDGER_KEY, START_MS, make_ledger, sale_of
from tests.ledger_proofs import fault_of, proof_of

FIRST = date(2026, 11, 21)
WAYS = ("cash", "card", "mobile")
STEP = "0100_redress_in_reports"
PERIODS = st.builds(
    lambda ahead, days, shift: Period(
        FIRST + timedelta(ahead), FIRST + timedelta(ahead + days), shift
    ),
    st.integers(-2, 12), st.integers(0, 14), st.sampled_from((0, 0, 1, 2)),
)  # fmt: skip


def put_right(chance: random.Random, sale: Sale, seq: int, number: int) -> Redress:
    """Return a refund of part of a sale, paid back in up to three ways, or a compensation."""
    amount = chance.randrange(1, sale.due_minor + 1)
    first = chance.randrange(amount + 1)
    split = ((chance.choice(WAYS), first), (chance.choice(WAYS), amount - first))
    refund = chance.random() < 0.7
    return Redress(
        kind="refund" if refund else "compensation", slip=f"R-{number}", number=number,
        offset_minutes=chance.choice((-600, 0, 120, 345, 840)), sale_seq=seq,
        receipt=sale.receipt, drn=sale.meter.drn, name=sale.meter.name, currency=sale.currency,
        decimals=sale.decimals, total_minor=sale.total_minor, amount_minor=amount,
        parts=tuple(part for part in split if part[1]) if refund else (),
        reason=chance.choice(("wrong-amount", "wrong-meter")), note="", token="not-entered",
        claim_minor=0, claim_tenths=chance.choice((0, 229)), unit="kWh",
        operator=chance.choice(("ama", "grace")), operator_name="", approver="grace",
        approver_name="Grace", shift=chance.choice((0, 1, 2)), training=True,
        commission_minor=chance.randrange(amount + 1) if refund else 0, utility=sale.meter.utility,
        new_receipt="" if refund else "A-9", commission_percent=sale.commission_percent,
    )  # fmt: skip


def live(ledger: SqliteLedger, seed: int, sales: int) -> None:
    """Sell and put right; about half of the entries as older programs wrote them."""
    chance, now, number = random.Random(seed), START_MS, 0  # noqa: S311 - any seed will do
    with ledger.writing() as act:
        for _ in range(sales):
            now += chance.choice((1, 60_000, 7 * 3_600_000, 30 * 3_600_000))
            currency, decimals = chance.choice((("ZAR", 2), ("UGX", 0)))
            sale = sale_of(act, now, currency=currency, decimals=decimals)
            meter = replace(sale.meter, utility=chance.choice(("highveld", "river")))
            sale = replace(sale, meter=meter, commission_percent=chance.choice(("2", "2.5")))
            seq = act.append("sale", sale.to_body(), now).seq
            if chance.random() < 0.7:
                number += 1
                given = put_right(chance, sale, seq, number)
                body = given.to_body()
                if chance.random() < 0.5:
                    del body["utility"], body["commission_percent"]
                act.append(given.kind, body, now + chance.choice((0, 5 * 3_600_000)))


def written(ledger: SqliteLedger, period: Period) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (time, body) of the entries of a time; this reads nothing that reports read."""
    for entry in ledger.entries():
        if entry.kind in {"refund", "compensation"}:
            body = entry.reading()
            day = wall_day(entry.at_ms, body["offset_minutes"])
            inside = period.first.isoformat() <= day <= period.last.isoformat()
            if inside and period.shift in {0, body["shift"]}:
                yield entry.at_ms, body | {"day": day}


def prove(ledger: SqliteLedger, period: Period) -> None:
    reports = SqliteReports(ledger, lambda _: "")
    sold = {entry.seq: entry.reading() for entry in ledger.entries() if entry.kind == "sale"}
    given: Counter[tuple[str, str]] = Counter()
    lost: Counter[tuple[str, str]] = Counter()
    back: Counter[tuple[str, str]] = Counter()
    taken: Counter[tuple[str, str, str]] = Counter()
    times: Counter[tuple[str, str, str]] = Counter()
    listed = []
    for at_ms, body in written(ledger, period):
        who, code = (body["operator"], body["currency"]), body["currency"]
        sale = sold[body["sale_seq"]]
        given[who] += body["amount_minor"]
        lost[who] += body["commission_minor"]
        for part in body["parts"]:
            back[part["kind"], code] += part["amount_minor"]
        if body["commission_minor"]:
            earned = (sale["meter"]["utility"], sale["commission_percent"], code)
            taken[earned] += body["commission_minor"]
            times[earned] += 1
        listed.append((at_ms, body["day"], body["slip"], body["amount_minor"], body["reason"]))
    sums = reports.redress_sums(period)
    assert {(e.operator, e.amount.currency.code): e.amount.minor for e in sums} == given
    assert {(e.operator, e.amount.currency.code): e.commission_minor for e in sums} == lost
    assert {(w, m.currency.code): m.minor for w, m in reports.refunded(period)} == back
    parts = reports.commission_back(period)
    assert {(e.name, e.detail, e.currency.code): e.amount for e in parts} == taken
    assert {(e.name, e.detail, e.currency.code): e.times for e in parts} == times
    rows = reports.redresses(period)
    assert [(e.at_ms, e.day, e.slip, e.amount.minor, e.reason) for e in rows] == listed[::-1]
    assert sum(e.not_owed for e in rows) == sum(e.not_owed for e in sums)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.lists(PERIODS, min_size=3, max_size=6))
def test_sums_and_lists_are_what_the_entries_say(seed: int, periods: list[Period]) -> None:
    with tempfile.TemporaryDirectory(prefix="tokentill-") as folder:
        ledger = make_ledger(Path(folder) / "shop")
        try:
            live(ledger, seed, 18)
            ever = Period(date(2026, 1, 1), date(2028, 1, 1))
            for period in (ever, replace(ever, shift=2), *periods):
                prove(ledger, period)
            head = ledger.head()
        finally:
            ledger.close()
        assert proof_of(ledger.path, head).fault is None


def _rows(db: Any) -> list[Any]:
    return list(db.execute("select * from redress order by seq").fetchall())


def test_an_older_ledger_gets_the_rows_that_a_new_one_writes(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    live(ledger, 7, 20)
    ledger.close()
    db = connect(ledger.path, LEDGER_KEY)
    rows = _rows(db)
    assert len(rows) > 8
    older = ("seq", "number", "sale_seq", "kind", "at_ms", "claim_drn")
    for _, name, *_ in db.execute("pragma table_info(redress)").fetchall():
        if name not in older:
            db.execute(f"alter table redress drop column {name}")
    db.execute("delete from _sqlite_migrations where name = ?", (STEP,))
    db.conn.commit()
    assert [step.name for step in STEPS.pending(db)] == [STEP]
    migrate(db)
    assert _rows(db) == rows
    db.close()
    assert proof_of(ledger.path).fault is None


@pytest.mark.parametrize("column", ["amount_minor", "commission_minor", "parts", "day", "utility"])
def test_a_row_that_does_not_follow_from_its_entry_is_found(tmp_path: Path, column: str) -> None:
    ledger = make_ledger(tmp_path / "shop")
    live(ledger, 3, 6)
    ledger.close()
    db = connect(ledger.path, LEDGER_KEY)
    (seq,) = db.execute("select max(seq) from redress").fetchone()
    db.execute(f"update redress set {column} = 1234 where seq = ?", (seq,))  # noqa: S608
    db.conn.commit()
    db.close()
    assert fault_of(ledger.path) == (seq, FaultKind.PROJECTION)
