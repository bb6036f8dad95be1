"""What a report is asked for, and what every report is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pos_app.application.reports.figures import Figures
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import (
    Bar,
    Cell,
    Column,
    Heading,
    Kind,
    Plot,
    Report,
    Watch,
)
from pos_app.application.reports.source import Sold
from pos_app.application.words import Words
from pos_app.domain.money import Currency, Money

MOST_BARS = 12


def go_on(_done: int, _of: int) -> bool:
    """Let the work go on."""
    return True


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    `made` is the shop's wall clock (``2026-11-21 12:32``), `today` its day; `wall` writes an
    instant (milliseconds UTC) as the shop's wall clock.
    """

    name: str
    period: Period
    words: Words
    made: str
    today: date
    wall: Callable[[int], str]
    shop: str
    till: str
    training: bool
    meter: str = ""
    watch: Watch = go_on

    @property
    def figures(self) -> Figures:
        """Return how numbers are written."""
        return Figures(self.words)

    def heading(self, period: str = "") -> Heading:
        """Return the head of the report."""
        return Heading(
            name=self.name,
            kind=self.words(f"report.kind.{self.name}"),
            shop=self.shop,
            till=self.till,
            period=period or self.figures.period(self.period),
            made=self.words("report.made", time=self.made),
            training=self.training,
            language=self.words.language,
        )

    def empty(self, title_key: str, columns: tuple[Column, ...], *notes: str) -> Report:
        """Return the report of a time in which nothing happened."""
        return Report(self.heading(), self.words(title_key), columns, (), notes=notes)

    def column(self, code: str, kind: Kind = Kind.TEXT, unit: str = "") -> Column:
        """Return a column with its title; the code may end in ``.`` and a unit's name."""
        return Column(code, self.words(f"report.column.{code.partition('.')[0]}"), kind, unit)

    def said(self, prefix: str, code: str) -> str:
        """Return the words of a code, or the code itself where nobody foresaw it."""
        key = f"report.{prefix}.{code}"
        return self.words(key) if self.words.has(key) else code


def currencies_of(sold: Iterable[Sold]) -> tuple[Currency, ...]:
    """Return the currencies, the one with most sales first."""
    counts: Counter[Currency] = Counter()
    for each in sold:
        counts[each.total.currency] += each.sales
    return tuple(sorted(counts, key=lambda currency: (-counts[currency], currency.code)))


def units_of(sold: Iterable[Sold]) -> tuple[str, ...]:
    """Return the units of what was sold, the one with most sales first."""
    counts: Counter[str] = Counter()
    for each in sold:
        counts[each.unit] += each.sales
    return tuple(sorted(counts, key=lambda unit: (-counts[unit], unit)))


@dataclass(frozen=True, slots=True)
class Wide:
    """A table with a column for each currency and each unit, so that no two are added up."""

    currencies: tuple[Currency, ...]
    units: tuple[str, ...]

    @classmethod
    def over(cls, sold: Sequence[Sold]) -> Wide:
        """Return the columns that `sold` needs."""
        return cls(currencies_of(sold), units_of(sold))

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Return number of sales, money and units."""
        money = (
            asked.column(f"total.{each.code}", Kind.MONEY, each.code) for each in self.currencies
        )
        units = (asked.column(f"units.{each}", Kind.UNITS, each) for each in self.units)
        return (asked.column("sales", Kind.COUNT), *money, *units)

    def cells(self, sold: Iterable[Sold]) -> tuple[Cell, ...]:
        """Return the sums of `sold` as cells of the columns."""
        sales = 0
        money = dict.fromkeys(self.currencies, 0)
        units = dict.fromkeys(self.units, 0)
        for each in sold:
            sales += each.sales
            money[each.total.currency] += each.total.minor
            units[each.unit] += each.tenths
        amounts = (Money(minor, currency) for currency, minor in money.items())
        return (sales, *amounts, *units.values())


def total_of(sold: Iterable[Sold], currency: Currency) -> Money:
    """Return the money of one currency."""
    return Money(
        sum(each.total.minor for each in sold if each.total.currency == currency), currency
    )


def lying_bars(asked: Asked, caption: str, sums: Sequence[tuple[str, Money]]) -> tuple[Plot, ...]:
    """Compare amounts of one currency: the largest first and strong; none for a single one."""
    shown = [(label, money) for label, money in sums if money.minor > 0][:MOST_BARS]
    if len(shown) < 2:
        return ()
    bars = (
        Bar(label, money.minor, asked.figures.short_money(money), place == 0)
        for place, (label, money) in enumerate(shown)
    )
    return (Plot(caption, tuple(bars), standing=False),)
