"""What the use cases need of the outside world, named by the trade.

Amounts are minor units, commodity units are tenths, times are milliseconds UTC since 1970,
TID minutes are whole minutes since 1 January 1993 UTC (`pos_app.domain.tid`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

from pos_app.application.account_ports import AccountBook
from pos_app.application.key_book import KeyActs, KeyBook
from pos_app.application.meter_ports import MeterTrail
from pos_app.application.office_ports import OfficeActs, OfficeLedger
from pos_app.application.receipt_number import ReceiptNumber
from pos_app.application.records import MeterHit, MeterRecord
from pos_app.application.redress_records import RedressBook
from pos_app.application.sale_ports import SaleTrail, SlipQueue
from pos_app.application.shift_ports import ShiftBook
from pos_app.application.shop_ports import ShopShelf
from pos_app.application.stored_records import (
    KeyAttributes,
    OperatorRecord,
    PrintTask,
    SealedKey,
    TariffRecord,
    UtilityRecord,
)
from pos_app.application.tender_ports import TenderBook
from pos_app.exchange.chain import Entry, Head

__all__ = [  # handed on, so that one place names all a use case needs
    "Clock",
    "KeyAttributes",
    "Ledger",
    "LedgerTransaction",
    "OperatorRecord",
    "PinBook",
    "PrintTask",
    "ReceiptNumber",
    "SealedKey",
    "TariffRecord",
    "UtilityRecord",
]


class Clock(Protocol):
    """The computer's clock, which may be wrong."""

    def now_ms(self) -> int:
        """Return the time of day."""
        ...

    def offset_minutes(self, at_ms: int) -> int:
        """Return how far local time is ahead of UTC at `at_ms`."""
        ...

    def steady_ms(self) -> int:
        """Return a time that nobody can set: it only counts on, from anywhere."""
        ...


class LedgerTransaction(OfficeActs, KeyActs, Protocol):
    """One durable act: all of it is on disk when the transaction ends, or nothing."""

    @property
    def head(self) -> Head:
        """Return where the journal will end if the transaction does now."""
        ...

    def append(self, kind: str, body: dict[str, Any], now_ms: int) -> Entry:
        """Chain, sign and store an entry and its projections; never stamps before the last."""
        ...

    def next_receipt(self) -> tuple[int, int]:
        """Return (series, number) of the receipt the next sale gets."""
        ...

    def last_tid_minute(self, drn: str) -> int | None:
        """Return the TID minute last issued to a meter, in any base."""
        ...

    def tid_floor(self) -> int:
        """Return the minute below which no TID may be issued (raised by a restore)."""
        ...

    def highest_ms(self) -> int:
        """Return the highest time the till's clock ever showed, before it was put right too."""
        ...

    def put_tariff(self, record: TariffRecord) -> None:
        """Insert a version of a tariff."""
        ...

    def put_operator(self, record: OperatorRecord) -> None:
        """Insert or replace an operator; an ``operator_imported`` entry goes with it."""
        ...

    def retire_operator(self, operator_id: str) -> None:
        """Let an operator sign in no more; an ``operator_retired`` entry goes with it."""
        ...

    def import_meters(self, meters: Iterable[MeterRecord]) -> int:
        """Insert or replace meters; return how many."""
        ...

    def queue_slip(self, sale_seq: int, copy: int, now_ms: int) -> None:
        """Queue a print job."""
        ...


class Ledger(MeterTrail, OfficeLedger, SaleTrail, SlipQueue, ShopShelf, Protocol):
    """The shop's ledger as the use cases see it."""

    @property
    def shifts(self) -> ShiftBook:
        """Return the ledger's side of shifts and batches."""
        ...

    @property
    def accounts(self) -> AccountBook:
        """Return the ledger's side of the meters' accounts."""
        ...

    @property
    def tenders(self) -> TenderBook:
        """Return the ledger's side of payments."""
        ...

    @property
    def redress(self) -> RedressBook:
        """Return the ledger's side of refunds and compensations."""
        ...

    @property
    def keys(self) -> KeyBook:
        """Return the ledger's side of keys."""
        ...

    def writing(self) -> AbstractContextManager[LedgerTransaction]:
        """Open the one transaction; commit durably at the end, undo everything on an error."""
        ...

    def head(self) -> Head:
        """Return where the journal ends."""
        ...

    def clock_floor_ms(self) -> int:
        """Return the highest time ever seen, unless a supervisor settled it."""
        ...

    def believed_ms(self) -> int:
        """Return the newest time that was vouched for (`pos_app.domain.clock_guard.VOUCHED`)."""
        ...

    def search(self, text: str, limit: int) -> tuple[MeterHit, ...]:
        """Return meters for any fragment of number, name, phone, address or account."""
        ...

    def meter(self, drn: str) -> MeterRecord | None:
        """Return a meter by its exact DRN."""
        ...

    def entry(self, seq: int) -> Entry | None:
        """Return one journal entry."""
        ...

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Walk the journal in order."""
        ...


class PinBook(Protocol):
    """PIN verifiers."""

    def verifier(self, pin: str) -> str:
        """Return a verifier for a new PIN."""
        ...

    def holds(self, verifier: str, pin: str) -> bool:
        """Tell whether `pin` is the one; takes about 0.1 s by design."""
        ...
