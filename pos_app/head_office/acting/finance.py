"""What a person sees and sets of settlement; every act asks for its right first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pos_app.head_office.acting.pages import ROWS, Page, Row, key_of, number
from pos_app.head_office.people import Person, Right
from pos_app.head_office.queries import settlement, settlement_table, statement
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import settling
from pos_app.head_office.terms import CommissionDesk

Days = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Finance:
    """Everything here raises `NotAllowed` for who may not."""

    rooms: Rooms
    who: Person

    def settlement(self, days: Days, till: str) -> Row:
        """Return what the days come to; see `queries.settlement`."""
        self.who.need(Right.READ_SALES)
        return settlement.settlement(self.rooms.office, days, till)

    def by_day(self, days: Days, till: str) -> list[Row]:
        """Return what was sold and given back on each day, by kind of money."""
        self.who.need(Right.READ_SALES)
        whats = ("sale", "refund", "compensation")
        with self.rooms.office.store.reading() as act:
            return settling.sums(act, days, till, by=("day",), whats=whats)

    def csv(self, days: Days, till: str) -> Iterator[str]:
        """Return the lines of a table; raises `ExportUnfit` at once."""
        self.who.need(Right.READ_SALES)
        return settlement_table.as_csv(self.rooms.office, days, till)

    def statement(self, till: str, days: Days) -> Row:
        """Return a vendor's account; raises `TillUnknown`."""
        self.who.need(Right.READ_SALES)
        return statement.statement(self.rooms.office, till, days)

    def shifts(self, days: Days, till: str, after: str) -> Page:
        """Return shifts that ended on the days, the newest first, with who looked into them."""
        page = self._closings("shift", days, till, after)
        with self.rooms.office.store.reading() as act:
            approved = settling.approvals(act, page.rows)
        rows = [row | {"approval": approved.get((row["till"], row["seq"]))} for row in page.rows]
        return Page(rows, page.after)

    def deposits(self, days: Days, till: str, after: str) -> Page:
        """Return bank batches that ended on the days, the newest first."""
        return self._closings("bank", days, till, after)

    def _closings(self, kind: str, days: Days, till: str, after: str) -> Page:
        self.who.need(Right.READ_SALES)
        asked, key = settlement.read_days(days), key_of(after, str, str, number, number)
        with self.rooms.office.store.reading() as act:
            found = settling.closings(act, kind, asked, till, key, ROWS)
        return Page.of(found, "day", "till", "seq", "branch")

    def terms(self, till: str = "") -> list[Row]:
        """Return the terms of commission that were ever set."""
        return CommissionDesk(self.rooms.office).all(self.who, till)

    def set_terms(self, till: str, values: Mapping[str, str], note: str) -> Any:
        """Set terms of commission; raises what `CommissionDesk.put` raises."""
        return CommissionDesk(self.rooms.office).put(till, values, self.who, note)
