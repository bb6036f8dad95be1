"""The life of a meter at the counter: which act may follow which, and who may do it.

A meter that came with an import stands in the house already. One that is out of service (swapped
or deactivated) never comes back: its successor does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final

from pos_app.domain.errors import PosError


class Act(StrEnum):
    """What is done to a meter; also the kind of the record."""

    REGISTER = "register"
    INSTALL = "install"
    BLOCK = "block"
    UNBLOCK = "unblock"
    SWAP = "swap"
    DEACTIVATE = "deactivate"
    FAULT = "fault"
    SHOWN_KEY = "shown-key"  # which key the meter itself shows


class Standing(StrEnum):
    """Where a meter is in its life."""

    REGISTERED = "registered"  # on file, not in a house yet
    INSTALLED = "installed"
    OUT = "out"


class FaultCode(StrEnum):
    """What is wrong with a meter, as the customer tells it."""

    NO_SUPPLY = "no-supply"
    DISPLAY = "display"
    KEYPAD = "keypad"
    REFUSES = "refuses"  # refuses good tokens
    WRONG_COUNT = "wrong-count"
    RELAY = "relay"  # does not switch off, or not on again
    SEAL = "seal"  # the seal of the case is broken or missing
    DAMAGE = "damage"
    DANGER = "danger"  # smoke, heat, bare wires
    OTHER = "other"


class MeterOut(PosError):
    """The meter is out of service for good. Facts: `drn`, `successor` (empty for none)."""

    code: ClassVar[str] = "meter-out"


class MeterKnown(PosError):
    """A meter with this number is on file already. Fact: `drn`."""

    code: ClassVar[str] = "meter-known"


class MeterNotBlocked(PosError):
    """There is no block to lift. Fact: `drn`."""

    code: ClassVar[str] = "meter-not-blocked"


class MeterBlockedAlready(PosError):
    """The meter is blocked already. Facts: `drn`, `reason`."""

    code: ClassVar[str] = "meter-blocked-already"


class MeterNotInstalled(PosError):
    """The meter is not in a house yet. Fact: `drn`."""

    code: ClassVar[str] = "meter-not-installed"


class SwapInvalid(PosError):
    """A meter cannot take the place of this one. Facts: `old`, `new`."""

    code: ClassVar[str] = "swap-invalid"


class FaultUnknown(PosError):
    """No fault has this code. Facts: `typed`, `known`."""

    code: ClassVar[str] = "fault-unknown"


CASHIER, SUPERVISOR, ENGINEER = "cashier", "supervisor", "engineer"
ROLES: Final[Mapping[Act, frozenset[str]]] = MappingProxyType(
    {
        Act.REGISTER: frozenset({SUPERVISOR}),
        Act.INSTALL: frozenset({SUPERVISOR, ENGINEER}),
        Act.BLOCK: frozenset({SUPERVISOR}),
        Act.UNBLOCK: frozenset({SUPERVISOR}),
        Act.SWAP: frozenset({SUPERVISOR, ENGINEER}),
        Act.DEACTIVATE: frozenset({SUPERVISOR}),
        Act.FAULT: frozenset({CASHIER, SUPERVISOR, ENGINEER}),
        Act.SHOWN_KEY: frozenset({SUPERVISOR, ENGINEER}),
    }
)
"""Whose act each is; a fault is anybody's to report."""


@dataclass(frozen=True, slots=True)
class MeterLife:
    """Where a meter stands. `seal` is of its case, `unit` its keypad's number (split meters).

    `credit_tenths` is what the meter before it still held when this one took its place, or
    `credit_fine` (0.00001 of the currency) where they count money.
    """

    drn: str
    standing: Standing = Standing.INSTALLED
    blocked: str = ""
    seal: str = ""
    unit: str = ""
    replaced_by: str = ""
    replaces: str = ""
    credit_tenths: int = 0
    credit_fine: int = 0


def block_text(reason: str, way_out: str) -> str:
    """Return what a cashier reads of a block: why, and what lifts it."""
    return f"{reason} ({way_out})"


def check_act(act: Act, life: MeterLife) -> None:
    """Raise what forbids an act on a meter that is on file."""
    if act is Act.REGISTER:
        raise MeterKnown(drn=life.drn)
    if life.standing is Standing.OUT:
        raise MeterOut(drn=life.drn, successor=life.replaced_by)
    if act is Act.BLOCK and life.blocked:
        raise MeterBlockedAlready(drn=life.drn, reason=life.blocked)
    if act is Act.UNBLOCK and not life.blocked:
        raise MeterNotBlocked(drn=life.drn)
    if act is Act.UNBLOCK and life.standing is Standing.REGISTERED:
        raise MeterNotInstalled(drn=life.drn)


def check_swap(old: MeterLife, new: MeterLife) -> None:
    """Raise `SwapInvalid` unless `new` is a free meter in service; `MeterOut` as `check_act`."""
    check_act(Act.SWAP, old)
    check_act(Act.SWAP, new)
    if old.drn == new.drn or new.replaces:
        raise SwapInvalid(old=old.drn, new=new.drn)


def fault_code(typed: str) -> FaultCode:
    """Return the fault with this code; raises `FaultUnknown`."""
    try:
        return FaultCode(typed.strip().casefold())
    except ValueError:
        raise FaultUnknown(typed=typed[:40], known=", ".join(FaultCode)) from None
