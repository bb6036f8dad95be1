"""The order: what a cashier settled with a customer, before anything is sold."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from pos_app.domain.money import Money
from pos_app.domain.tender import Tender


def new_sale_id() -> str:
    """Return an identity no other sale has; whoever takes an order makes it once."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class SaleOrder:
    """What the cashier settled with the customer.

    `sale_id` is made by the client once per sale and makes every retry harmless. One of `amount`
    and `tenths` is given. `repeat_allowed` says that the same sale a moment ago is no mistake.
    `expected_tenths` is what the cashier saw; another outcome is refused, not sold. `free_only`
    asks for the month's free units alone: no money, no amount, no tenders. With `keep_change` the
    change goes into the customer's wallet as far as that may be filled. Without `paper` no slip is
    queued; a copy can be printed any time.
    """

    sale_id: str
    drn: str
    amount: Money | None
    tenths: int | None
    tenders: tuple[Tender, ...]
    operator_id: str
    repeat_allowed: bool = False
    expected_tenths: int | None = None
    free_only: bool = False
    keep_change: bool = False
    paper: bool = True
