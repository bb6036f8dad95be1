"""Looking at a shop's journal without selling: proving, comparing and exporting it.

None of these refuses a shop that was damaged or rolled back, none changes a byte of it, and
none needs more memory for a longer journal.

The anchor (the head of the journal, kept outside of it) is written when a shop is made or
restored and never removed by the program. So a missing or changed anchor is a fault of its own,
told when the journal is otherwise sound; selling goes on without one, because a lost small file
must not stop a till, but `verify_shop` says that a cut-off end could no longer be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from pos_app.adapters.ledger import queries
from pos_app.adapters.ledger.book import FILE_NAME as LEDGER_NAME
from pos_app.adapters.ledger.engine import shop_problems
from pos_app.adapters.ledger.verify import Proof, reading, verify_ledger
from pos_app.adapters.system.new_file import new_file
from pos_app.adapters.vault.errors import KeyStoreBroken, PassphraseWrong
from pos_app.adapters.vault.header import read_identity
from pos_app.adapters.vault.keystore import OpenKeyStore, open_key_store
from pos_app.bootstrap.shop import take_lock
from pos_app.domain.errors import PosError
from pos_app.exchange.chain import (
    EMPTY,
    Entry,
    Fault,
    FaultKind,
    Fork,
    Head,
    Owner,
    belongs_to,
    compare,
    verify,
)
from pos_app.exchange.journal_file import read_journal, write_journal


class JournalUnsound(PosError):
    """A journal has a bad entry, so nothing can follow from it. Facts: `path`, `entry`, `what`."""

    code: ClassVar[str] = "journal-unsound"


class JournalOfAnotherTill(PosError):
    """The other journal is not this till's. Facts: `here`, `there`: names with the key's start."""

    code: ClassVar[str] = "journal-of-another-till"


class CopyLocked(PosError):
    """The other shop folder has another passphrase. Fact: `path`."""

    code: ClassVar[str] = "copy-locked"


class CopyUnreadable(PosError):
    """There is no shop and no exported journal at `path`, or it cannot be read: `reason`."""

    code: ClassVar[str] = "copy-unreadable"


def verify_shop(
    folder: Path, passphrase: str, progress: Callable[[int], None] | None = None
) -> Proof:
    """Prove the shop's whole ledger and its anchor; the answer names the first bad entry.

    Raises what keeps a look from being taken: `ShopInUse`, `PassphraseWrong`, `LedgerDamaged`
    (not even the first page can be read) and their like.
    """
    with looking_at(folder, passphrase) as store:
        anchor, doubt = _anchor(store)
        with reading(folder / LEDGER_NAME, store.ledger_key) as db:
            proof = verify_ledger(db, owner_of(store), anchor, progress)
    if proof.fault is None and doubt:
        return Proof(proof.head, Fault(proof.head.seq, FaultKind.ANCHOR, doubt))
    return proof


def compare_shops(folder: Path, other: Path, passphrase: str) -> Fork | None:
    """Hold the shop's journal against a copy: a shop folder or an exported file.

    None when one journal continues the other. The copy is not changed; a folder opens with the
    same passphrase. Raises `JournalOfAnotherTill`, `JournalUnsound`, `CopyLocked`,
    `CopyUnreadable` or `JournalFileInvalid`.
    """
    with looking_at(folder, passphrase) as store:
        owner = owner_of(store)
        ours, theirs = _folder_entries(folder, store), _other_entries(other, owner, passphrase)
        with ours as left, theirs as right:
            fork = compare(left, right)
            for _ in right:
                pass  # the rest must be sound too, or the answer is worth nothing
    return fork


def export_journal(folder: Path, passphrase: str, file: Path) -> int:
    """Write the proven journal to a new file and return how many entries it has.

    Raises `JournalUnsound`, `FileExists` or `FileUnwritable`; no file is left then.
    """
    with (
        looking_at(folder, passphrase) as store,
        _folder_entries(folder, store) as entries,
        new_file(file) as target,
    ):
        return write_journal(target, owner_of(store), entries, store.signer)


@contextmanager
def looking_at(folder: Path, passphrase: str) -> Iterator[OpenKeyStore]:
    """Hold the shop's lock and its open key store for one look."""
    lock = take_lock(folder)
    try:
        yield open_key_store(folder, passphrase)
    finally:
        lock.release()


def owner_of(store: OpenKeyStore) -> Owner:
    """Return whose journal a shop's is."""
    return Owner(store.identity.till, store.signer.public)


def _anchor(store: OpenKeyStore) -> tuple[Head, str]:
    """Return the anchor and what is wrong with it."""
    try:
        anchor = store.anchor()
    except KeyStoreBroken:
        return EMPTY, "changed"
    return anchor, "" if anchor.seq else "missing"


@contextmanager
def _folder_entries(folder: Path, store: OpenKeyStore) -> Iterator[Iterator[Entry]]:
    path = folder / LEDGER_NAME
    with reading(path, store.ledger_key) as db, shop_problems(path):
        yield sound(queries.entries(db, 0), owner_of(store), path)


def sound(entries: Iterator[Entry], owner: Owner, path: Path) -> Iterator[Entry]:
    """Hand out entries one by one, each proven; raise `JournalUnsound` at the first bad one."""
    head = EMPTY
    for entry in entries:
        if entry.seq == 1 and not belongs_to(entry, owner):
            raise JournalUnsound(path=str(path), entry=1, what=FaultKind.IDENTITY.value)
        for found in verify((entry,), owner.public, head):
            if isinstance(found, Fault):
                raise JournalUnsound(path=str(path), entry=found.seq, what=found.kind.value)
            head = found
        yield entry


@contextmanager
def _other_entries(other: Path, owner: Owner, passphrase: str) -> Iterator[Iterator[Entry]]:
    if other.is_dir():
        with _folder_entries(other, _other_store(other, owner, passphrase)) as entries:
            yield entries
        return
    try:
        with other.open("rb") as file:
            journal = read_journal(file)
            _same_till(owner, journal.owner)
            yield journal.entries
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise CopyUnreadable(path=str(other), reason=reason) from problem


def _other_store(other: Path, owner: Owner, passphrase: str) -> OpenKeyStore:
    till = read_identity(other).till
    if till != owner.till:
        raise JournalOfAnotherTill(here=str(owner), there=till)
    try:
        store = open_key_store(other, passphrase)
    except PassphraseWrong:
        raise CopyLocked(path=str(other)) from None
    _same_till(owner, owner_of(store))
    return store


def _same_till(here: Owner, there: Owner) -> None:
    if here != there:
        raise JournalOfAnotherTill(here=str(here), there=str(there))
