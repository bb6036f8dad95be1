"""The shop's ledger: one encrypted SQLite file, one connection, one thread."""
