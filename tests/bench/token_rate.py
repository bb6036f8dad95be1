"""How fast tokens are made: ``python -m tests.bench.token_rate``.

One token here is what the till does for one sale: the attributes of the meter's key, DKGA04 for a
meter never seen before, the token with its checks, checksum, cipher and digits. Goals are multiples
of Y1 (see `yardsticks`). The batch is 100,000 tokens for as many meters.
"""

from __future__ import annotations

import gc
import itertools
import os
import sys
import time
from collections.abc import Callable

from pos_app.sts.batch import CreditRequest, credit_tokens
from pos_app.sts.identity import luhn_digit, meter_pan
from pos_app.sts.keys import (
    DKGA_HMAC,
    EA_MISTY1,
    EA_STA,
    KeyAttributes,
    VendingKey,
    derive_decoder_key,
)
from pos_app.sts.proof import prove
from pos_app.sts.tokens import CreditToken, encode
from tests.bench.yardsticks import compare

_SLICE, _BATCH = 1_000, 100_000
_GOALS = {"single EA07": 45.0, "single EA11": 60.0, "batch EA07": 6.0, "batch EA11": 6.0}
_VENDING_KEY = VendingKey(bytes.fromhex("abababababababab949494949494949401234567"))


def _pans(count: int) -> list[str]:
    bodies = (f"01{serial:08d}" for serial in range(count))
    return [meter_pan(body + luhn_digit(body)) for body in bodies]


def _attributes(pan: str, ea: int) -> KeyAttributes:
    return KeyAttributes(pan, 2, "201457", 1, 1, 2014, ea, DKGA_HMAC)


def _single(pans: list[str], ea: int, *, proof: bool = False) -> Callable[[], float]:
    slices = itertools.cycle(
        [pans[start : start + _SLICE] for start in range(0, len(pans), _SLICE)]
    )

    def run() -> float:
        meters = next(slices)
        started = time.perf_counter()
        for place, pan in enumerate(meters):
            key = derive_decoder_key(
                _VENDING_KEY, KeyAttributes(pan, 2, "201457", 1, 1, 2014, ea, DKGA_HMAC)
            )
            token = CreditToken(0, 100 + place % 4000, 6_600_000 + place, place & 15)
            digits = encode(token, key)
            if proof:
                prove(digits, key, token)
        return (time.perf_counter() - started) / len(meters)

    return run


def _batched(pans: list[str], ea: int) -> Callable[[], float]:
    requests = [
        CreditRequest(_attributes(pan, ea), CreditToken(0, 100 + place % 4000, place, place & 15))
        for place, pan in enumerate(pans)
    ]

    def run() -> float:
        started = time.perf_counter()
        credit_tokens(_VENDING_KEY, requests)
        return (time.perf_counter() - started) / len(requests)

    return run


def main() -> int:
    """Print one line per subject; return 1 when a goal is missed."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"cores {os.cpu_count()}, load {load:.2f}")
    pans = _pans(_BATCH)
    gc.freeze()
    subjects = {
        "single EA07": _single(pans, EA_STA),
        "single EA11": _single(pans, EA_MISTY1),
        "batch EA07": _batched(pans, EA_STA),
        "batch EA11": _batched(pans, EA_MISTY1),
    }
    missed = False
    for name, subject in subjects.items():
        subject()
        slices = 10 if name.startswith("single") else 1
        verdict = compare(name, _GOALS[name], subject, slices=slices)
        print(verdict.line())
        missed = missed or verdict.missed
    proven = compare("single EA07 with proof", float("inf"), _single(pans, EA_STA, proof=True))
    print(proven.line())
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
