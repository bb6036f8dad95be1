"""Shifts, batches and their reports as frozen values; times are milliseconds UTC since 1970."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.application.tender_ports import WalletSum
from pos_app.domain.cash_count import CashCount
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import Level, Tally


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift in the ledger; `opened_seq` and `closed_seq` are journal numbers, 0 while open."""

    number: int
    operator: str
    sales_batch: int
    opened_seq: int
    closed_seq: int = 0


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A sales or bank batch; `outer` is the bank batch around a sales batch, else 0.

    `first_inner` and `last_inner` number the shifts (sales batches) in it, 0 while it is empty.
    """

    level: Level
    number: int
    outer: int
    opened_seq: int
    first_inner: int
    last_inner: int
    closed_seq: int = 0


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """An open sales or bank batch and what closed shifts (sales batches) brought into it."""

    row: BatchRow
    tallies: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class HeldCount:
    """The newest count of a shift in one currency and what had to be there at that moment."""

    count: CashCount
    expected: Money


@dataclass(frozen=True, slots=True)
class DropDue:
    """There is more cash in somebody's drawer than should be: time for a safe drop."""

    operator: str
    held: Money
    limit: Money


@dataclass(frozen=True, slots=True)
class DrawerLine:
    """One currency of a drawer. `counted` is None where nobody counted, `variance` then too.

    `expected` = `opening` + `taken` (cash less change) + `cash_in` - `cash_out` - `dropped` -
    `refunded`; `variance` = `counted` - `expected`.
    """

    opening: Money
    taken: Money
    cash_in: Money
    cash_out: Money
    dropped: Money
    expected: Money
    refunded: Money
    counted: CashCount | None = None

    @property
    def variance(self) -> Money | None:
        """Return what is too much (or, negative, missing)."""
        return None if self.counted is None else self.counted.total - self.expected


@dataclass(frozen=True, slots=True)
class Grand:
    """The perpetual total of one currency: never reset, not even by a restore."""

    sales: int
    total: Money


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """An X (`closed_seq` 0) or a Z. All of a Z is read from its own journal entry.

    `drawer` is empty in an X for somebody who has yet to count blind. `head_seq` and
    `head_hash` are where the journal stood before the report; `seal` the text that proves a Z
    from its paper. `counters` are the shift's, `ever` those of the till that are never reset.
    `wallets` is what the shop owed its customers at that moment. `over_limit` are the currencies
    whose count was off by more than the limit, `approved_by` who looked into it and `approval` why
    it stands.
    """

    shift: int
    operator: str
    operator_name: str
    by_name: str
    sales_batch: int
    bank_batch: int
    opened_ms: int
    at_ms: int
    offset_minutes: int
    training: bool
    tallies: tuple[Tally, ...]
    drawer: tuple[DrawerLine, ...]
    first_receipt: str
    last_receipt: str
    grand: tuple[Grand, ...]
    ever: tuple[Tally, ...]
    head_seq: int
    head_hash: str
    closed_seq: int = 0
    seal: str = ""
    day_seal: int = 0
    wallets: tuple[WalletSum, ...] = ()
    over_limit: tuple[str, ...] = ()
    approved_by: str = ""
    approval: str = ""

    @property
    def closed(self) -> bool:
        """Tell whether this is a Z."""
        return self.closed_seq > 0


@dataclass(frozen=True, slots=True)
class Deposit:
    """What was taken to the bank. `expected` follows from the books, `found` from the counts.

    `kept` stays in the shop and is the first thing in the next bank batch.
    """

    expected: Money
    found: Money
    amount: Money
    kept: Money


@dataclass(frozen=True, slots=True)
class BatchReport:
    """The close of a sales or bank batch; `reference` and `deposits` are the deposit slip's."""

    level: Level
    number: int
    first_inner: int
    last_inner: int
    by_name: str
    opened_ms: int
    at_ms: int
    offset_minutes: int
    training: bool
    tallies: tuple[Tally, ...]
    reference: str
    deposits: tuple[Deposit, ...]
    grand: tuple[Grand, ...]
    head_seq: int
    head_hash: str
    closed_seq: int
    seal: str = ""


@dataclass(frozen=True, slots=True)
class ShiftNow:
    """A shift as its operator may see it at any moment; cash sums are for the count to find."""

    shift: int
    operator: str
    opened_ms: int
    sales: int
    totals: tuple[Money, ...]
    commission: tuple[Money, ...]
    currencies: tuple[Currency, ...]
