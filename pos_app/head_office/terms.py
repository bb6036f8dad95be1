"""Setting terms of commission: who may, from which day, and a line in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pos_app.head_office.commission import PARTS, Terms
from pos_app.head_office.errors import TermsInPast, TermsUnfit, TillUnknown
from pos_app.head_office.office import Office
from pos_app.head_office.people import Person, Right
from pos_app.head_office.store import journals, settling, tills

_LONGEST_NOTE = 1000
_CODE = 3


@dataclass(frozen=True, slots=True)
class CommissionDesk:
    """Keeps what vendors earn."""

    office: Office

    def _today(self) -> str:
        return datetime.fromtimestamp(self.office.clock.now_ms() // 1000, UTC).date().isoformat()

    def put(self, till: str, values: Mapping[str, str], by: Person, note: str = "") -> Terms:
        """Keep terms of a till from ``from_day`` (empty: today) on; returns them as they were read.

        `values` are ``currency``, ``from_day`` and numbers by the names of `commission.PARTS`. A
        day before today changes what was settled: only with a `note` on why, which is logged.
        Raises `NotAllowed`, `TillUnknown`, `TermsUnfit` or `TermsInPast`.
        """
        by.need(Right.MANAGE)
        today = self._today()
        currency = _currency(values["currency"])
        from_day = _day(values.get("from_day") or today)
        terms = Terms.of({**values, "from_day": from_day})
        said = " ".join(note.split())[:_LONGEST_NOTE]
        if from_day < today and not said:
            raise TermsInPast(from_day=from_day, today=today)
        parts: dict[str, Any] = {name: f"{getattr(terms, name):f}" for name in PARTS}
        facts = {"currency": currency, "from_day": from_day, **parts, "note": said}
        with self.office.store.writing() as act:
            if tills.till_of(act, till) is None:
                raise TillUnknown(till=till[:40])
            journals.take_turn(act, till)
            kept = {"till": till, "set_ms": self.office.clock.now_ms(), "set_by": by.id}
            settling.add_terms(act, kept | facts)
            self.office.log(act, by.id, "commission-set", till, **facts)
        return terms

    def all(self, by: Person, till: str = "") -> list[dict[str, Any]]:
        """Return every terms that were ever set, of one till or of all; raises `NotAllowed`."""
        by.need(Right.READ_SALES)
        with self.office.store.reading() as act:
            return settling.terms_of(act, till)


def _currency(typed: str) -> str:
    code = typed.strip().upper()
    if len(code) != _CODE or not code.isascii() or not code.isalpha():
        raise TermsUnfit(field="currency", typed=typed[:40])
    return code


def _day(typed: str) -> str:
    try:
        return date.fromisoformat(typed.strip()).isoformat()
    except ValueError:
        raise TermsUnfit(field="from_day", typed=typed[:40]) from None
