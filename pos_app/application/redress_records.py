"""What was given for a sale that went wrong, as the journal keeps it and as it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Protocol

from pos_app.application.records import Operator
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from pos_app.domain.redress import Paid, Reason, RedressKind, TokenFate


class RedressUnknown(PosError):
    """No refund or compensation here has this number. Fact: `slip`."""

    code: ClassVar[str] = "redress-unknown"


@dataclass(frozen=True, slots=True)
class Redress:
    """A refund or a compensation that is on disk; `slip` is its number, ``R-<till>-<series><n>``.

    `parts` are (way of paying, minor units) of a refund, empty for a compensation, whose new sale
    is `new_receipt` to `new_drn`. `claim_minor` and `claim_tenths` are what the wrong meter may
    hold, 0 where nothing is to be followed up. `commission_minor` is what the seller of the
    refunded sale does not earn any more; `utility` and `commission_percent` are the sale's, empty
    in entries of programs that did not write them. `request` is what a code from elsewhere
    answered, empty where a PIN was given.
    """

    kind: str
    slip: str
    number: int
    offset_minutes: int
    sale_seq: int
    receipt: str
    drn: str
    name: str
    currency: str
    decimals: int
    total_minor: int
    amount_minor: int
    parts: tuple[tuple[str, int], ...]
    reason: str
    note: str
    token: str
    claim_minor: int
    claim_tenths: int
    unit: str
    operator: str
    operator_name: str
    approver: str
    approver_name: str
    shift: int
    training: bool
    commission_minor: int = 0
    new_receipt: str = ""
    new_drn: str = ""
    new_name: str = ""
    sale_id: str = ""
    request: str = ""
    utility: str = ""
    commission_percent: str = ""
    seq: int = 0
    at_ms: int = 0

    def money(self, minor: int) -> Money:
        """Return `minor` units in the sale's currency."""
        return Money(minor, Currency(self.currency, self.decimals))

    @property
    def amount(self) -> Money:
        """Return what was given."""
        return self.money(self.amount_minor)

    def to_body(self) -> dict[str, Any]:
        """Return the JSON body of the journal entry; its number and time are the entry's own."""
        body: dict[str, Any] = {"v": 1, **asdict(self)}
        body["parts"] = [{"kind": kind, "amount_minor": minor} for kind, minor in self.parts]
        del body["seq"], body["at_ms"]
        return body

    @classmethod
    def from_body(cls, body: Mapping[str, Any], seq: int, at_ms: int) -> Redress:
        """Read a body back."""
        values = {name: value for name, value in body.items() if name != "v"}
        values["parts"] = tuple((part["kind"], part["amount_minor"]) for part in body["parts"])
        return cls(**values, seq=seq, at_ms=at_ms)


@dataclass(frozen=True, slots=True)
class RedressBase:
    """What can be given for a sale: `most` money, `paid` by the ways it came.

    `done` is what was given already; then nothing more can be.
    """

    receipt: str
    drn: str
    name: str
    at_ms: int
    total: Money
    most: Money
    paid: tuple[Paid, ...]
    tenths: int
    unit: str
    done: Redress | None = None


@dataclass(frozen=True, slots=True)
class RedressOrder:
    """What somebody asks for and who approves it, with a PIN or with the code for a `request`.

    A refund gives `amount`, None for all that was paid. A compensation sells to `drn` under the
    client's own `sale_id`, which makes a retry harmless. `note` says more, and has to for the
    reason `OTHER`.
    """

    kind: RedressKind
    receipt: str
    reason: Reason
    token: TokenFate
    operator_id: str
    approver_id: str
    pin: str
    note: str = ""
    amount: Money | None = None
    drn: str = ""
    sale_id: str = ""
    expected_tenths: int | None = None
    request: str = ""
    code: str = ""

    def __repr__(self) -> str:
        return f"RedressOrder({self.kind.value!r}, receipt={self.receipt!r})"


@dataclass(frozen=True, slots=True)
class Asked:
    """An order with the people it names, known and checked."""

    order: RedressOrder
    operator: Operator
    approver: Operator
    note: str
    request: str = ""


class RedressBook(Protocol):
    """The ledger's side of refunds and compensations."""

    def of_sale(self, sale_seq: int) -> Redress | None:
        """Return what was given for a sale."""
        ...

    def by_number(self, number: int) -> Redress | None:
        """Return a refund or compensation by its running number."""
        ...

    def next_number(self) -> int:
        """Return the running number of the next one."""
        ...

    def between(self, from_ms: int, to_ms: int, limit: int) -> tuple[Redress, ...]:
        """Return those of a span of time, newest first."""
        ...

    def copies_of(self, seq: int) -> int:
        """Return how many copies of a slip were made."""
        ...
