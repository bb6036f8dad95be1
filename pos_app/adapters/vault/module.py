"""Vending keys inside a PKCS#11 module: the second place where keys can live.

Only vending keys of DKGA04 are kept there. Their decoder keys come out of an HMAC that the module
computes; the vending key itself is sensitive and not extractable. A DKGA02 key would gain nothing:
with DK = DES(x) xor x xor VK, whoever has one decoder key and may ask for one DES block has VK,
so such keys are refused and the issuer sends decoder keys instead.
The key is stored with the zero bytes that HMAC pads it with anyway (RFC 2104), because modules
refuse keys shorter than the digest.

How to reach the module, its PIN included, is a file beside the key store, sealed under its key.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from pos_app.adapters.vault.errors import (
    KeyModuleFull,
    KeyModuleLocked,
    KeyModulePinWrong,
    KeyModuleUnavailable,
    KeyStoreBroken,
)
from pos_app.adapters.vault.keystore import OpenKeyStore, replace_file
from pos_app.adapters.vault.sealing import BoxBroken, seal, unseal
from pos_app.exchange.canonical import canonical, read_canonical

FILE_NAME: Final = "module.sealed"
MARK: Final = b"pkcs11 "
"""What a sealed record begins with when its key is in a module; the key's id follows."""
ID_BYTES: Final = 16
_HMAC_BLOCK: Final = 64
_MEANINGS: Final[dict[str, type[KeyModuleUnavailable]]] = {
    "PinLocked": KeyModuleLocked,
    "PinIncorrect": KeyModulePinWrong,
    "DeviceMemory": KeyModuleFull,
}
"""By the names of CKR_PIN_LOCKED, CKR_PIN_INCORRECT and CKR_DEVICE_MEMORY (PKCS#11 v2.40)."""


class KeyModule:
    """An open session with a module's token. One thread at a time."""

    def __init__(self, library: str, token: str, pin: str) -> None:
        """Open the token; raises `KeyModuleUnavailable`."""
        try:
            import pkcs11  # noqa: PLC0415 - an optional part of the program
        except ImportError:
            raise KeyModuleUnavailable(reason="python-pkcs11") from None
        self._pkcs11: Any = pkcs11
        try:
            found = pkcs11.lib(library).get_token(token_label=token)
            self.serial = bytes(found.serial).decode("ascii", "replace").strip()
            self._session = found.open(rw=True, user_pin=pin)
        except (pkcs11.PKCS11Error, OSError) as problem:
            raise _said(problem) from None

    def keep(self, secret: bytes, name: str, identity: bytes = b"") -> bytes:
        """Put a vending key into the module for good and return its id, a new one by default."""
        attribute = self._pkcs11.Attribute
        identity = identity or secrets.token_bytes(ID_BYTES)
        try:
            self._session.create_object(
                {
                    attribute.CLASS: self._pkcs11.ObjectClass.SECRET_KEY,
                    attribute.KEY_TYPE: self._pkcs11.KeyType.GENERIC_SECRET,
                    attribute.TOKEN: True,
                    attribute.PRIVATE: True,
                    attribute.SENSITIVE: True,
                    attribute.EXTRACTABLE: False,
                    attribute.SIGN: True,
                    attribute.ID: identity,
                    attribute.LABEL: name,
                    attribute.VALUE: secret.ljust(_HMAC_BLOCK, b"\0"),
                }
            )
        except self._pkcs11.PKCS11Error as problem:
            raise _said(problem) from None
        return identity

    def holds(self, identity: bytes) -> bool:
        """Tell whether there is a key of this id that never leaves the module."""
        attribute = self._pkcs11.Attribute
        try:
            return any(
                key[attribute.SENSITIVE] and not key[attribute.EXTRACTABLE]
                for key in self._keys(identity)
            )
        except self._pkcs11.PKCS11Error as problem:
            raise _said(problem) from None

    def hmac(self, identity: bytes, message: bytes) -> bytes:
        """Return the HMAC-SHA-256 of `message` under a key in the module."""
        try:
            key = next(iter(self._keys(identity)), None)
            if key is None:
                raise self._pkcs11.NoSuchKey
            mac = key.sign(message, mechanism=self._pkcs11.Mechanism.SHA256_HMAC)
        except self._pkcs11.PKCS11Error as problem:
            raise _said(problem) from None
        return bytes(mac)

    def forget(self, identity: bytes) -> None:
        """Destroy a key in the module; one that is gone already is no problem."""
        try:
            for key in self._keys(identity):
                key.destroy()
        except self._pkcs11.PKCS11Error as problem:
            raise _said(problem) from None

    def close(self) -> None:
        """End the session."""
        with suppress(self._pkcs11.PKCS11Error):
            self._session.close()

    def _keys(self, identity: bytes) -> list[Any]:
        """Return the keys of an id; the search is ended before the session can be."""
        attribute = self._pkcs11.Attribute
        kind = {attribute.CLASS: self._pkcs11.ObjectClass.SECRET_KEY}
        return list(self._session.get_objects({**kind, attribute.ID: identity}))


def _said(problem: Exception) -> KeyModuleUnavailable:
    """Return what a module's own word means; never its text, which may repeat a PIN."""
    reason = type(problem).__name__
    return _MEANINGS.get(reason, KeyModuleUnavailable)(reason=reason)


def keep_access(store: OpenKeyStore, library: str, token: str, pin: str) -> None:
    """Seal how to reach the module beside the key store."""
    access = canonical({"library": library, "token": token, "pin": pin})
    replace_file(store.folder / FILE_NAME, seal(store.record_key, access, _bound_to(store)))


def has_module(store: OpenKeyStore) -> bool:
    """Tell whether new vending keys go into a module."""
    return (store.folder / FILE_NAME).is_file()


def module_of(store: OpenKeyStore) -> KeyModule:
    """Return the shop's module, opened once; raises `KeyModuleUnavailable`, `KeyStoreBroken`."""
    if not store.modules:
        access = _access(store, store.folder / FILE_NAME)
        store.modules.append(KeyModule(access["library"], access["token"], access["pin"]))
    module = store.modules[0]
    if not isinstance(module, KeyModule):  # the list is typed loosely to keep imports one-way
        raise TypeError(type(module).__name__)
    return module


def close_module(store: OpenKeyStore) -> None:
    """Log out of the module; the next key that is in it logs in again."""
    while store.modules:
        module = store.modules.pop()
        if isinstance(module, KeyModule):
            module.close()


def _access(store: OpenKeyStore, path: Path) -> dict[str, str]:
    try:
        box = path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise KeyModuleUnavailable(reason=reason) from None
    try:
        held: dict[str, str] = read_canonical(unseal(store.record_key, box, _bound_to(store)))
    except BoxBroken:
        raise KeyStoreBroken(path=str(path), problem="module") from None
    return held


def _bound_to(store: OpenKeyStore) -> bytes:
    return canonical(["key module", store.identity.till, store.identity.mode.value])
