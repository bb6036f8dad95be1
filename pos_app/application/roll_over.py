"""The roll-over of base dates: which meters count their TIDs from which year, and until when.

Takes one look at all meters, not at each; meters whose key was changed here are added and taken
off. Range of a base date: 2^24 minutes (IEC 62055-41, TID).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, replace

from pos_app.application.key_change_records import RollOverPlace, RollOverRow
from pos_app.application.key_records import KeyGroup
from pos_app.application.ports import Ledger
from pos_app.domain.key_life import ken_ends_ms
from pos_app.domain.meter_key import ANY, ISSUING_KT, KeyAsk
from pos_app.sts.keys import LARGEST_KEN


def roll_over(ledger: Ledger, now_ms: int) -> tuple[RollOverRow, ...]:
    """Return how many meters of each utility are on which base date, and what is to be done."""
    done = ledger.key_changes.rolled_over()
    rows: dict[tuple[str, int, int], RollOverRow] = {}
    for place, meters, wanted, due_ms in _standing(ledger, now_ms):
        utility, base = place.utility, place.base
        given = done.get((utility, base), (0, 0))
        key = (utility, base, wanted)
        row = rows.get(key) or RollOverRow(utility, base, wanted, 0, *given, ends_of(base))
        due = min(filter(None, (row.due_ms, due_ms)), default=0) if wanted != base else 0
        rows[key] = replace(row, meters=row.meters + meters, due_ms=due)
    return tuple(rows.values())


def still_to_go(ledger: Ledger, now_ms: int) -> tuple[RollOverPlace, ...]:
    """Return where meters hold another base date than is asked of them."""
    standing = _standing(ledger, now_ms)
    return tuple(place for place, _, wanted, _ in standing if wanted != place.base)


def _standing(ledger: Ledger, now_ms: int) -> Iterator[tuple[RollOverPlace, int, int, int]]:
    """Yield (place, meters there, base date asked of them, day it is asked by)."""
    groups = ledger.keys.groups()
    counts = sorted(_now_on(ledger).items(), key=lambda count: astuple(count[0]))
    for place, meters in counts:
        ask = ledger.key_changes.ask_for(place.utility, place.tariff)
        wanted = _wanted_base(ask, ask.sgc or place.sgc, place.base, groups, now_ms)
        yield place, meters, wanted, ask.due_ms


def _now_on(ledger: Ledger) -> dict[RollOverPlace, int]:
    counts: defaultdict[RollOverPlace, int] = defaultdict(int)
    for utility, tariff, sgc, base, meters in ledger.key_changes.base_counts():
        counts[RollOverPlace(utility, tariff, sgc, base)] += meters
    for utility, tariff, sgc, base, held, meters in ledger.key_changes.moved_counts():
        counts[RollOverPlace(utility, tariff, sgc, base)] -= meters
        counts[RollOverPlace(utility, tariff, sgc, held)] += meters
    return {place: meters for place, meters in counts.items() if meters}


def _wanted_base(
    ask: KeyAsk, sgc: str, base: int, groups: tuple[KeyGroup, ...], now_ms: int
) -> int:
    """Return the base date asked of a group: the wish, else that of its keys in force."""
    if ask.base != ANY:
        return max(ask.base, base)
    bases = [
        group.base
        for group in groups
        if group.sgc == sgc
        and group.kt in ISSUING_KT
        and group.active_from_ms <= now_ms < group.ends_ms
    ]
    return max([base, *bases])


def ends_of(base: int) -> int:
    """Return the first instant that has no TID under a base date."""
    return ken_ends_ms(base, LARGEST_KEN)
