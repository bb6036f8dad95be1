"""Tokens worked out again: what a token says to its meter against what its sale says.

Done for the meters whose keys the office holds; a token of another meter is `NO_KEY`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from pos_app.domain.errors import PosError
from pos_app.sts.decoding import decode
from pos_app.sts.keys import DecoderKey, KeyAttributes, VendingKey, derive_decoder_key
from pos_app.sts.kinds import CreditToken, CurrencyCreditToken

HOLDS: Final = "holds"
DIFFERS: Final = "differs"
NO_KEY: Final = "no-key"
_CREDITS: Final = frozenset({"credit", "free-basic", "money"})
_KEYS_HELD_READY: Final = 20_000

VendingPlace = tuple[str, int, int, int, int]
"""Supply group, key revision, key type, base date, derivation."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys the office holds open: by supply group, and by meter."""

    vending: Mapping[VendingPlace, VendingKey] = field(default_factory=dict, repr=False)
    decoder: Mapping[KeyAttributes, DecoderKey] = field(default_factory=dict, repr=False)

    def key_for(self, of: KeyAttributes) -> DecoderKey | None:
        """Return the key of a meter, None where it cannot be had from what is held."""
        own = self.decoder.get(of)
        if own is not None:
            return own
        vending = self.vending.get((of.sgc, of.krn, of.kt, of.base, of.dkga))
        return None if vending is None else derive_decoder_key(vending, of)


class TokenProver:
    """Says of a token whether it is what its sale says."""

    def __init__(self, ring: KeyRing) -> None:
        self._key_for = lru_cache(_KEYS_HELD_READY)(ring.key_for)
        self._empty = not (ring.vending or ring.decoder)

    def proof(self, meter: Mapping[str, Any], token: Mapping[str, Any]) -> str:
        """Return `HOLDS`, `DIFFERS` or `NO_KEY` for a token of a sale to `meter`."""
        if self._empty:
            return NO_KEY
        try:
            key = self._key_for(attributes_of(meter))
            if key is None:
                return NO_KEY
            said = decode(str(token["digits"]), key)
        except PosError:  # attributes no key can have, or no token of this meter
            return DIFFERS
        return HOLDS if _same(said, token) else DIFFERS

    def key_of(self, meter: Mapping[str, Any]) -> DecoderKey | None:
        """Return the key of a meter, None without one."""
        return self._key_for(attributes_of(meter))


def attributes_of(meter: Mapping[str, Any]) -> KeyAttributes:
    """Return what decides the key of a sale's meter."""
    return KeyAttributes(
        pan=str(meter["pan"]),
        kt=int(meter["kt"]),
        sgc=str(meter["sgc"]),
        ti=int(meter["ti"]),
        krn=int(meter["krn"]),
        base=int(meter["base"]),
        ea=int(meter["ea"]),
        dkga=int(meter["dkga"]),
    )


def _same(said: object, token: Mapping[str, Any]) -> bool:
    if isinstance(said, CreditToken):
        return (said.tid, said.tenths) == (token["tid"], token["tenths"])
    if isinstance(said, CurrencyCreditToken):
        return (said.tid, said.units) == (token["tid"], token["fine"])
    # A key change or an engineering token of a sale: its fields are the meter's state, not ours.
    return token["kind"] not in _CREDITS
