"""Money: an exact number of minor units of one currency.

Units: minor units (cents, fils, whole yen). A currency has 0, 2 or 3 decimals and a smallest
coin, which may be larger than its minor unit. Sources: ISO 4217 for codes and decimals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from pos_app.domain.errors import PosError

LARGEST_MINOR = 10**12
"""No single amount at a counter is larger; above it a typing slip is certain."""

_TYPED = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)"
    r"(?:\.(?P<fraction>[0-9]*))?"
)
_LONGEST = 20


class AmountInvalid(PosError):
    """What was typed is not an amount of money: `typed`."""

    code: ClassVar[str] = "amount-invalid"


class CurrencyMixed(PosError):
    """Two currencies met in one sum: `left`, `right`."""

    code: ClassVar[str] = "currency-mixed"


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 code, its decimals and the smallest coin in minor units.

    Two are equal when code and decimals are: the coin matters to cash, not to sums.
    """

    code: str
    decimals: int = 2
    smallest_coin: int = field(default=1, compare=False)

    def quantum(self) -> Decimal:
        """Return one minor unit as a decimal, e.g. ``0.01``."""
        return Decimal(1).scaleb(-self.decimals)


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units of `currency`; may be negative (a rounding line, a refund)."""

    minor: int
    currency: Currency

    @classmethod
    def of(cls, amount: Decimal, currency: Currency) -> Money:
        """Return `amount` rounded half up to the currency's minor unit."""
        return cls(
            int(amount.scaleb(currency.decimals).quantize(Decimal(1), ROUND_HALF_UP)), currency
        )

    @classmethod
    def parse(cls, typed: str, currency: Currency) -> Money:
        """Read what a cashier typed: ``"50"``, ``"50.5"``, ``" 1 250.00 "``, ``"1,250.00"``.

        A comma only groups thousands: ``"50,50"`` is refused, not read as 5050. Raises
        `AmountInvalid` for anything that is not a positive amount with at most the currency's
        decimals; signs, NaN, exponents and other scripts' digits are refused.
        """
        match = _TYPED.fullmatch(typed.strip().replace("\u2009", " "))
        if match is None:
            raise AmountInvalid(typed=typed[:40])
        whole = match["whole"].replace(",", "").replace(" ", "")
        fraction = (match["fraction"] or "").rstrip("0")
        if len(whole) > _LONGEST or len(fraction) > currency.decimals:
            raise AmountInvalid(typed=typed[:40])
        minor = int(whole + fraction.ljust(currency.decimals, "0"))
        if not 0 < minor <= LARGEST_MINOR:
            raise AmountInvalid(typed=typed[:40])
        return cls(minor, currency)

    def amount(self) -> Decimal:
        """Return the amount in whole units of the currency, exact."""
        return Decimal(self.minor).scaleb(-self.currency.decimals)

    def _same(self, other: Money) -> None:
        if other.currency.code != self.currency.code:
            raise CurrencyMixed(left=self.currency.code, right=other.currency.code)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def plain(self) -> str:
        """Return the amount with its decimals and no grouping: ``1250.00``."""
        return f"{self.amount():.{self.currency.decimals}f}"
