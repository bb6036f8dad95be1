"""What stands on the till screen at one moment, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from pos_app.application.parked import ParkedSale
from pos_app.application.printing import PrintState
from pos_app.application.records import MeterCard, MeterHit, QuoteAnswer
from pos_app.application.sale import Sale
from pos_app.application.slip.layout import Slip
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import CASH, Tender
from pos_app.domain.tender_kind import TenderKind


class Step(Enum):
    """Where a sale stands.

    Only `TENDER`, `REFERENCE`, `DUPLICATE` and `FREE` can lead to a commit.
    """

    IDLE = "idle"
    SEARCH = "search"
    STOPPED = "stopped"  # the meter is found and may not buy
    AMOUNT = "amount"
    FREE = "free"  # the month's free units alone
    TENDER = "tender"
    REFERENCE = "reference"  # the number of a payment
    CARD = "card"  # the terminal was asked
    COMMITTING = "committing"
    DUPLICATE = "duplicate"
    RESULT = "result"
    PARKED = "parked"  # the list of parked sales
    REASON = "reason"  # why a copy is wanted


BUSY = frozenset({Step.CARD, Step.COMMITTING})
"""What has left and must be answered before anything else."""


class Place(Enum):
    """Where a key goes."""

    FIND = "find"
    AMOUNT = "amount"
    RECEIVED = "received"
    REFERENCE = "reference"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class TillScreen:
    """The whole till; a view draws it without knowing what was there before.

    `hits` is None while no search was answered. `remark` is what is wrong with the amount as
    typed so far, said quietly; `problem` stands at `at_fault` after an Enter was refused. `taken`
    are parts of the payment already made, `due` is what `kind` has to bring for the rest of it;
    with `keep` the change goes into the customer's wallet.
    """

    step: Step = Step.IDLE
    find: str = ""
    hits: tuple[MeterHit, ...] | None = None
    chosen: int = 0
    card: MeterCard | None = None
    amount: str = ""
    answer: QuoteAnswer | None = None
    remark: PosError | None = None
    kinds: tuple[TenderKind, ...] = ()
    kind: str = CASH
    taken: tuple[Tender, ...] = ()
    due: Money | None = None
    received: str = ""
    reference: str = ""
    keep: bool = False
    change: Money | None = None
    missing: Money | None = None
    problem: PosError | None = None
    at_fault: Place | None = None
    sale: Sale | None = None
    copy: int = 0
    print_state: PrintState | None = None
    slip: Slip | None = None
    parked: tuple[ParkedSale, ...] = ()

    @property
    def place(self) -> Place:
        """Where the next key belongs."""
        return _PLACES.get(self.step, Place.FIND)


_PLACES = {
    Step.AMOUNT: Place.AMOUNT,
    Step.FREE: Place.AMOUNT,
    Step.TENDER: Place.RECEIVED,
    Step.REFERENCE: Place.REFERENCE,
    Step.DUPLICATE: Place.CHOICE,
    Step.PARKED: Place.CHOICE,
    Step.REASON: Place.CHOICE,
}


class TillView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: TillScreen) -> None:
        """Draw `screen`; keep the caret where it is unless the step changed."""
        ...

    def mark(self, place: Place) -> None:
        """Put the caret at `place` with everything there selected."""
        ...
