"""Tables of shifts and batches: they follow from the journal, also in a ledger of an older form."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.engine import connect
from pos_app.application.batch_close import CloseBatch
from pos_app.application.records import Operator, Role, ShopIdentity, ShopMode
from pos_app.application.shift_cash import MoveCash
from pos_app.application.shift_close import CloseShift
from pos_app.application.shift_open import OpenShift
from pos_app.domain.cash_count import parse_count
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import CashMove, Level
from pos_app.exchange.chain import FaultKind
from tests.ledger_makers import LEDGER_KEY, SIGNER, START_MS, TILL, make_ledger, sell
from tests.ledger_proofs import proof_of
from tests.shops import HeldClock

OLD = Path(__file__).parents[2] / "data" / "ledgers" / "0001.db"
AMA, GRACE = Operator("ama", "Ama", Role.CASHIER), Operator("grace", "Grace", Role.SUPERVISOR)
IDENTITY = ShopIdentity(TILL, "Mbare Shop 3", ShopMode.TRAINING)
RAND = Currency("ZAR", 2)


def live(ledger: SqliteLedger, clock: HeldClock) -> None:
    """Two shifts, one of them closed and banked, one open and counted."""
    for number in (1, 2):
        row = OpenShift(ledger, clock)(AMA, [Money(1000, RAND)])
        sell(ledger, clock.now, shift=row.number, commission_minor=125)
        MoveCash(ledger, clock)(AMA, CashMove.DROP, Money(500, RAND), "full")
        if number == 1:
            CloseShift(ledger, clock, IDENTITY)(row, AMA, [parse_count("54.00", RAND)])
            CloseBatch(ledger, clock, IDENTITY).bank(GRACE, "DEP", [Money(4000, RAND)])


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    made = make_ledger(tmp_path / "shop")
    live(made, HeldClock(START_MS))
    yield made
    made.close()


def test_the_tables_of_a_lived_ledger_are_sound(ledger: SqliteLedger) -> None:
    head = ledger.head()
    ledger.close()
    assert proof_of(ledger.path, head).fault is None


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("sale", "update sale set shift = 1"),
        ("shift", "update shift set closed_seq = 2 where shift = 2"),
        ("shift", "delete from shift where shift = 1"),
        ("shift", "update shift set operator = 'grace' where shift = 2"),
        ("batch", "update batch set closed_seq = 0"),
        ("batch", "insert into batch values ('bank', 9, 0, 1, 0, 0, 0)"),
        ("tally", "update tally set amount = amount - 1 where name = 'tender:cash'"),
        ("tally", "delete from tally where name = 'drop'"),
        ("tally", "delete from tally where level = 'till'"),
        ("cash_count", "update cash_count set counted_minor = expected_minor"),
        ("close_copy", "insert into close_copy values (3, 3, 1)"),
        ("day_seal", "delete from day_seal"),
    ],
)
def test_a_table_that_does_not_follow_from_the_journal_is_named(
    ledger: SqliteLedger, table: str, statement: str
) -> None:
    ledger.close()
    db = connect(ledger.path, LEDGER_KEY)
    db.execute(statement)
    db.close()
    fault = proof_of(ledger.path).fault
    assert fault is not None
    assert (fault.kind, fault.detail) == (FaultKind.PROJECTION, table)


def test_one_operator_has_one_open_shift_whatever_a_program_tries(ledger: SqliteLedger) -> None:
    with pytest.raises(Exception, match="UNIQUE"):
        ledger.db.execute("insert into shift values (99, 'ama', 1, 1, 0)")


def test_a_ledger_from_before_there_were_shifts_opens_is_sound_and_goes_on(
    tmp_path: Path,
) -> None:
    shutil.copy(OLD, tmp_path / "ledger.db")
    ledger = SqliteLedger.open(tmp_path, LEDGER_KEY, SIGNER)
    assert ledger.shifts.open_shifts() == ()
    old = [entry for entry in ledger.entries() if entry.kind == "sale"]
    assert "shift" not in json.loads(old[0].body)
    sale = ledger.sale_by_seq(old[0].seq)
    assert sale is not None
    assert (sale.shift, sale.commission_minor) == (0, 0)
    clock = HeldClock(ledger.head().at_ms + 60_000)
    live(ledger, clock)
    assert [tally.amount for tally in ledger.shifts.tallies(Level.SHIFT, 2)]
    head = ledger.head()
    ledger.close()
    assert proof_of(tmp_path / "ledger.db", head).fault is None


def test_a_sale_in_a_shift_writes_one_page_more(tmp_path: Path) -> None:
    """The write-ahead log says how many pages a commit wrote."""
    ledger = make_ledger(tmp_path / "shop")
    row = OpenShift(ledger, HeldClock(START_MS))(AMA, [Money(1000, RAND)])
    written: dict[int, list[int]] = {0: [], row.number: []}
    for _ in range(20):
        for shift, pages in written.items():
            ledger.db.execute("pragma wal_checkpoint(truncate)")
            sell(ledger, shift=shift)
            pages.append(ledger.db.execute("pragma wal_checkpoint(passive)").fetchone()[1])
    ledger.close()
    without, within = (sorted(pages)[10] for pages in written.values())
    assert within <= without + 1
