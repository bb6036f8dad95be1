"""What stands on the page where a sale is put right, and the slip as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.redress import REASONS, Reason, RedressKind, TokenFate

if TYPE_CHECKING:
    from pos_app.application.records import MeterCard, Operator, QuoteAnswer
    from pos_app.application.redress_records import Redress, RedressBase, RedressOrder
    from pos_app.application.sale import Sale
    from pos_app.application.slip.layout import Slip
    from pos_app.domain.errors import PosError
    from pos_app.domain.money import Currency, Money
    from pos_app.exchange.approval import ApprovalRequest


class Step(StrEnum):
    """Where the operator stands."""

    LOADING = "loading"
    KIND = "kind"
    REASON = "reason"
    NOTE = "note"
    TOKEN = "token"  # noqa: S105 - a step's name
    AMOUNT = "amount"
    METER = "meter"
    APPROVER = "approver"
    PIN = "pin"
    CODE = "code"
    DONE = "done"


KINDS = tuple(RedressKind)
FATES = tuple(TokenFate)
TYPED = (Step.NOTE, Step.AMOUNT, Step.METER, Step.PIN, Step.CODE)
CHOSEN = (Step.KIND, Step.REASON, Step.TOKEN, Step.APPROVER)


@dataclass(frozen=True, slots=True)
class RedressScreen:
    """`typed` is what stands in the field of the step; `slip` is the paper as far as it is known.

    `card` and `answer` are the right meter and what the value buys there, `sale` the new sale of a
    compensation. `request` is what a supervisor elsewhere was asked. While `busy` no key acts: the
    ledger is answering.
    """

    step: Step = Step.LOADING
    base: RedressBase | None = None
    currency: Currency | None = None
    approvers: tuple[Operator, ...] = ()
    kind: RedressKind = RedressKind.REFUND
    reason: Reason | None = None
    token: TokenFate | None = None
    note: str = ""
    amount: Money | None = None
    card: MeterCard | None = None
    answer: QuoteAnswer | None = None
    approver: Operator | None = None
    request: ApprovalRequest | None = None
    typed: str = ""
    slip: Slip | None = None
    made: Redress | None = None
    sale: Sale | None = None
    problem: PosError | None = None
    wrong: bool = False
    busy: bool = False

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The fixed list of the kind."""
        return REASONS[self.kind]


class RedressDoor(Protocol):
    """What the window asks of refunds; every method runs on the ledger's thread."""

    def about(self, receipt: str) -> RedressBase:
        """Return what can be given for a sale; raise ``receipt-unknown``."""
        ...

    def check(self, order: RedressOrder) -> None:
        """Raise whatever stands against an order, but for its approver and the PIN."""
        ...

    def ask(self, order: RedressOrder) -> ApprovalRequest:
        """Ask a supervisor elsewhere."""
        ...

    def refund(self, order: RedressOrder) -> Redress:
        """Give money back."""
        ...

    def compensate(self, order: RedressOrder) -> tuple[Redress, Sale]:
        """Sell the value again on another meter."""
        ...

    def reprint(self, slip: str, operator_id: str) -> tuple[Redress, int]:
        """Queue a copy of a signature slip."""
        ...
