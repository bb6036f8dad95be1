"""The vault as the use cases around keys see it: keys go in, nothing comes out."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Final

from pos_app.adapters.vault.header import FILE_NAME
from pos_app.adapters.vault.keystore import OpenKeyStore, open_box
from pos_app.adapters.vault.module import (
    KeyModule,
    close_module,
    has_module,
    keep_access,
    module_of,
)
from pos_app.adapters.vault.moving import forget_moved, is_in_module, move_into_module
from pos_app.adapters.vault.records import (
    forget_in_module,
    seal_decoder_key,
    seal_key_set,
    seal_vending_key,
)
from pos_app.adapters.vault.turning import change_passphrase, destroy_keys
from pos_app.application.key_attributes import CHANGE, VENDING
from pos_app.application.key_records import (
    KeyBoxBroken,
    KeyCheckWrong,
    KeysDestroyed,
    KeyUnfit,
)
from pos_app.application.key_sets import SET_LENGTHS, HeldSet
from pos_app.application.ports import KeyAttributes, SealedKey
from pos_app.domain.errors import PosError
from pos_app.exchange.approval import SECRET_BYTES, ApprovalRequest
from pos_app.exchange.canonical import canonical
from pos_app.exchange.hpke import Sealed, open_sealed, public_of
from pos_app.exchange.key_file import KeyRequest, write_request
from pos_app.sts.keys import DecoderKey, VendingKey

RECEIPT_PURPOSE: Final = b"tokentill keys destroyed"


@dataclass(frozen=True, slots=True)
class VaultSafe:
    """Implements `pos_app.application.key_ports.KeySafe`."""

    store: OpenKeyStore

    @property
    def turn(self) -> int:
        """Return how often the passphrase was changed."""
        return self.store.turn

    @property
    def exchange_key(self) -> bytes:
        """Return the public key to seal keys to; empty once keys were destroyed."""
        private = self.store.exchange_private
        return public_of(private) if private else b""

    def request(self, made_ms: int) -> bytes:
        """Return a signed request for keys."""
        identity, signer = self.store.identity, self.store.signer
        request = KeyRequest(
            till=identity.till,
            shop=identity.shop,
            mode=identity.mode.value,
            made_ms=made_ms,
            public=signer.public,
            exchange_key=self.exchange_key,
        )
        return write_request(request, signer)

    def take_over(self, box: bytes, info: bytes, attributes: KeyAttributes) -> SealedKey:
        """Open a box of a key file and seal the key for this till's ledger."""
        named = {"sgc": attributes.sgc, "krn": attributes.krn}
        try:
            secret = open_sealed(self.store.exchange_private, box, info)
        except Sealed:
            raise KeyBoxBroken(**named) from None
        if attributes.kind == CHANGE:
            return self._take_set(secret, attributes)
        try:
            key = VendingKey(secret) if attributes.kind == VENDING else DecoderKey(secret)
        except PosError as problem:
            raise KeyUnfit(problem=problem.code, **named) from None
        found = key.check_value()
        if found != attributes.kcv.lower():
            raise KeyCheckWrong(said=attributes.kcv, found=found, **named)
        if isinstance(key, VendingKey):
            if key.dkga != attributes.dkga:
                raise KeyUnfit(problem="dkga", **named)
            return seal_vending_key(self.store, attributes, key)
        if key.ea != attributes.ea:
            raise KeyUnfit(problem="ea", **named)
        return seal_decoder_key(self.store, attributes, key)

    def _take_set(self, secret: bytes, attributes: KeyAttributes) -> SealedKey:
        """Seal a key-change set; the sale that uses it proves it, for that takes the old key."""
        try:
            held = HeldSet.from_bytes(secret)
            fits = len(held.digits) in SET_LENGTHS[attributes.ea]
        except ValueError:
            fits = False
        if not fits:
            raise KeyUnfit(problem="tokens", sgc=attributes.sgc, krn=attributes.krn)
        return seal_key_set(self.store, attributes, held)

    def change_passphrase(self, old: str, new: str) -> None:
        """Seal the key store anew."""
        self.store.turned(change_passphrase(self.store.folder, old, new))

    def use_module(self, library: str, token: str, pin: str) -> str:
        """Put vending keys into a PKCS#11 module from now on; return its serial number."""
        # A module asks for the PIN once for a program, so an open session would prove no PIN.
        close_module(self.store)
        module = KeyModule(library, token, pin)
        module.close()
        keep_access(self.store, library, token, pin)
        return module.serial

    @property
    def has_module(self) -> bool:
        """Tell whether new vending keys go into a module."""
        return has_module(self.store)

    def open_module(self) -> None:
        """Open the module, or say why it cannot be used."""
        module_of(self.store)

    def in_module(self, key: SealedKey) -> bool:
        """Tell whether a vending key is in a module."""
        return is_in_module(self.store, key)

    def move_in(self, key: SealedKey) -> SealedKey:
        """Put a vending key into the module; return the record that points there."""
        return move_into_module(self.store, key)

    def give_up(self, keys: tuple[SealedKey, ...]) -> None:
        """Let go of keys that were taken over but did not get into the ledger."""
        forget_in_module(self.store, keys)

    def destroy(
        self, passphrase: str, vending: tuple[SealedKey, ...], *, moving: bool = False
    ) -> None:
        """Destroy what opens keys, and the keys in the module: rather more than is told."""
        open_box(self.store.folder / FILE_NAME, passphrase)
        forget_in_module(self.store, vending)
        if moving:
            forget_moved(self.store, vending)
        destroy_keys(self.store, passphrase)

    def receipt(self, body: dict[str, Any]) -> bytes:
        """Return a signed receipt."""
        signature = self.store.signer.sign(RECEIPT_PURPOSE, canonical(body)).hex()
        key = self.store.signer.public.hex()
        return canonical({"body": body, "public_key": key, "signature": signature}) + b"\n"

    def approver_secret(self, approver: str, turn: int) -> bytes:
        """Return a supervisor's secret: it follows from the key store, so nothing keeps it."""
        if not self.store.record_key:
            raise KeysDestroyed
        identity = self.store.identity
        bound = canonical(["approver", identity.till, identity.mode.value, approver, turn])
        return hmac.digest(self.store.record_key, bound, hashlib.sha256)[:SECRET_BYTES]

    def approval_code(self, request: ApprovalRequest, approver: str, turn: int) -> str:
        """Return the code that answers a request."""
        return request.code(self.approver_secret(approver, turn), self.store.identity.mode.value)
