"""Putting a sale right after its token was shown: money back, or the same value on another meter.

A numeric token can never be cancelled: whoever has seen its digits can type them into the meter
(XMLVend 2.1 allows a cancellation for magnetic cards only). So nothing here takes a token back.
A sale stays as it is, and one new entry says what was given for it: a refund (money leaves the
drawer) or a compensation (a second token is made). Both create value or let money go, so a second
person answers for them, and a sale is put right once. Units: minor units of the sale's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import CASH, CashNotInCoins
from pos_app.domain.tender_kind import TenderKind

COMPENSATION_TENDER: Final = "compensation"
COMPENSATION_KIND: Final = TenderKind(COMPENSATION_TENDER)
"""The way of paying of a sale that makes up for another one: no money changes hands."""


class RedressKind(StrEnum):
    """What is given: money, or the same value on another meter."""

    REFUND = "refund"
    COMPENSATION = "compensation"


class Reason(StrEnum):
    """Why; the words are ``redress.reason-<reason>``."""

    WRONG_METER = "wrong-meter"
    WRONG_AMOUNT = "wrong-amount"
    SOLD_TWICE = "sold-twice"
    METER_REFUSES = "meter-refuses"
    METER_CHANGED = "meter-changed"
    OTHER = "other"


class TokenFate(StrEnum):
    """What the customer says became of the token; the words are ``redress.token-<fate>``."""

    NOT_ENTERED = "not-entered"
    REFUSED = "refused"
    ENTERED = "entered"
    UNKNOWN = "unknown"


REASONS: Final[dict[RedressKind, tuple[Reason, ...]]] = {
    RedressKind.REFUND: (
        Reason.WRONG_METER,
        Reason.WRONG_AMOUNT,
        Reason.SOLD_TWICE,
        Reason.METER_REFUSES,
        Reason.OTHER,
    ),
    RedressKind.COMPENSATION: (Reason.WRONG_METER, Reason.METER_CHANGED),
}
"""The fixed list of each kind, in the order of the keys."""

_PERHAPS_USED: Final = {TokenFate.ENTERED, TokenFate.UNKNOWN}


class ReasonUnfit(PosError):
    """The reason is no reason for this: `reason`, `known`."""

    code: ClassVar[str] = "reason-unfit"


class TokenUsed(PosError):
    """The customer's own meter took the token: what was sold was delivered. Fact: `receipt`."""

    code: ClassVar[str] = "token-used"


class RefundTooMuch(PosError):
    """More than was paid: `amount`, `most`, `currency`."""

    code: ClassVar[str] = "refund-too-much"


class AlreadyRedressed(PosError):
    """The sale was put right before: `receipt`, `slip`."""

    code: ClassVar[str] = "already-redressed"


class RedressOfRedress(PosError):
    """The sale itself makes up for another one: `receipt`."""

    code: ClassVar[str] = "redress-of-redress"


class SameMeter(PosError):
    """The other meter is the one that was sold to: `drn`."""

    code: ClassVar[str] = "same-meter"


@dataclass(frozen=True, slots=True)
class Paid:
    """What stayed with the seller of one way of paying: handed over less the change."""

    kind: str
    amount: Money


def refuse_unfit(kind: RedressKind, reason: Reason, fate: TokenFate, receipt: str) -> None:
    """Raise `ReasonUnfit`, or `TokenUsed` when the right meter has the units already."""
    if reason not in REASONS[kind]:
        known = ", ".join(each.value for each in REASONS[kind])
        raise ReasonUnfit(reason=reason.value, known=known)
    if fate is TokenFate.ENTERED and reason is not Reason.WRONG_METER:
        raise TokenUsed(receipt=receipt)


def leaves_claim(reason: Reason, fate: TokenFate) -> bool:
    """Tell whether a stranger's meter may hold units that nobody paid for any more.

    Then the utility has a claim on that meter, and the entry says so.
    """
    return reason is Reason.WRONG_METER and fate in _PERHAPS_USED


def refund_parts(paid: Sequence[Paid], due: Money, amount: Money) -> tuple[Paid, ...]:
    """Return how `amount` goes back: cash as far as cash was kept, then as it was paid.

    `due` is what was paid in all. Money goes back only the way it came. Raises `RefundTooMuch`,
    or `CashNotInCoins` for cash that no coins make up.
    """
    if not 0 < amount.minor <= due.minor:
        raise RefundTooMuch(amount=amount.plain(), most=due.plain(), currency=amount.currency.code)
    parts, left = [], amount
    for each in sorted(paid, key=lambda part: part.kind != CASH):
        part = Money(min(max(each.amount.minor, 0), left.minor), amount.currency)
        if part.minor:
            parts.append(Paid(each.kind, part))
            left -= part
    _refuse_odd_coins(parts)
    return tuple(parts)


def _refuse_odd_coins(parts: Sequence[Paid]) -> None:
    for part in parts:
        currency = part.amount.currency
        if part.kind == CASH and part.amount.minor % currency.smallest_coin:
            coin = Money(currency.smallest_coin, currency).plain()
            raise CashNotInCoins(amount=part.amount.plain(), coin=coin, currency=currency.code)


def share(minor: int, part: int, whole: int) -> int:
    """Return `minor` x `part` / `whole`, half up: the commission that goes back with a refund."""
    return (2 * minor * part + whole) // (2 * whole)
