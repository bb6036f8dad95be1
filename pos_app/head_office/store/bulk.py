"""Many rows at once: a binary COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Dialect,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    insert,
)
from sqlalchemy.exc import DBAPIError


def add_rows(act: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert `rows`, each with a value for every column of `table` in its order.

    None of them may be there yet: the caller holds the till's turn and has looked.
    """
    if not rows:
        return
    if act.dialect.name == "postgresql":
        _copy(act, table, rows)
    else:
        act.exec_driver_sql(_insert(table, act.dialect), list(rows))


@cache
def _insert(table: Table, dialect: Dialect) -> str:
    return str(insert(table).compile(dialect=dialect))


def _copy(act: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    from psycopg import Error, sql  # noqa: PLC0415 - an office on SQLite needs no driver

    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns),
    )
    driver: Any = act.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(_types(table))
            for row in rows:
                copy.write_row(row)
    except Error as problem:  # said as the store says what is not a COPY
        raise DBAPIError.instance("COPY", None, problem, Error) from problem


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
