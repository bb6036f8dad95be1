"""Vending keys from the sealed store into the module: put there, proven there, then re-sealed.

The id of a moved key follows from its attributes and the till's own secret, so whoever goes on
after a power cut finds what is in the module already and puts nothing there twice.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import astuple
from typing import Final

from pos_app.adapters.vault.errors import KeyModuleLoose, KeyNotForModule, KeyRecordBroken
from pos_app.adapters.vault.keystore import OpenKeyStore
from pos_app.adapters.vault.module import ID_BYTES, KeyModule, module_of
from pos_app.adapters.vault.records import (
    module_id,
    opened_key,
    sealed_in_module,
)
from pos_app.application.ports import KeyAttributes, SealedKey
from pos_app.exchange.canonical import canonical
from pos_app.sts.keys import DKGA_HMAC, VendingKey

_CHALLENGE_BYTES: Final = 32


def is_in_module(store: OpenKeyStore, record: SealedKey) -> bool:
    """Tell whether a vending key's record only says where in the module it is."""
    return bool(module_id(opened_key(store, record)))


def move_into_module(store: OpenKeyStore, record: SealedKey) -> SealedKey:
    """Put a vending key into the module and return the record that points to it.

    The record given stays good until the caller lets go of it. Raises `KeyNotForModule`,
    `KeyRecordBroken`, `KeyModuleLoose` or what else keeps a module from being used.
    """
    held, secret = record.attributes, opened_key(store, record)
    if module_id(secret):
        return record
    named = {"sgc": held.sgc, "krn": held.krn}
    if held.dkga != DKGA_HMAC:
        raise KeyNotForModule(**named)
    if VendingKey(secret).check_value() != held.kcv:
        raise KeyRecordBroken(**named)
    module, identity = module_of(store), moved_id(store, held)
    if not _proven(module, identity, secret):
        module.forget(identity)  # what a power cut left half done, or a key of another day
        module.keep(secret, f"{store.identity.till} {held.sgc}/{held.krn}", identity)
        if not _proven(module, identity, secret):
            module.forget(identity)
            raise KeyModuleLoose(reason="check value", **named)
    return sealed_in_module(store, held, identity)


def forget_moved(store: OpenKeyStore, records: tuple[SealedKey, ...]) -> None:
    """Destroy in the module what an interrupted move may have put there."""
    for record in records:
        module_of(store).forget(moved_id(store, record.attributes))


def moved_id(store: OpenKeyStore, attributes: KeyAttributes) -> bytes:
    """Return the id that a moved key has in the module."""
    bound = canonical(["key in module", store.identity.till, *astuple(attributes)])
    return hmac.digest(store.record_key, bound, hashlib.sha256)[:ID_BYTES]


def _proven(module: KeyModule, identity: bytes, secret: bytes) -> bool:
    """Tell whether the module holds this key, and keeps it: a fresh challenge, answered by both.

    HMAC pads its key with zero bytes (RFC 2104), so the padding of the stored key says nothing.
    """
    if not module.holds(identity):
        return False
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    here = hmac.digest(secret, challenge, hashlib.sha256)
    return hmac.compare_digest(here, module.hmac(identity, challenge))
