"""The kinds of tokens a sale is made of, as the journal names them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

CREDIT: Final = "credit"
"""Bought units."""

FREE: Final = "free-basic"
"""The month's free basic units."""

MONEY: Final = "money"
"""Credit in currency, for a meter that counts money."""

PRICED: Final = frozenset({CREDIT, FREE, MONEY})
"""The tokens that follow from money and tariff; all others follow from the meter's state."""

FINE_DECIMALS: Final = 5
"""A token of money counts in 0.00001 of the currency (IEC 62055-41, currency credit)."""


def fine_amount(fine: int) -> Decimal:
    """Return 0.00001s of a currency as an amount, exact."""
    return Decimal(fine).scaleb(-FINE_DECIMALS)
