"""What is counted along a till's journal, entry by entry: series, allowances.

Values of plain JSON, because they are kept beside the branch they were counted on:
``{"series":1,"number":12,"allowances":{"ZAR":{"sequence":1,...,"spent":{...}}}}``. The counting
is pure: the same entries give the same books and the same findings, in one go or in many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from pos_app.domain.allowance import Allowance, AllowanceUsedUp, Spent, Wish, check
from pos_app.exchange.chain import Entry
from pos_app.head_office.findings import Finding, FindingKind

Books = dict[str, Any]
Body = Mapping[str, Any]
Grants = Mapping[tuple[int, str], Allowance]

_BOUNDS: Final = ("sequence", "money_minor", "tenths", "count", "per_vend_minor", "not_after_ms")


def count(books: Books, entry: Entry, body: Body, grants: Grants) -> Iterator[Finding]:
    """Count `entry` into `books` and yield what does not follow.

    Raises `KeyError`, `TypeError` or `ValueError` for a body that lacks what its kind has.
    """
    if entry.kind == "sale":
        yield from _receipt(books, entry, body)
        yield from _spend(books, entry, body)
    elif entry.kind == "allowance":
        yield from _allow(books, entry, body, grants)
    elif entry.kind in {"shop_created", "restored"}:
        books["series"], books["number"] = int(body["series"]), 0


def _receipt(books: Books, entry: Entry, body: Body) -> Iterator[Finding]:
    series, number = int(body["series"]), int(body["number"])
    expected = (books.get("series", series), books.get("number", 0) + 1)
    books["series"], books["number"] = series, number
    if (series, number) != expected:
        evidence = {
            "receipt": str(body["receipt"]),
            "expected": f"{expected[0]}-{expected[1]}",
        }
        yield Finding(FindingKind.RECEIPT_GAP, str(entry.seq), entry.seq, evidence)


def _allow(books: Books, entry: Entry, body: Body, grants: Grants) -> Iterator[Finding]:
    currency = str(body["currency"])
    taken = Allowance(**{name: int(body[name]) for name in _BOUNDS})
    granted = grants.get((taken.sequence, currency))
    if grants and granted != taken:
        evidence = {"currency": currency, "sequence": taken.sequence, "money": taken.money_minor}
        mark = f"{currency} {taken.sequence}"
        yield Finding(FindingKind.ALLOWANCE_NOT_GRANTED, mark, entry.seq, evidence)
    held = granted or taken
    spent = asdict(Spent())
    books.setdefault("allowances", {})[currency] = asdict(held) | {"spent": spent}


def _spend(books: Books, entry: Entry, body: Body) -> Iterator[Finding]:
    currency, receipt = str(body["currency"]), str(body["receipt"])
    held = books.get("allowances", {}).get(currency)
    wish = Wish(int(body["total_minor"]), int(body["tenths"]), entry.at_ms)
    if held is None:
        evidence = {"receipt": receipt, "what": "none", "sequence": 0, "left": 0}
        yield Finding(FindingKind.OVER_ALLOWANCE, f"{currency} 0", entry.seq, evidence)
        return
    allowance = Allowance(**{name: held[name] for name in _BOUNDS})
    spent = Spent(**held["spent"])
    try:
        check(allowance, spent, wish)
    except AllowanceUsedUp as over:
        evidence = {"receipt": receipt, **over.facts}
        mark = f"{currency} {allowance.sequence} {over.facts['what']}"
        yield Finding(FindingKind.OVER_ALLOWANCE, mark, entry.seq, evidence)
    held["spent"] = asdict(spent.plus(wish))
