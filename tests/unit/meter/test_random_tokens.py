"""Random tokens of all kinds, made by the codec and entered into meters that do not know it.

``TOKENTILL_METER_TOKENS`` says how many (2,000; 100,000 before a release).
"""

from __future__ import annotations

import os
from collections import Counter

from tests.unit.meter.trial import Trial

TOKENS = int(os.environ.get("TOKENTILL_METER_TOKENS", "2000"))
PER_METER = 100
MUST_HAPPEN = {
    "fresh ACCEPT", "fresh OVERFLOW", "fresh FUNCTION", "fresh RANGE", "fresh KEY_EXPIRED",
    "fresh DEFAULT_KEY", "replay USED", "replay CRC", "old OLD", "old USED", "wrong-key CRC",
    "wrong-key LOCKOUT", "damaged CRC", "damaged FORMAT", "damaged FUNCTION", "section FIRST_KCT",
    "section SECOND_KCT", "section THIRD_KCT", "section FOURTH_KCT", "section ACCEPT",
    "section KEY_TYPE", "not-a-token FORMAT", "test ACCEPT", "test MANUFACTURER", "test FUNCTION",
}  # fmt: skip


def entered(tokens: int, first_seed: int = 0) -> tuple[Counter[str], int]:
    """Enter so many tokens; return what happened, and how many wrong ones opened by chance."""
    seen: Counter[str] = Counter()
    by_chance = 0
    for seed in range(first_seed, first_seed + max(tokens // PER_METER, 1)):
        trial = Trial(seed)
        by_chance += sum(trial.run() is None for _ in range(PER_METER))
        seen += trial.seen
    return seen, by_chance


def test_a_meter_accepts_and_refuses_exactly_what_the_oracle_foretells() -> None:
    seen, by_chance = entered(TOKENS)
    assert set(seen) >= MUST_HAPPEN, MUST_HAPPEN - set(seen)
    assert by_chance < 10 + TOKENS // 100
    assert seen.total() + by_chance >= TOKENS
