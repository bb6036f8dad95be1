"""Numbers and days as a reader of one language expects them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pos_app.application.reports.period import Period
from pos_app.application.reports.report import Cell, Column, Kind
from pos_app.application.words import Words
from pos_app.domain.money import Money

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TENTH = Decimal("0.1")
_NEARLY_ONE = Decimal("0.9995")
"""From here on the larger step is meant: 999,999 is 1 M, not 1,000 k."""
MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes numbers and days with the words of one language."""

    words: Words

    def number(self, value: Decimal | int, decimals: int = 0) -> str:
        """Return a number with grouped thousands, rounded half up."""
        words = self.words
        rounded = abs(Decimal(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        text = f"{rounded:,.{decimals}f}"
        whole, _, fraction = text.partition(".")
        shown = whole.replace(",", words("report.group"))
        if fraction:
            shown += words("report.decimal") + fraction
        return MINUS + shown if value < 0 else shown

    def money(self, money: Money, *, code: bool = False) -> str:
        """Return an amount with its decimals, with its currency where asked."""
        shown = self.number(money.amount(), money.currency.decimals)
        return f"{money.currency.code}\u00a0{shown}" if code else shown

    def units(self, tenths: int, unit: str = "") -> str:
        """Return tenths with one decimal."""
        shown = self.number(Decimal(tenths).scaleb(-1), 1)
        return f"{shown}\u00a0{unit}" if unit else shown

    def short(self, value: Decimal | int) -> str:
        """Return about two digits: ``41 k``, ``4.1 M``; small whole numbers stay as they are."""
        amount = abs(Decimal(value))
        for step in self.words("report.short").split(","):
            power, _, sign = step.partition(":")
            scaled = amount.scaleb(-int(power))
            if scaled >= _NEARLY_ONE:
                shown = self._two_digits(scaled) + sign
                return MINUS + shown if value < 0 else shown
        shown = self._two_digits(amount)
        return MINUS + shown if value < 0 else shown

    def _two_digits(self, amount: Decimal) -> str:
        tenths = amount.quantize(_TENTH, ROUND_HALF_UP)
        return self.number(amount, 1 if tenths < 10 and tenths % 1 else 0)

    def short_money(self, money: Money) -> str:
        """Return about two digits and the currency."""
        return self.words(
            "report.money", code=money.currency.code, amount=self.short(money.amount())
        )

    def weekday(self, day: date) -> str:
        """Return ``Friday``."""
        return self.words(f"report.weekday.{day.isoweekday()}")

    def day(self, day: date) -> str:
        """Return ``21 Nov``."""
        return self.words("report.day", day=day.day, month=self._month(day))

    def full_day(self, day: date) -> str:
        """Return ``21 Nov 2026``."""
        return self.words("report.full-day", day=day.day, month=self._month(day), year=day.year)

    def month(self, day: date) -> str:
        """Return ``Nov 2026``."""
        return self.words("report.month-year", month=self._month(day), year=day.year)

    def _month(self, day: date) -> str:
        return self.words(f"report.month.{day.month}")

    def period(self, period: Period) -> str:
        """Return the period as short as it can be said."""
        if period.shift:
            days = self.period(replace(period, shift=0))
            return self.words("report.of-shift", shift=period.shift, days=days)
        first, last = period.first, period.last
        if first == last:
            weekday, day = self.weekday(first), self.full_day(first)
            return self.words("report.on-day", weekday=weekday, day=day)
        if period == Period.month(first):
            return self.month(first)
        if period == Period.year(first):
            return self.words("report.year", year=first.year)
        return self.words("report.from-to", first=self.full_day(first), last=self.full_day(last))

    def cell(self, column: Column, cell: Cell) -> str:
        """Return a cell of a table as text."""
        if cell is None or isinstance(cell, str):
            return self._said(column, cell or "")
        if isinstance(cell, Money):
            return self.money(cell)
        if isinstance(cell, Decimal):
            return self.number(cell, 1)
        return self.units(cell) if column.kind is Kind.UNITS else self.number(cell)

    def _said(self, column: Column, text: str) -> str:
        if column.kind is Kind.PERCENT and text:
            return self.words("report.percent", percent=text)
        return self._said_day(text) if column.kind is Kind.DAY else text

    def _said_day(self, text: str) -> str:
        """Return ``Sat 21 Nov 2026`` of an ISO day, any other text as it is."""
        if _DAY.fullmatch(text) is None:
            return text
        day = date.fromisoformat(text)
        weekday = self.words(f"report.short-weekday.{day.isoweekday()}")
        return self.words("report.cell-day", weekday=weekday, day=self.full_day(day))
