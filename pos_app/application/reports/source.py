"""What reports ask of the ledger. Days are local (``YYYY-MM-DD``), amounts minor or tenths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from pos_app.application.key_change_records import RollOverRow
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import Watch
from pos_app.application.reports.righted import PutRight, RightedSum
from pos_app.application.token_kinds import FINE_DECIMALS
from pos_app.domain.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Sold:
    """Sales of one day, hour, operator, tariff, currency and unit, summed; `key` names which."""

    key: str
    sales: int
    total: Money
    tenths: int
    unit: str

    def __add__(self, other: Sold) -> Sold:
        """Return both of one key, currency and unit together."""
        more = (self.sales + other.sales, self.total + other.total, self.tenths + other.tenths)
        return Sold(self.key, *more, self.unit)


@dataclass(frozen=True, slots=True)
class PartSum:
    """A part of sales, summed: `times` sales had it; `amount` is minor units or tenths."""

    kind: str
    name: str
    detail: str
    currency: Currency
    unit: str
    times: int
    amount: int


@dataclass(frozen=True, slots=True)
class TakenApart:
    """What sales come to, by utility, and what they consist of; a part can stand there twice."""

    sold: tuple[Sold, ...]
    parts: tuple[PartSum, ...]


@dataclass(frozen=True, slots=True)
class SaleMade:
    """One sale; `copies` is how many of its slip were made."""

    at_ms: int
    receipt: str
    drn: str
    name: str
    total: Money
    tenths: int
    unit: str
    operator: str
    copies: int


@dataclass(frozen=True, slots=True)
class CopyMade:
    """One reprint; `copies` is how many the sale has altogether by now."""

    at_ms: int
    receipt: str
    drn: str
    copy: int
    copies: int
    reason: str
    operator: str


@dataclass(frozen=True, slots=True)
class MeterSale:
    """One sale of a meter."""

    at_ms: int
    day: str
    receipt: str
    total: Money
    tenths: int
    unit: str


@dataclass(frozen=True, slots=True)
class QuietMeter:
    """A meter that bought and then did not: TID minutes of its first and last purchase."""

    drn: str
    name: str
    address: str
    phone: str
    purchases: int
    first_minute: int
    last_minute: int


@dataclass(frozen=True, slots=True)
class Oddity:
    """What a rule found: on a day, by an operator, about something, so many times."""

    day: str
    operator: str
    about: str
    count: int
    total: Money | None = None


@dataclass(frozen=True, slots=True)
class FreeIssue:
    """Credit given without money; `reason` is a code of the words ``report.free.…``."""

    at_ms: int
    receipt: str
    drn: str
    name: str
    reason: str
    tenths: int
    unit: str
    operator: str
    fine: int = 0

    @property
    def money(self) -> Money | None:
        """Return the money that was given, None for units."""
        return Money(self.fine, Currency(self.unit, FINE_DECIMALS)) if self.fine else None


@dataclass(frozen=True, slots=True)
class FreeSum:
    """Free issues of one reason and unit, summed; `meters` is how many different ones.

    Money given to meters that count it is `fine` in 0.00001 of the currency that `unit` names.
    """

    reason: str
    unit: str
    times: int
    tenths: int
    meters: int
    fine: int = 0


@dataclass(frozen=True, slots=True)
class Deposited:
    """Money that a closed bank batch took to the bank, on a local day."""

    day: str
    reference: str
    total: Money


@dataclass(frozen=True, slots=True)
class MeterToGo:
    """A meter that is still to change its base date."""

    drn: str
    name: str
    address: str
    phone: str
    utility: str
    base: int


class ReportSource(Protocol):
    """The ledger as the reports see it.

    Every method may raise `LedgerUnavailable`, `LedgerDamaged`, and, inside `watched`,
    `ReportCancelled`.
    """

    def watched(self, watch: Watch) -> AbstractContextManager[None]:
        """Let `watch` hear that work goes on, and stop it."""
        ...

    def operator_names(self) -> Mapping[str, str]:
        """Return every operator's name by id, also of those who left."""
        ...

    def sold_by_day(self, period: Period) -> tuple[Sold, ...]:
        """Return sums by day."""
        ...

    def sold_by_hour(self, period: Period) -> tuple[Sold, ...]:
        """Return sums by hour of the day, ``00`` to ``23``."""
        ...

    def sold_by_operator(self, period: Period) -> tuple[Sold, ...]:
        """Return sums by operator."""
        ...

    def taken_apart(self, period: Period, prefixes: tuple[str, ...]) -> TakenApart:
        """Return sums by utility, and those of parts whose kind starts with one of `prefixes`."""
        ...

    def sale_order(self, period: Period, code: str, *, descending: bool) -> Sequence[int]:
        """Return the journal numbers of single sales, by a column of the report ``sales``."""
        ...

    def sales_at(self, seqs: Sequence[int]) -> tuple[SaleMade, ...]:
        """Return the sales with these journal numbers, in their order."""
        ...

    def free_sums(self, period: Period) -> tuple[FreeSum, ...]:
        """Return what was issued without money, by reason and unit."""
        ...

    def free_order(self, period: Period, code: str, *, descending: bool) -> Sequence[int]:
        """Return the numbers of free issues, by a column of the report ``free-issues``."""
        ...

    def free_at(self, numbers: Sequence[int]) -> tuple[FreeIssue, ...]:
        """Return the free issues with these numbers, in their order."""
        ...

    def utility_names(self) -> Mapping[str, str]:
        """Return every utility's name by id."""
        ...

    def deposits(self, until: date) -> tuple[Deposited, ...]:
        """Return what closed bank batches took to the bank up to and on a day, oldest first."""
        ...

    def copies(self, period: Period) -> tuple[CopyMade, ...]:
        """Return the copies made, newest first."""
        ...

    def redresses(self, period: Period) -> tuple[PutRight, ...]:
        """Return refunds and compensations, newest first."""
        ...

    def redress_sums(self, period: Period) -> tuple[RightedSum, ...]:
        """Return what was given, by operator and currency."""
        ...

    def refunded(self, period: Period) -> tuple[tuple[str, Money], ...]:
        """Return what went back to customers, by way of paying and currency."""
        ...

    def commission_back(self, period: Period) -> tuple[PartSum, ...]:
        """Return what refunds took back, by the sale's utility (`name`) and percentage."""
        ...

    def meter_sales(self, drn: str, period: Period) -> tuple[MeterSale, ...]:
        """Return a meter's sales, oldest first."""
        ...

    def quiet_meters(self, before_minute: int, purchases: int) -> tuple[QuietMeter, ...]:
        """Return meters with at least `purchases` sales and none since a TID minute."""
        ...

    def often(self, period: Period, least: int) -> tuple[Oddity, ...]:
        """Return meters with at least `least` sales on a day; `about` is the DRN."""
        ...

    def outside_hours(self, period: Period, opens: int, closes: int) -> tuple[Oddity, ...]:
        """Return what was sold in an hour before `opens` or from `closes` on."""
        ...

    def refused_pins(self, period: Period, least: int) -> tuple[Oddity, ...]:
        """Return operators with at least `least` failed PINs on a day."""
        ...

    def drawer_openings(self, period: Period, least: int) -> tuple[Oddity, ...]:
        """Return operators who opened the drawer at least so often on a day without a sale."""
        ...

    def count_differences(self, period: Period, per_mille: int) -> tuple[Oddity, ...]:
        """Return closed shifts whose count was off by so many thousandths of what was expected.

        `about` is the shift's number, `total` what was found less what was expected.
        """
        ...

    def rules_outside(self, period: Period) -> tuple[Oddity, ...]:
        """Return when the settings file said rules for money that nobody had set at the till."""
        ...

    def other_journals(self, period: Period) -> tuple[Oddity, ...]:
        """Return when it was heard of another journal of this till; `count` is where they part."""
        ...

    def settled_clocks(self, period: Period) -> tuple[Oddity, ...]:
        """Return when a supervisor settled the clock; `count` is by how many seconds."""
        ...

    def below_limit(self, period: Period, percent: int) -> tuple[Oddity, ...]:
        """Return sales of at least `percent` of the allowance's limit for one sale."""
        ...

    def roll_over(self, now_ms: int) -> tuple[RollOverRow, ...]:
        """Return how many meters of each utility are on which base date."""
        ...

    def to_go_order(self, now_ms: int, code: str, *, descending: bool) -> Sequence[int]:
        """Return the numbers of meters still to roll over, by a column."""
        ...

    def to_go_at(self, numbers: Sequence[int]) -> tuple[MeterToGo, ...]:
        """Return the meters with these numbers, in their order."""
        ...
