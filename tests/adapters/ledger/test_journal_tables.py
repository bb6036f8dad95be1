"""What the ledger writes: all of an act or nothing, append-only, every table from the journal."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as sqlite

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.engine import connect
from pos_app.adapters.ledger.errors import (
    LedgerDamaged,
    LedgerMissing,
    LedgerNewer,
    LedgerUnavailable,
)
from pos_app.adapters.ledger.migrations import STEPS, migrate
from pos_app.adapters.ledger.projections import local_day
from pos_app.adapters.ledger.verify import reading, verify_ledger
from pos_app.domain.tid import minute_1993
from tests.ledger_makers import (
    LEDGER_KEY,
    METER,
    OWNER,
    SIGNER,
    START_MINUTE,
    START_MS,
    live_through,
    make_ledger,
    reopened,
    sale_of,
    sell,
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    made = make_ledger(tmp_path / "shop")
    yield made
    made.close()


def rows(ledger: SqliteLedger, statement: str) -> list[tuple[object, ...]]:
    return list(ledger.db.execute(statement).fetchall())


def everything(ledger: SqliteLedger) -> dict[str, list[tuple[object, ...]]]:
    tables = ("journal", "sale", "token", "hour_sum", "tally", "allowance", "mark")
    return {table: rows(ledger, f"select * from {table}") for table in tables}  # noqa: S608


@settings(max_examples=12)
@given(seed=st.integers(0, 2**32))
def test_every_table_follows_from_the_journal(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    ledger = make_ledger(tmp_path_factory.mktemp("random") / "shop")
    live_through(ledger, random.Random(seed), 40)  # noqa: S311 - any seed will do
    head = ledger.head()
    ledger.close()
    with reading(ledger.path, LEDGER_KEY) as db:
        proof = verify_ledger(db, OWNER, head)
    assert (proof.head, proof.fault) == (head, None)


def test_sums_are_what_an_adding_machine_says(ledger: SqliteLedger) -> None:
    live_through(ledger, random.Random(7), 60)  # noqa: S311 - any seed will do
    sales = [entry.reading() for entry in ledger.entries() if entry.kind == "sale"]
    for currency in ("ZAR", "UGX"):
        own = [sale for sale in sales if sale["currency"] == currency]
        total = sum(sale["total_minor"] for sale in own)
        expected = (len(own), total)
        ever = [held for held in ledger.waiting()[0] if held.total.currency.code == currency]
        assert [(held.sales, held.total.minor) for held in ever] == [expected]
        days = {local_day(sale["at_ms"], sale["offset_minutes"]) for sale in own}
        by_day = [
            (held.sales, held.total.minor)
            for day in days
            for held in ledger.day_sums(day)
            if held.total.currency.code == currency
        ]
        assert tuple(map(sum, zip(*by_day, strict=True))) == expected


def test_an_allowance_counts_down_with_each_sale(ledger: SqliteLedger) -> None:
    for _ in range(3):
        sell(ledger)
    spent = {code: spent for code, _, spent in ledger.allowances()}
    assert (spent["ZAR"].money_minor, spent["ZAR"].tenths, spent["ZAR"].count) == (15000, 687, 3)
    assert spent["UGX"].count == 0


@pytest.mark.parametrize(
    "statement",
    ["update journal set body = '{}' where seq = 2", "delete from journal where seq = 2"],
)
def test_the_journal_is_append_only(ledger: SqliteLedger, statement: str) -> None:
    with pytest.raises(sqlite.IntegrityError, match="append-only"):
        ledger.db.execute(statement)


def test_an_error_leaves_nothing_behind(ledger: SqliteLedger) -> None:
    sell(ledger)
    before, head = everything(ledger), ledger.head()
    with pytest.raises(RuntimeError, match="printer on fire"):
        _sell_and_fail(ledger)
    assert everything(ledger) == before
    assert ledger.head() == head
    assert sell(ledger) == head.seq + 1


def _sell_and_fail(ledger: SqliteLedger) -> None:
    with ledger.writing() as transaction:
        sale = sale_of(transaction, START_MS)
        transaction.append("sale", sale.to_body(), START_MS)
        raise RuntimeError("printer on fire")


def test_one_meter_never_gets_a_minute_twice(ledger: SqliteLedger) -> None:
    sell(ledger, minute=START_MINUTE)
    head = ledger.head()
    with pytest.raises(sqlite.IntegrityError):
        sell(ledger, minute=START_MINUTE)
    assert ledger.head() == head


def test_the_start_of_the_tests_is_the_minute_it_says() -> None:
    # 21 November 2026, 10:32 UTC: 12,377 days and 632 minutes after 1 January 1993.
    assert minute_1993(START_MS) == 12_377 * 1440 + 632 == START_MINUTE - 1


def test_entries_are_never_stamped_before_the_last_but_by_a_supervisor(
    ledger: SqliteLedger,
) -> None:
    with ledger.writing() as transaction:
        late = transaction.append("sign_in", {"operator": "ama"}, START_MS + 60_000)
        early = transaction.append("sign_in", {"operator": "ama"}, START_MS)
        settled = transaction.append(
            "clock_settled",
            {"operator": "grace", "was": START_MS + 60_000, "is": START_MS},
            START_MS,
        )
    assert (late.at_ms, early.at_ms) == (START_MS + 60_000, START_MS + 60_000)
    assert settled.at_ms == ledger.clock_floor_ms() == START_MS


def test_what_was_committed_is_there_after_opening_again(ledger: SqliteLedger) -> None:
    seq = sell(ledger)
    head = ledger.head()
    again = reopened(ledger)
    try:
        assert again.head() == head
        assert again.sale_by_seq(seq) is not None
    finally:
        again.close()


def test_a_slip_that_was_on_its_way_when_the_program_died_is_not_sent_again(
    ledger: SqliteLedger,
) -> None:
    sell(ledger)
    assert ledger.next_print_task() is not None
    again = reopened(ledger)
    try:
        assert again.next_print_task() is None
        assert rows(again, "select state, problem from print_job") == [("failed", "interrupted")]
    finally:
        again.close()


def test_nothing_of_a_customer_is_readable_on_the_disk(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    sell(ledger)
    ledger.db.execute("pragma wal_checkpoint")
    raw = b"".join(path.read_bytes() for path in (tmp_path / "shop").iterdir())
    ledger.close()
    assert len(raw) > 100_000
    for word in (METER.name, METER.phone, METER.drn, f"{1:020d}", "SQLite format 3"):
        assert word.encode() not in raw


def test_a_new_file_gets_todays_form_and_keeps_it(tmp_path: Path) -> None:
    db = connect(tmp_path / "ledger.db", LEDGER_KEY)
    assert STEPS.pending(db)
    migrate(db)
    assert not STEPS.pending(db)
    before = db.execute("select name, sql from sqlite_schema order by name").fetchall()
    migrate(db)
    assert db.execute("select name, sql from sqlite_schema order by name").fetchall() == before
    strict = {row[1]: row[5] for row in db.execute("pragma table_list").fetchall()}
    assert all(strict[table] for table in ("journal", "sale", "token", "meter", "mark"))
    db.close()


def test_a_ledger_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    ledger.db.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) "
        "values ('ledger', '0099_of_tomorrow', '2030-01-01')"
    )
    ledger.close()
    with pytest.raises(LedgerNewer) as refused:
        SqliteLedger.open(tmp_path / "shop", LEDGER_KEY, SIGNER)
    assert refused.value.facts == {"steps": "0099_of_tomorrow"}
    with pytest.raises(LedgerNewer), reading(ledger.path, LEDGER_KEY):
        pass


def test_a_second_program_on_one_ledger_is_refused(ledger: SqliteLedger) -> None:
    sell(ledger)
    with pytest.raises(LedgerUnavailable) as refused:
        SqliteLedger.open(ledger.path.parent, LEDGER_KEY, SIGNER)
    assert refused.value.facts == {"reason": "SQLITE_BUSY"}
    assert sell(ledger) == ledger.head().seq


def test_another_key_does_not_open_the_ledger(ledger: SqliteLedger) -> None:
    ledger.close()
    with pytest.raises(LedgerDamaged):
        SqliteLedger.open(ledger.path.parent, bytes(32), SIGNER)


@pytest.mark.parametrize("content", [b"", b"not a database", bytes(8192)])
def test_a_file_that_is_no_ledger_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ledger.db").write_bytes(content)
    if content:
        with pytest.raises(LedgerDamaged):
            SqliteLedger.open(tmp_path, LEDGER_KEY, SIGNER)
        with pytest.raises(LedgerDamaged), reading(tmp_path / "ledger.db", LEDGER_KEY):
            pass
    else:
        with reading(tmp_path / "ledger.db", LEDGER_KEY) as db:
            assert verify_ledger(db, OWNER).fault is not None


def test_a_ledger_that_is_not_there_is_missing_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(LedgerMissing):
        SqliteLedger.open(tmp_path, LEDGER_KEY, SIGNER)
    with pytest.raises(LedgerMissing), reading(tmp_path / "ledger.db", LEDGER_KEY):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_engine_is_the_encrypted_one_and_new_enough() -> None:
    # In a process of its own: whoever imports sqlite-utils first decides what it gets.
    asked = (
        "import pos_app.adapters.ledger.book, sqlite_utils.db as d; "
        "print(d.sqlite3.__name__, d.sqlite3.sqlite_version)"
    )
    run = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    name, version = run.stdout.split()
    assert name == "sqlcipher3"
    assert tuple(map(int, version.split("."))) >= (3, 51, 3)
