"""A vendor's statement: opening, sales, what was given back, commission, deposits, closing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from pos_app.head_office.commission import Earned, TermsBook
from pos_app.head_office.errors import TillUnknown
from pos_app.head_office.office import Office
from pos_app.head_office.queries.earning import Purse, earned, purse_of
from pos_app.head_office.queries.settlement import DAWN, Days, owed, read_days, totals
from pos_app.head_office.store import receipts, settling, tills
from pos_app.head_office.store.engine import Act

Row = dict[str, Any]
MOST_DEPOSITS: Final = 1000
_WHATS: Final = ("sale", "refund", "compensation", "deposit")


def statement(office: Office, till: str, days: Days) -> Row:
    """Return a till's account in each kind of money; raises `ExportUnfit` or `TillUnknown`."""
    first, last = read_days(days)
    before = (date.fromisoformat(first) - timedelta(days=1)).isoformat()
    with office.store.reading() as act:
        held = tills.till_of(act, till)
        if held is None:
            raise TillUnknown(till=till[:40])
        terms = settling.terms_of(act, till)
        book = TermsBook(terms)
        earlier = _sums(act, (DAWN, before), till, book)
        inside = _sums(act, (first, last), till, book)
        deposits = settling.closings(act, "bank", (first, last), till, None, MOST_DEPOSITS)
    purses = sorted({*earlier, *inside}, key=lambda each: (each[2], *each[:2]))
    return {
        "from": first, "to": last, "till": till, "shop": held.shop,
        "accounts": [
            _account(purse, earlier.get(purse, _NOTHING), inside.get(purse, _NOTHING), deposits)
            for purse in purses
        ],
        "terms": terms,
    }  # fmt: skip


_NOTHING: Final[Row] = totals((), ()) | {"commission_minor": 0, "commission": Earned().parts}


def _sums(act: Act, days: Days, till: str, book: TermsBook) -> dict[Purse, Row]:
    own: dict[Purse, list[Row]] = {}
    scanned: dict[Purse, list[Row]] = {}
    for row in settling.sums(act, days, till, whats=_WHATS):
        own.setdefault(purse_of(row), []).append(row)
    for row in receipts.sums(act, *days, till):
        scanned.setdefault(purse_of(row), []).append(row)
    kept = {purse: each for (_, purse), each in earned(act, days, till, book).items()}
    return {
        purse: totals(own.get(purse, ()), scanned.get(purse, ()))
        | {"commission_minor": kept.get(purse, Earned()).total,
           "commission": kept.get(purse, Earned()).parts}
        for purse in {*own, *scanned}
    }  # fmt: skip


def _account(purse: Purse, earlier: Row, inside: Row, deposits: list[Row]) -> Row:
    currency, decimals, training = purse
    opening = owed(earlier) - earlier["deposits_minor"]
    return {
        "currency": currency, "decimals": decimals, "training": training,
        "opening_minor": opening, **inside,
        "deposit_slips": [
            {"day": row["day"], "seq": row["seq"], "branch": row["branch"],
             "reference": row["facts"]["reference"], "amount_minor": part["amount"]}
            for row in reversed(deposits) for part in row["facts"]["deposits"]
            if part["amount"] and bool(row["training"]) == training
            and (part["currency"], part["decimals"]) == (currency, decimals)
        ],
        "closing_minor": opening + owed(inside) - inside["deposits_minor"],
    }  # fmt: skip
