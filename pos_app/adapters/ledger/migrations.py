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
    office_projections,
    proposal_projections,
    redress_projections,
    tender_projections,
    variance_projections,
)
from pos_app.adapters.ledger.errors import LedgerNewer

STEPS = Migrations("ledger")

_JOURNAL = """
create table journal (
    seq integer primary key check (seq > 0),
    prev_hash blob not null check (length(prev_hash) = 32),
    at_ms integer not null,
    kind text not null,
    body text not null,
    hash blob not null check (length(hash) = 32),
    signature blob not null check (length(signature) = 64)
) strict;
create trigger journal_no_update before update on journal
    begin select raise(abort, 'the journal is append-only'); end;
create trigger journal_no_delete before delete on journal
    begin select raise(abort, 'the journal is append-only'); end;
"""

_PROJECTIONS = """
create table sale (
    seq integer primary key references journal(seq),
    sale_id text not null unique,
    receipt text not null,
    series integer not null,
    number integer not null unique,
    at_ms integer not null,
    day text not null,
    drn text not null,
    name text not null,
    operator text not null,
    currency text not null,
    decimals integer not null,
    total_minor integer not null check (total_minor > 0),
    tenths integer not null check (tenths > 0),
    unit text not null
) strict;
create index sale_at on sale(at_ms);
create table token (
    drn text not null,
    minute integer not null,
    seq integer not null references journal(seq),
    primary key (drn, minute)
) strict, without rowid;
create table meter_state (
    drn text primary key,
    last_minute integer not null,
    month text not null,
    month_tenths integer not null
) strict, without rowid;
create table sales_sum (
    scope text not null,
    currency text not null,
    decimals integer not null,
    sales integer not null,
    total_minor integer not null,
    tenths integer not null,
    primary key (scope, currency)
) strict, without rowid;
create table reprint (
    seq integer primary key references journal(seq),
    sale_seq integer not null,
    copy integer not null,
    unique (sale_seq, copy)
) strict;
create table lock_out (
    operator text primary key,
    failures integer not null,
    last_ms integer not null
) strict, without rowid;
create table allowance (
    currency text primary key,
    sequence integer not null,
    money_minor integer not null,
    tenths integer not null,
    count integer not null,
    per_vend_minor integer not null,
    not_after_ms integer not null,
    spent_minor integer not null,
    spent_tenths integer not null,
    spent_count integer not null
) strict, without rowid;
create table mark (
    name text primary key,
    value integer not null
) strict, without rowid;
"""

_DATA_SETS = """
create table meter (
    id integer primary key,
    drn text not null unique,
    backwards text not null,
    pan text not null,
    name text not null,
    sort_name text not null,
    address text not null,
    phone text not null,
    phone_digits text not null,
    account text not null,
    utility text not null,
    tariff text not null,
    commodity text not null,
    sgc text not null,
    krn integer not null,
    ti integer not null,
    ken integer not null,
    kt integer not null,
    ea integer not null,
    dkga integer not null,
    base integer not null,
    blocked text not null default ''
) strict;
create index meter_backwards on meter(backwards);
create index meter_phone on meter(phone_digits);
create index meter_account on meter(account);
create index meter_name on meter(sort_name);
create virtual table meter_part using fts5(
    name, address, drn, phone_digits, account,
    content='meter', content_rowid='id', tokenize='trigram remove_diacritics 1');
create table operator (
    id text primary key,
    name text not null,
    role text not null,
    pin_verifier text not null,
    active integer not null default 1
) strict, without rowid;
create table tariff (
    id text not null,
    version integer not null,
    utility text not null,
    text text not null,
    sha256 text not null,
    imported_ms integer not null,
    primary key (id, version)
) strict, without rowid;
create table utility (
    id text primary key,
    name text not null,
    address text not null,
    tax_reference text not null,
    help_line text not null
) strict, without rowid;
create table sealed_key (
    id integer primary key,
    kind text not null,
    sgc text not null,
    krn integer not null,
    kt integer not null,
    base integer not null,
    ken integer not null,
    dkga integer not null,
    kcv text not null,
    active_from_ms integer not null,
    issue_until_ms integer not null,
    pan text not null,
    ti integer not null,
    ea integer not null,
    blob blob not null
) strict;
create index sealed_key_group on sealed_key(sgc, krn, pan);
create table print_job (
    sale_seq integer not null,
    copy integer not null,
    state text not null,
    attempts integer not null default 0,
    problem text not null default '',
    queued_ms integer not null,
    primary key (sale_seq, copy)
) strict, without rowid;
create index print_job_open on print_job(queued_ms) where state in ('queued', 'sending', 'failed');
"""

_SHIFTS = """
alter table sale add column shift integer not null default 0;
create table shift (
    shift integer primary key check (shift > 0),
    operator text not null,
    sales_batch integer not null,
    opened_seq integer not null references journal(seq),
    closed_seq integer not null default 0
) strict;
create unique index shift_open on shift(operator) where closed_seq = 0;
create table batch (
    level text not null,
    number integer not null check (number > 0),
    outer integer not null,
    opened_seq integer not null references journal(seq),
    first_inner integer not null,
    last_inner integer not null,
    closed_seq integer not null default 0,
    primary key (level, number)
) strict, without rowid;
create table tally (
    level text not null,
    number integer not null,
    currency text not null,
    name text not null,
    decimals integer not null,
    times integer not null,
    amount integer not null,
    first_seq integer not null,
    last_seq integer not null,
    primary key (level, number, currency, name)
) strict, without rowid;
create table cash_count (
    shift integer not null,
    currency text not null,
    decimals integer not null,
    expected_minor integer not null,
    counted_minor integer not null check (counted_minor >= 0),
    pieces text not null,
    primary key (shift, currency)
) strict, without rowid;
create table close_copy (
    seq integer primary key references journal(seq),
    closed_seq integer not null,
    copy integer not null,
    unique (closed_seq, copy)
) strict;
create table day_seal (
    seal integer primary key check (seal > 0),
    seq integer not null references journal(seq),
    closed_seq integer not null unique
) strict;
"""


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
    for part in (_JOURNAL, _PROJECTIONS, _DATA_SETS):
        _script(db, part)


@STEPS(name="0002_shifts_batches")
def _shifts(db: Database) -> None:
    _script(db, _SHIFTS)


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
):
    STEPS(name=_name)(_tables(_text))


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
