"""Tokens worked out again: what a token says to its meter against what its entry says.

Done for sales, for acts of the engineering desk and for key changes, of the meters whose keys the
office holds; a token of another meter is `NO_KEY`. Tokens of class 1 need no key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from pos_app.domain.errors import PosError
from pos_app.domain.tid import from_base
from pos_app.head_office.act_tokens import says
from pos_app.sts.decoding import decode
from pos_app.sts.identity import meter_pan
from pos_app.sts.keychange import KeyChange, key_change_set
from pos_app.sts.keys import DecoderKey, KeyAttributes, VendingKey, derive_decoder_key
from pos_app.sts.kinds import SERVICES, CreditToken, CurrencyCreditToken, Token

HOLDS: Final = "holds"
DIFFERS: Final = "differs"
NO_KEY: Final = "no-key"
_UNITS: Final = frozenset({"credit", "free-basic"})
_MONEY: Final = "money"
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
    """Says of a token whether it is what its entry says."""

    def __init__(self, ring: KeyRing) -> None:
        self._key_for = lru_cache(_KEYS_HELD_READY)(ring.key_for)
        self._empty = not (ring.vending or ring.decoder)

    def proof(self, meter: Mapping[str, Any], token: Mapping[str, Any]) -> str:
        """Return `HOLDS`, `DIFFERS` or `NO_KEY` for a token of a sale to `meter`."""
        if self._empty:
            return NO_KEY
        try:
            key = self.key_of(meter)
            if key is None:
                return NO_KEY
            said = decode(str(token["digits"]), key)
            holds = _own(meter) and _same(said, meter, token)
        except PosError:  # attributes no key can have, or no token of this meter
            return DIFFERS
        return HOLDS if holds else DIFFERS

    def proof_of_act(self, body: Mapping[str, Any], position: int) -> str:
        """Return the same for token number `position` of an act of the engineering desk."""
        meter, token = body["meter"], body["tokens"][position]
        try:
            key = None
            if meter is not None:
                key = None if self._empty else self.key_of(meter)
                if key is None:
                    return NO_KEY
            said = decode(str(token["digits"]), key)
            here = meter is None or (_own(meter) and _identified(said, meter, token))
        except PosError:
            return DIFFERS
        return HOLDS if here and says(body, position, said) else DIFFERS

    def proof_of_change(self, meter: Mapping[str, Any], change: Mapping[str, Any]) -> str:
        """Return the same for the whole key change of a sale: it leads to the key of `meter`."""
        if self._empty:
            return NO_KEY
        old = change["old"]
        try:
            before, after = self.key_of({"pan": meter["pan"], **old}), self.key_of(meter)
            if before is None or after is None:
                return NO_KEY
            said = [decode(str(each), before) for each in change["digits"]]
            wanted = key_change_set(_leading_to(after, meter, old, len(said)))
            holds = _own(meter) and said == wanted
        except PosError:
            return DIFFERS
        return HOLDS if holds else DIFFERS

    def key_of(self, meter: Mapping[str, Any]) -> DecoderKey | None:
        """Return the key of a meter, None without one; raises `KeyError` for half a record."""
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


def _leading_to(
    key: DecoderKey, meter: Mapping[str, Any], old: Mapping[str, Any], tokens: int
) -> KeyChange:
    return KeyChange(
        new_key=key,
        ken=int(meter["ken"]),
        krn=int(meter["krn"]),
        kt=int(meter["kt"]),
        ti=int(meter["ti"]),
        sgc=str(meter["sgc"]),
        roll_over=old["base"] != meter["base"],
        tokens=tokens,
    )


def _own(meter: Mapping[str, Any]) -> bool:
    """Tell whether the key of a meter's record is that of the meter it names."""
    return bool(_pan(str(meter["drn"])) == meter["pan"])


_pan = lru_cache(_KEYS_HELD_READY)(meter_pan)


def _identified(said: Token, meter: Mapping[str, Any], token: Mapping[str, Any]) -> bool:
    """Tell whether a token's identifier is the one its entry says, and of the minute it says."""
    tid = getattr(said, "tid", None)
    if tid is None:  # class 1 has none
        return True
    return (tid, from_base(tid, int(meter["base"]))) == (token["tid"], token["minute"])


def _same(said: Token, meter: Mapping[str, Any], token: Mapping[str, Any]) -> bool:
    if not _identified(said, meter, token):
        return False
    service = SERVICES.index(meter["commodity"])
    if isinstance(said, CreditToken):
        wanted = (service, token["tenths"], True)
        return (said.sub, said.tenths, token["kind"] in _UNITS) == wanted
    if isinstance(said, CurrencyCreditToken):
        wanted = (len(SERVICES) + service, token["fine"], True)
        return (said.sub, said.units, token["kind"] == _MONEY) == wanted
    return False
