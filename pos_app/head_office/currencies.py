"""How many decimals a currency has (ISO 4217)."""

from __future__ import annotations

from typing import Final

_NO_CENTS: Final = frozenset({
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF",
    "XOF", "XPF",
})  # fmt: skip
_THREE_PLACES: Final = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""ISO 4217: currencies without a minor unit, and with a thousandth."""


def decimals_of(currency: str) -> int:
    """Return how many decimals a currency has (ISO 4217)."""
    if currency in _NO_CENTS:
        return 0
    return 3 if currency in _THREE_PLACES else 2
