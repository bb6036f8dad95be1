"""Which key a meter shall hold: what its utility, its tariff and the keys here ask of it.

The utility's record of a meter counts until the meter's key was changed here; after that it counts
again once a file says something else than it did before. Where the meter itself showed another key
than it was believed to hold, what was believed is what it shall hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pos_app.application.key_attributes import CHANGE, VENDING
from pos_app.application.key_change_records import key_of, with_key
from pos_app.application.ports import KeyAttributes, Ledger
from pos_app.application.records import MeterRecord
from pos_app.domain.key_life import ends_ms
from pos_app.domain.meter_key import (
    ANY,
    ISSUING_KT,
    KeyHere,
    KeyMakesNoCredit,
    MeterKey,
    asked_key,
    differences,
    refuse_change,
)
from pos_app.domain.tid import BASE_MINUTES, minute_1993
from pos_app.sts.keys import EA_STA


@dataclass(frozen=True, slots=True)
class KeyWish:
    """The key change that a meter's next sale brings.

    `meter` holds the new key, `held` the old one; `record` is the utility's own, `tokens` how many
    tokens a set for a 64-bit key has.
    """

    meter: MeterRecord
    held: MeterRecord
    record: MeterKey
    tokens: int

    @property
    def differing(self) -> tuple[str, ...]:
        """Return which attributes of the key change."""
        return differences(key_of(self.held), key_of(self.meter))

    @property
    def steps(self) -> int:
        """Return how many tokens the change has."""
        return self.tokens if self.meter.ea == EA_STA else 4


def wished_key(ledger: Ledger, meter: MeterRecord, now_ms: int) -> KeyWish | None:
    """Return the key change a meter needs now, None when it holds what is asked.

    Raises nothing: a change that the meter would refuse is found out by `checked`.
    """
    book, held = ledger.key_changes, key_of(meter)
    record, basis = recorded_and_wanted(ledger, meter)
    ask = book.ask_for(meter.utility, meter.tariff)
    keys = book.keys_for(meter.pan)
    begun = [key for key in keys if key.active_from_ms <= now_ms]
    since = max((key.active_from_ms for key in begun if _is_of(key, held)), default=0)
    here = tuple(keys_here(keys, now_ms))
    new = asked_key(basis, ask, here, since)
    if new == held:
        return None
    if book.wanted_before(meter.drn) and _nowhere(new, here) and not _nowhere(held, here):
        return None  # the meter's own word: selling goes on under the key it has
    return KeyWish(with_key(meter, new), meter, record, ask.tokens)


def recorded_and_wanted(ledger: Ledger, meter: MeterRecord) -> tuple[MeterKey, MeterKey]:
    """Return the key of the utility's record, and the one a meter shall hold before any wish."""
    book, held = ledger.key_changes, key_of(meter)
    record = book.recorded([meter.drn]).get(meter.drn, held)
    if book.record_before(meter.drn) != record:
        return record, record
    return record, book.wanted_before(meter.drn) or held


def checked(ledger: Ledger, meter: MeterRecord, now_ms: int) -> KeyWish | None:
    """Return the key change a sale has to bring.

    Raises `KeyTypeLower`, `BaseDateBeyond` or `CipherDiffers` for one that the meter refuses, and
    `KeyMakesNoCredit` for a meter that is left with a maker's key.
    """
    wish = wished_key(ledger, meter, now_ms)
    if wish is not None:
        refuse_change(key_of(meter), key_of(wish.meter))
    kt = meter.kt if wish is None else wish.meter.kt
    if kt not in ISSUING_KT:
        raise KeyMakesNoCredit(drn=meter.drn, kt=kt)
    return wish


def keys_here(keys: tuple[KeyAttributes, ...], now_ms: int) -> Iterator[KeyHere]:
    """Yield the keys that make credit now."""
    for key in keys:
        begun = minute_1993(now_ms) >= BASE_MINUTES[key.base]
        until = ends_ms(key.base, key.ken, key.issue_until_ms)
        if begun and key.active_from_ms <= now_ms < until:
            yield key_here(key)


def key_here(key: KeyAttributes) -> KeyHere:
    """Return what a sealed key is to whoever chooses among keys."""
    return KeyHere(
        key.sgc,
        key.krn,
        key.ti,
        key.ken,
        key.kt,
        key.ea,
        key.dkga,
        key.base,
        key.active_from_ms,
        order=key.kind == CHANGE,
    )


def _nowhere(wanted: MeterKey, here: tuple[KeyHere, ...]) -> bool:
    """Tell whether none of the keys here makes credit under this one."""
    return not any(
        (key.sgc, key.krn, key.kt, key.base, key.dkga)
        == (wanted.sgc, wanted.krn, wanted.kt, wanted.base, wanted.dkga)
        and key.ti in (ANY, wanted.ti)
        and key.ea in (ANY, wanted.ea)
        for key in here
    )


def _is_of(key: KeyAttributes, held: MeterKey) -> bool:
    own = (held.sgc, held.krn, held.kt, held.base, held.dkga)
    if (key.sgc, key.krn, key.kt, key.base, key.dkga) != own:
        return False
    return key.kind == VENDING or (key.ti, key.ea) == (held.ti, held.ea)
