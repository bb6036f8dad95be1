"""Which key a meter holds and held, as it follows from booked entries, beside what its list says.

The list says what the billing system knows, and stays as it is. An entry says that a customer got
the tokens of a change, or what the meter's own display showed. Whoever got tokens need not have
typed them in: the newest key is the one that tills make credit under, not one that anybody saw.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
        return next(iter(self._true), None)

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
        earlier = {row[name] for row in self._true for name in ("old", "record")}
        return self.listed_ms <= newest["at_ms"] and self.listed in earlier

    def behind_for(self, till: str) -> bool:
        """Tell whether the list is behind what another till than this one knows."""
        newest = self.newest
        return newest is not None and newest["till"] != till and self.behind

    def candidates(self, of_sets: Iterable[str] = ()) -> list[HeldKey]:
        """Return the keys that the meter can have had, the newest first, each once."""
        newest = self.newest
        found = [] if newest is None else [HeldKey(newest["key"], CURRENT)]
        found += [HeldKey(key, SET) for key in of_sets]
        found += _before(self._true)
        if self.listed:
            found.append(HeldKey(self.listed, CURRENT if newest is None else LISTED))
        for row in self._true:
            found += [HeldKey(row[name], BEFORE, row["at_ms"]) for name in ("old", "record")]
        each_once: dict[str, HeldKey] = {}
        for held in found:
            each_once.setdefault(held.key, held)
        return list(each_once.values())

    @property
    def _true(self) -> list[Row]:
        return [row for row in self.facts if row["proof"] != DIFFERS]


def _before(facts: Iterable[Row]) -> Iterator[HeldKey]:
    """Yield what a meter held before each of its changes."""
    changed: int | None = None
    for row in facts:
        if changed is not None:
            yield HeldKey(row["key"], BEFORE, changed)
        changed = int(row["at_ms"])
        if row["how"] == GIVEN:
            yield HeldKey(row["old"], BEFORE, changed)
