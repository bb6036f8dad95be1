"""Whether a key-change set can be made from an old key, and why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from pos_app.domain.errors import PosError
from pos_app.domain.meter_key import KEY_FIELDS, MeterKey, refuse_change
from pos_app.head_office.errors import MeterRecordPartial, VendingKeyMissing
from pos_app.head_office.key_facts import read
from pos_app.head_office.proving import KeyRing

MOVED: Final = "meter-key-moved"
"""The list names the campaign's old key, and the meter has got another one since."""


@dataclass(frozen=True, slots=True)
class Fitness:
    """Judges old keys, as `key_facts.written` writes them, for one campaign.

    `new` are the attributes of the new vending key, `old` the supply group and revision that the
    campaign leads away from.
    """

    ring: KeyRing = field(repr=False)
    new: dict[str, Any]
    old: tuple[str, int]
    _known: dict[tuple[str, bool], str] = field(default_factory=dict, repr=False)

    def __call__(self, key: str, *, own: bool) -> str:
        """Return why no set can be made, empty where one can; `own`: the meter's key is held."""
        if (key, own) not in self._known:
            self._known[key, own] = self._reason(key, own=own)
        return self._known[key, own]

    def _reason(self, key: str, *, own: bool) -> str:
        if not key:
            return MeterRecordPartial.code
        held = read(key)
        if (held["sgc"], held["krn"]) != self.old:
            return MOVED
        old = MeterKey(**{name: held[name] for name in KEY_FIELDS})
        leads_to = {name: self.new[name] for name in ("sgc", "krn", "ken", "kt", "dkga", "base")}
        try:
            refuse_change(old, MeterKey(**leads_to, ti=old.ti, ea=old.ea))
        except PosError as problem:
            return problem.code
        place = (old.sgc, old.krn, old.kt, old.base, old.dkga)
        return "" if own or place in self.ring.vending else VendingKeyMissing.code
