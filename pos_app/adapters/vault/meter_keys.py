"""The key of one meter: for making tokens now, or only for reading what it once took.

A key comes from a record of the meter's own, from the vending key of its group, or out of a
key-change set of head office that leads to it from a key that is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pos_app.adapters.vault.errors import KeyMissing, KeyNotInForce
from pos_app.adapters.vault.keystore import OpenKeyStore
from pos_app.adapters.vault.records import decoder_key, opened_set, serves
from pos_app.application.key_asked import KeyWish
from pos_app.application.key_change_records import key_of, with_key
from pos_app.application.ports import Ledger, SealedKey
from pos_app.application.records import MeterRecord
from pos_app.domain.key_life import ends_ms
from pos_app.exchange.key_set import proven_key
from pos_app.sts.keys import DecoderKey

_LONGEST_TRAIL: Final = 8
"""So many sets are followed from one to the next; a meter's key revisions are nine."""

Found = tuple[DecoderKey, str]
"""A key and the check value of its record."""


@dataclass(frozen=True, slots=True)
class MeterKeys:
    """`depth` counts the sets followed so far."""

    store: OpenKeyStore
    ledger: Ledger
    depth: int = 0

    def issuing(self, meter: MeterRecord, now_ms: int) -> Found:
        """Return the key to make tokens under.

        Raises `KeyMissing`, `KeyNotYetActive`, `KeyNotInForce`, `KeyRecordBroken`, `KeySetUnfit`
        or `KeysDestroyed`.
        """
        try:
            return decoder_key(self.store, self._sealed(meter), meter, now_ms)
        except KeyMissing:
            for record in self._sets_to(meter):
                held = record.attributes
                if now_ms >= ends_ms(held.base, held.ken, held.issue_until_ms):
                    raise KeyNotInForce(sgc=meter.sgc, krn=meter.krn) from None
                if now_ms >= held.active_from_ms:
                    return self._out_of(record, meter, now_ms)
            raise

    def reading(self, meter: MeterRecord, now_ms: int) -> Found:
        """Return the key, though it may make no more tokens: it still reads what it made.

        It also leads away from itself: an expired key may encrypt a key change (STS 531 CTSA16).
        """
        sealed = self._sealed(meter)
        try:
            return decoder_key(self.store, sealed, meter, now_ms)
        except KeyNotInForce:
            for each in sealed:
                once = each.attributes.active_from_ms
                try:
                    return decoder_key(self.store, (each,), meter, once)
                except (KeyMissing, KeyNotInForce):
                    continue
            raise
        except KeyMissing:
            for record in self._sets_to(meter):
                return self._out_of(record, meter, now_ms)
            raise

    def ready_set(self, change: KeyWish, held: DecoderKey) -> tuple[str, ...]:
        """Return the tokens of head office's set for a change to a key that is not here itself.

        None where there is no such set, or the key is here.
        """
        if any(serves(each.attributes, change.meter) for each in self._sealed(change.meter)):
            return ()
        for record in self._sets_to(change.meter):
            ready = opened_set(self.store, record)
            if ready.old == key_of(change.held):
                proven_key(ready, held, key_of(change.meter), record.attributes.kcv)
                return ready.digits
        return ()

    def _sealed(self, meter: MeterRecord) -> tuple[SealedKey, ...]:
        return self.ledger.sealed_keys(meter.sgc, meter.krn, meter.pan)

    def _sets_to(self, meter: MeterRecord) -> list[SealedKey]:
        """Return the sets that lead to the key this record of a meter has, the newest first."""
        wanted = (meter.sgc, meter.krn, meter.kt, meter.base, meter.ken, meter.dkga)
        own = (meter.ti, meter.ea)
        return [
            each
            for each in self.ledger.key_changes.sets_for(meter.pan)
            if (held := each.attributes)
            and (held.sgc, held.krn, held.kt, held.base, held.ken, held.dkga) == wanted
            and (held.ti, held.ea) == own
        ]

    def _out_of(self, record: SealedKey, meter: MeterRecord, now_ms: int) -> Found:
        ready = opened_set(self.store, record)
        if self.depth >= _LONGEST_TRAIL:
            raise KeyMissing(sgc=meter.sgc, krn=meter.krn)
        before = MeterKeys(self.store, self.ledger, self.depth + 1)
        old = before.reading(with_key(meter, ready.old), now_ms)[0]
        return proven_key(ready, old, key_of(meter), record.attributes.kcv), record.attributes.kcv
