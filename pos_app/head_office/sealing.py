"""The office's secrets at rest: Argon2id (RFC 9106) from the passphrase, AES-256-GCM (SP 800-38D).

The passphrase opens the master key; every purpose has a key of its own below it (HKDF-Expand,
RFC 5869). What a box is for is its associated data, so no box stands in for another. How the
passphrase is stretched is the associated data of the master key's box: a weakened one does not
open, and one below the floor is not even tried.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, ClassVar, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.errors import NotCanonical
from pos_app.head_office.errors import OfficePassphraseWrong

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_MASTER: Final = b"tokentill office master"


class BoxBroken(Exception):
    """A sealed box does not open: another key, changed bytes, or made for something else."""


@dataclass(frozen=True, slots=True)
class Cost:
    """How hard a guess at the passphrase is; not below 64 MiB and 3 passes (RFC 9106, second)."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 2

    def floor_holds(self) -> bool:
        """Tell whether this is as much as must be asked."""
        return self.memory_kib >= FLOOR.memory_kib and self.passes >= FLOOR.passes


FLOOR: Final = Cost(64 * 1024, 3, 2)


class Sealer:
    """Holds the master key; its bytes are in no `repr`."""

    __slots__ = ("_master",)

    def __init__(self, master: bytes) -> None:
        self._master = master

    def seal(self, purpose: str, plain: bytes, bound_to: bytes = b"") -> bytes:
        """Return nonce | ciphertext | tag of `plain` for one purpose."""
        return _seal(self._key(purpose), plain, bound_to)

    def unseal(self, purpose: str, box: bytes, bound_to: bytes = b"") -> bytes:
        """Open a box or raise `BoxBroken`."""
        return _unseal(self._key(purpose), box, bound_to)

    def _key(self, purpose: str) -> bytes:
        return HKDFExpand(SHA256(), KEY_BYTES, b"tokentill office " + purpose.encode()).derive(
            self._master
        )


def new_sealer(passphrase: str, cost: Cost) -> tuple[Sealer, str]:
    """Return a new master key and the text that keeps it, sealed by the passphrase."""
    master = secrets.token_bytes(KEY_BYTES)
    header = asdict(cost) | {"salt": secrets.token_hex(16)}
    box = _seal(_stretched(passphrase, header), master, _MASTER + canonical(header))
    return Sealer(master), canonical({"header": header, "box": box.hex()}).decode()


def open_sealer(passphrase: str, kept: str) -> Sealer:
    """Open the kept master key; raises `OfficePassphraseWrong`."""
    try:
        held = read_canonical(kept.encode())
        header, box = held["header"], bytes.fromhex(held["box"])
        master = _unseal(_stretched(passphrase, header), box, _MASTER + canonical(header))
    except (BoxBroken, KeyError, NotCanonical, TypeError, ValueError):
        raise OfficePassphraseWrong from None
    return Sealer(master)


def _stretched(passphrase: str, header: dict[str, Any]) -> bytes:
    cost = Cost(header["memory_kib"], header["passes"], header["lanes"])
    if not cost.floor_holds():
        raise BoxBroken
    return hash_secret_raw(
        passphrase.encode("utf-8", "surrogateescape"),
        bytes.fromhex(header["salt"]),
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def _unseal(key: bytes, box: bytes, bound_to: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError):
        raise BoxBroken from None


@cache
def _nobody() -> str:
    """Return a verifier that nothing fits, stretched like any."""
    return Passwords.hasher.hash(secrets.token_hex(16))


class Passwords:
    """Verifiers of people's passwords: Argon2id, 64 MiB, 3 passes, with its parameters inside."""

    hasher: ClassVar = PasswordHasher(
        time_cost=FLOOR.passes, memory_cost=FLOOR.memory_kib, parallelism=FLOOR.lanes
    )

    def __init__(self) -> None:
        _nobody()  # now, and not when somebody asks for a name that is nobody's

    def verifier(self, password: str) -> str:
        """Return a verifier for a new password."""
        return self.hasher.hash(password)

    def holds(self, verifier: str | None, password: str) -> bool:
        """Tell whether `password` is right; None (nobody) takes as long as anybody."""
        try:
            return self.hasher.verify(verifier or _nobody(), password) and bool(verifier)
        except (VerificationError, InvalidHashError):
            return False
