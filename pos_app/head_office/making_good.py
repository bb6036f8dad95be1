"""What is given for nothing: by whom it was agreed to, and for which sale, once.

Counted along the journal like the rest of the books: ``"good"`` are the sales that were made good
(entry of the sale -> entry that did it), ``"owed"`` the compensation whose sale comes next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

from pos_app.head_office.act_tokens import TWO_PERSONS
from pos_app.head_office.findings import Finding, FindingKind

REDRESS: Final = frozenset({"refund", "compensation"})
ACTS: Final = frozenset({"engineering", "free_issue", "replacement"})
_COMPENSATION: Final = "compensation"

Books = dict[str, Any]
Body = Mapping[str, Any]


class Placed(Protocol):
    """An entry's place: its number, its time in milliseconds, and of what kind it is."""

    @property
    def seq(self) -> int:
        """Return its number."""

    @property
    def at_ms(self) -> int:
        """Return its time."""

    @property
    def kind(self) -> str:
        """Return its kind."""


def compensates(body: Body) -> bool:
    """Tell whether a sale is paid for by a compensation."""
    return any(each["kind"] == _COMPENSATION for each in body["tenders"])


def made_good(books: Books, entry: Placed, body: Body) -> Iterator[Finding]:
    """Count what was made good and yield what nobody agreed to, or what was given twice."""
    if entry.kind == "sale":
        yield from _compensated(books, entry, body)
        return
    if entry.kind not in REDRESS | ACTS:
        return
    if entry.kind in REDRESS or body["act"] in TWO_PERSONS:
        yield from _agreed(entry, body)
    sale = int(body["sale_seq"])
    if sale and entry.kind != "engineering":
        yield from _once(books, entry, sale)
    if entry.kind == _COMPENSATION:
        books["owed"] = [str(body["sale_id"]), int(body["amount_minor"])]


def _agreed(entry: Placed, body: Body) -> Iterator[Finding]:
    approver, operator = str(body["approver"]), str(body["operator"])
    if not approver or approver == operator:
        yield _unapproved(entry, str(body.get("receipt") or body.get("slip", "")), operator)


def _unapproved(entry: Placed, receipt: str, operator: str) -> Finding:
    evidence = {"receipt": receipt, "kind": entry.kind, "operator": operator}
    kind = FindingKind.VALUE_WITHOUT_APPROVAL
    return Finding(kind, str(entry.seq), entry.seq, evidence)


def _once(books: Books, entry: Placed, sale: int) -> Iterator[Finding]:
    held = books.get("good", {})
    before = held.get(str(sale), entry.seq)
    books["good"] = {**held, str(sale): before}  # anew: what was counted before may be put back
    if before != entry.seq:
        evidence = {"sale_seq": sale, "other_seq": before}
        yield Finding(FindingKind.VALUE_TWICE, str(entry.seq), entry.seq, evidence)


def _compensated(books: Books, entry: Placed, body: Body) -> Iterator[Finding]:
    """A sale that nobody paid for follows the compensation that a second person agreed to."""
    if not compensates(body):
        return
    if books.pop("owed", None) != [str(body["sale_id"]), int(body["total_minor"])]:
        yield _unapproved(entry, str(body["receipt"]), str(body["operator"]))
