"""What a vendor earns: a percentage of sales, an amount for each unit sold, one for each token of
free units, a percentage of the debt collected.

Terms begin on a day and are never changed: later ones begin later. Each part of a day is rounded
half up to the minor unit, as a till rounds a sale's, so that periods add up. Where nobody set
terms, what the till itself reckoned at each sale counts.
"""  # noqa: D205 - one sentence

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final, Self

from pos_app.head_office.errors import TermsUnfit

PARTS: Final = ("sale_percent", "unit_amount", "free_token_amount", "debt_percent")
_MOST_PERCENT: Final = 100
_MOST_AMOUNT: Final = 10**6
_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Terms:
    """What counts from a day on; amounts are of the currency, not of its minor unit."""

    from_day: str
    sale_percent: Decimal
    unit_amount: Decimal
    free_token_amount: Decimal
    debt_percent: Decimal

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Read terms; raises `TermsUnfit` for what is no such number."""
        read = (_number(name, str(values.get(name) or "0")) for name in PARTS)
        return cls(str(values["from_day"]), *read)


def _number(name: str, typed: str) -> Decimal:
    try:
        value = Decimal(typed)
    except InvalidOperation:
        raise TermsUnfit(field=name, typed=typed[:40]) from None
    most = _MOST_PERCENT if name.endswith("percent") else _MOST_AMOUNT
    exponent = value.as_tuple().exponent
    fine = isinstance(exponent, int) and -_PLACES <= exponent <= _PLACES
    if not fine or not 0 <= value <= most:
        raise TermsUnfit(field=name, typed=typed[:40])
    return value


@dataclass(slots=True)
class Base:
    """What a till's day has that something is earned on, minor units, tenths and tokens.

    `sold` is what was sold less what was given back; `own` what the till reckoned itself.
    """

    sold: int = 0
    tenths: int = 0
    free_tokens: int = 0
    debt: int = 0
    own: int = 0


@dataclass(slots=True)
class Earned:
    """A commission in its parts, in minor units; `own` by the tills' own reckoning."""

    parts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*PARTS, "own"), 0))

    @property
    def total(self) -> int:
        """Return all of it."""
        return sum(self.parts.values())

    def add(self, base: Base, terms: Terms | None, decimals: int) -> None:
        """Add what a day earned."""
        if terms is None:
            self.parts["own"] += base.own
            return
        made = (
            Decimal(base.sold) * terms.sale_percent / 100,
            (Decimal(base.tenths) * terms.unit_amount / 10).scaleb(decimals),
            (base.free_tokens * terms.free_token_amount).scaleb(decimals),
            Decimal(base.debt) * terms.debt_percent / 100,
        )
        for name, amount in zip(PARTS, made, strict=True):
            self.parts[name] += int(amount.quantize(Decimal(1), ROUND_HALF_UP))


class TermsBook:
    """The terms of every till, each currency by itself, in the order of their days."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._held: dict[tuple[str, str], list[tuple[str, int, Terms]]] = {}
        for row in rows:
            key = row["till"], row["currency"]
            self._held.setdefault(key, []).append((row["from_day"], row["number"], Terms.of(row)))
        for found in self._held.values():
            found.sort(key=lambda each: each[:2])

    @property
    def tills(self) -> frozenset[str]:
        """Return the tills that have terms."""
        return frozenset(till for till, _ in self._held)

    def at(self, till: str, currency: str, day: str) -> Terms | None:
        """Return what counts for a till on a day; None: what it reckons itself."""
        found = None
        for begins, _, terms in self._held.get((till, currency), ()):
            if begins > day:
                break
            found = terms
        return found
