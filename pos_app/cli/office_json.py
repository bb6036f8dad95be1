"""Head office as JSON values: money as texts, times in ISO 8601."""

from __future__ import annotations

from typing import Any

from pos_app.application.office_records import AllowanceLeft, OfficeStatus, PackTaken, TillStanding
from pos_app.application.records import TillStatus
from pos_app.cli.sales_json import instant, units
from pos_app.domain.money import Money


def status_json(status: OfficeStatus, till: TillStatus) -> dict[str, Any]:
    """Return how a till stands with head office."""
    enrolled = status.enrolled
    oldest = till.waiting_oldest_ms
    return {
        "office": enrolled.name if enrolled else None,
        "url": enrolled.url if enrolled else None,
        "acknowledged": status.acknowledged_seq,
        "acknowledged_at": _instant(status.acknowledged_ms),
        "waiting": {each.total.currency.code: each.total.plain() for each in till.waiting},
        "waiting_sales": sum(each.sales for each in till.waiting),
        "waiting_oldest": None if oldest is None else instant(oldest),
        "pack": status.pack,
        "freshness": {name: instant(at) for name, at in sorted(status.freshness.items())},
        "packs_waiting": {str(number): instant(at) for number, at in status.waiting_packs},
        "key_files_waiting": status.waiting_keys,
        "allowance": {each.currency.code: _allowance(each) for each in status.allowances},
        "messages": [each.text for each in status.messages],
        "journal": journal_json(status.standing),
    }


def journal_json(standing: TillStanding) -> dict[str, Any]:
    """Return whether the till's journal is the only one, as far as anybody told."""
    found = {"parts_at": standing.seq or None, "found": _instant(standing.found_ms)}
    return {"state": standing.state, **found}


def _allowance(left: AllowanceLeft) -> dict[str, Any]:
    allowance, spent = left.allowance, left.spent
    return {
        "money": Money(allowance.money_minor - spent.money_minor, left.currency).plain(),
        "units": units(allowance.tenths - spent.tenths),
        "count": allowance.count - spent.count,
        "until": instant(allowance.not_after_ms),
        "sequence": allowance.sequence,
    }


def pack_json(done: PackTaken) -> dict[str, Any]:
    """Return what became of a pack."""
    return {
        "series": done.series,
        "number": done.number,
        "again": done.again,
        "waits": done.waits,
        "active_from": _instant(done.active_from_ms),
        "records": done.counts,
        "refused": [
            {"line": line, "section": section, "code": code} for line, section, code in done.refused
        ],
        "refused_count": done.refused_count,
    }


def _instant(at_ms: int) -> str | None:
    return instant(at_ms) if at_ms else None
