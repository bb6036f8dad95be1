"""Every way to change a ledger is found, and the first bad entry is named."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.engine import connect, connect_to_read
from pos_app.adapters.ledger.verify import Proof
from pos_app.exchange.chain import Entry, FaultKind, Head, Owner, next_entry, seal
from pos_app.exchange.signing import SigningKey
from tests.ledger_makers import (
    LEDGER_KEY,
    OTHER_SIGNER,
    SIGNER,
    TILL,
    make_ledger,
    sell,
)
from tests.ledger_proofs import fault_of, proof_of

OPEN_THE_JOURNAL = "drop trigger journal_no_update; drop trigger journal_no_delete"
CLOSE_THE_JOURNAL = """create trigger journal_no_update before update on journal
    begin select raise(abort, 'the journal is append-only'); end;
create trigger journal_no_delete before delete on journal
    begin select raise(abort, 'the journal is append-only'); end"""

pytestmark = pytest.mark.usefixtures("clean_temp")


def change(path: Path, *statements: str, values: tuple[Any, ...] = ()) -> None:
    """Change the file as somebody who has its key: triggers out of the way and back again."""
    db = connect(path, LEDGER_KEY)
    db.execute("pragma foreign_keys = off")
    for statement in OPEN_THE_JOURNAL.split(";"):
        db.execute(statement)
    for statement in statements:
        db.execute(statement, values)
    _close_the_journal(db)
    db.close()


def _close_the_journal(db: Database) -> None:
    db.execute(CLOSE_THE_JOURNAL.split("end;", maxsplit=1)[0] + "end")
    db.execute(CLOSE_THE_JOURNAL.split("end;")[1])


def test_an_untouched_ledger_is_sound(path: Path, head: Head) -> None:
    assert proof_of(path, head) == Proof(head, None)


def test_verifying_changes_no_byte_and_leaves_no_file(path: Path) -> None:
    before = path.read_bytes()
    proof_of(path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["ledger.db"]


def test_a_ledger_whose_program_was_killed_is_verified_with_its_log(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    sell(ledger)
    killed = tmp_path / "killed"
    shutil.copytree(tmp_path / "shop", killed)
    head = ledger.head()
    ledger.close()
    before = {each.name: each.read_bytes() for each in killed.iterdir()}
    assert len(before["ledger.db-wal"]) > 0
    assert proof_of(killed / "ledger.db", head) == Proof(head, None)
    assert {each.name: each.read_bytes() for each in killed.iterdir()} == before


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("body", "{}", FaultKind.CONTENT),
        ("body", "no json", FaultKind.CONTENT),
        ("kind", "backup", FaultKind.CONTENT),
        ("at_ms", 1_795_257_120_001, FaultKind.CONTENT),
        ("hash", bytes(32), FaultKind.CONTENT),
        ("prev_hash", bytes(32), FaultKind.CHAIN),
        ("signature", bytes(64), FaultKind.SIGNATURE),
    ],
)
def test_a_changed_column_is_found_at_its_entry(
    path: Path, first: int, column: str, value: object, kind: FaultKind
) -> None:
    seq = first + 3
    change(path, f"update journal set {column} = ? where seq = {seq}", values=(value,))  # noqa: S608
    assert fault_of(path) == (seq, kind)


def test_a_changed_amount_is_found_even_when_its_tables_agree(path: Path, first: int) -> None:
    change(
        path,
        f"update journal set body = replace(body, '\"total_minor\":5000', '\"total_minor\":4000')"  # noqa: S608
        f" where seq = {first}",
        f"update sale set total_minor = 4000 where seq = {first}",  # noqa: S608
    )
    assert fault_of(path) == (first, FaultKind.CONTENT)


def test_an_entry_taken_out_of_the_middle_is_missing(path: Path, first: int) -> None:
    change(path, f"delete from journal where seq = {first + 2}")  # noqa: S608
    assert fault_of(path) == (first + 2, FaultKind.MISSING)


def test_the_first_entry_is_missed_too(path: Path) -> None:
    change(path, "delete from journal where seq = 1")
    assert fault_of(path) == (1, FaultKind.MISSING)


def test_an_emptied_journal_is_found(path: Path) -> None:
    change(path, "delete from journal")
    assert fault_of(path) == (1, FaultKind.MISSING)


def test_an_end_cut_off_is_found_by_the_anchor(path: Path, head: Head) -> None:
    cut = f"> {head.seq - 3}"
    change(
        path,
        f"delete from sale where seq {cut}",  # noqa: S608
        f"delete from token where seq {cut}",  # noqa: S608
        f"delete from journal where seq {cut}",  # noqa: S608
    )
    assert fault_of(path, head) == (head.seq - 2, FaultKind.CUT_OFF)


def test_an_end_cut_off_without_care_is_found_by_the_tables(path: Path, head: Head) -> None:
    change(path, f"delete from journal where seq = {head.seq}")  # noqa: S608
    seq, kind = fault_of(path)
    assert (seq, kind) == (head.seq - 1, FaultKind.PROJECTION)


def test_swapped_entries_are_found_at_the_first(path: Path, first: int) -> None:
    change(
        path,
        f"update journal set seq = 9999 where seq = {first}",  # noqa: S608
        f"update journal set seq = {first} where seq = {first + 1}",  # noqa: S608
        f"update journal set seq = {first + 1} where seq = 9999",  # noqa: S608
    )
    assert fault_of(path) == (first, FaultKind.CHAIN)


def rechained(path: Path, after: int, signer: SigningKey) -> None:
    """Lower a sale and chain everything after it again, as well as `signer` can."""
    db = connect(path, LEDGER_KEY)
    rows = db.execute("select seq, at_ms, kind, body from journal order by seq").fetchall()
    kept = db.execute("select hash, at_ms from journal where seq = ?", (after,)).fetchone()
    db.close()
    head = Head(after, *kept)
    made: list[Entry] = []
    for _, at_ms, kind, body in rows[after:]:
        lower = body.replace('"total_minor":5000', '"total_minor":4000')
        digest = seal(head.hash, head.seq + 1, at_ms, kind, lower.encode())
        signature = signer.sign(b"tokentill journal", digest)
        made.append(Entry(head.seq + 1, head.hash, at_ms, kind, lower, digest, signature))
        head = Head(head.seq + 1, digest, at_ms)
    for entry in made:
        sealed = "prev_hash = ?, body = ?, hash = ?, signature = ?"
        values = (entry.prev_hash, entry.body, entry.hash, entry.signature)
        change(path, f"update journal set {sealed} where seq = {entry.seq}", values=values)  # noqa: S608


def test_a_journal_chained_again_without_the_tills_key_is_found(path: Path, first: int) -> None:
    rechained(path, first, OTHER_SIGNER)
    assert fault_of(path) == (first + 1, FaultKind.SIGNATURE)


def test_a_journal_chained_again_with_the_tills_key_is_found_by_its_anchor(
    path: Path, head: Head, first: int
) -> None:
    rechained(path, first, SIGNER)
    for statement in ("update sale set total_minor = 4000 where seq > ?",):
        change(path, statement, values=(first,))
    assert fault_of(path, head) == (head.seq, FaultKind.ANCHOR)


def test_a_journal_of_another_till_is_told_so(tmp_path: Path) -> None:
    other = make_ledger(tmp_path / "other", OTHER_SIGNER, till="TILL8")
    other.close()
    assert fault_of(other.path) == (1, FaultKind.IDENTITY)
    renamed = Owner("TILL9", OTHER_SIGNER.public)
    assert fault_of(other.path, owner=renamed) == (1, FaultKind.IDENTITY)


def test_an_entry_put_in_by_somebody_else_is_found(path: Path, head: Head) -> None:
    entry = next_entry(head, head.at_ms, "sale", {}, OTHER_SIGNER)
    values = (
        entry.seq,
        entry.prev_hash,
        entry.at_ms,
        entry.kind,
        entry.body,
        entry.hash,
        entry.signature,
    )
    change(path, "insert into journal values (?, ?, ?, ?, ?, ?, ?)", values=values)
    assert fault_of(path) == (head.seq + 1, FaultKind.SIGNATURE)


def test_a_signed_entry_that_means_nothing_is_named(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    entry = next_entry(ledger.head(), ledger.head().at_ms, "sale", {"odd": 1}, SIGNER)
    values = (
        entry.seq,
        entry.prev_hash,
        entry.at_ms,
        entry.kind,
        entry.body,
        entry.hash,
        entry.signature,
    )
    ledger.db.execute("insert into journal values (?, ?, ?, ?, ?, ?, ?)", values)
    ledger.close()
    assert fault_of(ledger.path) == (entry.seq, FaultKind.PROJECTION)


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("sale", "update sale set total_minor = total_minor - 1 where seq = :first + 4"),
        ("sale", "update sale set name = 'nobody' where seq = :first + 4"),
        ("sale", "delete from sale where seq = :first + 4"),
        ("token", "update token set minute = minute + 500 where seq = :first + 4"),
        ("token", "delete from token where seq = :first + 4"),
        ("token", "update token set month_tenths = 0 where seq = :first + 4"),
        ("token", "update token set month = '1999-01' where seq = :first + 4"),
        ("tally", "update tally set amount = amount - 1 where level = 'total'"),
        ("tally", "delete from tally where level = 'total'"),
        ("tally", "insert into tally values ('total', 1, 'ZAR', 'sale', 2, 1, 1, 1, 1)"),
        ("hour_sum", "update hour_sum set last_seq = last_seq + 1"),
        ("allowance", "update allowance set before_minor = 1"),
        ("allowance", "update allowance set money_minor = money_minor * 2"),
        ("mark", "update mark set value = value + 1"),
        ("mark", "delete from mark"),
        ("lock_out", "insert into lock_out values ('ama', 9, 9, 9)"),
        ("reprint", "insert into reprint values (2, 2, 1)"),
        ("operator", "update operator set pin_verifier = 'mine' where id = 'grace'"),
        ("operator", "update operator set role = 'supervisor' where id = 'ama'"),
        ("operator", "update operator set name = 'Amma' where id = 'ama'"),
        ("operator", "insert into operator values ('eve', 'Eve', 'supervisor', 'x', 1)"),
        ("operator", "delete from operator where id = 'grace'"),
        ("tariff", "update tariff set text = 'cheaper' where version = 2"),
        ("tariff", "insert into tariff values ('light', 3, 'highveld', 'x', 'y', 1)"),
        ("tariff", "delete from tariff where version = 2"),
        ("utility", "update utility set tax_reference = 'MINE'"),
        ("sealed_key", "update sealed_key set issue_until_ms = issue_until_ms * 2 where id = 1"),
        ("sealed_key", "delete from sealed_key where id = 1"),
    ],
)
def test_a_table_that_does_not_follow_from_the_journal_is_named(
    path: Path, head: Head, first: int, table: str, statement: str
) -> None:
    change(path, statement.replace(":first", str(first)))
    fault = proof_of(path, head).fault
    assert fault is not None
    assert (fault.kind, fault.detail) == (FaultKind.PROJECTION, table)
    if ":first + 4" in statement:
        assert fault.seq == first + 4
    assert 1 <= fault.seq <= head.seq


def test_a_tariff_with_its_digest_changed_along_is_found(path: Path, head: Head) -> None:
    digest = hashlib.sha256(b"cheaper").hexdigest()
    statement = "update tariff set text = 'cheaper', sha256 = ? where version = 2"
    change(path, statement, values=(digest,))
    fault = proof_of(path, head).fault
    assert fault is not None
    assert fault.detail == "tariff"
    assert entry_kind(path, fault.seq) == "tariff_imported"


def entry_kind(path: Path, seq: int) -> str:
    db = connect_to_read(path, LEDGER_KEY)
    kind = db.execute("select kind from journal where seq = ?", (seq,)).fetchone()[0]
    db.close()
    return str(kind)


@pytest.mark.parametrize(
    "statement",
    [
        "drop trigger journal_no_update",
        "drop trigger journal_no_delete",
        "create trigger quiet after insert on sale begin delete from token; end",
        "drop index journal_other",
        "drop trigger sale_number_grows",
        "create table mine (x)",
        "alter table sale add column mine text",
    ],
)
def test_changed_rules_of_the_ledger_are_found(path: Path, head: Head, statement: str) -> None:
    db = connect(path, LEDGER_KEY)
    db.execute(statement)
    db.close()
    assert fault_of(path, head) == (head.seq, FaultKind.SCHEMA)


def test_a_till_name_is_compared_whole(tmp_path: Path) -> None:
    ledger: SqliteLedger = make_ledger(tmp_path / "shop")
    ledger.close()
    assert fault_of(ledger.path, owner=Owner(TILL + "1", SIGNER.public))[1] is FaultKind.IDENTITY
