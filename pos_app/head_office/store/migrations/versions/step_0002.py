"""Sessions of the console, and open findings in their order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of sessions, and the index of what is open."""
    op.create_table(
        "console_session",
        sa.Column("digest", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("who", sa.String(length=40), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("ends_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_console_session")),
    )
    op.create_index("ix_console_session_ends", "console_session", ["ends_ms"], unique=False)
    op.create_index(
        "ix_finding_unsettled",
        "finding",
        ["id"],
        unique=False,
        postgresql_where=sa.text("settled_ms IS NULL"),
        sqlite_where=sa.text("settled_ms IS NULL"),
    )
