"""The twin of a ledger: what must follow from its journal, built a second time and compared.

Projections are rebuilt by the functions that made them; data sets that were imported (operators,
tariffs, utilities, attributes of keys) are compared with what the journal says of their import.
The twin is an encrypted file in a temporary folder with a key nobody keeps, so memory stays the
same however long the journal is, and no customer's name is left behind.
Not compared, because the journal does not speak of it: the meters, the sealed keys' boxes
(which prove themselves when opened) and print jobs.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlite
from sqlite_utils import Database

from pos_app.adapters.ledger import (
    account_projections,
    desk_projections,
    key_change_projections,
    office_projections,
    proposal_projections,
)
from pos_app.adapters.ledger.engine import connect
from pos_app.adapters.ledger.migrations import migrate
from pos_app.adapters.ledger.projections import project
from pos_app.adapters.ledger.queries import entries
from pos_app.application.ports import KeyAttributes
from pos_app.exchange.canonical import canonical
from pos_app.exchange.chain import Entry, Fault, FaultKind, Head
from pos_app.exchange.digest import sha256_hex
from pos_app.exchange.errors import NotCanonical

Row = tuple[Any, ...]

_PROJECTIONS: Final = (
    ("sale", "select * from sale order by seq", 0),
    ("token", "select * from token order by drn, minute", 2),
    (
        "hour_sum",
        "select * from hour_sum order by day, hour, operator, currency, tariff, unit, page, shape",
        None,
    ),
    ("free_issue", "select * from free_issue order by seq", 0),
    ("reprint", "select * from reprint order by seq", 0),
    ("lock_out", "select * from lock_out order by operator", None),
    ("allowance", "select * from allowance order by currency", None),
    ("mark", "select * from mark order by name", None),
    ("shift", "select * from shift order by shift", 3),
    ("batch", "select * from batch order by level, number", 3),
    ("tally", "select * from tally order by level, number, currency, name", None),
    ("cash_count", "select * from cash_count order by shift, currency", None),
    ("close_copy", "select * from close_copy order by seq", 0),
    (
        "tender_reference",
        "select kind, reference, seq from tender_reference order by kind, reference, seq",
        2,
    ),
    ("wallet", "select * from wallet order by drn", 2),
    ("wallet_money", "select * from wallet_money order by drn, currency", None),
    ("parked", "select * from parked order by seq", 0),
    ("day_seal", "select * from day_seal order by seal", 1),
    *account_projections.COMPARED,
    ("variance", "select * from variance order by shift", 1),
    ("redress", "select * from redress order by seq", 0),
    ("redress_copy", "select * from redress_copy order by seq", 0),
    ("key_authority", "select * from key_authority order by key", None),
    (
        "key_group",
        """select * from key_group order by kind, sgc, krn, kt, base, ken, dkga, kcv,
        active_from_ms, issue_until_ms""",
        None,
    ),
    ("meter_act", "select * from meter_act order by seq", 0),
    ("meter_life", "select * from meter_life order by drn", None),
    *office_projections.COMPARED,
    *key_change_projections.COMPARED,
    *desk_projections.COMPARED,
    *proposal_projections.COMPARED,
    ("bulk_run", "select * from bulk_run order by seq", 0),
)
"""Table, its rows in the order of their first columns, and which column names the entry."""

_SCHEMA: Final = """select type, name, sql from sqlite_schema
    where name not like 'sqlite\\_%' escape '\\' and tbl_name <> '_sqlite_migrations'
    and tbl_name not like 'meter\\_part\\_%' escape '\\' order by type, name"""
_SCRATCH: Final = """create table scratch (side integer, name text, key text, value text,
    seq integer, primary key (side, name, key)) strict, without rowid"""
_EXPECTED, _FOUND = 0, 1
_NOTE: Final = "insert or replace into scratch values (?, ?, ?, ?, ?)"
_DIFFERING: Final = """select name, min(seq) from (
    select name, key, max(seq) as seq from scratch
    group by name, key having count(*) < 2 or min(value) <> max(value))
    group by name order by min(seq) limit 1"""

_KEY_COLUMNS: Final = tuple(field.name for field in fields(KeyAttributes))
_IMPORTS: Final = {
    "operator": "select id, name, role, pin_verifier, active from operator",
    "tariff": "select id, version, sha256, text from tariff",
    "utility": "select id, name, address, tax_reference, help_line from utility",
    "sealed_key": """select id, kind, sgc, krn, kt, base, ken, dkga, kcv, active_from_ms,
        issue_until_ms, pan, ti, ea from sealed_key""",
}
_IMPORT_ROW: Final[dict[str, Callable[[Row], tuple[str, str]]]] = {
    "operator": lambda row: (row[0], _text(row[1], row[2], _digest(row[3]), row[4])),
    "tariff": lambda row: (_text(row[0], row[1]), _text(row[2], _digest(row[3]))),
    "utility": lambda row: (row[0], _text(*row[1:])),
    "sealed_key": lambda row: (str(row[0]), _text(*row[1:])),
}


class _Unlike(Exception):
    """The ledger does not follow from its journal: `fault`."""

    def __init__(self, seq: int, detail: str) -> None:
        super().__init__(detail)
        self.fault = Fault(seq, FaultKind.PROJECTION, detail)


def twin_fault(db: Database, head: Head) -> Fault | None:
    """Return the first rule, table or imported row that does not follow from the journal.

    `db` holds a journal proven up to `head`. The fault names the entry a row belongs to where
    the row says it, else the last one.
    """
    with tempfile.TemporaryDirectory(prefix="tokentill-") as folder, _twin(Path(folder)) as twin:
        changed = set(db.execute(_SCHEMA).fetchall()) ^ set(twin.execute(_SCHEMA).fetchall())
        if changed:
            return Fault(head.seq, FaultKind.SCHEMA, min(str(row[1]) for row in changed))
        try:
            _build(db, twin)
            for table, statement, column in _PROJECTIONS:
                theirs = iter(twin.execute(statement))
                ours = _rows(db, statement, _Unlike(head.seq, table))
                _compare(table, column, _unlike(ours, theirs), head)
            _compare_imports(db, twin, head)
        except _Unlike as unlike:
            return unlike.fault
    return None


@contextmanager
def _twin(folder: Path) -> Iterator[Database]:
    with closing(connect(folder / "twin.db", secrets.token_bytes(32))) as twin:
        twin.execute("pragma journal_mode = off")
        twin.execute("pragma synchronous = off")
        twin.execute("pragma foreign_keys = off")
        migrate(twin)
        yield twin


def _build(db: Database, twin: Database) -> None:
    twin.execute(_SCRATCH)
    twin.execute("begin")
    keys = 0
    for entry in entries(db, 0):
        body = entry.reading()
        keys += entry.kind == "key_imported"
        try:
            for statement, values in project(entry, body):
                twin.execute(statement, values)
            if entry.kind == "keys_destroyed":
                twin.execute("delete from scratch where name = 'sealed_key'")
            for name, key, value in _imported(entry, body, keys):
                twin.execute(_NOTE, (_EXPECTED, name, key, value, entry.seq))
        except (sqlite.IntegrityError, KeyError, TypeError, ValueError) as problem:
            # The till signed it, yet it means nothing: a program's fault or a stolen key's work.
            raise _Unlike(entry.seq, entry.kind) from problem
    twin.execute("commit")


def _rows(db: Database, statement: str, broken: _Unlike) -> Iterator[Row]:
    """Yield the ledger's rows; pages that cannot be read make it unlike its twin."""
    try:
        yield from db.execute(statement)
    except sqlite.DatabaseError as problem:
        raise broken from problem


def _unlike(ours: Iterator[Row], theirs: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows that stand on one side only; both sides are in rising order."""
    mine, other = next(ours, None), next(theirs, None)
    while mine is not None or other is not None:
        if mine == other:
            mine, other = next(ours, None), next(theirs, None)
        elif mine is not None and (other is None or mine < other):
            yield mine
            mine = next(ours, None)
        elif other is not None:
            yield other
            other = next(theirs, None)


def _compare(table: str, column: int | None, unlike: Iterator[Row], head: Head) -> None:
    found = False
    seq = head.seq
    for row in unlike:
        found = True
        if column is None:
            break
        seq = min(seq, row[column])
    if found:
        raise _Unlike(seq, table)


def _text(*values: Any) -> str:
    return canonical(list(values)).decode()


def _digest(text: str) -> str:
    return sha256_hex(text.encode())


def _imported(entry: Entry, body: dict[str, Any], keys: int) -> Iterator[tuple[str, str, str]]:
    """Yield (table, key, content) that an import left in a table; `keys` counts those so far."""
    if entry.kind in {"operator_imported", "operator_retired"}:
        active = int(entry.kind == "operator_imported")
        content = _text(body["name"], body["role"], body["pin_verifier"], active)
        yield "operator", body["id"], content
    elif entry.kind == "tariff_imported":
        yield "tariff", _text(body["id"], body["version"]), _text(body["sha256"], body["sha256"])
    elif entry.kind == "utility_imported":
        content = _text(body["name"], body["address"], body["tax_reference"], body["help_line"])
        yield "utility", body["id"], content
    elif entry.kind == "key_imported":
        yield "sealed_key", str(keys), _text(*(body[name] for name in _KEY_COLUMNS))


def _standing(db: Database, head: Head) -> Iterator[tuple[str, str, str]]:
    """Yield (table, key, content) of what stands in the tables of imports."""
    for table, statement in _IMPORTS.items():
        for row in _rows(db, statement, _Unlike(head.seq, table)):
            try:
                key, content = _IMPORT_ROW[table](row)
            except NotCanonical as problem:
                raise _Unlike(head.seq, table) from problem
            yield table, key, content


def _compare_imports(db: Database, twin: Database, head: Head) -> None:
    twin.execute("begin")
    for name, key, value in _standing(db, head):
        twin.execute(_NOTE, (_FOUND, name, key, value, 0))
    twin.execute("commit")
    row = twin.execute(_DIFFERING).fetchone()
    if row is not None:
        raise _Unlike(row[1] or head.seq, row[0])
