"""What a quote must know of a meter's account, as values that somebody else has counted.

Units: units of the commodity as decimals, money in minor units, days of the shop's own calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pos_app.domain.money import Money


@dataclass(frozen=True, slots=True)
class Debt:
    """What the customer owes; `percent` and `instalment` replace the tariff's own rule.

    `ref` is whose books it stands in under which number; a line that settles it bears it, too.
    """

    name: str
    balance: Money
    percent: Decimal | None = None
    instalment: Money | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A correction of the past: above 0 it is collected, below 0 it is given back.

    `percent` of the tender is the most that one purchase settles (None: all of it). `ref` as for
    a debt. A `subsidy` is help and no correction: its line says so; it is never above 0.
    """

    name: str
    amount: Money
    percent: Decimal | None = None
    ref: str = ""
    subsidy: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """What earlier purchases left unpaid of a charge, stated as the tariff states the charge."""

    name: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The state of one meter's account at the moment of a quote.

    `bought` are the units that count in this calendar month, `spent` the money that went to them
    (with levies and taxes), `average` the units a month by which some utilities choose a price.
    `on` is the day of the purchase. Months and days of charges are counted from `last_purchase`,
    unless `months_due` or `days_due` say how many there are. `free_taken` are the free units this
    month has given; None where this meter gets none. `free_entitled` are the free units a month
    of this account where it has others than the tariff states.
    """

    bought: Decimal = Decimal(0)
    spent: Money | None = None
    average: Decimal | None = None
    on: date | None = None
    last_purchase: date | None = None
    months_due: int | None = None
    days_due: int | None = None
    free_taken: Decimal | None = None
    free_entitled: Decimal | None = None
    carried: tuple[Carried, ...] = ()
    debts: tuple[Debt, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()

    def months(self) -> int:
        """Return how many months a monthly charge is due for: one for a first purchase.

        Each calendar month after that of the last purchase counts, the present one included.
        """
        if self.months_due is not None:
            return self.months_due
        if self.last_purchase is None:
            return 1
        on = self._day()
        months = (on.year - self.last_purchase.year) * 12 + on.month - self.last_purchase.month
        return max(months, 0)

    def days(self) -> int:
        """Return how many days a daily charge is due for: none for a first purchase."""
        if self.days_due is not None:
            return self.days_due
        if self.last_purchase is None:
            return 0
        return max((self._day() - self.last_purchase).days, 0)

    def _day(self) -> date:
        if self.on is None:
            raise ValueError("a last purchase without the day of this one")
        return self.on
