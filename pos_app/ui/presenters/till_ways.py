"""How a purchase is paid in parts: what is still due, and whether a part may be taken. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from pos_app.domain.money import Money
from pos_app.domain.tender import CASH, Tender, TenderTooMuch, cash_due
from pos_app.domain.tender_kind import Reference, TenderKind, accepted
from pos_app.domain.wallet import keep, spend
from pos_app.ui.presenters.till_screen import TillScreen


def still_due(total: Money, taken: Sequence[Tender], kind: str) -> Money:
    """Return what `kind` has to bring to settle the rest: in coins when it is cash."""
    zero = Money(0, total.currency)
    cash = sum((each.amount for each in taken if each.kind == CASH), zero)
    other = sum((each.amount for each in taken if each.kind != CASH), zero)
    rest = total - other
    return (cash_due(rest) if kind == CASH else rest) - cash


def asks_reference(kind: TenderKind) -> bool:
    """Tell whether the cashier is asked for a number: where one must be, or a mask awaits it."""
    return kind.reference is Reference.REQUIRED or bool(kind.mask)


def check(
    kinds: Sequence[TenderKind], kind: TenderKind, amount: Money, due: Money, role: str
) -> None:
    """Refuse an amount that this way of paying may not bring, before its number is asked for.

    Raises `TenderTooMuch`, `TenderAboveLimit` or `TenderNotYours`.
    """
    if not kind.gives_change and amount.minor > due.minor:
        raise TenderTooMuch(excess=(amount - due).plain(), currency=due.currency.code)
    bare = TenderKind(kind.code, limit=kind.limit, roles=kind.roles)
    accepted((bare, *kinds), [Tender(kind.code, amount)], role)


def kept_of(screen: TillScreen) -> Money | None:
    """Return how much of the change stays in the customer's wallet, None when none is asked to."""
    card, change = screen.card, screen.change
    if not screen.keep or card is None or card.wallet is None or card.wallet_cap is None:
        return None
    if change is None:
        return None
    return keep(change, spend(card.wallet, screen.taken), card.wallet_cap)


def next_kind(kinds: Sequence[TenderKind], code: str) -> str:
    """Return the way of paying after `code`, round and round."""
    codes = [kind.code for kind in kinds] or [CASH]
    return codes[(codes.index(code) + 1) % len(codes)] if code in codes else codes[0]
