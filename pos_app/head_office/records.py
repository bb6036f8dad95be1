"""What head office knows, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class TillState(StrEnum):
    """Whether a till may speak to head office; words are ``headoffice.till.<state>``."""

    ENROLLED = "enrolled"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class TillRecord:
    """A till as it was enrolled, and how far it is.

    `pack_number` and `pack_digest` are of the last pack issued for it, `pack_asked` the highest
    it said to hold, `meters_revision` the last change of a meter that was sent to it.
    """

    till: str
    shop: str
    mode: str
    public: bytes
    exchange_key: bytes
    allowance_secret: bytes = field(repr=False)
    state: TillState
    enrolled_ms: int
    seen_ms: int
    pack_number: int = 0
    pack_digest: str = ""
    pack_asked: int = 0
    meters_revision: int = 0
