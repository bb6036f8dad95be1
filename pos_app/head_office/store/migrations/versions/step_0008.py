"""What entries and lists say of the keys in meters, filled from what is booked already."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from pos_app.head_office.key_facts import given, shown, written_or_empty

revision = "0008"
down_revision = "0007"
_PIECE: Final = 500
_CHANGES: Final = sa.text(
    "select e.till, e.seq, e.branch, e.body, t.proof from token t join entry e "
    "on e.till = t.till and e.seq = t.seq and e.branch = t.branch "
    "where t.kind = 'key-change' and t.position = (select min(first.position) from token first "
    "where first.till = t.till and first.seq = t.seq and first.branch = t.branch "
    "and first.kind = 'key-change')"
)
_DISPLAYS: Final = sa.text(
    "select till, seq, branch, body, at_ms from entry "
    "where kind = 'meter_key_shown' and branch is not null"
)
_HEADS: Final = sa.text(
    "insert into key_head (till, branch, seq) "
    "select till, branch, max(seq) from key_fact group by till, branch"
)
_METERS: Final = sa.text("select drn, record from meter where not removed")


def _facts_table() -> sa.Table:
    return op.create_table(
        "key_fact",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("branch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("drn", sa.String(length=20), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("proof", sa.String(length=20), nullable=False),
        sa.Column("sgc", sa.String(length=6), nullable=False),
        sa.Column("krn", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("old", sa.String(length=60), nullable=False),
        sa.Column("record", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("till", "seq", "branch", name=op.f("pk_key_fact")),
    )


def _list_table() -> sa.Table:
    return op.create_table(
        "list_key",
        sa.Column("drn", sa.String(length=20), nullable=False),
        sa.Column("sgc", sa.String(length=6), nullable=False),
        sa.Column("krn", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("drn", name=op.f("pk_list_key")),
    )


def upgrade() -> None:
    """Make the tables and fill them."""
    facts, listed = _facts_table(), _list_table()
    op.create_table(
        "key_head",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("branch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("till", "branch", name=op.f("pk_key_head")),
    )
    op.create_table(
        "keys_told",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("other", sa.String(length=100), nullable=False),
        sa.Column("branch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("till", "other", "branch", name=op.f("pk_keys_told")),
    )
    _fill(facts, _changes())
    _fill(facts, _displays())
    op.execute(_HEADS)
    _fill(listed, _records())
    op.create_index("ix_key_fact_drn", "key_fact", ["drn", "at_ms"], unique=False)
    place = ["sgc", "krn", "base", "drn"]
    op.create_index("ix_key_fact_place", "key_fact", place, unique=False)
    op.create_index("ix_list_key_group", "list_key", ["sgc", "krn", "drn"], unique=False)


def _fill(table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    while piece := list(islice(rows, _PIECE)):
        op.get_bind().execute(sa.insert(table), piece)


def _changes() -> Iterator[dict[str, Any]]:
    for row in op.get_bind().execute(_CHANGES):
        fact = given(json.loads(row.body), row.proof)
        if fact is not None:
            yield {"till": row.till, "seq": row.seq, "branch": row.branch} | fact._asdict()


def _displays() -> Iterator[dict[str, Any]]:
    for row in op.get_bind().execute(_DISPLAYS):
        fact = shown(json.loads(row.body), row.at_ms)
        if fact is not None:
            yield {"till": row.till, "seq": row.seq, "branch": row.branch} | fact._asdict()


def _records() -> Iterator[dict[str, Any]]:
    for row in op.get_bind().execute(_METERS):
        record = json.loads(row.record)
        sgc, krn = record.get("sgc"), record.get("krn")
        named = isinstance(sgc, str) and len(sgc) <= 6 and type(krn) is int and 0 <= krn <= 9
        place = {"sgc": sgc, "krn": krn} if named else {"sgc": "", "krn": 0}
        yield {"drn": row.drn, "key": written_or_empty(record), "changed_ms": 0} | place
