"""Allowance codes at the till: taken once, and guessing is slow."""

from __future__ import annotations

from dataclasses import asdict
from typing import ClassVar, Final

from pos_app.application.errors import AllowanceMissing
from pos_app.application.lock_watch import LockWatch
from pos_app.domain.allowance import Allowance, raised
from pos_app.domain.errors import PosError
from pos_app.domain.lockout import PinLocked
from pos_app.exchange.allowance_code import AllowanceCodeWrong, Grant, read_allowance_code

LOCK: Final = ":allowance-code"
"""The name under which wrong codes are counted; no operator can have it."""
DAY_MS: Final = 86_400_000
MINOR: Final = 100
"""A code counts in hundreds of minor units."""


class AllowanceCodeLocked(PosError):
    """Too many wrong codes: `seconds` to wait."""

    code: ClassVar[str] = "allowance-code-locked"


def take_code(locks: LockWatch, till: tuple[str, bytes], typed: str, operator_id: str) -> Grant:
    """Raise an allowance by what a code grants; `till` is its name and the shared secret.

    Raises `AllowanceMissing` before there is any allowance, `AllowanceCodeLocked` (without
    looking at the code) or `AllowanceCodeWrong`; the latter is journalled unless the digits are
    no 20.
    """
    ledger = locks.ledger
    now = max(locks.clock.now_ms(), ledger.clock_floor_ms())
    held = {code: allowance for code, allowance, _ in ledger.allowances()}
    if not held:
        raise AllowanceMissing(currency="-")
    try:
        locks.ensure_open(LOCK)
    except PinLocked as locked:
        raise AllowanceCodeLocked(seconds=locked.facts["seconds"]) from None
    try:
        grant = read_allowance_code(typed, *till, held, ledger.office.code_sequence())
    except AllowanceCodeWrong as wrong:
        if wrong.facts["problem"] != "digits":
            with ledger.writing() as act:
                act.append("allowance_code_refused", locks.stamped({"operator": operator_id}), now)
        raise
    end = now + grant.days * DAY_MS if grant.days else 0
    after = raised(held[grant.currency], grant.amount * MINOR, end)
    with ledger.writing() as act:
        body = {**_values(after), **asdict(grant), "operator": operator_id}
        act.append("allowance_code", body, now)
    return grant


def _values(allowance: Allowance) -> dict[str, int]:
    names = ("money_minor", "tenths", "count", "not_after_ms")
    return {name: getattr(allowance, name) for name in names}
