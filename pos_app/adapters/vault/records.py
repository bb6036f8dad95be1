"""Key records: a vending or decoder key sealed together with every one of its attributes.

The attributes, the till and the shop's mode are the associated data of the box: a record with
any attribute edited, or carried to another till, does not open.
"""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import UTC, datetime

from pos_app.adapters.vault.errors import (
    KeyMissing,
    KeyNotForModule,
    KeyNotInForce,
    KeyNotYetActive,
    KeyRecordBroken,
)
from pos_app.adapters.vault.keystore import OpenKeyStore
from pos_app.adapters.vault.module import MARK, has_module, module_of
from pos_app.adapters.vault.sealing import BoxBroken, seal, unseal
from pos_app.application.key_attributes import CHANGE
from pos_app.application.key_records import KeysDestroyed
from pos_app.application.key_sets import HeldSet
from pos_app.application.ports import KeyAttributes, SealedKey
from pos_app.application.records import MeterRecord
from pos_app.domain.key_life import ends_ms
from pos_app.exchange.canonical import canonical
from pos_app.sts.keys import (
    DKGA_HMAC,
    DecoderKey,
    VendingKey,
    derive_decoder_key,
    hmac_message,
)
from pos_app.sts.keys import (
    KeyAttributes as StsAttributes,
)

_KT_DUTK = 2


def _bound_to(store: OpenKeyStore, attributes: KeyAttributes) -> bytes:
    identity = store.identity
    return canonical([identity.till, identity.mode.value, *astuple(attributes)])


def seal_vending_key(store: OpenKeyStore, attributes: KeyAttributes, key: VendingKey) -> SealedKey:
    """Seal a vending key, or put it into the shop's module and seal where it is.

    The check value is computed here, never taken from outside.
    """
    complete = replace(attributes, kind="vending", kcv=key.check_value())
    secret = key.reveal()
    if has_module(store):
        if key.dkga != DKGA_HMAC:
            raise KeyNotForModule(sgc=complete.sgc, krn=complete.krn)
        name = f"{store.identity.till} {complete.sgc}/{complete.krn}"
        secret = MARK + module_of(store).keep(secret, name)
    return SealedKey(complete, seal(store.record_key, secret, _bound_to(store, complete)))


def sealed_in_module(store: OpenKeyStore, held: KeyAttributes, identity: bytes) -> SealedKey:
    """Seal where in the module a vending key is."""
    return SealedKey(held, seal(store.record_key, MARK + identity, _bound_to(store, held)))


def seal_decoder_key(store: OpenKeyStore, attributes: KeyAttributes, key: DecoderKey) -> SealedKey:
    """Seal the decoder key of one meter."""
    complete = replace(attributes, kind="decoder")
    return SealedKey(complete, seal(store.record_key, key.reveal(), _bound_to(store, complete)))


def seal_key_set(store: OpenKeyStore, attributes: KeyAttributes, held: HeldSet) -> SealedKey:
    """Seal a key-change set of head office; its attributes are those of the new key."""
    complete = replace(attributes, kind=CHANGE)
    return SealedKey(complete, seal(store.record_key, held.to_bytes(), _bound_to(store, complete)))


def opened_set(store: OpenKeyStore, record: SealedKey) -> HeldSet:
    """Open a key-change set of head office."""
    return HeldSet.from_bytes(opened_key(store, record))


def serves(attributes: KeyAttributes, meter: MeterRecord) -> bool:
    """Tell whether a record is of the key of a meter, or of the vending key that makes it."""
    if attributes.kind == CHANGE:
        return False
    if (attributes.kt, attributes.base, attributes.dkga) != (meter.kt, meter.base, meter.dkga):
        return False
    if attributes.kind == "vending":
        return True
    own = (attributes.pan, attributes.ti, attributes.ea, attributes.ken)
    return own == (meter.pan, meter.ti, meter.ea, meter.ken)


def _in_force(keys: list[SealedKey], meter: MeterRecord, now_ms: int) -> SealedKey:
    """Return the newest record that may be used at this time."""
    standing = [
        key
        for key in keys
        if now_ms < ends_ms(key.attributes.base, key.attributes.ken, key.attributes.issue_until_ms)
    ]
    if not standing:
        raise KeyNotInForce(sgc=meter.sgc, krn=meter.krn)
    for key in standing:
        if key.attributes.active_from_ms <= now_ms:
            return key
    start_ms = min(key.attributes.active_from_ms for key in standing)
    start = datetime.fromtimestamp(start_ms // 1000, UTC).date().isoformat()
    raise KeyNotYetActive(sgc=meter.sgc, krn=meter.krn, start=start)


def decoder_key(
    store: OpenKeyStore, keys: tuple[SealedKey, ...], meter: MeterRecord, now_ms: int
) -> tuple[DecoderKey, str]:
    """Return (decoder key, check value of its record) for a meter.

    Raises `KeyMissing`, `KeyNotYetActive`, `KeyNotInForce`, `KeyRecordBroken` or `KeysDestroyed`.
    """
    if not store.record_key:
        raise KeysDestroyed
    serving = [key for key in keys if serves(key.attributes, meter)]
    if not serving:
        raise KeyMissing(sgc=meter.sgc, krn=meter.krn)
    record = _in_force(serving, meter, now_ms)
    secret = opened_key(store, record)
    if record.attributes.kind == "decoder":
        return DecoderKey(secret), record.attributes.kcv
    wanted = StsAttributes(
        pan=meter.pan,
        kt=meter.kt,
        sgc=meter.sgc,
        ti=meter.ti,
        krn=meter.krn,
        base=meter.base,
        ea=meter.ea,
        dkga=meter.dkga,
    )
    return _derived(store, secret, wanted), record.attributes.kcv


def _derived(store: OpenKeyStore, secret: bytes, wanted: StsAttributes) -> DecoderKey:
    """Derive a decoder key here, or in the module that holds the vending key."""
    identity = module_id(secret)
    if not identity:
        return derive_decoder_key(VendingKey(secret), wanted)
    message, length = hmac_message(wanted)
    return DecoderKey(module_of(store).hmac(identity, message)[:length])


def module_id(secret: bytes) -> bytes:
    """Return which key of the module a record stands for; empty for a key that is here."""
    return secret.removeprefix(MARK) if secret.startswith(MARK) else b""


def forget_in_module(store: OpenKeyStore, keys: tuple[SealedKey, ...]) -> None:
    """Destroy those of `keys` that are in the module."""
    for key in keys:
        if key.attributes.kind != "vending":
            continue
        identity = module_id(opened_key(store, key))
        if identity:
            module_of(store).forget(identity)


def opened_key(store: OpenKeyStore, record: SealedKey) -> bytes:
    """Open a record: the key, or `MARK` and where it is; raises `KeyRecordBroken`."""
    held = record.attributes
    try:
        return unseal(store.record_key, record.blob, _bound_to(store, held))
    except BoxBroken:
        raise KeyRecordBroken(sgc=held.sgc, krn=held.krn) from None
