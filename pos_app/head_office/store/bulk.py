"""Many rows at once: a binary COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary, String, Table, Text


def add_rows(act: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert `rows`, each with a value for every column of `table` in its order.

    None of them may be there yet: the caller holds the till's turn and has looked.
    """
    if not rows:
        return
    if act.dialect.name == "postgresql":
        _copy(act, table, rows)
    else:
        marks = ",".join("?" * len(table.columns))
        act.exec_driver_sql(f"insert into {_named(table)} values ({marks})", list(rows))


def _copy(act: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    driver: Any = act.connection.driver_connection
    statement = f"copy {_named(table)} from stdin (format binary)"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(_types(table))
        for row in rows:
            copy.write_row(row)


def _named(table: Table) -> str:
    """Return a table with its columns; the names are our own (`tables`), and plain words."""
    return f"{table.name} ({', '.join(column.name for column in table.columns)})"


@cache
def _types(table: Table) -> list[str]:
    """Return PostgreSQL's names of the columns' types, which a binary COPY does not convert."""
    return [_type(column.type) for column in table.columns]


def _type(kind: Any) -> str:
    for ours, theirs in (
        (Boolean, "bool"), (BigInteger, "int8"), (Integer, "int4"), (LargeBinary, "bytea"),
        (Text, "text"), (String, "varchar"),
    ):  # fmt: skip
        if isinstance(kind, ours):
            return theirs
    raise TypeError(kind)
