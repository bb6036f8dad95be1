"""Databases as an older program left them."""

from __future__ import annotations

import json
from typing import Final

from sqlalchemy import text

from pos_app.head_office.store.engine import Act, Store

_TABLES: Final = (
    "tally", "closing", "commission_terms", "key_fact", "key_head", "list_key", "keys_told",
    "oversold",
)  # fmt: skip
_INDEXES: Final = ("ix_rebuilt_open_seq", "ix_rebuilt_open_day", "ix_rebuilt_open_drn")


def back_to_0006(store: Store) -> None:
    """Leave a database as a program did that knew nothing after step 0006."""
    with store.writing() as act:
        for name in _TABLES:
            act.execute(text(f"drop table {name}"))
        for name in _INDEXES:
            act.execute(text(f"drop index {name}"))
        act.execute(text("alter table rebuilt drop column branch"))
        _forget_places(act)
        act.execute(text("update alembic_version set version_num = '0006'"))


def _forget_places(act: Act) -> None:
    for till, on, books in act.execute(text("select till, branch, books from branch")).all():
        said = {name: value for name, value in json.loads(books).items() if name != "place"}
        values = {"till": till, "on": on, "books": json.dumps(said)}
        act.execute(
            text("update branch set books = :books where till = :till and branch = :on"), values
        )
