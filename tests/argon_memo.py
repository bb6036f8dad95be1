"""Argon2 remembered: what was stretched once in a test run is not stretched again.

A shop is opened and a PIN is checked a thousand times in these tests, with the same passphrase,
salt and cost. Argon2 is a function of those alone, so a result that was really computed once is
handed out again, and nothing in the program is weakened. Programs that tests start for themselves
compute everything; new salts, as those of a new verifier, are never the same twice.
"""

from __future__ import annotations

import atexit
import os
import shutil
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import argon2
from argon2 import low_level
from argon2.exceptions import VerifyMismatchError

FOLDER: Final = "TOKENTILL_TESTS_ARGON"
"""Names the folder of what is remembered, for the process that forks commands."""
_held: dict[str, bytes] = {}


def remember() -> None:
    """Let this process and the commands it forks remember."""
    if FOLDER not in os.environ:
        folder = mkdtemp(prefix="tokentill-argon-")
        os.environ[FOLDER] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    place, stretch = Path(os.environ[FOLDER]), low_level.hash_secret_raw
    verify = argon2.PasswordHasher.verify

    def stretched(secret: bytes, salt: bytes, **cost: Any) -> bytes:
        return _once(
            place, ("raw", secret, salt, *cost.items()), lambda: stretch(secret, salt, **cost)
        )

    def verified(self: argon2.PasswordHasher, verifier: Any, secret: Any) -> Any:
        def compute() -> bytes:
            try:
                verify(self, verifier, secret)
            except VerifyMismatchError:
                return b"wrong"
            return b"right"

        if _once(place, ("verify", verifier, secret), compute) == b"wrong":
            raise VerifyMismatchError
        return True

    for home, name, held in (
        (low_level, "hash_secret_raw", stretched),
        (argon2.PasswordHasher, "verify", verified),
    ):
        setattr(home, name, held)


def _once(place: Path, asked: tuple[object, ...], compute: Callable[[], bytes]) -> bytes:
    name = sha256(repr(asked).encode("utf-8", "surrogateescape")).hexdigest()
    if name not in _held:
        _held[name] = _read(place / name) or compute()
        _keep(place / name, _held[name])
    return _held[name]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _keep(path: Path, result: bytes) -> None:
    """Write for other processes; a reader sees all of it or nothing."""
    if path.exists():
        return
    whole = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    whole.write_bytes(result)
    whole.replace(path)
