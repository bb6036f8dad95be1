"""What is asked for on the command line: money, units, or days of use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from pos_app.application.records import MeterCard
from pos_app.domain.money import Money
from pos_app.domain.tariff.units import parse_units
from pos_app.domain.usual import Usage, units_of_days


@dataclass(frozen=True, slots=True)
class AskedText:
    """The three ways to say it, as typed; `days` is ``30`` or ``30/5.5`` (5.5 units a day)."""

    amount: str | None = None
    units: str | None = None
    days: str | None = None

    def count(self) -> int:
        """Return how many of them were said."""
        return sum(each is not None for each in (self.amount, self.units, self.days))

    def one(self) -> None:
        """End the program where not exactly one was said."""
        if self.count() != 1:
            raise click.UsageError("Give one of --amount, --units and --days.")

    def read(self, card: MeterCard) -> tuple[Money | None, int | None, Usage | None]:
        """Return the money or the tenths, and the use that turned days into units."""
        if self.days is not None:
            tenths, usage = units_of_days(self.days, card.usage)
            return None, tenths, usage
        money = None if self.amount is None else Money.parse(self.amount, card.currency)
        return money, None if self.units is None else parse_units(self.units), None


def asked_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--amount``, ``--units`` and ``--days``, handed over as `asked`."""

    @click.option("--amount", help="Money, e.g. 50 or 50.00.")
    @click.option("--units", "asked_units", help="Units instead of money, e.g. 12.5.")
    @click.option(
        "--days", "asked_days", help="Days of use instead: 30, or 30/5.5 for 5.5 units a day."
    )
    @wraps(command)
    def gathered(
        *args: Any, amount: str | None, asked_units: str | None, asked_days: str | None, **rest: Any
    ) -> None:
        command(*args, asked=AskedText(amount, asked_units, asked_days), **rest)

    return gathered
