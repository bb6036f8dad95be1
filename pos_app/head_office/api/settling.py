"""JSON of settlement: what tills took and owe, vendors' statements, closes of shifts and batches.

Money is in minor units of its currency (below zero: given back), units in tenths. Training and
earnest, and currencies, are never added up.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from pos_app.head_office.acting.finance import Finance
from pos_app.head_office.acting.pages import Page
from pos_app.head_office.api.billing import SalesReader
from pos_app.head_office.api.tills import RoomsHere

router = APIRouter(prefix="/api/v1", tags=["settlement"])

First = Annotated[str, Query(alias="from", description="first day of the shops, 2026-11-01")]
Last = Annotated[str, Query(alias="to", description="last day")]


class Commission(BaseModel):
    """What vendors earned, by the rule; `own` by the tills' own reckoning at each sale."""

    sale_percent: int
    unit_amount: int
    free_token_amount: int
    debt_percent: int
    own: int


class Totals(BaseModel):
    """What one kind of money comes to.

    To settle = gross + refunds + compensations - commission.
    """

    currency: str
    decimals: int
    training: bool
    sales: int
    gross_minor: int
    rebuilt: int = Field(description="of the sales, known from receipts only")
    rebuilt_minor: int
    refunds: int
    refunds_minor: int
    compensations: int = Field(description="sold again on another meter, without money")
    compensations_minor: int
    commission_minor: int
    deposits: int
    deposits_minor: int


class OfTill(Totals):
    """What a till took, owes and holds."""

    till: str
    to_settle_minor: int
    held_minor: int = Field(description="cash not banked at the end of the last day")


class Unit(BaseModel):
    """How much was sold of a unit."""

    unit: str
    tenths: int


class Tender(BaseModel):
    """A way of paying; kept = received + change + refunded."""

    kind: str
    times: int
    received_minor: int
    change_minor: int
    refunded_minor: int
    kept_minor: int


class Named(BaseModel):
    """A sum by name: `what` as the till's reports name it (``line.tax``, ``tariff`` …)."""

    what: str
    name: str
    detail: str
    unit: str
    times: int
    minor: int
    tenths: int


class Tax(BaseModel):
    """A tax and what it was charged on."""

    name: str
    percent: str
    net_minor: int
    tax_minor: int


class Cash(BaseModel):
    """Cash that moved without a sale, what counts were off by, what is not at the bank."""

    in_minor: int
    out_minor: int
    dropped_minor: int
    variance_minor: int
    wallet_in_minor: int
    wallet_back_minor: int
    rounding_minor: int
    held_minor: int


class OfMoney(Totals):
    """All sums of one kind of money."""

    commission: Commission
    to_settle_minor: int
    units: list[Unit]
    tenders: list[Tender]
    lines: list[Named]
    taxes: list[Tax]
    tariffs: list[Named]
    utilities: list[Named]
    tokens: list[Named]
    redress: list[Named]
    cash: Cash


class Free(BaseModel):
    """Given without money: tenths of a unit, or `fine` (0.00001 of a currency) if `money`."""

    reason: str
    unit: str
    training: bool
    times: int
    tenths: int
    fine: int
    money: bool


class Counted(BaseModel):
    """What is counted without money: slips printed again, acts of the desk, shifts."""

    what: str
    name: str
    detail: str
    times: int
    training: bool


class Settlement(BaseModel):
    """What some days come to."""

    first: str = Field(alias="from")
    last: str = Field(alias="to")
    till: str
    money: list[OfMoney]
    free: list[Free]
    counts: list[Counted]
    tills: list[OfTill]
    forked: list[dict[str, Any]] = Field(description="sales on other ends of forked journals")


class Slip(BaseModel):
    """What a bank batch took to the bank."""

    day: str
    seq: int
    branch: int
    reference: str
    amount_minor: int


class Account(Totals):
    """A vendor's account: closing = opening + what is to settle - deposits."""

    opening_minor: int
    commission: Commission
    deposit_slips: list[Slip]
    closing_minor: int


class Statement(BaseModel):
    """A vendor's statement, an account for each kind of money, and all terms ever set."""

    first: str = Field(alias="from")
    last: str = Field(alias="to")
    till: str
    shop: str
    accounts: list[Account]
    terms: list[dict[str, Any]]


class Closes(BaseModel):
    """A page of closes; `next` asks for the one after it, null at the end."""

    closes: list[dict[str, Any]]
    next: str | None


@router.get("/settlement")
def settlement(
    rooms: RoomsHere, who: SalesReader, first: First, last: Last, till: str = ""
) -> Settlement:
    """Say what tills took on the days, what of it is owed, and what is at the bank."""
    return Settlement(**Finance(rooms, who).settlement((first, last), till))


@router.get("/settlement.csv")
def settlement_as_csv(
    rooms: RoomsHere, who: SalesReader, first: First, last: Last, till: str = ""
) -> StreamingResponse:
    """Return all sums of the days by till as one table."""
    lines = Finance(rooms, who).csv((first, last), till)
    headers = {"Content-Disposition": 'attachment; filename="settlement.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/settlement/shifts")
def shifts(  # noqa: PLR0913, PLR0917 - the parts of one question
    rooms: RoomsHere, who: SalesReader, first: First, last: Last, till: str = "", after: str = ""
) -> Closes:
    """List shifts that ended on the days with what was expected and counted, the newest first."""
    return _closes(Finance(rooms, who).shifts((first, last), till, after))


@router.get("/settlement/deposits")
def deposits(  # noqa: PLR0913, PLR0917 - the parts of one question
    rooms: RoomsHere, who: SalesReader, first: First, last: Last, till: str = "", after: str = ""
) -> Closes:
    """List bank batches that ended on the days with what went to the bank, the newest first."""
    return _closes(Finance(rooms, who).deposits((first, last), till, after))


def _closes(page: Page) -> Closes:
    return Closes(closes=page.rows, next=page.after or None)


@router.get("/statement")
def statement(rooms: RoomsHere, who: SalesReader, till: str, first: First, last: Last) -> Statement:
    """Say what a vendor owed, sold, gave back, earned and banked, and owes at the end."""
    return Statement(**Finance(rooms, who).statement(till, (first, last)))
