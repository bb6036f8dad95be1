"""The state of one meter's account as the ledger holds it, and what an import says of it.

Amounts are minor units of the file's currency, units are tenths, months are ``YYYY-MM``, days
``YYYY-MM-DD``. Optional numbers are 0 and optional texts empty where they are not given.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pos_app.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtRow:
    """A debt as an import states it; `balance` 0 ends it."""

    meter: str
    ref: str
    name: str
    balance: int
    percent: str = ""
    instalment: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentRow:
    """An amount to collect (above 0) or to give back, once; `month`: it lapses after that month.

    `kind` is ``adjustment`` or ``subsidy``.
    """

    meter: str
    ref: str
    name: str
    amount: int
    kind: str = "adjustment"
    percent: str = ""
    month: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeRow:
    """Free basic units of each month from `first` to `last` (empty: for good).

    `tenths` 0: as many as the tariff gives. `taken` is what was given elsewhere in month `first`.
    """

    meter: str
    first: str
    last: str = ""
    tenths: int = 0
    taken: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRow:
    """What is due of one of the tariff's charges, which are taken up to and including `until`."""

    meter: str
    name: str
    due: int
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRow:
    """Tenths bought at other tills in `month`, and the account's average month (0: not stated)."""

    meter: str
    month: str
    bought: int = 0
    average: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFile:
    """One import: `number` rises with every file of a `utility`, or of one `series` of it.

    `counted` is the last entry of this till's journal whose sales are in the figures already;
    None: all of them.
    """

    utility: str
    number: int
    issued: str
    currency: str
    decimals: int
    counted: int | None
    debts: tuple[DebtRow, ...] = ()
    adjustments: tuple[AdjustmentRow, ...] = ()
    free: tuple[FreeRow, ...] = ()
    charges: tuple[ChargeRow, ...] = ()
    usage: tuple[UsageRow, ...] = ()
    series: str = ""

    @property
    def numbered_by(self) -> str:
        """Return whose files are counted together with this one."""
        return f"{self.utility}/{self.series}" if self.series else self.utility

    def rows(self) -> int:
        """Return how many rows there are in all."""
        tables = (self.debts, self.adjustments, self.free, self.charges, self.usage)
        return sum(map(len, tables))


@dataclass(frozen=True, slots=True)
class AccountImported:
    """What an import did; with `again` the same file was here before and nothing changed."""

    utility: str
    number: int
    rows: int
    seq: int
    signed_by: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class FileSeen:
    """An account file that was imported as journal entry `seq`."""

    number: int
    sha256: str
    rows: int
    seq: int


@dataclass(frozen=True, slots=True)
class HeldDebt:
    """A debt now; `stated` is what the last import said of it."""

    ref: str
    name: str
    balance: Money
    stated: Money
    percent: str
    instalment: Money | None


@dataclass(frozen=True, slots=True)
class HeldAdjustment:
    """What is left of an adjustment or a subsidy."""

    kind: str
    ref: str
    name: str
    left: Money
    stated: Money
    percent: str
    month: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldCharge:
    """What an import (entry `seq`) said is due of a charge."""

    name: str
    due: Money
    until: str
    seq: int


@dataclass(frozen=True, slots=True)
class AccountState:
    """Everything the ledger knows of one meter's account in one month.

    `entitled` are the month's free tenths (0: as many as the tariff gives; None: none), the
    claimed ones those already given by this till and by others. `bought_elsewhere` are the
    month's tenths from other tills, `average` those of the average month (None: not known).
    """

    debts: tuple[HeldDebt, ...] = ()
    adjustments: tuple[HeldAdjustment, ...] = ()
    entitled: int | None = None
    claimed_here: int = 0
    claimed_elsewhere: int = 0
    charges: tuple[HeldCharge, ...] = ()
    bought_elsewhere: int = 0
    average: int | None = None

    def claimed(self) -> int:
        """Return the free tenths of the month that were given, by whomever."""
        return self.claimed_here + self.claimed_elsewhere


@dataclass(frozen=True, slots=True)
class Settled:
    """What one sale settled of a debt or an adjustment."""

    receipt: str
    at_ms: int
    kind: str
    ref: str
    amount: Money


def plain_rows(rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Return rows as JSON values without the fields that are not given."""
    return [
        {part.name: value for part in fields(row) if (value := getattr(row, part.name))}
        for row in rows
    ]
