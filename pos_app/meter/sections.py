"""Key change: its sections are kept until the set is whole, then the whole key changes at once.

Sections may come in any order and replace their like; a set waits ten minutes; a power cut
empties the staging (it is not stored). Source: IEC 62055-41, set decoder key sections 1 to 4.
Ours, because no public text settles it: the ten minutes count from the first section, and a key
never becomes one of a more default type again.
"""

from __future__ import annotations

from dataclasses import replace

from pos_app.meter.profile import KEY_CHANGE_S
from pos_app.meter.results import Result
from pos_app.meter.state import HeldKey, MeterState, Staging
from pos_app.meter.tids import rolled_over
from pos_app.sts.keys import EA_MISTY1, EA_STA, DecoderKey

FIRST, SECOND, THIRD, FOURTH = 3, 4, 8, 9
_PENDING = {
    FIRST: Result.FIRST_KCT,
    SECOND: Result.SECOND_KCT,
    THIRD: Result.THIRD_KCT,
    FOURTH: Result.FOURTH_KCT,
}
SECTIONS = frozenset(_PENDING)
_KNOWN = {EA_STA: {FIRST, SECOND, THIRD}, EA_MISTY1: set(SECTIONS)}
_LARGEST_SGC = 999_999
_WORD = 0xFFFFFFFF
_UNIQUE_KEY = 2
_NEXT_BASE = {1993: 2014, 2014: 2035, 2035: 2035}


def take_section(state: MeterState, sub: int, content: int) -> tuple[MeterState, Result]:
    """Return the state with a section of a key change taken, or refused."""
    ea = state.held.key.ea
    if sub not in _KNOWN[ea]:
        return state, Result.FUNCTION
    fault = _fault(sub, content, state.held)
    if fault is not None:
        return state, fault
    held_back = _waiting(state)
    since = state.staging.since_s if held_back and state.staging else state.at_s
    held_back[sub] = content
    if not _whole(held_back, ea):
        staging = Staging(since, tuple(sorted(held_back.items())))
        return replace(state, staging=staging), _PENDING[sub]
    return _changed(state, held_back)


def _waiting(state: MeterState) -> dict[int, int]:
    """Return the sections that are still waited with."""
    staging = state.staging
    if staging is None or state.at_s - staging.since_s > KEY_CHANGE_S:
        return {}
    return dict(staging.sections)


def _fault(sub: int, content: int, held: HeldKey) -> Result | None:
    """Return what is wrong with a section by itself."""
    if sub == FIRST:
        krn, kt = content >> 36 & 0xF, content >> 32 & 3
        if not 1 <= krn <= 9:
            return Result.RANGE
        return Result.KEY_TYPE if min(kt, _UNIQUE_KEY) < min(held.kt, _UNIQUE_KEY) else None
    if sub == SECOND:
        return Result.RANGE if content >> 32 & 0xFF > 99 else None
    if sub == THIRD and held.key.ea == EA_STA:
        if content & 0xFFFFF:
            return Result.FORMAT
        return Result.RANGE if content >> 20 > _LARGEST_SGC else None
    return None


def _carries_sgc(first: int) -> bool:
    """Tell whether a first section of a 64-bit key announces a third token."""
    return bool(first >> 34 & 1)


def _whole(sections: dict[int, int], ea: int) -> bool:
    if not {FIRST, SECOND} <= sections.keys():
        return False
    if ea == EA_MISTY1:
        return {THIRD, FOURTH} <= sections.keys()
    return THIRD in sections or not _carries_sgc(sections[FIRST])


def _sgc(sections: dict[int, int], ea: int) -> int:
    """Return the new supply group; 0 after a set of two, which does not tell it."""
    if ea == EA_MISTY1:
        return (sections[FOURTH] >> 32) << 12 | sections[THIRD] >> 32
    return sections[THIRD] >> 20 if _carries_sgc(sections[FIRST]) else 0


def _changed(state: MeterState, sections: dict[int, int]) -> tuple[MeterState, Result]:
    """Change key, attributes and (on roll-over) the memory of tokens, all in one."""
    ea, first, second = state.held.key.ea, sections[FIRST], sections[SECOND]
    sgc = _sgc(sections, ea)
    if sgc > _LARGEST_SGC:
        return replace(state, staging=None), Result.RANGE
    words = [first & _WORD, second & _WORD]
    if ea == EA_MISTY1:
        words[1:1] = [sections[THIRD] & _WORD, sections[FOURTH] & _WORD]
    roll_over = bool(first >> 35 & 1)
    base = state.held.base
    held = HeldKey(
        DecoderKey(b"".join(word.to_bytes(4, "big") for word in words)),
        sgc=f"{sgc:06d}",
        krn=first >> 36 & 0xF,
        kt=first >> 32 & 3,
        ti=second >> 32 & 0xFF,
        ken=(first >> 40) << 4 | second >> 40,
        base=_NEXT_BASE[base] if roll_over else base,
    )
    tids = rolled_over() if roll_over else state.tids
    changed = replace(state, held=held, tids=tids, staging=None)
    return changed.noting("key-changed", held.krn), Result.ACCEPT
