"""The office's own key store: keys for working tokens out again and for sealing to tills.

A key at rest is sealed under the master key and bound to all its attributes, which stand beside
it in the clear (`resources/keys/README.md` names them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.key_file import KeyRequest, write_key_file
from pos_app.head_office.errors import MeterRecordPartial, OfficeKeyMissing
from pos_app.head_office.office import Office
from pos_app.head_office.proving import KeyRing, TokenProver, VendingPlace, attributes_of
from pos_app.head_office.records import TillRecord
from pos_app.head_office.store import key_rows
from pos_app.sts.identity import meter_pan
from pos_app.sts.keys import DecoderKey, KeyAttributes, VendingKey

VENDING: Final = "vending"
DECODER: Final = "decoder"
_PURPOSE: Final = "keys"
_KEY_NAMES: Final = ("sgc", "krn", "ti", "kt", "ea", "dkga", "base")
"""What of a meter's record decides its key, beside its number."""

Attributes = Mapping[str, Any]


def hold_keys(
    office: Office, keys: Iterable[tuple[Attributes, VendingKey | DecoderKey]], by: str
) -> int:
    """Seal keys into the store, each in place of one for the same meters; return how many."""
    count = 0
    with office.store.writing() as act:
        for attributes, key in keys:
            text = canonical(dict(attributes))
            box = office.sealer.seal(_PURPOSE, key.reveal(), text)
            key_rows.put_key(act, attributes, text.decode(), box)
            named = {name: attributes[name] for name in ("kind", "sgc", "krn", "kcv")}
            office.log(act, by, "key-held", str(attributes["sgc"]), **named)
            count += 1
    return count


def key_ring(office: Office) -> KeyRing:
    """Return the keys of the store, open."""
    vending: dict[VendingPlace, VendingKey] = {}
    decoder: dict[KeyAttributes, DecoderKey] = {}
    for held, secret in _opened(office):
        if held["kind"] == VENDING:
            place = (held["sgc"], held["krn"], held["kt"], held["base"], held["dkga"])
            vending[place] = VendingKey(secret)
        else:
            decoder[attributes_of(held)] = DecoderKey(secret)
    return KeyRing(vending, decoder)


def held_attributes(office: Office) -> list[dict[str, Any]]:
    """Return the attributes of every key of the store."""
    with office.store.reading() as act:
        rows = key_rows.all_keys(act)
    return [read_canonical(row.attributes.encode()) for row in rows]


def _opened(office: Office) -> list[tuple[dict[str, Any], bytes]]:
    with office.store.reading() as act:
        rows = key_rows.all_keys(act)
    return [
        (
            read_canonical(row.attributes.encode()),
            office.sealer.unseal(_PURPOSE, bytes(row.box), row.attributes.encode()),
        )
        for row in rows
    ]


def whole_record(drn: str, meter: Attributes) -> dict[str, Any]:
    """Return a meter's record with its PAN; raises `MeterRecordPartial` where its key is open."""
    lacking = [name for name in _KEY_NAMES if meter.get(name) in (None, "")]
    if lacking:
        raise MeterRecordPartial(drn=drn, lacks=", ".join(lacking))
    return {**meter, "pan": meter_pan(drn)}


def meter_keys_for(office: Office, till: TillRecord, meters: Iterable[Attributes]) -> bytes:
    """Return a key file that holds the decoder keys of `meters` and nothing else, for one till.

    A till that is stolen then reaches its own meters only. Each meter has the fields of a
    meter's record. Raises `OfficeKeyMissing` where a meter's supply group has no key here, or
    `MeterRecordPartial`.
    """
    prover = TokenProver(key_ring(office))
    held = {
        (each["sgc"], each["krn"], each["kt"], each["base"], each["dkga"]): each
        for each, _ in _opened(office)
        if each["kind"] == VENDING
    }
    sealed = []
    for meter in meters:
        full = whole_record(str(meter["drn"]), meter)
        key = prover.key_of(full)
        place = (full["sgc"], full["krn"], full["kt"], full["base"], full["dkga"])
        if key is None or place not in held:
            raise OfficeKeyMissing(drn=full["drn"], sgc=full["sgc"])
        own = {"kind": DECODER, "kcv": key.check_value(), "ti": full["ti"], "ea": full["ea"]}
        sealed.append(({**held[place], **own, "pan": full["pan"]}, key.reveal()))
    now_ms = office.clock.now_ms()
    request = KeyRequest(till.till, till.shop, till.mode, now_ms, till.public, till.exchange_key)
    return write_key_file(request, sealed, now_ms // 1000, now_ms, office.authority)
