"""Rebuilt sales in the lists of sales: a branch below 0 for each, indexes of those that count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
_OPEN = "settled_ms is null"


def upgrade() -> None:
    """Add the column, number those of one entry, make the indexes."""
    kept = sa.Column("branch", sa.Integer(), nullable=False, server_default="-1")
    op.add_column("rebuilt", kept)
    held = sa.table("rebuilt", *map(sa.column, ("till", "seq", "seal", "branch")))
    before: tuple[object, object] | None = None
    number = 0
    order = sa.select(held.c.till, held.c.seq, held.c.seal).order_by(*held.c[:3])
    for row in op.get_bind().execute(order).all():
        number = number + 1 if (row.till, row.seq) == before else 1
        before = row.till, row.seq
        if number > 1:
            here = (held.c.till == row.till, held.c.seq == row.seq, held.c.seal == row.seal)
            op.execute(sa.update(held).where(*here).values(branch=-number))
    for name, columns in (
        ("ix_rebuilt_open_seq", ["till", "seq", "branch"]),
        ("ix_rebuilt_open_day", ["till", "day", "seq", "branch"]),
        ("ix_rebuilt_open_drn", ["drn", "at_ms", "till", "seq", "branch"]),
    ):
        op.create_index(
            name, "rebuilt", columns, unique=False,
            postgresql_where=sa.text(_OPEN), sqlite_where=sa.text(_OPEN),
        )  # fmt: skip
