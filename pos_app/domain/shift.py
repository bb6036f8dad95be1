"""Shifts and batches: what is counted while money changes hands, and what must be in the drawer.

Three batches, nested as vending practice has them (XMLVend 2.1): a shift is one operator's, a
sales batch holds shifts, a bank batch holds sales batches. What happens is counted in tallies, a
row a name; a closed batch's tallies are added to the batch around it, so no close ever looks
at a sale.
Units: minor units of the tally's currency; for ``units:…`` tenths of the commodity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pos_app.domain.money import Currency, Money
from pos_app.domain.tender import CASH


class Level(StrEnum):
    """Whose tallies: of a batch of one of the three sizes, or of the till for ever."""

    SHIFT = "shift"
    SALES = "sales"
    BANK = "bank"
    TILL = "till"


class CashMove(StrEnum):
    """Cash that moves without a sale; a drop goes from the drawer to the safe."""

    IN = "in"
    OUT = "out"
    DROP = "drop"


FLOAT: Final = "float"
SALE: Final = "sale"
ROUNDING: Final = "rounding"
COMMISSION: Final = "commission"
WALLET_IN: Final = "wallet-in"
"""Change that stayed at the shop for its customer."""
WALLET_BACK: Final = "wallet-back"
"""What closed wallets paid back; it is part of the cash out."""
TENDER: Final = "tender:"
HELD: Final = "held:"
"""Paper that lies in the drawer with the cash, by way of paying; never part of the cash."""
LINE: Final = "line:"
UNITS: Final = "units:"
TOKEN: Final = "token:"  # noqa: S105 - a name's beginning
REFUND: Final = "refund"
REFUNDED: Final = "refunded:"
"""What went back, by way of paying; positive."""
COMPENSATION: Final = "compensation"
EXPECTED: Final = "expected"
COUNTED: Final = "counted"
VARIANCE: Final = "variance"
CARRIED: Final = "carried"
DEPOSIT: Final = "deposit"

REPRINT: Final = "reprint"
ENGINEERING: Final = "engineering"
FREE_ISSUE: Final = "free-issue"
REPLACEMENT: Final = "replacement"
DESK_COUNTERS: Final = (ENGINEERING, FREE_ISSUE, REPLACEMENT)
"""Acts of the engineering desk; a close names those that there were."""
DRAWER: Final = "drawer-opened"
SIGN_IN_REFUSED: Final = "sign-in-refused"
PARKED: Final = "sale-parked"
CARD_UNCLEAR: Final = "card-unclear"
X_REPORT: Final = "x-report"
Z_REPORT: Final = "z-report"
COUNTERS: Final = (REPRINT, DRAWER, PARKED, CARD_UNCLEAR, SIGN_IN_REFUSED, X_REPORT, Z_REPORT)
"""What is counted without money: its tallies have no currency."""

_IN_DRAWER: Final = {
    FLOAT: 1,
    CashMove.IN.value: 1,
    CashMove.OUT.value: -1,
    CashMove.DROP.value: -1,
    TENDER + CASH: 1,
    REFUNDED + CASH: -1,
}
_FOR_THE_BANK: Final = {
    CARRIED: 1,
    CashMove.IN.value: 1,
    CashMove.OUT.value: -1,
    TENDER + CASH: 1,
    REFUNDED + CASH: -1,
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How often `name` happened and what it adds up to; `first` and `last` are journal numbers.

    ``tender:cash`` is what was handed over less the change; ``in``, ``out`` and ``drop`` are
    positive. A counter has an empty `currency`.
    """

    name: str
    times: int
    amount: int = 0
    currency: str = ""
    decimals: int = 0
    first: int = 0
    last: int = 0


def currencies(tallies: Iterable[Tally]) -> tuple[Currency, ...]:
    """Return the currencies that were dealt with, by code."""
    found = {tally.currency: tally.decimals for tally in tallies if tally.currency}
    return tuple(Currency(code, found[code]) for code in sorted(found))


def amount_of(tallies: Iterable[Tally], name: str, currency: Currency) -> Money:
    """Return the sum of `name` in a currency, zero when it never happened."""
    return _sum(tallies, currency, lambda each: int(each == name))


def drawer_cash(tallies: Iterable[Tally], currency: Currency) -> Money:
    """Return what must be in the drawer: float + in - out - drops + cash taken - cash refunded."""
    return _sum(tallies, currency, lambda name: _IN_DRAWER.get(name, 0))


def takings(tallies: Iterable[Tally], currency: Currency) -> Money:
    """Return the cash that came to the shop and is not banked; floats and drops do not change it.

    Cash taken - refunded + in - out, and in a bank batch what the batch before it kept back.
    """
    return _sum(tallies, currency, lambda name: _FOR_THE_BANK.get(name, 0))


def found_takings(tallies: Iterable[Tally], currency: Currency) -> Money:
    """Return the takings as the counts of the closes found them."""
    return takings(tallies, currency) + amount_of(tallies, VARIANCE, currency)


def times_of(tallies: Iterable[Tally], name: str) -> int:
    """Return how often `name` happened, in all currencies."""
    return sum(tally.times for tally in tallies if tally.name == name)


def _sum(tallies: Iterable[Tally], currency: Currency, sign: Callable[[str], int]) -> Money:
    own = (tally for tally in tallies if tally.currency == currency.code)
    return Money(sum(sign(tally.name) * tally.amount for tally in own), currency)
