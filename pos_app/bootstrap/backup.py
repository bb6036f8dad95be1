"""Backups: one file with all a shop needs, proven to restore before it counts as made.

Restoring the same backup in two places makes two tills with one name: their journals fork, which
``tokentill journal compare`` and head office find.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_app.adapters.ledger.backup import copy_ledger, start_again
from pos_app.adapters.ledger.book import FILE_NAME as LEDGER_NAME
from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.errors import BackupInvalid, LedgerDamaged, LedgerNewer
from pos_app.adapters.ledger.verify import reading, verify_ledger
from pos_app.adapters.system.clock import SystemClock
from pos_app.adapters.system.errors import ShopFolderUnusable
from pos_app.adapters.system.new_file import new_file, sync_folder
from pos_app.adapters.system.settings_file import FILE_NAME as SETTINGS_NAME
from pos_app.adapters.vault.errors import KeyStoreBroken
from pos_app.adapters.vault.header import FILE_NAME as VAULT_NAME
from pos_app.adapters.vault.keystore import OpenKeyStore, open_key_store
from pos_app.application.ports import Clock
from pos_app.bootstrap.backup_file import (
    CERTIFICATE,
    BackupDraft,
    Manifest,
    digest_of,
    unpack,
    write_backup,
)
from pos_app.bootstrap.shop import OpenShop, ShopExists, open_shop
from pos_app.domain.clock_guard import ClockStopped, ClockVerdict, judge
from pos_app.domain.errors import PosError
from pos_app.exchange.chain import Owner
from pos_app.exchange.digest import sha256_hex


def make_backup(folder: Path, passphrase: str, file: Path, clock: Clock | None = None) -> int:
    """Back the shop in `folder` up to a new file; return how many entries it holds.

    Raises what `open_shop` raises, `FileExists`, `FileUnwritable`, and `BackupInvalid` when the
    journal is not sound: a backup of it would not restore.
    """
    shop = open_shop(folder, passphrase, clock)
    try:
        return back_up(shop, file)
    finally:
        shop.close()


def back_up(shop: OpenShop, file: Path) -> int:
    """Back an open shop up; like `make_backup`, on the thread that owns the ledger.

    `drafted` and `note` need that thread; `prove_and_write`, which takes long, may run on any
    other while the shop sells on.
    """
    with drafted(shop) as draft:
        digest = prove_and_write(draft, file)
        note(shop, draft, file, digest)
    return draft.head.seq


@contextmanager
def drafted(shop: OpenShop) -> Iterator[BackupDraft]:
    """Copy what a backup holds; the copy is dropped at the end."""
    with tempfile.TemporaryDirectory(prefix="tokentill-") as place:
        folder = Path(place)
        copy_ledger(shop.ledger.db, folder / LEDGER_NAME, shop.store.ledger_key)
        try:
            shutil.copyfile(shop.folder / VAULT_NAME, folder / VAULT_NAME)
            for name in (SETTINGS_NAME, CERTIFICATE):
                if (shop.folder / name).is_file():
                    shutil.copyfile(shop.folder / name, folder / name)
        except OSError as problem:
            raise _unusable(shop.folder, problem) from problem
        yield BackupDraft(folder, shop.ledger.head(), shop.clock.now_ms(), shop.store)


def prove_and_write(draft: BackupDraft, file: Path) -> str:
    """Write the backup, read it back, prove it, then give it its name. Return its SHA-256."""
    store = draft.store
    with new_file(file) as written:
        write_backup(written, draft)
        written.flush()
        with tempfile.TemporaryDirectory(prefix="tokentill-") as name:
            manifest = unpack(written, Path(name), file)
            if sha256_hex((Path(name) / VAULT_NAME).read_bytes()) != store.sealed_as:
                # Not the key store that the passphrase opened: nobody knows if it still would.
                raise BackupInvalid(path=str(file), problem=VAULT_NAME)
            _prove(Path(name), store, manifest, file)
        written.seek(0)
        return digest_of(written)


def note(shop: OpenShop, draft: BackupDraft, file: Path, digest: str) -> None:
    """Journal that a backup was made; without its entry the backup does not stay."""
    head = draft.head
    body = {"entries": head.seq, "head": head.hash.hex(), "sha256": digest, "operator": ""}
    try:
        with shop.ledger.writing() as transaction:
            transaction.append("backup", body, shop.clock.now_ms())
    except PosError:
        file.unlink(missing_ok=True)
        raise


def restore_backup(file: Path, folder: Path, passphrase: str, clock: Clock | None = None) -> int:
    """Restore a backup into a folder that is empty or not there; return the journal's length.

    Everything is proven first and appears at once. Raises `ShopExists`, `BackupInvalid`,
    `PassphraseWrong`, `ShopFolderUnusable`, or `ClockStopped` while the computer's clock is
    behind the backup: the TIDs to keep clear of are counted from the present time.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise ShopExists(folder=str(folder))
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=folder.name + ".", suffix=".new", dir=folder.parent
        ) as name:
            draft = Path(name) / "shop"
            draft.mkdir(mode=0o700)
            entries = _restore_into(draft, file, passphrase, clock)
            if folder.exists():
                folder.rmdir()
            draft.rename(folder)
        sync_folder(folder.parent)
    except OSError as problem:
        raise _unusable(folder, problem) from problem
    return entries


def _restore_into(draft: Path, file: Path, passphrase: str, clock: Clock | None) -> int:
    try:
        source = file.open("rb")
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise BackupInvalid(path=str(file), problem=reason) from problem
    with source:
        manifest = unpack(source, draft, file)
    try:
        store = open_key_store(draft, passphrase)
    except KeyStoreBroken as broken:
        raise BackupInvalid(path=str(file), problem=VAULT_NAME) from broken
    _prove(draft, store, manifest, file)
    time = clock or SystemClock(store.identity.utc_offset_minutes)
    return _start_again(draft, store, time.now_ms(), manifest.made_ms)


def _start_again(draft: Path, store: OpenKeyStore, now: int, made_ms: int) -> int:
    ledger = SqliteLedger.open(draft, store.ledger_key, store.signer)
    try:
        highest = max(ledger.clock_floor_ms(), made_ms)
        if judge(now, highest, now) is ClockVerdict.BEHIND:
            raise ClockStopped(reason=ClockVerdict.BEHIND.value, now=now, highest=highest)
        start_again(ledger, max(now, made_ms))
        store.drop_anchor(ledger.head())
        return ledger.head().seq
    finally:
        ledger.close()


def _prove(folder: Path, store: OpenKeyStore, manifest: Manifest, file: Path) -> None:
    """Really open the copy: signature of the manifest, file, whole chain, tables, head."""
    owner = Owner(store.identity.till, store.signer.public)
    if not manifest.is_of(owner):
        raise BackupInvalid(path=str(file), problem="manifest.json")
    try:
        with reading(folder / LEDGER_NAME, store.ledger_key) as db:
            proof = verify_ledger(db, owner)
    except (LedgerDamaged, LedgerNewer) as bad:
        raise BackupInvalid(path=str(file), problem=bad.code) from bad
    if proof.fault is not None:
        problem = f"entry {proof.fault.seq}: {proof.fault.kind.value}"
        raise BackupInvalid(path=str(file), problem=problem)
    if (proof.head.seq, proof.head.hash.hex()) != (manifest.entries, manifest.head):
        raise BackupInvalid(path=str(file), problem="head")


def _unusable(folder: Path, problem: OSError) -> ShopFolderUnusable:
    reason = problem.strerror or type(problem).__name__
    return ShopFolderUnusable(folder=str(folder), reason=reason)
