"""Keys that are here already go into the module, and what each key serves and where it is.

A move is two entries of the journal. Between them the keys are put into the module and proven
there, each by a challenge that the sealed copy answers alike; the second entry re-points every
record in its own transaction. A power cut anywhere leaves sealed copies that work, and a move
that is begun again puts nothing into the module twice.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from pos_app.application.key_attributes import VENDING
from pos_app.application.key_records import (
    KeyModuleNotSet,
    KeyStanding,
    ServedGroup,
    standings,
)
from pos_app.sts.keys import DKGA_HMAC

if TYPE_CHECKING:
    from pos_app.application.keys import KeyDesk, Person
    from pos_app.application.ports import KeyAttributes, SealedKey

IN_TILL: Final = "till"
IN_MODULE: Final = "module"
_NAMES: Final = ("sgc", "krn", "kt", "base", "ken", "dkga", "kcv")
_NOBODY: Final = ServedGroup((), (), 0)


@dataclass(frozen=True, slots=True)
class Holding:
    """A group of keys, where it stands, where it is and whom it serves."""

    standing: KeyStanding
    place: str
    served: ServedGroup


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: the keys in the module now, how many were there before, what stays.

    `unfit` counts vending keys that no module can protect (DKGA02).
    """

    keys: tuple[KeyAttributes, ...]
    already: int
    unfit: int


@dataclass(frozen=True, slots=True)
class KeyMoves:
    """The use cases around where keys are; runs on the ledger's thread."""

    keys: KeyDesk

    def holdings(self) -> tuple[Holding, ...]:
        """Return every group of keys, the one that ends first in front."""
        desk = self.keys
        served, places = desk.ledger.keys.served(), self._places()
        return tuple(
            Holding(
                each,
                places.get(_line(asdict(each.group)), IN_TILL),
                served.get(each.group.sgc, _NOBODY),
            )
            for each in standings(desk.ledger.keys.groups(), desk.now_ms())
        )

    def interrupted(self) -> bool:
        """Tell whether a move began and did not end."""
        return self.keys.ledger.keys.moving()

    def move(self, first: Person, second: Person) -> Moved:
        """Move every vending key that is sealed here and fit for the module into it.

        Raises `KeyModuleNotSet`, `KeysDestroyed`, what two people raise, and what keeps the
        module from being used; then every key still works from where it was.
        """
        desk = self.keys
        desk.need_keys()
        both = desk.both(first, second)
        if not desk.safe.has_module:
            raise KeyModuleNotSet
        vending = desk.ledger.keys.vending()
        here = [key for key in vending if not desk.safe.in_module(key)]
        fit = [key for key in here if key.attributes.dkga == DKGA_HMAC]
        desk.safe.open_module()
        if fit or self.interrupted():
            self._move(fit, both.body())
        moved = tuple(key.attributes for key in fit)
        return Moved(moved, len(vending) - len(here), len(here) - len(fit))

    def _move(self, fit: list[SealedKey], people: dict[str, Any]) -> None:
        desk = self.keys
        with desk.ledger.writing() as act:
            act.append("key_move_begun", {**people, "keys": len(fit)}, desk.clock.now_ms())
        pairs = [(key, desk.safe.move_in(key)) for key in fit]
        named = [{name: getattr(key.attributes, name) for name in _NAMES} for key in fit]
        with desk.ledger.writing() as act:
            for old, new in pairs:
                act.replace_key(old, new)
            act.append("keys_moved", {**people, "keys": named}, desk.clock.now_ms())

    def _places(self) -> dict[tuple[Any, ...], str]:
        """Return where each group of vending keys is; one key of it outside is outside."""
        found: dict[tuple[Any, ...], str] = {}
        if not self.keys.safe.exchange_key:
            return found
        for key in self.keys.ledger.keys.vending():
            line = _line(asdict(key.attributes))
            inside = self.keys.safe.in_module(key)
            if not inside or line not in found:
                found[line] = IN_MODULE if inside else IN_TILL
        return found


def _line(held: dict[str, Any]) -> tuple[Any, ...]:
    if held["kind"] != VENDING:
        return ()
    return tuple(held[name] for name in (*_NAMES, "active_from_ms", "issue_until_ms"))
