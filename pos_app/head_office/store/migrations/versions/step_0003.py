"""Entries whose own signatures are yet to be looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of stretches that are due."""
    op.create_table(
        "signature_due",
        sa.Column("till", sa.String(length=100), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("till", "first", name=op.f("pk_signature_due")),
    )
