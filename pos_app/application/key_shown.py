"""Taking a meter's word for its key: what it shows counts more than what the till believes.

The next sale then starts from the key that the meter really has: it brings the change to the key
that is asked, or none where the meter has it already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from pos_app.application.errors import MeterUnknown, RoleNeeded
from pos_app.application.key_asked import (
    KeyWish,
    key_here,
    recorded_and_wanted,
    wished_key,
)
from pos_app.application.key_attributes import CHANGE
from pos_app.application.key_change_records import KeyChangeState, key_of
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import MeterRecord, Operator
from pos_app.domain.errors import PosError
from pos_app.domain.key_shown import ShownKey, completed, shown_key
from pos_app.domain.meter_key import KeyHere, MeterKey, refuse_change
from pos_app.domain.meter_life import ROLES, Act, check_act

_NAMES: Final = {"sgc": "SGC", "krn": "KRN", "kt": "KT", "ti": "TI", "ken": "KEN", "base": "base"}


@dataclass(frozen=True, slots=True)
class KeyNoted:
    """What came of noting a key.

    `key` is what the meter is taken to hold now, `believed` what it was taken to hold before.
    `wish` is the key change of its next sale; `problem` is why the meter would refuse that.
    `held_here` tells whether the till has `key`: without it, it can neither sell nor change it.
    """

    drn: str
    believed: MeterKey
    key: MeterKey
    wish: KeyWish | None
    held_here: bool
    problem: PosError | None = None

    @property
    def outcome(self) -> str:
        """Return what the next sale does; the words are ``keychange.shown.<outcome>``."""
        if self.problem is not None:
            return "refused"
        if not self.held_here:
            return "no-key"
        return "change" if self.wish else "good"


def note_shown(
    ledger: Ledger, clock: Clock, drn: str, typed: Mapping[str, str], operator: Operator
) -> KeyNoted:
    """Journal what a meter shows of its key and return what follows.

    Raises `RoleNeeded` (supervisor, engineer), `MeterUnknown`, `MeterOut`, `KeyShownInvalid` or
    `KeyShownMissing`.
    """
    roles = ROLES[Act.SHOWN_KEY]
    if operator.role.value not in roles:
        raise RoleNeeded(role=max(roles))
    meter = ledger.meter(drn)
    if meter is None:
        raise MeterUnknown(typed=drn[:40])
    life = ledger.meter_life(drn)
    if life is not None:
        check_act(Act.SHOWN_KEY, life)
    shown, believed = shown_key(typed), key_of(meter)
    key = completed(believed, shown, _known(ledger, meter))
    record, wanted = recorded_and_wanted(ledger, meter)
    body: dict[str, Any] = {
        "v": 1,
        "drn": drn,
        "operator": operator.id,
        "said": shown.said,
        "words": said_line(shown),
        "key": asdict(key),
        "record": asdict(record),
        "wanted": asdict(wanted),
        **_settled(ledger, drn, key),
    }
    with ledger.writing() as act:
        act.append("meter_key_shown", body, clock.now_ms())
    return _noted(ledger, clock, drn, believed)


def said_line(shown: ShownKey) -> str:
    """Return what was read in one line, by the names the standard has."""
    return ", ".join(f"{_NAMES[name]} {value}" for name, value in shown.said.items())


def _known(ledger: Ledger, meter: MeterRecord) -> tuple[KeyHere, ...]:
    """Return every key that is here for a meter, ended ones too: a meter may well hold one."""
    return tuple(
        key_here(key) for key in ledger.key_changes.keys_for(meter.pan) if key.kind != CHANGE
    )


def _settled(ledger: Ledger, drn: str, key: MeterKey) -> dict[str, Any]:
    """Return which open key change this settles, and whether the meter took it."""
    open_one = next(
        (row for row in ledger.key_changes.changes(drn, 1) if row.state is KeyChangeState.ISSUED),
        None,
    )
    if open_one is None or key not in {open_one.new, open_one.old}:
        return {"change_seq": 0, "taken": False}
    return {"change_seq": open_one.seq, "taken": key == open_one.new}


def _noted(ledger: Ledger, clock: Clock, drn: str, believed: MeterKey) -> KeyNoted:
    meter = ledger.meter(drn)
    if meter is None:  # it was there a moment ago, on this very thread
        raise MeterUnknown(typed=drn[:40])
    key, wish = key_of(meter), wished_key(ledger, meter, clock.now_ms())
    own = (key.sgc, key.krn, key.kt, key.base, key.dkga)
    held = any(
        (each.sgc, each.krn, each.kt, each.base, each.dkga) == own
        for each in ledger.key_changes.keys_for(meter.pan)
    )
    problem = None
    if wish is not None:
        try:
            refuse_change(key, key_of(wish.meter))
        except PosError as refusal:
            problem = refusal
    return KeyNoted(drn, believed, key, wish, held, problem)
