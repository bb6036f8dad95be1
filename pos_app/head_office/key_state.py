"""Which key a meter holds and held, as it follows from booked entries, beside what its list says.

The list says what the billing system knows, and stays as it is. An entry says that a customer got
the tokens of a change, or what the meter's own display showed. Whoever got tokens need not have
typed them in: the newest key is the one that tills make credit under, not one that anybody saw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pos_app.head_office.key_facts import GIVEN

DIFFERS: Final = "differs"
CURRENT: Final = "current"
BEFORE: Final = "before"
LISTED: Final = "listed"
SET: Final = "set"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key that a meter can have had, as `key_facts.written` writes it, and why it can.

    `standing`: `CURRENT` is the newest, `BEFORE` one before the change of `changed_ms`, `LISTED`
    is named by the list only, `SET` by a key-change set that no sale gave out yet.
    """

    key: str
    standing: str
    changed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class KeyState:
    """What is known of a meter's key: its list's word, and the facts, the newest first."""

    drn: str
    listed: str = ""
    listed_ms: int = 0
    facts: tuple[Row, ...] = ()

    @property
    def newest(self) -> Row | None:
        """Return the newest fact that its tokens do not gainsay."""
        return next((row for row in self.facts if row["proof"] != DIFFERS), None)

    @property
    def key(self) -> str:
        """Return the key that the meter is taken to hold; empty where nobody knows."""
        newest = self.newest
        return self.listed if newest is None else str(newest["key"])

    @property
    def behind(self) -> bool:
        """Tell whether the list still names a key from before a change.

        One that it has named only since the change is a wish for another change; so is a key
        that no entry knows.
        """
        newest = self.newest
        if newest is None or not self.listed or self.listed == newest["key"]:
            return False
        true = [row for row in self.facts if row["proof"] != DIFFERS]
        earlier = {row[name] for row in true for name in ("old", "record")}
        return self.listed_ms <= newest["at_ms"] and self.listed in earlier

    def keys(self, of_sets: tuple[str, ...] = ()) -> list[HeldKey]:
        """Return the keys that the meter can have had, the newest first, each once."""
        found: dict[str, HeldKey] = {}
        true = [row for row in self.facts if row["proof"] != DIFFERS]
        if true:
            found[true[0]["key"]] = HeldKey(true[0]["key"], CURRENT)
        for key in of_sets:
            found.setdefault(key, HeldKey(key, SET))
        for later, row in zip([None, *true], true, strict=False):
            if later is not None:
                found.setdefault(row["key"], HeldKey(row["key"], BEFORE, later["at_ms"]))
            if row["how"] == GIVEN:
                found.setdefault(row["old"], HeldKey(row["old"], BEFORE, row["at_ms"]))
        if self.listed:
            found.setdefault(self.listed, HeldKey(self.listed, LISTED if true else CURRENT))
        for row in true:
            for name in ("old", "record"):
                found.setdefault(row[name], HeldKey(row[name], BEFORE, row["at_ms"]))
        return list(found.values())
