"""The database: SQLite in the office's folder, or PostgreSQL where one is named.

SQLite is the copy that comes with the program (sqlcipher3, here without a key): the system's own
may be older than 3.51.3 and lose pages when several connections checkpoint (SQLite change log).
Every writer begins at once (``BEGIN IMMEDIATE``), so that no transaction reads, waits and fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError

from pos_app.head_office.errors import OfficeStoreUnusable
from pos_app.head_office.store.migrate import Tell, upgrade

Act = Connection
"""A transaction that is open: everything in `store` is done inside one."""

FILE_NAME: Final = "office.sqlite"
_WAIT_SECONDS: Final = 30
_CONNECTIONS: Final = 40
"""As many as the web server has threads: a request never waits for a connection in vain."""
_PREPARED: Final = (
    "pragma journal_mode = wal",
    "pragma synchronous = full",
    f"pragma busy_timeout = {_WAIT_SECONDS}000",
)


_UNUSABLE: Final = frozenset({"OperationalError", "DatabaseError"})
"""Disk, network and rights; and of SQLite a file that is damaged or is no database."""


class RowRefused(Exception):
    """The database does not take a row: a value it cannot hold, or a key that is there."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open database of the version of this program."""

    engine: Engine

    @property
    def place(self) -> str:
        """Return where the database is, without a password."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def takes_packed(self) -> bool:
        """Tell whether rows may be packed beforehand (`bulk.pack`)."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin a transaction that is durable after the block, or undone with its error.

        Raises `RowRefused` or `OfficeStoreUnusable`.
        """
        with _told(), self.engine.connect() as connection:
            held = connection.execution_options(tokentill_writing=True)
            with held.begin():
                yield held

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a transaction that sees one moment and changes nothing."""
        with _told(), self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Let every connection go."""
        self.engine.dispose()


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the database says of disk, network and rights into `OfficeStoreUnusable`."""
    try:
        yield
    except (DataError, IntegrityError) as problem:
        raise RowRefused(_reason(problem)) from problem
    except OverflowError as problem:  # SQLite's driver, of a number beyond 63 bits
        raise RowRefused(str(problem)) from problem
    except DBAPIError as problem:
        if problem.connection_invalidated or type(problem).__name__ in _UNUSABLE:
            raise OfficeStoreUnusable(reason=_reason(problem)) from problem
        raise


def _reason(problem: DBAPIError) -> str:
    """Return the first line of what the driver said; it never repeats a password."""
    lines = str(problem.orig).strip().splitlines()
    return lines[0][:200] if lines else type(problem.orig).__name__


def open_store(database: str, folder: Path, tell: Tell | None = None) -> Store:
    """Open a database and bring it to this program's version; `tell` hears how far that is.

    `database` is ``postgresql://…``, or empty for the file in `folder`. Raises
    `OfficeStoreUnusable` or `OfficeStoreNewer`.
    """
    engine = _postgresql(database) if database else _sqlite(folder / FILE_NAME)
    try:
        with _told():
            upgrade(engine, tell)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


def _postgresql(database: str) -> Engine:
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):  # the latter of a port that is no number
        raise OfficeStoreUnusable(reason="postgresql://…") from None
    if url.get_backend_name() != "postgresql":
        raise OfficeStoreUnusable(reason=f"{url.get_backend_name()}://")
    return create_engine(
        url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, max_overflow=_CONNECTIONS
    )


def _sqlite(path: Path) -> Engine:
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(
        url,
        module=sqlcipher3.dbapi2,
        connect_args={"isolation_level": None, "timeout": 30},
        max_overflow=_CONNECTIONS,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    for statement in _PREPARED:
        connection.execute(statement)


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("tokentill_writing", False)
    connection.exec_driver_sql("begin immediate" if writing else "begin")
