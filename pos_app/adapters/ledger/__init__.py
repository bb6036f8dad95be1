"""The shop's ledger: one encrypted SQLite file, one connection, one thread.

sqlite-utils looks for ``pysqlite3`` first and takes its exceptions from there; so SQLCipher takes
that name here, before any module of this package can import sqlite-utils. It also imports numpy
and pandas where they are installed, only to store their types; a till has none of these types and
no third of a second to spare, so both are out of its sight while it is imported.
"""

import sys

import sqlcipher3
from sqlcipher3 import dbapi2

sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", dbapi2)

_HIDDEN = [name for name in ("numpy", "pandas") if name not in sys.modules]
for _name in _HIDDEN:
    sys.modules[_name] = None  # type: ignore[assignment]  # None means: not to be imported
import sqlite_utils  # noqa: E402, F401 - imported here for the names around it

for _name in _HIDDEN:
    del sys.modules[_name]
