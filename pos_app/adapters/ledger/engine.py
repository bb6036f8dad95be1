"""The database engine: sqlite-utils over SQLCipher, one exclusive connection.

WAL with ``synchronous=FULL``: a commit that returned survives a power cut. ``locking_mode=
EXCLUSIVE`` and one connection keep clear of SQLite's WAL-reset race (fixed in 3.51.3, checked
here all the same).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlite
from sqlite_utils import Database

from pos_app.adapters.ledger.errors import EngineTooOld, LedgerDamaged, LedgerUnavailable

OLDEST_ENGINE: Final = (3, 51, 3)
_ENVIRONMENT: Final = frozenset(
    {
        sqlite.SQLITE_BUSY,
        sqlite.SQLITE_LOCKED,
        sqlite.SQLITE_READONLY,
        sqlite.SQLITE_IOERR,
        sqlite.SQLITE_FULL,
        sqlite.SQLITE_CANTOPEN,
        sqlite.SQLITE_PERM,
        sqlite.SQLITE_NOMEM,
    }
)
_DAMAGE: Final = frozenset({sqlite.SQLITE_CORRUPT, sqlite.SQLITE_NOTADB})


@contextmanager
def shop_problems(path: Path) -> Iterator[None]:
    """Turn what disks do into `LedgerUnavailable` and `LedgerDamaged`; let bugs through."""
    try:
        yield
    except sqlite.DatabaseError as problem:
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        name = str(getattr(problem, "sqlite_errorname", ""))
        if code in _ENVIRONMENT:
            raise LedgerUnavailable(reason=name) from problem
        if code in _DAMAGE:
            raise LedgerDamaged(path=str(path)) from problem
        raise
    except OSError as problem:
        raise LedgerUnavailable(reason=problem.strerror or type(problem).__name__) from problem


def check_engine() -> None:
    """Raise `EngineTooOld` for a SQLite that could corrupt the ledger."""
    if sqlite.sqlite_version_info < OLDEST_ENGINE:
        needed = ".".join(map(str, OLDEST_ENGINE))
        raise EngineTooOld(version=sqlite.sqlite_version, needed=needed)


def _unlock(connection: Any, key: bytes) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")
    # A raw key has no parameter form in SQLCipher; the text is made of hex digits only.
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    # Half of SQLCipher's page: a sale touches a dozen pages and each is encrypted whole.
    connection.execute("PRAGMA cipher_page_size = 2048")


def connect(path: Path, key: bytes, *, exclusive: bool = True) -> Database:
    """Open the encrypted file with a raw 32-byte `key`; make it when it is not there.

    Raises `LedgerDamaged` for a wrong key or a file that is none, `LedgerUnavailable` for a
    disk that cannot be written or a file another program holds.
    """
    check_engine()
    with shop_problems(path):
        connection = sqlite.connect(
            str(path), timeout=2.0, isolation_level=None, check_same_thread=False
        )
        try:
            _unlock(connection, key)
            if exclusive:
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA cache_size = -2000")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except BaseException:
            connection.close()
            raise
    return Database(connection, execute_plugins=False)


def connect_to_read(path: Path, key: bytes) -> Database:
    """Open a file at rest (no write-ahead log beside it) without leaving a trace in its folder.

    Raises like `connect`.
    """
    check_engine()
    with shop_problems(path):
        uri = path.absolute().as_uri() + "?mode=ro&immutable=1"
        connection = sqlite.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            _unlock(connection, key)
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA cache_size = -2000")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except BaseException:
            connection.close()
            raise
    return Database(connection, execute_plugins=False)
