"""Corrections of a meter's month as account files (`resources/accounts`), one file each.

One each, because a till refuses a file whole: a meter that it has taken off its list stops nobody
else's correction. They are a series of their own beside the utility's files, and numbered when
their pack is issued: drafts are not approved in the order in which they were made.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pos_app.head_office.store import oversold
from pos_app.head_office.store.engine import Act

SERIES: Final = "months"
REF: Final = "oversold"
"""The field of a drafted record that names its correction; it does not travel."""
AT_MOST: Final = "50"
"""Percent of a purchase that a correction takes at most: whoever pays gets units for it, too."""
_UNNUMBERED: Final = "number = 0"


def account_file(row: dict[str, Any], today: date) -> str:
    """Return the file of a correction, not numbered yet; `row` as the database keeps it."""

    def plain(minor: int) -> str:
        return format(Decimal(minor).scaleb(-row["decimals"]), "f")

    before = f", asked before {plain(row['sent_minor'])}" if row["sent_minor"] else ""
    why = f"Paid {plain(row['charged_minor'])} at all tills, due {plain(row['due_minor'])}{before}"
    head = {"utility": row["utility"], "series": SERIES, "currency": row["currency"]}
    texts = {
        "meter": row["drn"], "id": row["ref"], "name": f"Correction of {row['month']}",
        "amount": plain(row["amount_minor"]), "reason": why,
    }  # fmt: skip
    if row["amount_minor"] > 0:
        texts["percent"] = AT_MOST
    return "\n".join([
        'format = "tokentill account"',
        *(f"{name} = {json.dumps(value)}" for name, value in head.items()),
        f"issued = {today.isoformat()}",
        _UNNUMBERED,
        "",
        "[[adjustment]]",
        *(f"{name} = {json.dumps(value)}" for name, value in texts.items()),
        "",
    ])  # fmt: skip


def final(act: Act, till: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return an account record as it is sent: a correction gets its number here."""
    if REF not in record:
        return record
    number = oversold.numbered(act, till, str(record[REF]))
    return {"content": str(record["content"]).replace(_UNNUMBERED, f"number = {number}", 1)}
