"""What was asked of customers, or given back, for months that several tills sold in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "oversold",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("drn", sa.String(length=20), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("utility", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("charged_minor", sa.BigInteger(), nullable=False),
        sa.Column("due_minor", sa.BigInteger(), nullable=False),
        sa.Column("sent_minor", sa.BigInteger(), nullable=False),
        sa.Column("working", sa.Text(), nullable=False),
        sa.Column("draft", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("till", "ref", name=op.f("pk_oversold")),
    )
    op.create_index("ix_oversold_drn", "oversold", ["drn", "month"], unique=False)
    op.create_index("ix_oversold_draft", "oversold", ["draft"], unique=False)
