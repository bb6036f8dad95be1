"""Answers to what tills propose, and the way to find their proposals among all entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
_PROPOSED = "kind = 'meter_proposed'"


def upgrade() -> None:
    """Make the table of answers, and an index that holds proposals only."""
    op.create_table(
        "proposal_answer",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_ms", sa.BigInteger(), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("pack", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("till", "seq", name=op.f("pk_proposal_answer")),
    )
    op.create_index(
        "ix_entry_proposed",
        "entry",
        ["at_ms", "till", "seq"],
        unique=False,
        postgresql_where=sa.text(_PROPOSED),
        sqlite_where=sa.text(_PROPOSED),
    )
