"""What was found, as an auditor reads it: times as times, money as money, in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from pos_app.domain.allowance import Bound
from pos_app.domain.money import Currency, Money
from pos_app.head_office.currencies import decimals_of

Say = Callable[..., str]
"""Words: called with a key and its facts."""

MINUTE_MS: Final = 60_000
FIRST_MINUTE_MS: Final = 725_846_400_000
"""1993-01-01, from which head office counts the minutes of tokens (IEC 62055-41, 6.3.5)."""
_LAST_MS: Final = 253_402_300_799_000


def sentence(say: Say, row: dict[str, Any]) -> str:
    """Return a finding as a sentence."""
    told = facts(say, row["evidence"])
    number = {"n": told["records"]} if "records" in told else {}
    return say(f"headoffice.finding.{row['kind']}", **told | number)


def facts(say: Say, evidence: dict[str, Any]) -> dict[str, Any]:
    """Return the evidence of a finding, each value as it is read and compared."""
    told = {name: _told(name, value) for name, value in evidence.items()}
    currency = str(evidence.get("currency", ""))
    if isinstance(evidence.get("money"), int):
        told["money"] = _money(evidence["money"], currency)
    if isinstance(evidence.get("left"), int):
        told["left"] = _left(say, evidence["what"], evidence["left"], currency)
    return told


def _told(name: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if name.endswith("_ms"):
        return moment(value)
    return moment(FIRST_MINUTE_MS + value * MINUTE_MS) if name == "minute" else value


def moment(at_ms: int) -> str:
    """Return an instant as ``2026-11-21 14:32 UTC``."""
    if not 0 <= at_ms <= _LAST_MS:
        return str(at_ms)
    return f"{datetime.fromtimestamp(at_ms // 1000, UTC):%Y-%m-%d %H:%M} UTC"


def _money(minor: int, currency: str) -> str:
    return Money(minor, Currency(currency, decimals_of(currency))).plain()


def _left(say: Say, what: str, left: int, currency: str) -> str:
    """Return what was left of a bound; findings of older programs do not say the currency."""
    if what in {Bound.MONEY, Bound.PER_VEND}:
        amount = f"{currency} {_money(left, currency)}".strip()
        return say(f"headoffice.left.{what}", amount=amount)
    if what == Bound.TIME:
        return say("headoffice.left.time", at=moment(left))
    if what == Bound.UNITS:
        return say("headoffice.left.units", amount=f"{left // 10}.{left % 10}")
    return (
        say("headoffice.left.count", amount=left)
        if what == Bound.COUNT
        else say("headoffice.left.none")
    )
