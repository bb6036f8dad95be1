"""Who stands at a key ceremony, and what they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pos_app.application.approval_records import Approval
from pos_app.application.stored_records import KeyAttributes


@dataclass(frozen=True, slots=True)
class Person:
    """Someone at the ceremony. The PIN is in no `repr`."""

    operator_id: str
    pin: str

    def __repr__(self) -> str:
        return f"Person({self.operator_id!r})"


Second = Person | Approval
"""The other supervisor: with a PIN at the counter, or with a code from elsewhere."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """Both people of a ceremony; `request` is what a code from elsewhere answered."""

    operators: tuple[str, str]
    request: str = ""

    def body(self) -> dict[str, Any]:
        """Return what the journal keeps of them."""
        held: dict[str, Any] = {"operators": list(self.operators)}
        return held | ({"request": self.request} if self.request else {})


@dataclass(frozen=True, slots=True)
class ModuleAccess:
    """How to reach a PKCS#11 module: its driver's path, the token's label, its PIN."""

    library: str
    token: str
    pin: str

    def __repr__(self) -> str:
        return f"ModuleAccess({self.library!r}, {self.token!r})"


@dataclass(frozen=True, slots=True)
class KeyFileView:
    """A key file that this till would take: who made it, and its keys without the keys.

    `entry` is the journal's entry of one that was taken, 0 before.
    """

    authority: str
    fingerprint: str
    sequence: int
    issued_ms: int
    digest: str
    keys: tuple[KeyAttributes, ...]
    entry: int = 0


@dataclass(frozen=True, slots=True)
class TillKeys:
    """The till's own side of keys: the fingerprint of what keys are sealed to, whom it trusts.

    `fingerprint` is empty once the keys were destroyed, in entry `destroyed`. An authority is
    (name, fingerprint, number of the newest file taken).
    """

    fingerprint: str
    authorities: tuple[tuple[str, str, int], ...]
    has_module: bool
    moving: bool
    destroyed: int
