"""The tables of a ledger, step by step. A released step is never edited, only followed.

``journal`` is the truth. ``sale`` to ``mark``, ``shift`` to ``day_seal`` and the tables of
`account_projections` are projections of it; ``meter`` to ``sealed_key`` are imported data sets
whose digests the journal holds; ``print_job`` is work to be done.
A commit encrypts and writes every page it touches, so a sale touches as few as it can:
`pos_app.adapters.ledger.fewer_pages` says how.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from pos_app.adapters.ledger import (
    account_projections,
    bulk_projections,
    desk_projections,
    fewer_pages,
    free_issues,
    hour_sums,
    key_change_projections,
    key_projections,
    life_projections,
    lock_outs,
    office_projections,
    proposal_projections,
    redress_projections,
    tender_projections,
    variance_projections,
)
from pos_app.adapters.ledger.errors import LedgerNewer
from pos_app.adapters.ledger.first_tables import DATA_SETS, JOURNAL, PROJECTIONS, SHIFTS
from pos_app.adapters.ledger.meter_steps import METER_STEPS

STEPS = Migrations("ledger")


def _script(db: Database, text: str) -> None:
    """Run statements one by one inside the step's transaction (executescript would commit)."""
    statement = ""
    for line in text.strip().splitlines():
        statement += line + "\n"
        if line.rstrip().endswith(";") and _complete(statement):
            db.execute(statement)
            statement = ""


def _complete(statement: str) -> bool:
    is_trigger = statement.lstrip().lower().startswith("create trigger")
    return not is_trigger or statement.rstrip().lower().endswith("end;")


@STEPS(name="0001_journal_projections_data_sets")
def _first(db: Database) -> None:
    for part in (JOURNAL, PROJECTIONS, DATA_SETS):
        _script(db, part)


@STEPS(name="0002_shifts_batches")
def _shifts(db: Database) -> None:
    _script(db, SHIFTS)


@STEPS(name="0003_hour_sums")
def _hour_sums(db: Database) -> None:
    _script(db, hour_sums.TABLE)


@STEPS(name="0004_fewer_pages")
def _fewer_pages(db: Database) -> None:
    _script(db, fewer_pages.TABLES)
    hour_sums.fill(db)


@STEPS(name="0010_accounts")
def _accounts(db: Database) -> None:
    _script(db, account_projections.TABLES)


@STEPS(name="0011_sales_of_free_units")
def _free_sales(db: Database) -> None:
    """Let a sale be of free units alone: no money, no bought units.

    SQLite changes a check by writing the table anew (https://sqlite.org/lang_altertable.html).
    """
    parts = [str(row[0]) for row in db.execute(_SALE_PARTS).fetchall()]
    made = parts[0].replace("CREATE TABLE sale", "CREATE TABLE rebuilt", 1)
    made = made.replace('CREATE TABLE "sale"', "CREATE TABLE rebuilt", 1)
    for column in ("total_minor", "tenths"):
        made = made.replace(f"check ({column} > 0)", f"check ({column} >= 0)")
    db.execute(made)
    db.execute("insert into rebuilt select * from sale")
    db.execute("drop table sale")
    db.execute("alter table rebuilt rename to sale")
    for part in parts[1:]:
        db.execute(part)


_SALE_PARTS = """select sql from sqlite_schema where tbl_name = 'sale' and sql is not null
    order by type <> 'table', name"""


@STEPS(name="0020_payments")
def _payments(db: Database) -> None:
    _script(db, tender_projections.TABLES)


@STEPS(name="0021_free_issues_commission")
def _free_issues(db: Database) -> None:
    _script(db, free_issues.TABLE)
    free_issues.fill(db)
    hour_sums.refill(db)


@STEPS(name="0030_redress")
def _redress(db: Database) -> None:
    _script(db, redress_projections.TABLES)


@STEPS(name="0031_variance")
def _variance(db: Database) -> None:
    _script(db, variance_projections.TABLES)


@STEPS(name="0040_keys")
def _keys(db: Database) -> None:
    _script(db, key_projections.TABLES)
    db.execute(key_projections.FILL)


@STEPS(name="0050_meter_lives")
def _meter_lives(db: Database) -> None:
    _script(db, life_projections.TABLES)


def _tables(text: str) -> Callable[[Database], None]:
    return lambda db: _script(db, text)


for _name, _text in (
    ("0060_head_office", office_projections.TABLES),
    ("0070_key_changes", key_change_projections.TABLES),
    ("0080_engineering_desk", desk_projections.TABLES),
    ("0081_bulk_runs", bulk_projections.TABLES),
    ("0095_proposals", proposal_projections.TABLES),
    ("0097_lock_steady", lock_outs.STEADY),
    ("0098_elsewhere", account_projections.ELSEWHERE),
    ("0099_key_papers", key_projections.PAPERS),
):
    STEPS(name=_name)(_tables(_text))
for _name, _step in METER_STEPS:
    STEPS(name=_name)(_step)


@STEPS(name="0100_redress_in_reports")
def _redress_in_reports(db: Database) -> None:
    _script(db, redress_projections.WITH_REPORTS)
    redress_projections.refill(db)


STEPS(name="0101_standing")(_tables(office_projections.STANDING))


def refuse_newer(db: Database) -> None:
    """Raise `LedgerNewer` for a ledger that a newer program wrote."""
    known = {step.name for step in _steps(STEPS)}
    unknown = [step.name for step in STEPS.applied(db) if step.name not in known]
    if unknown:
        raise LedgerNewer(steps=", ".join(unknown))


def migrate(db: Database) -> None:
    """Bring a ledger to this program's form; refuse one of a newer program (`LedgerNewer`)."""
    refuse_newer(db)
    if STEPS.pending(db):
        STEPS.apply(db)


def pending(db: Database) -> bool:
    """Tell whether opening this ledger would change its form."""
    return bool(STEPS.pending(db))


def _steps(steps: Any) -> list[Any]:
    # sqlite-utils keeps no public list of all steps; applied() and pending() need a database.
    return list(steps._migrations)  # noqa: SLF001
