"""The key store file: one sealed master secret, opened with the shop's passphrase.

``vault.json`` holds a clear header (format, till, mode, public key, Argon2 cost and salt) and a
box with the master secret and the till's signing seed; the header is bound to the box. From the
master come the ledger's key, the key that seals meter keys, the key that opens key files and the
key of the anchor. Where the keys were destroyed, the box holds what reads the journal instead:
ledger key, anchor key, signing seed, and no master.
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
from pos_app.adapters.vault.header import (
    FILE_NAME,
    FORMAT,
    VERSION,
    Argon2Cost,
    Header,
    read_header,
)
from pos_app.adapters.vault.sealing import (
    KEY_BYTES,
    SALT_BYTES,
    BoxBroken,
    passphrase_key,
    seal,
    subkey,
    unseal,
)
from pos_app.application.identity import ShopIdentity, ShopMode
from pos_app.domain.passphrase import LEAST_BITS, passphrase_bits
from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.chain import EMPTY, Head
from pos_app.exchange.digest import sha256_hex
from pos_app.exchange.errors import NotCanonical
from pos_app.exchange.signing import SEED_BYTES, SigningKey

ANCHOR_NAME: Final = "anchor.json"


@dataclass(frozen=True, slots=True)
class OpenKeyStore:
    """An open key store. Nothing secret is in its `repr`.

    `sealed_as` is the SHA-256 of the file that the passphrase opened: a copy with this digest
    opens, too. `exchange_private` opens key files made for this till; it and `record_key` are
    empty once the keys were destroyed. `turn` counts changes of the passphrase.
    `modules` is the open hardware module, once it was needed.
    """

    folder: Path
    identity: ShopIdentity
    sealed_as: str
    signer: SigningKey = field(repr=False)
    ledger_key: bytes = field(repr=False)
    record_key: bytes = field(repr=False)
    anchor_key: bytes = field(repr=False)
    exchange_private: bytes = field(default=b"", repr=False)
    turn: int = 0
    modules: list[object] = field(default_factory=list, repr=False, compare=False)

    def turned(self, sealed_as: str) -> None:
        """Note that the file was sealed anew under another passphrase, while this is open."""
        object.__setattr__(self, "sealed_as", sealed_as)
        object.__setattr__(self, "turn", self.turn + 1)

    def forget_keys(self, sealed_as: str) -> None:
        """Let go of what opens keys: after they were destroyed, an open store must not work on."""
        object.__setattr__(self, "sealed_as", sealed_as)
        object.__setattr__(self, "record_key", b"")
        object.__setattr__(self, "exchange_private", b"")

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
        replace_file(self.folder / ANCHOR_NAME, canonical(held))

    def _anchor_proof(self, held: dict[str, Any]) -> bytes:
        return hmac.digest(self.anchor_key, canonical(held), hashlib.sha256)


def create_key_store(
    folder: Path, passphrase: str, identity: ShopIdentity, cost: Argon2Cost
) -> OpenKeyStore:
    """Make a new key store in `folder`; raise `PassphraseWeak` or `KeyStoreUnwritable`."""
    refuse_weak(passphrase, identity)
    secret = secrets.token_bytes(KEY_BYTES + SEED_BYTES)
    header = {
        "format": FORMAT,
        "version": VERSION,
        "till": identity.till,
        "shop": identity.shop,
        "mode": identity.mode.value,
        "utc_offset_minutes": identity.utc_offset_minutes,
        "public_key": SigningKey(secret[KEY_BYTES:]).public.hex(),
    }
    content = sealed_store(header, passphrase, cost, secret)
    replace_file(folder / FILE_NAME, content)
    return _opened(folder, read_header(folder / FILE_NAME), secret)


def refuse_weak(passphrase: str, identity: ShopIdentity) -> None:
    """Raise `PassphraseWeak`; a training shop's passphrase is published and may be anything."""
    bits = passphrase_bits(passphrase)
    if identity.mode is not ShopMode.TRAINING and bits < LEAST_BITS:
        raise PassphraseWeak(bits=bits, least=LEAST_BITS)


def sealed_store(header: dict[str, Any], passphrase: str, cost: Argon2Cost, secret: bytes) -> bytes:
    """Return the bytes of a key store: `secret` under a passphrase and a salt never used before."""
    salt = secrets.token_bytes(SALT_BYTES)
    whole = {
        **header,
        "argon2id": {
            "memory_kib": cost.memory_kib,
            "passes": cost.passes,
            "lanes": cost.lanes,
            "salt": salt.hex(),
        },
    }
    box = seal(passphrase_key(passphrase, salt, cost), secret, canonical(whole))
    return canonical({"header": whole, "box": box.hex()})


def open_key_store(folder: Path, passphrase: str) -> OpenKeyStore:
    """Open the key store: `KeyStoreMissing`, `KeyStoreBroken` or `PassphraseWrong` otherwise."""
    header, secret = open_box(folder / FILE_NAME, passphrase)
    opened = _opened(folder, header, secret)
    if opened.signer.public.hex() != header.raw["public_key"]:
        raise KeyStoreBroken(path=str(folder / FILE_NAME), problem="public-key")
    return opened


def open_box(path: Path, passphrase: str) -> tuple[Header, bytes]:
    """Return the header of a key store and what its box holds."""
    header = read_header(path)
    if not header.cost.acceptable():
        raise KeyStoreBroken(path=str(path), problem="cost")
    key = passphrase_key(passphrase, header.salt, header.cost)
    try:
        return header, unseal(key, header.box, canonical(header.raw))
    except BoxBroken:
        raise PassphraseWrong from None


def _opened(folder: Path, header: Header, secret: bytes) -> OpenKeyStore:
    """Derive the keys; of a store whose keys were destroyed only the journal's are left."""
    first, second, rest = secret[:KEY_BYTES], secret[KEY_BYTES : 2 * KEY_BYTES], secret[-KEY_BYTES:]
    gone = header.destroyed
    return OpenKeyStore(
        folder=folder,
        identity=header.identity,
        sealed_as=sha256_hex(header.content),
        signer=SigningKey(rest),
        ledger_key=first if gone else subkey(first, b"ledger"),
        record_key=b"" if gone else subkey(first, b"key records"),
        anchor_key=second if gone else subkey(first, b"anchor"),
        exchange_private=b"" if gone else subkey(first, b"key exchange"),
        turn=header.turn,
    )


def replace_file(path: Path, content: bytes) -> None:
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
