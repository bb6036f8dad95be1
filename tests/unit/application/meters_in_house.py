"""Virtual meters that hold keys of a test's choice."""

from __future__ import annotations

from pos_app.domain.meter_key import MeterKey
from pos_app.meter.profile import MeterProfile
from pos_app.meter.state import HeldKey, Meter, new_meter
from pos_app.sts.identity import meter_pan
from tests.key_makers import STS_KEY
from tests.key_meters import DES_KEY, decoder_key

ANY = MeterProfile("any")


def vending_of(key: MeterKey) -> bytes:
    """Return the vending key that tests derive this key from."""
    return DES_KEY if key.dkga == 2 else STS_KEY


def in_house(
    drn: str, key: MeterKey, now_ms: int, made_tid: int, profile: MeterProfile = ANY
) -> Meter:
    """Return a virtual meter that holds a key."""
    secret = decoder_key(meter_pan(drn), key, vending_of(key))
    held = HeldKey(secret, key.sgc, key.krn, key.kt, key.ti, key.ken, key.base)
    return new_meter(drn, profile, held, now_ms // 1000, made_tid)
