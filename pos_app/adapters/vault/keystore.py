"""The key store file: one sealed master secret, opened with the shop's passphrase.

``vault.json`` holds a clear header (format, till, mode, public key, Argon2 cost and salt) and a
box with the master secret and the till's signing seed; the header is bound to the box. From the
master come the ledger's key, the key that seals meter keys and the key of the anchor.
The key records themselves are opaque blobs in the ledger (`pos_app.adapters.vault.records`).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pos_app.adapters.vault.errors import (
    KeyStoreBroken,
    KeyStoreUnwritable,
    PassphraseWeak,
    PassphraseWrong,
)
from pos_app.adapters.vault.header import FILE_NAME, FORMAT, VERSION, Argon2Cost, read_header
from pos_app.adapters.vault.sealing import (
    KEY_BYTES,
    SALT_BYTES,
    BoxBroken,
    passphrase_key,
    seal,
    subkey,
    unseal,
)
from pos_app.application.records import ShopIdentity
from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.chain import EMPTY, Head
from pos_app.exchange.digest import sha256_hex
from pos_app.exchange.errors import NotCanonical
from pos_app.exchange.signing import SEED_BYTES, SigningKey

ANCHOR_NAME: Final = "anchor.json"
LEAST_PASSPHRASE: Final = 10


@dataclass(frozen=True, slots=True)
class OpenKeyStore:
    """An open key store. Nothing secret is in its `repr`.

    `sealed_as` is the SHA-256 of the file that the passphrase opened: a copy with this digest
    opens, too.
    """

    folder: Path
    identity: ShopIdentity
    sealed_as: str
    signer: SigningKey = field(repr=False)
    ledger_key: bytes = field(repr=False)
    record_key: bytes = field(repr=False)
    anchor_key: bytes = field(repr=False)

    def anchor(self) -> Head:
        """Return the journal head last anchored beside the ledger.

        `EMPTY` when there is none; a changed one raises `KeyStoreBroken`.
        """
        path = self.folder / ANCHOR_NAME
        if not path.is_file():
            return EMPTY
        try:
            held = read_canonical(path.read_bytes())
            proof = held.pop("proof")
            genuine = hmac.compare_digest(proof, self._anchor_proof(held).hex())
            head = Head(int(held["seq"]), bytes.fromhex(held["hash"]), int(held["at"]))
        except (OSError, NotCanonical, ValueError, KeyError, TypeError, AttributeError):
            genuine, head = False, EMPTY
        if not genuine:
            raise KeyStoreBroken(path=str(path), problem="anchor")
        return head

    def drop_anchor(self, head: Head) -> None:
        """Write down where the journal ends, outside of it.

        It may trail the ledger by a crash, never lead it. The new file is on disk before it
        takes the old one's name: a power cut must not leave an empty anchor, which would keep
        the shop shut.
        """
        held: dict[str, Any] = {"seq": head.seq, "hash": head.hash.hex(), "at": head.at_ms}
        held["proof"] = self._anchor_proof(held).hex()
        _replace(self.folder / ANCHOR_NAME, canonical(held))

    def _anchor_proof(self, held: dict[str, Any]) -> bytes:
        return hmac.digest(self.anchor_key, canonical(held), hashlib.sha256)


def create_key_store(
    folder: Path, passphrase: str, identity: ShopIdentity, cost: Argon2Cost
) -> OpenKeyStore:
    """Make a new key store in `folder`; raise `PassphraseWeak` or `KeyStoreUnwritable`."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise PassphraseWeak(least=LEAST_PASSPHRASE)
    master, seed = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(SEED_BYTES)
    salt = secrets.token_bytes(SALT_BYTES)
    signer = SigningKey(seed)
    header = {
        "format": FORMAT,
        "version": VERSION,
        "till": identity.till,
        "shop": identity.shop,
        "mode": identity.mode.value,
        "utc_offset_minutes": identity.utc_offset_minutes,
        "public_key": signer.public.hex(),
        "argon2id": {
            "memory_kib": cost.memory_kib,
            "passes": cost.passes,
            "lanes": cost.lanes,
            "salt": salt.hex(),
        },
    }
    box = seal(passphrase_key(passphrase, salt, cost), master + seed, canonical(header))
    content = canonical({"header": header, "box": box.hex()})
    _replace(folder / FILE_NAME, content)
    return _opened(folder, identity, content, master + seed)


def open_key_store(folder: Path, passphrase: str) -> OpenKeyStore:
    """Open the key store: `KeyStoreMissing`, `KeyStoreBroken` or `PassphraseWrong` otherwise."""
    path = folder / FILE_NAME
    header = read_header(path)
    if not header.cost.acceptable():
        raise KeyStoreBroken(path=str(path), problem="cost")
    key = passphrase_key(passphrase, header.salt, header.cost)
    try:
        plain = unseal(key, header.box, canonical(header.raw))
    except BoxBroken:
        raise PassphraseWrong from None
    opened = _opened(folder, header.identity, header.content, plain)
    if opened.signer.public.hex() != header.raw["public_key"]:
        raise KeyStoreBroken(path=str(path), problem="public-key")
    return opened


def _opened(folder: Path, identity: ShopIdentity, content: bytes, secret: bytes) -> OpenKeyStore:
    master, seed = secret[:KEY_BYTES], secret[KEY_BYTES:]
    return OpenKeyStore(
        folder=folder,
        identity=identity,
        sealed_as=sha256_hex(content),
        signer=SigningKey(seed),
        ledger_key=subkey(master, b"ledger"),
        record_key=subkey(master, b"key records"),
        anchor_key=subkey(master, b"anchor"),
    )


def _replace(path: Path, content: bytes) -> None:
    """Write beside, bring to disk and rename; readable by the owner only."""
    draft = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise KeyStoreUnwritable(path=str(path), reason=reason) from problem
