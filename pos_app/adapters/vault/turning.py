"""Another passphrase for a key store, and the end of its keys: one file in place of another.

The new file is whole on disk before it takes the old one's name, so a kill leaves one of the two.
The old one's bytes are written over before they are let go. That is all a program can do: a flash
disk, a file system that keeps versions, and every backup may still hold them.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from pos_app.adapters.vault.header import DESTROYED_VERSION, FILE_NAME
from pos_app.adapters.vault.keystore import (
    OpenKeyStore,
    open_box,
    refuse_weak,
    replace_file,
    sealed_store,
)
from pos_app.adapters.vault.sealing import KEY_BYTES
from pos_app.exchange.digest import sha256_hex


def change_passphrase(folder: Path, old: str, new: str) -> str:
    """Seal the store under `new` and return the digest of the file.

    `PassphraseWrong` or `PassphraseWeak` changes nothing.
    """
    path = folder / FILE_NAME
    header, secret = open_box(path, old)
    refuse_weak(new, header.identity)
    again = {name: value for name, value in header.raw.items() if name != "argon2id"}
    again["turn"] = header.turn + 1
    content = sealed_store(again, new, header.cost, secret)
    _put_in_place(path, content)
    return sha256_hex(content)


def destroy_keys(store: OpenKeyStore, passphrase: str) -> None:
    """Leave what reads and signs the journal, and nothing that opens a key, here or on disk."""
    path = store.folder / FILE_NAME
    header, secret = open_box(path, passphrase)
    left = store.ledger_key + store.anchor_key + secret[-KEY_BYTES:]
    again = {name: value for name, value in header.raw.items() if name != "argon2id"}
    again["version"] = DESTROYED_VERSION
    content = sealed_store(again, passphrase, header.cost, left)
    _put_in_place(path, content)
    store.forget_keys(sha256_hex(content))


def _put_in_place(path: Path, content: bytes) -> None:
    with path.open("r+b") as old:
        replace_file(path, content)
        _sync_folder(path.parent)
        # The new file stands; what cannot be written over now must not undo that.
        with suppress(OSError):
            size = old.seek(0, os.SEEK_END)
            old.seek(0)
            old.write(secrets.token_bytes(size))
            old.flush()
            os.fsync(old.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where the system can (Windows does it by itself)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
