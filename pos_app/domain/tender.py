"""What the customer hands over, what is due, and what goes back.

Units: money in minor units. Cash comes in the currency's coins: when cash settles a purchase, what
is left for it is rounded to the nearest smallest coin, half up, and the difference is an amount of
its own. Nothing is ever rounded away to a purchase for nothing.
Invariants: ``due == total + rounding`` and ``received == due + change``; change is never negative.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pos_app.domain.errors import PosError
from pos_app.domain.money import AmountInvalid, Currency, Money

CASH = "cash"

_NOTES: dict[str, tuple[int, int, int, int]] = {
    "BDT": (100, 200, 500, 1000),
    "BWP": (20, 50, 100, 200),
    "ETB": (10, 50, 100, 200),
    "EUR": (5, 10, 20, 50),
    "GHS": (10, 20, 50, 100),
    "IDR": (10_000, 20_000, 50_000, 100_000),
    "INR": (50, 100, 200, 500),
    "JPY": (1000, 2000, 5000, 10_000),
    "KES": (100, 200, 500, 1000),
    "KWD": (1, 5, 10, 20),
    "MZN": (100, 200, 500, 1000),
    "NGN": (100, 200, 500, 1000),
    "TZS": (1000, 2000, 5000, 10_000),
    "UGX": (5000, 10_000, 20_000, 50_000),
    "USD": (5, 10, 20, 50),
    "XAF": (1000, 2000, 5000, 10_000),
    "XOF": (1000, 2000, 5000, 10_000),
    "ZAR": (20, 50, 100, 200),
    "ZMW": (10, 20, 50, 100),
}
"""The four notes a counter sees most, in whole currency; any other currency: see `note_keys`."""

_RECENT = 50
_LEARNED_FROM = 3


class TenderInvalid(PosError):
    """What was typed is not a way of paying and an amount: `typed`."""

    code: ClassVar[str] = "tender-invalid"


class TenderShort(PosError):
    """The customer handed over too little: `missing`, `currency`."""

    code: ClassVar[str] = "tender-short"


class TenderTooMuch(PosError):
    """More was charged without cash than the purchase costs: `excess`, `currency`."""

    code: ClassVar[str] = "tender-too-much"


class CashNotInCoins(PosError):
    """No coins make up this cash amount: `amount`, `coin`, `currency`."""

    code: ClassVar[str] = "cash-not-in-coins"


@dataclass(frozen=True, slots=True)
class Tender:
    """One way of paying and its amount, above 0. `kind` is `CASH` or another kind's code."""

    kind: str
    amount: Money
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a purchase was paid; `rounding` may be negative, the others are not."""

    total: Money
    rounding: Money
    due: Money
    received: Money
    change: Money


def parse_tender(
    typed: str, currency: Currency, kinds: Collection[str] = frozenset({CASH})
) -> Tender:
    """Read ``"cash:50.00"`` or, with a reference, ``"cheque:50.00:000123"``.

    Raises `TenderInvalid` for another kind than `kinds` or no amount.
    """
    kind, _, rest = typed.strip().partition(":")
    amount, _, reference = rest.partition(":")
    if kind not in kinds:
        raise TenderInvalid(typed=typed[:40])
    try:
        return Tender(kind, Money.parse(amount, currency), reference.strip())
    except AmountInvalid:
        raise TenderInvalid(typed=typed[:40]) from None


def cash_due(amount: Money) -> Money:
    """Return what cash pays for `amount`: the nearest coins, half up, one coin at least."""
    coin = amount.currency.smallest_coin
    if amount.minor <= 0:
        return Money(0, amount.currency)
    return Money(max((2 * amount.minor + coin) // (2 * coin), 1) * coin, amount.currency)


def settle(
    total: Money, tenders: Sequence[Tender], givers: Collection[str] = frozenset({CASH})
) -> Settlement:
    """Return how `tenders` pay for `total` (above 0).

    Other kinds pay first and exactly; cash settles the rest and gets the change. What a kind in
    `givers` brings too much goes back in cash as well, in coins, when nobody gave cash. Raises
    `TenderShort`, `TenderTooMuch`, `CashNotInCoins`, or `CurrencyMixed` across currencies.
    """
    cash = _sum(tenders, total, lambda kind: kind == CASH)
    giving = _sum(tenders, total, lambda kind: kind != CASH and kind in givers)
    other = giving + _sum(tenders, total, lambda kind: kind not in {CASH, *givers})
    code, coin = total.currency.code, total.currency.smallest_coin
    most = other if cash.minor else other - giving
    if most.minor > total.minor:
        raise TenderTooMuch(excess=(most - total).plain(), currency=code)
    if cash.minor % coin:
        raise CashNotInCoins(
            amount=cash.plain(), coin=Money(coin, total.currency).plain(), currency=code
        )
    rest = total - other
    if rest.minor < 0:
        back = Money((2 * -rest.minor + coin) // (2 * coin) * coin, total.currency)
        due = other - back
        return Settlement(total, due - total, due, other, back)
    due_in_cash = cash_due(rest) if cash.minor else rest
    change = cash - due_in_cash
    if change.minor < 0:
        raise TenderShort(missing=(due_in_cash - cash).plain(), currency=code)
    due = other + due_in_cash
    return Settlement(total, due - total, due, other + cash, change)


def _sum(tenders: Sequence[Tender], like: Money, wanted: Callable[[str], bool]) -> Money:
    amounts = (tender.amount for tender in tenders if wanted(tender.kind))
    return sum(amounts, Money(0, like.currency))


def cash_kept(tenders: Sequence[Tender], settlement: Settlement) -> Money:
    """Return the cash that stays with the seller: what was handed over less the change.

    Below 0 when change went back for what was paid in another way.
    """
    cash = sum(tender.amount.minor for tender in tenders if tender.kind == CASH)
    return Money(cash, settlement.change.currency) - settlement.change


def note_keys(currency: Currency) -> tuple[Money, ...]:
    """Return the four notes for the keys F5 to F8, rising.

    A currency without a row of its own gets 10, 20, 50 and 100, a thousand times as much when it
    has no decimals.
    """
    thousand = 1 if currency.decimals else 1000
    notes = _NOTES.get(currency.code, (10 * thousand, 20 * thousand, 50 * thousand, 100 * thousand))
    return tuple(Money(note * int(10**currency.decimals), currency) for note in notes)


def learned_note_keys(recent: Sequence[Money], currency: Currency) -> tuple[Money, ...]:
    """Return four keys from what customers handed over lately, rising.

    `recent` has the newest first; its first 50 count. An amount is learned when it came three
    times, the more frequent first, the newer first among equals. `note_keys` fill the rest.
    """
    seen = Counter(amount for amount in recent[:_RECENT] if amount.currency.code == currency.code)
    keys = [amount for amount, times in seen.most_common(4) if times >= _LEARNED_FROM]
    keys += [note for note in note_keys(currency) if note not in keys]
    return tuple(sorted(keys[:4], key=lambda amount: amount.minor))
