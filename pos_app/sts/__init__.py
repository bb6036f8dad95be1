"""IEC 62055-41: tokens <-> fields <-> bits <-> digits, ciphers, key derivation."""
