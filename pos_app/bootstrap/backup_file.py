"""The file of a backup: a zip, stored, with all a shop needs and a signed list of it.

Exactly these members: ``ledger.db`` (encrypted), ``vault.json`` (sealed with the passphrase),
``settings.json`` and ``office.pem`` (head office's certificate) where the shop has one, and
``manifest.json``::

    {"manifest":{"entries":N,"files":{"ledger.db":{"bytes":n,"sha256":"..."},...},
                 "format":"tokentill backup","head":"<hash of entry N>","made":<ms UTC>,
                 "till":"TILL1","version":1},"signature":"<128 hex>"}

signed by the till for the purpose ``tokentill backup`` over the canonical JSON of ``manifest``.
Nothing else is accepted when it is read: no other name, no compression, no other byte.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from pos_app.adapters.ledger.book import FILE_NAME as LEDGER_NAME
from pos_app.adapters.ledger.errors import BackupInvalid
from pos_app.adapters.system.settings_file import FILE_NAME as SETTINGS_NAME
from pos_app.adapters.vault.header import FILE_NAME as VAULT_NAME
from pos_app.adapters.vault.keystore import OpenKeyStore
from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.chain import Head, Owner
from pos_app.exchange.errors import NotCanonical
from pos_app.exchange.signing import signature_holds

FORMAT: Final = "tokentill backup"
VERSION: Final = 1
PURPOSE: Final = b"tokentill backup"
MANIFEST_NAME: Final = "manifest.json"
CERTIFICATE: Final = "office.pem"
"""A pinned certificate of head office in the shop's folder; without it the system's count."""
NEEDED: Final = frozenset({LEDGER_NAME, VAULT_NAME, MANIFEST_NAME})
ALLOWED: Final = NEEDED | {SETTINGS_NAME, CERTIFICATE}
LONGEST_MANIFEST: Final = 1 << 20
_PIECE: Final = 1 << 20
_GARBLED: Final = (
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,
    struct.error,
)
"""What zipfile raises for a file that is none, is cut off, encrypted or garbled."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The signed list of a backup; `files` are (bytes, SHA-256) by name."""

    raw: dict[str, Any]
    signature: bytes
    till: str
    head: str
    entries: int
    made_ms: int
    files: dict[str, tuple[int, str]]

    def is_of(self, owner: Owner) -> bool:
        """Tell whether `owner` made and signed this backup."""
        signed = signature_holds(owner.public, PURPOSE, canonical(self.raw), self.signature)
        return signed and self.till == owner.till


@dataclass(frozen=True, slots=True)
class BackupDraft:
    """A shop copied at `head` into `folder`, not yet a backup."""

    folder: Path
    head: Head
    made_ms: int
    store: OpenKeyStore = field(repr=False)


def write_backup(file: IO[bytes], draft: BackupDraft) -> None:
    """Write the members that lie in the draft's folder and the manifest over them."""
    folder, head, store = draft.folder, draft.head, draft.store
    names = sorted(path.name for path in folder.iterdir() if path.name in ALLOWED)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "till": store.identity.till,
        "made": draft.made_ms,
        "entries": head.seq,
        "head": head.hash.hex(),
        "files": {name: _measure(folder / name) for name in names},
    }
    signature = store.signer.sign(PURPOSE, canonical(manifest)).hex()
    listed = canonical({"manifest": manifest, "signature": signature})
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            archive.write(folder / name, name)
        archive.writestr(MANIFEST_NAME, listed)


def digest_of(file: IO[bytes]) -> str:
    """Return the SHA-256 of the rest of `file` in hex."""
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def unpack(source: IO[bytes], folder: Path, file: Path) -> Manifest:
    """Unpack `source` into `folder`, every byte held against the manifest; else `BackupInvalid`.

    `file` is its name for people. What the disk of `folder` does is raised as `OSError`.
    """
    try:
        archive = zipfile.ZipFile(source)
        listed = archive.infolist()
    except _GARBLED as garbled:
        raise BackupInvalid(path=str(file), problem="zip") from garbled
    with archive:
        members = {info.filename: info for info in listed}
        _check_members(members, len(listed), file)
        manifest = _manifest(_Member(archive, MANIFEST_NAME, file).all(LONGEST_MANIFEST), file)
        if set(manifest.files) != set(members) - {MANIFEST_NAME}:
            raise BackupInvalid(path=str(file), problem="names")
        for name, (size, digest) in manifest.files.items():
            _unpack_one(_Member(archive, name, file), folder / name, size, digest)
    return manifest


def _check_members(members: dict[str, zipfile.ZipInfo], listed: int, file: Path) -> None:
    if len(members) != listed or not NEEDED <= set(members) <= ALLOWED:
        raise BackupInvalid(path=str(file), problem="names")
    if any(info.compress_type != zipfile.ZIP_STORED for info in members.values()):
        raise BackupInvalid(path=str(file), problem="compressed")


class _Member:
    """One member being read; whatever is wrong with it is a `BackupInvalid` naming it."""

    def __init__(self, archive: zipfile.ZipFile, name: str, file: Path) -> None:
        self.broken = BackupInvalid(path=str(file), problem=name)
        try:
            self._stream = archive.open(name)
        except _GARBLED as garbled:
            raise self.broken from garbled

    def read(self, most: int) -> bytes:
        try:
            return self._stream.read(most)
        except _GARBLED as garbled:
            raise self.broken from garbled

    def all(self, most: int) -> bytes:
        content = self.read(most + 1)
        if len(content) > most:
            raise self.broken
        return content


def _unpack_one(member: _Member, path: Path, size: int, digest: str) -> None:
    left, seen = size, hashlib.sha256()
    with path.open("xb") as target:
        path.chmod(0o600)
        while left >= 0 and (piece := member.read(min(_PIECE, left + 1))):
            left -= len(piece)
            seen.update(piece)
            target.write(piece)
    if left or seen.hexdigest() != digest:
        raise member.broken


def _measure(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": digest_of(file)}


def _manifest(raw: bytes, file: Path) -> Manifest:
    try:
        held = read_canonical(raw)
        manifest = held["manifest"]
        if (manifest["format"], manifest["version"]) != (FORMAT, VERSION):
            raise BackupInvalid(path=str(file), problem="version")
        files = {
            str(name): (int(each["bytes"]), str(each["sha256"]))
            for name, each in manifest["files"].items()
        }
        return Manifest(
            raw=manifest,
            signature=bytes.fromhex(held["signature"]),
            till=manifest["till"],
            head=manifest["head"],
            entries=manifest["entries"],
            made_ms=int(manifest["made"]),
            files=files,
        )
    except (NotCanonical, KeyError, TypeError, ValueError, AttributeError) as bad:
        raise BackupInvalid(path=str(file), problem=MANIFEST_NAME) from bad
