"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert


def add_rows(act: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert `rows`, each with a value for every column of `table` in its order.

    None of them may be there yet: the caller holds the till's turn and has looked.
    """
    if not rows:
        return
    if act.dialect.name == "postgresql":
        _copy(act, table, rows)
    else:
        names = [column.name for column in table.columns]
        act.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def _copy(act: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    from psycopg import sql  # noqa: PLC0415 - an office on SQLite needs no driver

    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns),
    )
    driver: Any = act.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
