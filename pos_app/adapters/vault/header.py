"""The clear header of a key store: who the shop is and what opening it costs.

Nothing secret and no cipher is in here, so that the window can show the shop's name at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pos_app.adapters.vault.errors import KeyStoreBroken, KeyStoreMissing
from pos_app.application.identity import ShopIdentity, ShopMode
from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.errors import NotCanonical

FILE_NAME: Final = "vault.json"
FORMAT: Final = "tokentill key store"
VERSION: Final = 1
DESTROYED_VERSION: Final = 2
"""A key store whose keys were destroyed; a program that does not know of that refuses it."""
LEAST_MEMORY_KIB: Final = 64 * 1024
LEAST_PASSES: Final = 3
MOST_MEMORY_KIB: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """Argon2id cost: memory in KiB, passes, lanes. Default about 0.6 s on a slow core."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 2

    def acceptable(self) -> bool:
        """Tell whether the cost is at or above the floor (64 MiB, 3 passes) and not absurd."""
        enough = self.memory_kib >= LEAST_MEMORY_KIB and self.passes >= LEAST_PASSES
        return enough and self.memory_kib <= MOST_MEMORY_KIB and 1 <= self.lanes <= 16


TRAINING_COST: Final = Argon2Cost(LEAST_MEMORY_KIB, LEAST_PASSES, 2)
"""The floor: a training shop's passphrase is printed in the manual anyway."""


@dataclass(frozen=True, slots=True)
class Header:
    """A key store as read from disk, still sealed."""

    content: bytes = field(repr=False)
    raw: dict[str, Any]
    identity: ShopIdentity
    cost: Argon2Cost
    salt: bytes
    box: bytes = field(repr=False)
    turn: int = 0

    @property
    def destroyed(self) -> bool:
        """Tell whether the keys were destroyed on purpose."""
        return bool(self.raw["version"] == DESTROYED_VERSION)


def read_identity(folder: Path) -> ShopIdentity:
    """Return who the shop in `folder` says it is, before anything is opened."""
    return read_header(folder / FILE_NAME).identity


def read_header(path: Path) -> Header:
    """Read a key store; raises `KeyStoreMissing` or `KeyStoreBroken`."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise KeyStoreMissing(path=str(path.parent)) from None
    except OSError as problem:
        raise KeyStoreBroken(path=str(path), problem=problem.strerror or "read") from problem
    try:
        return _header(raw, path)
    except (NotCanonical, ValueError, KeyError, TypeError, AttributeError):
        raise KeyStoreBroken(path=str(path), problem="format") from None


def _header(raw: bytes, path: Path) -> Header:
    """Read the header; every byte has one spelling only, so that no change goes unseen."""
    held = read_canonical(raw)
    header = held["header"]
    if header["format"] != FORMAT or header["version"] not in {VERSION, DESTROYED_VERSION}:
        raise KeyStoreBroken(path=str(path), problem="version")
    identity = ShopIdentity(
        str(header["till"]),
        str(header["shop"]),
        ShopMode(header["mode"]),
        header["utc_offset_minutes"],
    )
    argon = header["argon2id"]
    cost = Argon2Cost(int(argon["memory_kib"]), int(argon["passes"]), int(argon["lanes"]))
    box = bytes.fromhex(held["box"])
    if canonical({"header": header, "box": box.hex()}) != raw:
        raise KeyStoreBroken(path=str(path), problem="format")
    turn = int(header.get("turn", 0))
    return Header(raw, header, identity, cost, bytes.fromhex(argon["salt"]), box, turn)
