"""A purchase held against another state of its month than the one it was sold on.

For what a till did not know: units, charges and free units that the meter had at other tills. The
units stay what the customer has; what they cost is asked again. Exact fractions of minor units.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account, Carried
from pos_app.domain.tariff.dues import Dues, dues_of
from pos_app.domain.tariff.ladder import Step
from pos_app.domain.tariff.lines import half_up
from pos_app.domain.tariff.quote import LineKind
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tariff.units import up_to

_DUE_BY_TIME = (LineKind.CHARGE, LineKind.SUBSIDY)
"""What a tariff takes or gives by months and days, whatever was bought."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one purchase comes to on one state of the account.

    `units` were bought for `energy` (levies and taxes included), `charges` are the tariff's own by
    months and days less its monthly subsidies, and `carried` is what they leave unpaid.
    """

    units: Fraction
    energy: Fraction
    charges: Fraction
    carried: tuple[Carried, ...]


def taken(tariff: Tariff, total: Money, account: Account) -> Taken:
    """Return what `total` came to on `account`; it must be what `for_money` would sell."""
    dues = dues_of(tariff, total.minor, account)
    units, left = Fraction(0), dues.rest
    for step in _ladder(tariff, account):
        if step.room is None or left <= step.room * step.gross:
            units += left / step.gross
            break
        units += step.room
        left -= step.room * step.gross
    return Taken(units, dues.rest, _charges(dues), _carried(tariff, dues))


def owed(tariff: Tariff, total: Money, units: Fraction, account: Account) -> Taken | None:
    """Return what `units`, sold for `total`, should have come to on `account`.

    None where the tariff has no price for so many.
    """
    dues = dues_of(tariff, total.minor, account)
    energy, left = Fraction(0), units
    for step in _ladder(tariff, account):
        if step.room is None or left <= step.room:
            energy += left * step.gross
            return Taken(units, energy, _charges(dues), _carried(tariff, dues))
        energy += step.room * step.gross
        left -= step.room
    return None if left else Taken(units, energy, _charges(dues), _carried(tariff, dues))


def free_on_token(tariff: Tariff, account: Account) -> Decimal:
    """Return the free units that `account` is due, as a token carries them."""
    return Decimal(up_to(math.ceil(tariff.free_due(account) * 10))).scaleb(-1)


def _ladder(tariff: Tariff, account: Account) -> Iterator[Step]:
    if tariff.free is None or not tariff.free.counts:
        return tariff.ladder(account)
    return tariff.ladder(replace(account, bought=account.bought + tariff.free_due(account)))


def _charges(dues: Dues) -> Fraction:
    parts = (due.gross for due in dues.taken if due.kind in _DUE_BY_TIME and not due.ref)
    return sum(parts, Fraction(0))


def _carried(tariff: Tariff, dues: Dues) -> tuple[Carried, ...]:
    found = (
        Carried(due.name, Money(half_up(due.owed) - half_up(due.settled), tariff.currency))
        for due in dues.taken
        if due.kind is LineKind.CHARGE and due.owed is not None
    )
    return tuple(each for each in found if each.amount.minor)
