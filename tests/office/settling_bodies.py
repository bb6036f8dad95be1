"""Bodies of a shift that is settled: money given back, a close that lacks 1.00, a deposit."""

from __future__ import annotations

from typing import Any

from tests.office.makers import MadeTill

REFUND: dict[str, Any] = {
    "kind": "refund", "slip": "R-1", "number": 1, "offset_minutes": 120, "sale_seq": 3,
    "receipt": "TILL7-1-1", "drn": "14123456783", "currency": "ZAR", "decimals": 2,
    "amount_minor": 2000, "parts": [{"kind": "cash", "amount_minor": 2000}],
    "reason": "wrong-amount", "note": "", "operator": "ama", "approver": "grace",
    "approval": "pin", "training": False, "commission_minor": 0, "shift": 1,
}  # fmt: skip
CLOSED: dict[str, Any] = {
    "shift": 1, "operator": "ama", "operator_name": "Ama", "by": "ama", "by_name": "Ama",
    "sales_batch": 1, "bank_batch": 1, "opened_seq": 2, "opened_ms": 0, "offset_minutes": 120,
    "training": False, "first_receipt": "TILL7-1-1", "last_receipt": "TILL7-1-3",
    "over_limit": ["ZAR"],
    "tallies": [{"name": "sale", "times": 3, "amount": 15000, "currency": "ZAR", "decimals": 2}],
    "drawer": [{"currency": "ZAR", "decimals": 2, "opening_minor": 0, "taken_minor": 15000,
                "in_minor": 0, "out_minor": 0, "dropped_minor": 0, "refunded_minor": 2000,
                "expected_minor": 13000, "counted_minor": 12900, "pieces": []}],
}  # fmt: skip
BANKED: dict[str, Any] = {
    "level": "bank", "number": 1, "by": "grace", "by_name": "Grace", "reference": "DEP-1",
    "opened_ms": 0, "offset_minutes": 120, "training": False, "tallies": [],
    "deposits": [{"currency": "ZAR", "decimals": 2, "expected_minor": 13000, "found_minor": 12900,
                  "amount_minor": 12000, "kept_minor": 900}],
}  # fmt: skip


def worked(till: MadeTill) -> MadeTill:
    """Let a till sell three times, give money back, close a shift that lacks 1.00, and bank."""
    till.sell(3)
    for kind, body in (("refund", REFUND), ("shift_closed", CLOSED), ("batch_closed", BANKED)):
        till.add(kind, body)
    closed = till.entries[-2].seq
    till.add("variance_approved", {"shift": 1, "closed_seq": closed, "approver": "grace",
                                   "approver_name": "Grace", "reason": "a torn note"})  # fmt: skip
    return till


def line(kind: str, minor: int, name: str = "", percent: str = "") -> dict[str, Any]:
    """Return a line of a sale."""
    return {"kind": kind, "amount_minor": minor, "name": name, "percent": percent}


LINES = [
    line("energy", 3_400, "Energy"), line("charge", 300, "Network charge"),
    line("debt", 800, "Meter loan <b>"), line("tax", 500, "VAT", "15"),
]  # fmt: skip
SPLIT = [
    {"kind": "cash", "amount_minor": 3_500}, {"kind": "card", "amount_minor": 2_000},
]  # fmt: skip
"""What adds up to 55.00, 5.00 of it change."""
GIVEN: dict[str, Any] = {
    "act": "free-issue", "act_id": "a", "receipt": "E-1", "number": 1, "offset_minutes": 120,
    "month": "2026-11", "operator": "kwame", "approver": "grace", "approval": "pin",
    "meter": {"drn": "14123456783", "unit": "kWh"}, "reason": "storm", "facts": {}, "tenths": 500,
    "currency": "ZAR", "decimals": 2, "tokens": [], "training": False, "sale_seq": 0,
    "from_drn": "", "at_ms": 0, "shift": 0,
}  # fmt: skip
