"""Bulk lists without a disk: the real reading of rows, quotes and sales of the fake desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pos_app.application.bulk import BulkPlan, BulkTerms, PlannedRow, RowResult
from pos_app.application.bulk_file import BulkRow
from pos_app.application.bulk_ports import BulkRun
from pos_app.application.errors import MeterUnknown
from pos_app.application.order import SaleOrder
from pos_app.application.records import MeterRecord, QuoteAnswer
from pos_app.application.sale import Sale
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from pos_app.domain.tender import CASH, Tender, cash_due

LIST = """meter,amount,flat
07124482166,100,1
02211340558,250,2
99999999999,50,3
07124482166,1.41,4
02211340558,,5
"""


@dataclass
class FakeBulk:
    """`ended` is what was journalled at the end of a list."""

    meter: Callable[[str], MeterRecord | None]
    quote: Callable[[str, Money | None, int | None], QuoteAnswer]
    sell: Callable[[SaleOrder], Sale]
    currency: Currency
    ended: list[tuple[int, int]] = field(default_factory=list)

    def price(
        self, rows: Sequence[BulkRow], operator_id: str, terms: BulkTerms | None = None
    ) -> tuple[PlannedRow, ...]:
        return tuple(self._planned(row, operator_id) for row in rows)

    def plan(
        self, sha256: str, planned: Sequence[PlannedRow], terms: BulkTerms | None = None
    ) -> BulkPlan:
        return BulkPlan(sha256, tuple(planned), terms or BulkTerms())

    def _planned(self, row: BulkRow, operator_id: str) -> PlannedRow:
        if row.problem is not None:
            return PlannedRow(row, problem=row.problem)
        meter = self.meter(row.meter)
        if meter is None:
            return PlannedRow(row, problem=MeterUnknown(typed=row.meter))
        try:
            money = Money.parse(row.amount, self.currency)
            quote = self.quote(meter.drn, money, None).quote
        except PosError as problem:
            return PlannedRow(row, meter, problem=problem)
        paid = (Tender(CASH, cash_due(money)),)
        order = SaleOrder("", meter.drn, money, None, paid, operator_id, repeat_allowed=True)
        return PlannedRow(row, meter, quote, order)

    def begin(
        self, plan: BulkPlan, operator_id: str, *, again: bool = False, skip: bool = False
    ) -> BulkRun:
        return BulkRun(plan.sha256, 1, len(plan.rows) - plan.broken, 0, open=True)

    def step(self, run: BulkRun, planned: PlannedRow) -> RowResult:
        if planned.order is None:
            return RowResult(planned, problem=planned.problem)
        order = replace(planned.order, sale_id=f"bulk-{planned.row.line}")
        return RowResult(planned, self.sell(order))

    def end(self, run: BulkRun, sold: int, refused: int, operator_id: str) -> BulkRun:
        self.ended.append((sold, refused))
        return replace(run, sold=sold, open=False)


@dataclass
class FakeBulkFiles:
    """Files in a dictionary; `kept` counts the rows of results that were saved."""

    files: dict[str, str] = field(default_factory=lambda: {"list.csv": LIST})
    kept: list[int] = field(default_factory=list)

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise MeterUnknown(typed=path)
        return self.files[path].encode()

    def save(self, path: str, results: tuple[RowResult, ...]) -> str:
        self.kept.append(len(results))
        return f"{path.removesuffix('.csv')}-result.csv"
