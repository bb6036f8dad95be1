"""Many rows at once: a binary COPY on PostgreSQL, one prepared statement on SQLite.

Rows for PostgreSQL may be packed beforehand, in another process: each is the number of its columns
(2 bytes), and of each value the length (4 bytes) and the value, numbers with the highest byte first
(the manual of PostgreSQL, COPY, "Binary Format").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import chain, repeat
from struct import Struct
from typing import Any, Final

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

Rows = Sequence[tuple[Any, ...]] | bytes
"""Rows, or what `pack` made of them."""


def add_rows(act: Connection, table: Table, rows: Rows) -> None:
    """Insert `rows`, each with a value for every column of `table` in its order.

    None of them may be there yet: the caller holds the till's turn and has looked. Packed rows
    are for PostgreSQL only.
    """
    if not rows:
        return
    if act.dialect.name == "postgresql":
        _copy(act, table, rows)
    else:
        act.exec_driver_sql(_insert(table, act.dialect), list(rows))


def pack(table: Table, rows: Sequence[tuple[Any, ...]]) -> bytes:
    """Return rows as a binary COPY has them; raises `struct.error` for a number too large.

    No value is None.
    """
    texts = _Texts()  # most of a till's are the same in all its rows
    columns = [texts.__getitem__ if to is _text else to for to in _columns(table)]
    begin = len(columns).to_bytes(2, "big")
    by_column = zip(columns, zip(*rows, strict=True), strict=True) if rows else ()
    packed = [map(to, values) for to, values in by_column]
    return b"".join(chain.from_iterable(zip(repeat(begin, len(rows)), *packed, strict=True)))


@cache
def _insert(table: Table, dialect: Dialect) -> str:
    return str(insert(table).compile(dialect=dialect))


def _copy(act: Connection, table: Table, rows: Rows) -> None:
    from psycopg import Error, sql  # noqa: PLC0415 - an office on SQLite needs no driver

    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns),
    )
    driver: Any = act.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            if isinstance(rows, bytes):
                copy.write(b"".join((_SIGNATURE, rows, _END)))
                return
            copy.set_types(_types(table))
            for row in rows:
                copy.write_row(row)
    except Error as problem:  # said as the store says what is not a COPY
        raise DBAPIError.instance("COPY", None, problem, Error) from problem


_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"


def _bytes(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _text(value: str) -> bytes:
    return _bytes(value.encode())


_bool = {True: b"\0\0\0\1\1", False: b"\0\0\0\1\0"}.__getitem__
_bigint = partial(Struct(">iq").pack, 8)
_integer = partial(Struct(">ii").pack, 4)


class _Texts(dict[str, bytes]):
    """Texts that were packed before."""

    def __missing__(self, value: str) -> bytes:
        made = self[value] = _text(value)
        return made


@cache
def _columns(table: Table) -> list[Callable[[Any], bytes]]:
    """Return how a value of each column is packed."""
    return [_type(column.type)[1] for column in table.columns]


@cache
def _types(table: Table) -> list[str]:
    """Return PostgreSQL's names of the columns' types, which a binary COPY does not convert."""
    return [_type(column.type)[0] for column in table.columns]


def _type(kind: Any) -> tuple[str, Callable[[Any], bytes]]:
    for ours, theirs, packer in (
        (Boolean, "bool", _bool), (BigInteger, "int8", _bigint), (Integer, "int4", _integer),
        (LargeBinary, "bytea", _bytes), (Text, "text", _text), (String, "varchar", _text),
    ):  # fmt: skip
        if isinstance(kind, ours):
            return theirs, packer
    raise TypeError(kind)
