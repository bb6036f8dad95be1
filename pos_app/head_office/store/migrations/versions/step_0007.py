"""Settlement: sums by day, closes of shifts and bank batches, terms of commission.

The sums are made from the entries that are booked already, in the same transaction as the
tables: a program that is stopped in between begins again and has lost nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pos_app.head_office.store import tallies

revision = "0007"
down_revision = "0006"
TELL = "tokentill_tell"
"""The option of the context that is told how far it is."""


def upgrade() -> None:
    """Make the tables and fill them."""
    _tally()
    _closing()
    _terms()
    tell = op.get_context().opts.get(TELL) or (lambda _till, _done, _every: None)
    tallies.fill(op.get_bind(), tell)


def _tally() -> None:
    keys = ("till", "day", "branch", "what", "name", "detail", "currency", "decimals", "unit")
    op.create_table(
        "tally",
        sa.Column("till", sa.String(length=100), autoincrement=False, nullable=False),
        sa.Column("day", sa.String(length=10), autoincrement=False, nullable=False),
        sa.Column("branch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("detail", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("currency", sa.String(length=3), autoincrement=False, nullable=False),
        sa.Column("decimals", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("training", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("tenths", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*keys, "training", name=op.f("pk_tally")),
    )
    op.create_index("ix_tally_day", "tally", ["day"], unique=False)


def _closing() -> None:
    op.create_table(
        "closing",
        sa.Column("till", sa.String(length=100), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("branch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("till", "seq", "branch", name=op.f("pk_closing")),
    )
    op.create_index("ix_closing_day", "closing", ["day", "till", "seq", "branch"], unique=False)
    op.create_index("ix_closing_number", "closing", ["till", "kind", "number"], unique=False)


def _terms() -> None:
    op.create_table(
        "commission_terms",
        sa.Column("till", sa.String(length=100), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("from_day", sa.String(length=10), nullable=False),
        sa.Column("sale_percent", sa.String(length=40), nullable=False),
        sa.Column("unit_amount", sa.String(length=40), nullable=False),
        sa.Column("free_token_amount", sa.String(length=40), nullable=False),
        sa.Column("debt_percent", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("set_ms", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("till", "number", name=op.f("pk_commission_terms")),
    )
