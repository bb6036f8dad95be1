"""Bulk vending: a list of purchases, looked at first, then sold row by row.

Every row is a sale of its own under an id that follows from the list, the run and the line. A
list that is begun again after a power cut finds what was sold and goes on with the rest, so no
row is ever sold twice and none is lost. Nothing needs to be remembered but the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Final

from pos_app.application.bulk_file import BulkRow, read_list
from pos_app.application.bulk_ports import BulkRun
from pos_app.application.errors import MeterBlocked
from pos_app.application.lookup import meter_number
from pos_app.application.operators import need_cash_hand, operator_of
from pos_app.application.order import SaleOrder
from pos_app.application.ports import Clock, Ledger
from pos_app.application.pricing import Pricing
from pos_app.application.records import MeterRecord
from pos_app.application.sale import Sale
from pos_app.domain.allowance import Allowance, Spent, Wish, check
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tariff.quote import Quote
from pos_app.domain.tariff.units import parse_units
from pos_app.domain.tender import CASH, Tender, cash_due
from pos_app.domain.tender_kind import TenderKind, accepted, kind_of

LASTING: Final = frozenset(
    {
        "allowance-used-up",
        "allowance-missing",
        "clock-stopped",
        "day-sales-limit",
        "keys-destroyed",
        "ledger-unavailable",
        "operator-cash-limit",
        "shift-not-open",
        "shift-sales-limit",
        "shop-cash-limit",
    }
)
"""Problems of the shop and not of a row: the list stops there and can go on later."""


class BulkDone(PosError):
    """Every row of this list was sold before. Facts: `rows`, `run`."""

    code: ClassVar[str] = "bulk-done"


class BulkBroken(PosError):
    """Rows of the list cannot be sold. Facts: `broken`, `rows`."""

    code: ClassVar[str] = "bulk-broken"


@dataclass(frozen=True, slots=True)
class BulkTerms:
    """How the rows are paid that do not say it, and whether each gets a slip of paper."""

    tender: str = CASH
    reference: str = ""
    slips: bool = False


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row as it would be sold now, or what stands against it."""

    row: BulkRow
    meter: MeterRecord | None = None
    quote: Quote | None = None
    order: SaleOrder | None = None
    problem: PosError | None = None

    @property
    def drn(self) -> str:
        """Return the meter's number, as typed where there is no such meter."""
        return self.row.meter if self.meter is None else self.meter.drn


@dataclass(frozen=True)  # without slots: its sums are made once, not for every row that is sold
class BulkPlan:
    """A list as it would be sold now; `total` by currency, of the rows that can be sold.

    The rows of one meter are each looked at alone: blocks that an earlier row fills are counted
    when it is sold.
    """

    sha256: str
    rows: tuple[PlannedRow, ...]
    terms: BulkTerms

    @cached_property
    def broken(self) -> int:
        """How many rows cannot be sold."""
        return sum(row.problem is not None for row in self.rows)

    @cached_property
    def totals(self) -> tuple[Money, ...]:
        """The money of the rows that can be sold, by currency."""
        sums: dict[str, Money] = {}
        for row in self.rows:
            if row.quote is not None and row.problem is None:
                code = row.quote.total.currency.code
                held = sums.get(code)
                sums[code] = row.quote.total if held is None else held + row.quote.total
        return tuple(sums[code] for code in sorted(sums))


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row; `before` says that an earlier run of the program sold it."""

    planned: PlannedRow
    sale: Sale | None = None
    problem: PosError | None = None
    before: bool = False


@dataclass(frozen=True, slots=True)
class BulkDesk:
    """The door to bulk vending of one open shop; runs on the ledger's thread, a row at a time."""

    ledger: Ledger
    clock: Clock
    pricing: Pricing
    kinds: tuple[TenderKind, ...]
    sell: Callable[[SaleOrder], Sale]

    def look(self, raw: bytes, operator_id: str, terms: BulkTerms = BulkTerms()) -> BulkPlan:
        """Return what a list would sell; nothing changes.

        Raises what `read_list` and `price` do.
        """
        need_cash_hand(operator_of(self.ledger, operator_id))
        listed = read_list(raw)
        return self.plan(listed.sha256, self.price(listed.rows, operator_id, terms), terms)

    def price(
        self, rows: Sequence[BulkRow], operator_id: str, terms: BulkTerms = BulkTerms()
    ) -> tuple[PlannedRow, ...]:
        """Return some rows of a list as they would be sold now, each by itself; nothing changes."""
        need_cash_hand(operator_of(self.ledger, operator_id))
        kind_of(self.kinds, terms.tender)
        return tuple(self._planned(row, operator_id, terms) for row in rows)

    def plan(
        self, sha256: str, planned: Sequence[PlannedRow], terms: BulkTerms = BulkTerms()
    ) -> BulkPlan:
        """Return a list of priced rows; those that the allowance does not cover are refused."""
        return BulkPlan(sha256, tuple(self._bounded(planned)), terms)

    def begin(
        self, plan: BulkPlan, operator_id: str, *, again: bool = False, skip: bool = False
    ) -> BulkRun:
        """Begin a list, or go on with one that was cut short; journalled where it begins.

        Raises `BulkBroken` unless broken rows may be skipped, `BulkDone` for a list that was
        sold, unless it is to be sold `again`.
        """
        operator = operator_of(self.ledger, operator_id)
        need_cash_hand(operator)
        newest = self.ledger.bulk.newest(plan.sha256)
        if newest is not None and newest.open:
            return newest
        if newest is not None and not again:
            raise BulkDone(rows=newest.rows, run=newest.run)
        if plan.broken and not skip:
            raise BulkBroken(broken=plan.broken, rows=len(plan.rows))
        run = 1 if newest is None else newest.run + 1
        body = {
            "sha256": plan.sha256,
            "run": run,
            "rows": len(plan.rows) - plan.broken,
            "broken": plan.broken,
            "operator": operator.id,
        }
        with self.ledger.writing() as act:
            act.append("bulk_started", body, self.clock.now_ms())
        return BulkRun(plan.sha256, run, len(plan.rows) - plan.broken, 0, open=True)

    def step(self, run: BulkRun, planned: PlannedRow) -> RowResult:
        """Sell one row, or return what an earlier run of the program sold for it.

        Raises what concerns the shop and not the row (`LASTING`); then the list can go on later.
        """
        sale_id = f"bulk-{run.sha256[:32]}-{run.run}-{planned.row.line}"
        known = self.ledger.sale_by_id(sale_id)
        if known is not None:
            return RowResult(planned, known[1], before=True)
        if planned.order is None:
            return RowResult(planned, problem=planned.problem)
        try:
            sale = self.sell(replace(planned.order, sale_id=sale_id))
        except PosError as problem:
            if problem.code in LASTING:
                raise
            return RowResult(planned, problem=problem)
        return RowResult(planned, sale)

    def end(self, run: BulkRun, sold: int, refused: int, operator_id: str) -> BulkRun:
        """Journal that every row was tried; a list with refused rows stays open for them."""
        body = {
            "sha256": run.sha256,
            "run": run.run,
            "sold": sold,
            "refused": refused,
            "operator": operator_id,
        }
        with self.ledger.writing() as act:
            act.append("bulk_ended", body, self.clock.now_ms())
        return replace(run, sold=sold, open=sold < run.rows)

    def _planned(self, row: BulkRow, operator_id: str, terms: BulkTerms) -> PlannedRow:
        if row.problem is not None:
            return PlannedRow(row, problem=row.problem)
        meter = None
        try:
            meter = self.ledger.meter(meter_number(self.ledger, row.meter))
            if meter is None or meter.blocked:
                raise MeterBlocked(drn=row.meter, reason=meter.blocked if meter else "")
            return self._priced(row, meter, operator_id, terms)
        except PosError as problem:
            return PlannedRow(row, meter, problem=problem)

    def _priced(
        self, row: BulkRow, meter: MeterRecord, operator_id: str, terms: BulkTerms
    ) -> PlannedRow:
        currency = self.pricing.tariff(meter.tariff).currency
        amount = Money.parse(row.amount, currency) if row.amount else None
        tenths = parse_units(row.units) if row.units else None
        quote = self.pricing.quote(meter, amount, tenths)
        kind = row.tender or terms.tender
        due = cash_due(quote.total) if kind == CASH else quote.total
        tender = Tender(kind, due, row.reference or terms.reference)
        operator = operator_of(self.ledger, operator_id)
        accepted(self.kinds, (tender,), operator.role.value)
        order = SaleOrder(
            sale_id="",
            drn=meter.drn,
            amount=amount,
            tenths=tenths,
            tenders=(tender,),
            operator_id=operator_id,
            paper=terms.slips,
        )
        return PlannedRow(row, meter, quote, order)

    def _bounded(self, planned: Sequence[PlannedRow]) -> Iterator[PlannedRow]:
        """Yield the rows with those refused that the allowance does not cover."""
        bounds: dict[str, tuple[Allowance, Spent]] = {
            code: (allowance, spent) for code, allowance, spent in self.ledger.allowances()
        }
        now = self.clock.now_ms()
        for row in planned:
            held = bounds.get(row.quote.total.currency.code) if row.quote else None
            if row.quote is None or held is None:
                yield row
                continue
            wish = Wish(row.quote.total.minor, row.quote.tenths, now)
            try:
                check(held[0], held[1], wish)
            except PosError as problem:
                yield replace(row, order=None, problem=problem)
                continue
            bounds[row.quote.total.currency.code] = (held[0], held[1].plus(wish))
            yield row
