"""Who a till is and who stands at it: all of a shop that the first screen knows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an operator may do; `SUPERVISOR` includes `CASHIER`."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    ENGINEER = "engineer"


class ShopMode(StrEnum):
    """A training shop has its own keys, numbers and words and is never mixed with a live one."""

    TRAINING = "training"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class ShopIdentity:
    """Who this till is. `till` is unique within the estate and starts every receipt number."""

    till: str
    shop: str
    mode: ShopMode
    utc_offset_minutes: int | None = None  # None: the computer's own time zone


@dataclass(frozen=True, slots=True)
class Operator:
    """Someone who signs in."""

    id: str
    name: str
    role: Role
