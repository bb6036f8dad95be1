"""How numbers, money, dates and tokens are written on the screens.

Grouping and the decimal sign are those of the slip, so that the screen cannot differ from the
paper; names of months come from the language's locale, patterns of days and times from its words.
Digits are 0 to 9 in every language: they are compared with a keypad. Groups of digits are kept
apart by thin spaces (U+2009).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QDateTime, QLocale, QTimeZone

from pos_app.application.words import Words
from pos_app.domain.money import Money

THIN_SPACE = "\u2009"
_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one language; times are the shop's, `offset_minutes` from UTC if set."""

    words: Words
    offset_minutes: int | None = None

    def number(self, value: Decimal | int) -> str:
        """Return `value` with its own decimals: ``1,250.5``."""
        signs = {",": self.words("slip.group"), ".": self.words("slip.decimal")}
        return "".join(signs.get(character, character) for character in f"{Decimal(value):,f}")

    def money(self, money: Money) -> str:
        """Return an amount with its currency's decimals and no symbol: ``1,250.00``."""
        return self.number(Decimal(money.plain()))

    def coded(self, money: Money) -> str:
        """Return an amount behind its currency's code: ``NGN 1,250.00``."""
        return self._isolated(f"{money.currency.code}\u00a0{self.money(money)}")

    def sums(self, amounts: Sequence[Money]) -> str:
        """Return amounts that stand side by side; codes tell more than one currency apart."""
        several = len({amount.currency.code for amount in amounts}) > 1
        return " + ".join((self.coded if several else self.money)(each) for each in amounts)

    def note(self, money: Money) -> str:
        """Return a note's face value as it is printed on it: ``50``."""
        amount = money.amount()
        return self.number(amount.to_integral_value() if amount == int(amount) else amount)

    def units(self, tenths: int, unit: str) -> str:
        """Return 0.1 units with their name: ``41.3 kWh``."""
        return f"{self.number(Decimal(tenths) / 10 if tenths % 10 else tenths // 10)} {unit}"

    def exact_units(self, tenths: int) -> str:
        """Return 0.1 units with one decimal always: ``41.0``."""
        return self.number(Decimal(tenths).scaleb(-1))

    def time(self, at_ms: int) -> str:
        """Return the time of day in the shop: ``14:32``."""
        return self._moment(at_ms, "format.time")

    def day(self, at_ms: int) -> str:
        """Return a day without its year: ``3 May``."""
        return self._moment(at_ms, "format.day")

    def date(self, at_ms: int) -> str:
        """Return a day with its year: ``3 May 2027``."""
        return self._moment(at_ms, "format.date")

    def clock(self, at_ms: int) -> str:
        """Return day and time with the year, as a supervisor compares them with a watch."""
        return self._moment(at_ms, "format.clock")

    def _moment(self, at_ms: int, pattern: str) -> str:
        if self.offset_minutes is None:
            moment = QDateTime.fromMSecsSinceEpoch(at_ms)
        else:
            moment = QDateTime.fromMSecsSinceEpoch(at_ms, QTimeZone(self.offset_minutes * 60))
        text = QLocale(self.words.language).toString(moment, self.words(pattern))
        return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)

    def age(self, milliseconds: int) -> str:
        """Return a length of time in its two largest parts at most: ``2 h 10``, ``3 d``."""
        if milliseconds >= _DAY_MS:
            return self.words("figures.days", n=milliseconds // _DAY_MS)
        hours, rest = divmod(milliseconds, _HOUR_MS)
        minutes = rest // 60_000
        if hours:
            return self.words("figures.hours", hours=hours, minutes=f"{minutes:02d}")
        if not minutes:
            return self.words("figures.moment")
        return self.words("figures.minutes", n=minutes)

    def grouped(self, digits: str, size: int = 4) -> str:
        """Return digits in groups from the start: ``0712 4482 1``, left to right everywhere."""
        parts = (digits[at : at + size] for at in range(0, len(digits), size))
        return self._isolated(THIN_SPACE.join(parts))

    def last_four(self, drn: str) -> str:
        """Return how a meter is told from its neighbours: ``·· 4821``."""
        return self._isolated(f"··{THIN_SPACE}{drn[-4:]}")

    def _isolated(self, text: str) -> str:
        return f"\u2066{text}\u2069" if self.words.right_to_left else text

    def facts(self, facts: Mapping[str, object]) -> dict[str, object]:
        """Return the facts of a problem as its sentence should show them."""
        return {name: self._fact(value) for name, value in facts.items()}

    def _fact(self, value: object) -> object:
        if isinstance(value, Money):
            return self.money(value)
        if isinstance(value, Decimal):
            return self.number(value)
        return value
