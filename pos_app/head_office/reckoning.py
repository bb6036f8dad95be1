"""What a meter's month should have cost, had all tills known of each other. Nothing is stored here.

Every booked sale is worked out again in order of time, with the tariff's version that it names and
with what the meter had bought by then at all tills together. The units are those on the tokens'
way: what the money of the sale bought, and not what the token's rounding gave on top. One sum is
rounded, once, for the meter's month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account, Carried
from pos_app.domain.tariff.account_values import account_from
from pos_app.domain.tariff.lines import half_up
from pos_app.domain.tariff.replay import Taken, free_on_token, owed, taken
from pos_app.domain.tariff.tariff import Tariff

FREE: Final = "free"
"""What a sale was `asked` that gave the month's free units alone."""
CLOCKS_MS: Final = 10 * 60_000
"""So far apart two tills' clocks may be: a till can know of a sale that seems to come later."""
_NOTHING: Final = Taken(Fraction(0), Fraction(0), Fraction(0), ())


class Why(StrEnum):
    """Why there is no figure; words are ``headoffice.oversold.<why>``."""

    TARIFF_UNKNOWN = "tariff-unknown"
    ACCOUNT_NOT_KEPT = "account-not-kept"
    DOES_NOT_FOLLOW = "does-not-follow"
    MORE_COUNTED = "more-counted"
    NO_PRICE = "no-price"
    CURRENCIES = "currencies"
    FORKED = "forked"
    REBUILT = "rebuilt"
    WAITS = "waits"
    NO_TILL = "no-till"


@dataclass(frozen=True, slots=True)
class BookedSale:
    """A sale as its till booked it; `made_good`: its money went back, or it was sold again."""

    till: str
    seq: int
    at_ms: int
    day: str
    body: Mapping[str, Any]
    made_good: bool = False


@dataclass(frozen=True, slots=True)
class Worked:
    """One sale beside what it should have been; tenths that the till counted, and that were so."""

    till: str
    receipt: str
    day: str
    tenths: int
    counted: int
    before: int
    charged: int
    due: int
    made_good: bool


@dataclass(slots=True)
class Reckoned:
    """A meter's month: exact sums of minor units, each sale, and why there is no figure."""

    currency: str = ""
    decimals: int = 0
    utility: str = ""
    charged: Fraction = Fraction(0)
    due: Fraction = Fraction(0)
    works: list[Worked] = field(default_factory=list)
    whys: Counter[Why] = field(default_factory=Counter)

    @property
    def difference(self) -> int:
        """Return what the customer owes, below 0 what is owed to the customer: minor units."""
        return half_up(self.due - self.charged)


class _CannotSay(Exception):
    """One sale cannot be worked out: `why`."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(slots=True)
class _Counts:
    """Units given: on bought tokens, for nothing, and of these too many.

    `stated` are the free ones that an account knew of: as with bought ones the larger figure
    counts, since both may speak of the same units.
    """

    tokens: Decimal = Decimal(0)
    free: Decimal = Decimal(0)
    excess: Decimal = Decimal(0)
    stated: Decimal = Decimal(0)

    def counting(self, tariff: Tariff) -> Decimal:
        """Return the units that fill the blocks; free ones too many count as bought."""
        if tariff.free is None:
            return self.tokens
        bought = self.tokens if tariff.free.own_token else self.tokens - self.free
        return bought + (max(self.free, self.stated) if tariff.free.counts else self.excess)

    def add(self, tokens: Decimal, free: Decimal, excess: Decimal) -> None:
        self.tokens += tokens
        self.free += free
        self.excess += excess


@dataclass(slots=True)
class _Month:
    """The month as one till would have it, and as each till has it by itself."""

    last: date | None
    sales: list[BookedSale]
    all: _Counts = field(default_factory=_Counts)
    own: dict[str, _Counts] = field(default_factory=dict)
    spent: Fraction = Fraction(0)
    carried: dict[str, tuple[tuple[Carried, ...], tuple[Carried, ...]]] = field(
        default_factory=dict
    )

    def unexplained(self, sale: BookedSale, known: Account, tariff: Tariff) -> bool:
        """Tell whether a till counted other units than it and the others had sold by then."""
        own = self.own.setdefault(sale.till, _Counts())
        if known.free_taken is not None:
            own.stated = known.free_taken
            self.all.stated = max(self.all.stated, known.free_taken)
        elsewhere = known.bought - own.counting(tariff)
        others = (
            int(each.body["tenths"])
            for each in self.sales
            if each.till != sale.till and each.at_ms <= sale.at_ms + CLOCKS_MS
        )
        return elsewhere > Decimal(sum(others)).scaleb(-1)

    def true_account(self, till: str, known: Account, tariff: Tariff) -> Account:
        """Return the account as the till would have known it."""
        days = [day for day in (known.last_purchase, self.last) if day is not None]
        held = self.carried.get(till)
        free = None
        if known.free_taken is not None:
            free = max(self.all.free - self.all.excess, self.all.stated)
        return replace(
            known,
            bought=self.all.counting(tariff),
            spent=None if known.spent is None else Money(half_up(self.spent), tariff.currency),
            last_purchase=max(days, default=None),
            carried=held[1] if held is not None and held[0] == known.carried else known.carried,
            free_taken=free,
        )


def reckon(
    sales: Iterable[BookedSale],
    tariff_of: Callable[[str, int], Tariff | None],
    before: date | None = None,
    *,
    ours: bool = False,
) -> Reckoned:
    """Work a meter's month out again; `before` is when it was sold to last before the month.

    A till can have counted units that no till of this office sold: of another system, or by a
    wrong figure. With `ours` they were never sold; without, they are a reason to say nothing.
    """
    ordered = sorted(sales, key=lambda sale: (sale.at_ms, sale.till, sale.seq))
    found, month = Reckoned(), _Month(before, ordered)
    for each in ordered:
        try:
            _add(found, month, each, _of(each, tariff_of), ours=ours)
        except _CannotSay as reason:
            found.whys[reason.why] += 1
        except (ArithmeticError, AttributeError, LookupError, PosError, TypeError, ValueError):
            # A signed entry can hold anything: what cannot be read follows from nothing.
            found.whys[Why.DOES_NOT_FOLLOW] += 1
    return found


def _of(sale: BookedSale, tariff_of: Callable[[str, int], Tariff | None]) -> Tariff:
    tariff = tariff_of(str(sale.body["tariff"]), int(sale.body["tariff_version"]))
    if tariff is None:
        raise _CannotSay(Why.TARIFF_UNKNOWN)
    if not sale.body.get("account"):
        raise _CannotSay(Why.ACCOUNT_NOT_KEPT)
    return tariff


def _add(found: Reckoned, month: _Month, sale: BookedSale, tariff: Tariff, *, ours: bool) -> None:
    body = sale.body
    if found.currency not in {"", tariff.currency.code}:
        raise _CannotSay(Why.CURRENCIES)
    found.currency, found.decimals = tariff.currency.code, tariff.currency.decimals
    found.utility = str(body["meter"]["utility"])
    known = account_from(body["account"], tariff.currency)
    if month.unexplained(sale, known, tariff) and not ours:
        raise _CannotSay(Why.MORE_COUNTED)
    true = month.true_account(sale.till, known, tariff)
    booked = _booked(sale, tariff, known)
    free = Decimal(int(body.get("free_tenths", 0))).scaleb(-1)
    excess = max(free - free_on_token(tariff, true), Decimal(0))
    right = _right(sale, tariff, booked.units + Fraction(excess), true)
    charged, due = booked.energy + booked.charges, right.energy + right.charges
    due = charged if sale.made_good else due
    found.charged += charged
    found.due += due
    tokens = Decimal(int(body["tenths"])).scaleb(-1)
    found.works.append(
        Worked(
            sale.till, str(body["receipt"]), sale.day, int(tokens * 10), int(known.bought * 10),
            int(true.bought * 10), half_up(charged), half_up(due), sale.made_good,
        )
    )  # fmt: skip
    month.own[sale.till].add(tokens, free, Decimal(0))
    month.all.add(tokens, free, excess)
    month.spent += right.energy
    month.last = date.fromisoformat(sale.day)
    if body["asked"] != FREE:
        month.carried[sale.till] = (booked.carried, right.carried)


def _booked(sale: BookedSale, tariff: Tariff, known: Account) -> Taken:
    """Return what the till took, once the engine has said that it follows from its tariff."""
    body = sale.body
    if body["asked"] == FREE:
        return _NOTHING
    total = Money(int(body["total_minor"]), tariff.currency)
    quote = tariff.for_money(total, known)
    said = (quote.tenths, str(quote.units), quote.energy.minor)
    if said != (body["tenths"], body["units_exact"], body["energy_minor"]):
        raise _CannotSay(Why.DOES_NOT_FOLLOW)
    return taken(tariff, total, known)


def _right(sale: BookedSale, tariff: Tariff, units: Fraction, true: Account) -> Taken:
    """Return what the sale's units should have come to."""
    total = Money(int(sale.body["total_minor"]), tariff.currency)
    right = owed(tariff, total, units, true)
    if right is None:
        raise _CannotSay(Why.NO_PRICE)
    return right if sale.body["asked"] != FREE else replace(right, charges=Fraction(0))
