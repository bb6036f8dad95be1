"""The shop's ledger: one encrypted SQLite file, one connection, one thread.

sqlite-utils looks for ``pysqlite3`` first and takes its exceptions from there; so SQLCipher takes
that name here, before any module of this package can import sqlite-utils.
"""

import sys

import sqlcipher3
from sqlcipher3 import dbapi2

sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", dbapi2)
