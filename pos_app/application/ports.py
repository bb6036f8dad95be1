"""What the use cases need of the outside world, named by the trade.

Amounts are minor units, commodity units are tenths, times are milliseconds UTC since 1970,
TID minutes are whole minutes since 1 January 1993 UTC (`pos_app.domain.tid`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from pos_app.application.account_ports import AccountBook
from pos_app.application.key_book import KeyActs, KeyBook
from pos_app.application.meter_ports import MeterTrail
from pos_app.application.office_ports import OfficeActs, OfficeLedger
from pos_app.application.printing import PrintOutcome
from pos_app.application.records import (
    CurrencySum,
    MeterHit,
    MeterRecord,
    Operator,
    Purchase,
    SaleRow,
)
from pos_app.application.redress_records import RedressBook
from pos_app.application.sale import Sale
from pos_app.application.shift_ports import ShiftBook
from pos_app.application.tender_ports import TenderBook
from pos_app.domain.allowance import Allowance, Spent
from pos_app.domain.lockout import LockState
from pos_app.exchange.chain import Entry, Head


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


@dataclass(frozen=True, slots=True)
class OperatorRecord:
    """An operator with the verifier of the PIN (Argon2 encoded; not a secret, not for show)."""

    operator: Operator
    pin_verifier: str

    def __repr__(self) -> str:
        return f"OperatorRecord({self.operator!r})"


@dataclass(frozen=True, slots=True)
class TariffRecord:
    """A tariff file as imported; `sha256` is of the text."""

    id: str
    version: int
    utility: str
    text: str
    sha256: str
    imported_ms: int


@dataclass(frozen=True, slots=True)
class UtilityRecord:
    """Who sells the commodity: the head of the slip."""

    id: str
    name: str
    address: str
    tax_reference: str
    help_line: str


@dataclass(frozen=True, slots=True)
class KeyAttributes:
    """All attributes of a stored key; every one of them is sealed together with the key.

    `kind` is ``vending`` or ``decoder``; `pan`, `ti` and `ea` say which meter a decoder key is
    for and are empty or -1 in a vending key, which makes the keys of a whole supply group.
    """

    kind: str
    sgc: str
    krn: int
    kt: int
    base: int
    ken: int
    dkga: int
    kcv: str
    active_from_ms: int
    issue_until_ms: int
    pan: str = ""
    ti: int = -1
    ea: int = -1


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A key only the vault can open."""

    attributes: KeyAttributes
    blob: bytes

    def __repr__(self) -> str:
        return f"SealedKey({self.attributes!r})"


@dataclass(frozen=True, slots=True)
class PrintTask:
    """One slip on its way to paper; `copy` 0 is the original."""

    sale_seq: int
    copy: int
    attempts: int


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


class Ledger(MeterTrail, OfficeLedger, Protocol):
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

    def purchases(self, drn: str, limit: int) -> tuple[Purchase, ...]:
        """Return the latest purchases of a meter, newest first."""
        ...

    def month_tenths(self, drn: str, month: str) -> int:
        """Return the tenths a meter bought in a month (``YYYY-MM``)."""
        ...

    def sale_by_receipt(self, receipt: str) -> tuple[int, Sale] | None:
        """Return (journal number, sale) of a receipt."""
        ...

    def sale_by_id(self, sale_id: str) -> tuple[int, Sale] | None:
        """Return (journal number, sale) of a client's sale id."""
        ...

    def sale_by_seq(self, seq: int) -> Sale | None:
        """Return the sale of a journal number."""
        ...

    def receipt_of_token(self, drn: str, minute: int) -> str:
        """Return the receipt under which a token was sold here, empty if it was not."""
        ...

    def copies_of(self, seq: int) -> int:
        """Return how many copies of a sale's slip were made."""
        ...

    def entry(self, seq: int) -> Entry | None:
        """Return one journal entry."""
        ...

    def sales_between(self, from_ms: int, to_ms: int, text: str, limit: int) -> tuple[SaleRow, ...]:
        """Return sales of a span of time, newest first, filtered by any fragment."""
        ...

    def day_sums(self, day: str) -> tuple[CurrencySum, ...]:
        """Return the sums of a day (``YYYY-MM-DD`` in the shop's time)."""
        ...

    def waiting(self) -> tuple[tuple[CurrencySum, ...], int | None]:
        """Return sums of what head office has not acknowledged and the oldest time."""
        ...

    def operators(self) -> tuple[OperatorRecord, ...]:
        """Return the operators who may sign in."""
        ...

    def operator_ids(self) -> frozenset[str]:
        """Return the short names of all operators there ever were."""
        ...

    def lock_state(self, operator_id: str) -> LockState:
        """Return the failed PIN tries of an operator."""
        ...

    def tariff(self, tariff_id: str) -> TariffRecord | None:
        """Return the newest imported version of a tariff."""
        ...

    def tariff_versions(self, tariff_id: str) -> tuple[tuple[int, str], ...]:
        """Return (version, digest of the text) of a tariff, the newest first."""
        ...

    def tariff_version(self, tariff_id: str, version: int) -> TariffRecord | None:
        """Return one version of a tariff."""
        ...

    def tariff_ids(self) -> tuple[str, ...]:
        """Return the names of all imported tariffs."""
        ...

    def utility(self, utility_id: str) -> UtilityRecord | None:
        """Return a utility."""
        ...

    def utilities(self) -> tuple[UtilityRecord, ...]:
        """Return every utility."""
        ...

    def allowances(self) -> tuple[tuple[str, Allowance, Spent], ...]:
        """Return (currency, allowance, what is spent of it) for every currency."""
        ...

    def sealed_keys(self, sgc: str, krn: int, pan: str) -> tuple[SealedKey, ...]:
        """Return the decoder keys of a meter first, then the vending keys of its group."""
        ...

    def authorities(self) -> dict[str, str]:
        """Return whose signed files are taken: public key in hexadecimal, name."""
        ...

    def newest_tariff_ms(self) -> int:
        """Return when a tariff was last imported, 0 for never."""
        ...

    def next_print_task(self) -> PrintTask | None:
        """Return the oldest queued print job, None when nothing waits."""
        ...

    def note_print(self, task: PrintTask, outcome: PrintOutcome) -> None:
        """Record how a print job ended."""
        ...

    def requeue(self, sale_seq: int) -> bool:
        """Queue the last job of a sale again; False when it is on its way already."""
        ...

    def unprinted(self) -> tuple[int, int]:
        """Return how many slips wait for the printer or are on their way, and how many failed."""
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
