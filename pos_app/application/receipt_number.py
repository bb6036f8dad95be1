"""The number of a receipt: which till, which series, which one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReceiptNumber:
    """The number of a receipt within this till."""

    till: str
    series: int
    number: int

    def __str__(self) -> str:
        return f"{self.till}-{_letters(self.series)}{self.number:06d}"


def _letters(series: int) -> str:
    """Return A, B, … Z, AA for series 1, 2, … 26, 27."""
    letters = ""
    while series > 0:
        series, rest = divmod(series - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
