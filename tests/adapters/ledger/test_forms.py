"""A ledger of an older form opens, says what it said before, and is sound."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlite

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.engine import connect
from pos_app.adapters.ledger.migrations import STEPS, migrate
from pos_app.adapters.ledger.queries import seq_of_number
from pos_app.application.printing import PrintOutcome, PrintState
from pos_app.application.records import CurrencySum
from pos_app.domain.allowance import Allowance
from tests.ledger_makers import (
    LEDGER_KEY,
    SIGNER,
    START_MS,
    live_through,
    make_ledger,
    sell,
)
from tests.ledger_proofs import proof_of

LEDGERS = Path(__file__).parents[2] / "data" / "ledgers"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    shutil.copy(LEDGERS / "0003.db", tmp_path / "ledger.db")
    opened = SqliteLedger.open(tmp_path, LEDGER_KEY, SIGNER)
    yield opened
    opened.close()


@pytest.fixture
def said() -> Any:
    return json.loads((LEDGERS / "0003.json").read_text(encoding="utf-8"))


def _plain(sums: Sequence[CurrencySum]) -> list[list[object]]:
    return [[each.total.currency.code, each.sales, each.total.minor] for each in sums]


def _sales(ledger: SqliteLedger) -> Iterator[tuple[int, dict[str, Any]]]:
    return ((entry.seq, entry.reading()) for entry in ledger.entries() if entry.kind == "sale")


def test_an_older_ledger_answers_as_the_program_that_wrote_it(
    ledger: SqliteLedger, said: dict[str, Any]
) -> None:
    spent = [
        [code, allowance.sequence, used.money_minor, used.tenths, used.count]
        for code, allowance, used in ledger.allowances()
    ]
    assert spent == said["allowances"]
    assert _plain(ledger.waiting()[0]) == said["ever"]
    assert {day: _plain(ledger.day_sums(day)) for day in said["days"]} == said["days"]
    assert list(ledger.unprinted()) == said["unprinted"]
    rows = ledger.sales_between(0, 1 << 50, "", 1000)
    assert [[row.receipt, row.copies, row.print_state.value] for row in rows] == said["states"]
    found = [ledger.sale_by_receipt(receipt) for receipt, _ in said["receipts"]]
    assert [each[0] for each in found if each] == [seq for _, seq in said["receipts"]]


def test_an_older_ledger_is_sound_and_goes_on(ledger: SqliteLedger) -> None:
    live_through(ledger, random.Random(5), 20)  # noqa: S311 - any seed will do
    head = ledger.head()
    ledger.close()
    assert proof_of(ledger.path, head).fault is None


def test_a_month_is_what_an_adding_machine_says(ledger: SqliteLedger) -> None:
    live_through(ledger, random.Random(6), 20)  # noqa: S311 - any seed will do
    months: Counter[tuple[str, str]] = Counter()
    for _, body in _sales(ledger):
        months[body["meter"]["drn"], body["month"]] += body["tenths"]
    assert {key: ledger.month_tenths(*key) for key in months} == months
    assert ledger.month_tenths("14000000000", "1999-01") == 0


def test_every_receipt_is_found_by_its_number_and_no_other(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    assert seq_of_number(ledger.db, 1) is None
    live_through(ledger, random.Random(8), 80)  # noqa: S311 - any seed will do
    numbers = {body["number"]: seq for seq, body in _sales(ledger)}
    assert len(numbers) > 40
    for number in range(-2, max(numbers) + 3):
        assert seq_of_number(ledger.db, number) == numbers.get(number)
    ledger.close()


def test_a_receipt_number_is_given_once(ledger: SqliteLedger) -> None:
    head = ledger.head()
    number = max(body["number"] for _, body in _sales(ledger))
    for again in (number, 1, 0):
        with pytest.raises(sqlite.IntegrityError, match="given once"):
            sell(ledger, number=again, sale_id=f"other {again}")
    assert ledger.head() == head


def test_a_sale_id_is_taken_once(ledger: SqliteLedger) -> None:
    known = next(body["sale_id"] for _, body in _sales(ledger))
    with pytest.raises(sqlite.IntegrityError, match="sale_id"):
        sell(ledger, sale_id=known)


def test_an_allowance_starts_from_what_was_sold_before_it(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    sell(ledger)
    granted = Allowance(2, 10**6, 10**6, 50, 10**6, START_MS * 2)
    with ledger.writing() as transaction:
        body = {"sequence": 2, "money_minor": 10**6, "tenths": 10**6, "count": 50}
        rest = {"currency": "ZAR", "per_vend_minor": 10**6, "not_after_ms": START_MS * 2}
        transaction.append("allowance", {**body, **rest}, START_MS)
    (_, held, fresh) = next(each for each in ledger.allowances() if each[0] == "ZAR")
    assert (held, fresh.money_minor, fresh.tenths, fresh.count) == (granted, 0, 0, 0)
    sell(ledger)
    (_, _, spent) = next(each for each in ledger.allowances() if each[0] == "ZAR")
    assert (spent.money_minor, spent.tenths, spent.count) == (5000, 229, 1)
    ledger.close()


def test_a_slip_can_be_queued_again_however_it_ended(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    seq = sell(ledger)
    assert not ledger.requeue(seq)  # it waits already
    for problem in ("paper", ""):
        task = ledger.next_print_task()
        assert task is not None
        state = PrintState.FAILED if problem else PrintState.SENT
        ledger.note_print(task, PrintOutcome(state, problem))
        row = ledger.sales_between(0, START_MS * 2, "", 5)[0]
        assert row.print_state is state
        assert ledger.requeue(seq)
    assert ledger.unprinted() == (1, 0)
    assert not ledger.requeue(seq + 1)  # no sale
    ledger.close()


def test_sales_are_found_by_time_whatever_the_clock_did(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    day = 86_400_000
    later = sell(ledger, START_MS + 40 * day)
    with ledger.writing() as transaction:
        body = {"operator": "grace", "was": START_MS + 40 * day, "is": START_MS + day}
        transaction.append("clock_settled", body, START_MS + day)
    early = sell(ledger, START_MS + day)
    numbers = {ledger.sales_between(0, 1 << 60, "", 9)[0].receipt: early}
    assert ledger.sale_by_receipt(next(iter(numbers))) is not None
    for seq, at_ms in ((later, START_MS + 40 * day), (early, START_MS + day)):
        (row,) = ledger.sales_between(at_ms, at_ms + 1, "", 9)
        found = ledger.sale_by_receipt(row.receipt)
        assert found is not None
        assert (found[0], row.at_ms) == (seq, at_ms)
    assert ledger.sales_between(0, START_MS, "", 9) == ()
    ledger.close()


@pytest.mark.parametrize("form", ["0001.db", "0003.db"])
def test_an_older_ledger_is_proven_without_being_changed(tmp_path: Path, form: str) -> None:
    path = Path(shutil.copy(LEDGERS / form, tmp_path / "ledger.db"))
    proof = proof_of(path)
    assert proof.fault is None
    assert proof.head.seq > 20
    assert path.read_bytes() == (LEDGERS / form).read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_given_before_money_could_be_is_kept(tmp_path: Path) -> None:
    db = connect(tmp_path / "ledger.db", LEDGER_KEY)
    STEPS.apply(db, stop_before="0092_meters_say")
    head, columns = (1, b"0" * 32, 5, "free_issue", "{}", b"1" * 32, b"2" * 64), "?,?,?,?,?,?,?"
    db.execute(f"insert into journal values ({columns})", head)  # noqa: S608 - question marks
    given = (1, 5, "2026-11-21", "E-1", "123", "Moyo", "free-issue", 500, "kWh", "ama", 1)
    db.execute("insert into free_issue values (?,?,?,?,?,?,?,?,?,?,?)", given)
    db.execute("insert into meter_life values ('123', 'installed', '', '', '', '', '', 70)")
    held = ("123", "201457", 1, 1, 255, 2, 7, 4, 2014, "a record")
    db.execute("insert into meter_key values (?,?,?,?,?,?,?,?,?,?)", held)
    migrate(db)
    assert db.execute("select * from free_issue").fetchall() == [(*given, 0)]
    assert db.execute("select credit_tenths, credit_fine from meter_life").fetchall() == [(70, 0)]
    assert db.execute("select * from meter_key").fetchall() == [(*held, "")]
    db.close()
