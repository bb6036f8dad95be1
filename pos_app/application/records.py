"""What the use cases hand out: frozen rows, ready to show, with no way back to the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app.application.identity import Operator, Role, ShopIdentity, ShopMode

if TYPE_CHECKING:  # only named here; the first screen shows neither money nor quotes
    from decimal import Decimal

    from pos_app.application.key_records import KeyDue
    from pos_app.application.printing import PrintState
    from pos_app.application.shift_records import DropDue
    from pos_app.domain.money import Currency, Money
    from pos_app.domain.tariff.explain import Edge
    from pos_app.domain.tariff.hours import Stretch
    from pos_app.domain.tariff.quote import Quote
    from pos_app.domain.usual import Usage

__all__ = ["Operator", "Role", "ShopIdentity", "ShopMode"]  # handed on; the rest is made here


@dataclass(frozen=True, slots=True)
class MeterRecord:
    """A meter as the utility registered it; STS terms as in IEC 62055-41."""

    drn: str
    pan: str
    name: str
    address: str
    phone: str
    account: str
    utility: str
    tariff: str
    commodity: str
    sgc: str
    krn: int
    ti: int
    ken: int
    kt: int
    ea: int
    dkga: int
    base: int
    blocked: str = ""  # reason, empty when the meter may buy


@dataclass(frozen=True, slots=True)
class MeterHit:
    """One row of a search."""

    drn: str
    name: str
    address: str
    phone: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class Purchase:
    """An earlier sale to a meter, newest first in every list."""

    receipt: str
    at_ms: int
    total: Money
    tenths: int


@dataclass(frozen=True, slots=True)
class CreditWaiting:
    """Credit of a meter that was swapped, noted and not yet given to the one in its place.

    `figure` is what to type for it, `text` the same with its unit.
    """

    old: str
    new: str
    figure: str
    text: str


@dataclass(frozen=True, slots=True)
class MeterCard:
    """All a cashier needs after finding a meter.

    `owed` are the debts of the account, `free_due` the free units the month still has for it.
    `wallet` is None where the customer has none, `wallet_cap` where the shop keeps no change.
    `key_tokens` of a key change come with the next sale. `carry` is an old meter's credit. `usage`
    is None where purchases do not tell what is used in a day.
    """

    meter: MeterRecord
    tariff_name: str
    unit: str
    utility_name: str
    currency: Currency
    usual: Money | None
    bought_this_month: Decimal
    purchases: tuple[Purchase, ...]
    note_keys: tuple[Money, ...]
    minimum: Money | None
    maximum: Money | None
    owed: Money | None = None
    free_due: Decimal | None = None
    wallet: Money | None = None
    wallet_cap: Money | None = None
    key_tokens: int = 0
    carry: CreditWaiting | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class QuoteAnswer:
    """A quote with what a customer asks next.

    `days` is how long `tenths` last at this meter's own pace, None without history; where a time
    was asked for, at `pace`, which is None otherwise. `fewer` is
    how many tenths fewer than `compared_at_ms` the same money buys now (0: not fewer), and
    `why` the reason codes (``block``, ``price``, ``charges``, ``tax``). `hours` are the day's
    prices by time of use. `edge` says what still fits into the block, where its end is so near
    that the same money again would pass it.
    """

    quote: Quote
    days: int | None = None
    fewer: int = 0
    compared_at_ms: int | None = None
    why: tuple[str, ...] = ()
    block: int | None = None
    hours: tuple[Stretch, ...] = ()
    edge: Edge | None = None
    pace: Usage | None = None


@dataclass(frozen=True, slots=True)
class SaleRow:
    """One line of the list of sales."""

    receipt: str
    at_ms: int
    drn: str
    name: str
    total: Money
    tenths: int
    unit: str
    operator: str
    copies: int
    print_state: PrintState
    redress: str = ""  # "refund" or "compensation" once the sale was put right


@dataclass(frozen=True, slots=True)
class CurrencySum:
    """A number of sales and their money in one currency."""

    sales: int
    total: Money


@dataclass(frozen=True, slots=True)
class TillStatus:
    """The true numbers of the status bar.

    `waiting` counts sales head office has not acknowledged; `allowance_percent` is what is left
    of the tightest bound; `slips_waiting` counts slips queued or on their way to the printer,
    `slips_failed` those that did not come out.
    """

    today: tuple[CurrencySum, ...]
    waiting: tuple[CurrencySum, ...]
    waiting_oldest_ms: int | None
    allowance_percent: int
    tariff_age_days: int
    slips_waiting: int
    slips_failed: int
    clock_problem: str = ""  # error code when selling is stopped by the clock guard
    drop_due: tuple[DropDue, ...] = ()  # drawers with more cash than the shop wants in one
    keys_due: tuple[KeyDue, ...] = ()  # keys that end within 90 days or ended lately
    keys_destroyed: bool = False
    rules_outside: bool = False  # the settings file says rules that nobody set here
    parted: bool = False  # somebody knows of another journal of this till (`office_standing`)
