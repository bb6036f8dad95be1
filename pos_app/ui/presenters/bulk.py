"""A list of purchases in the window: looked at, then sold a row at a time while the page lives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Protocol

from pos_app.application.bulk import BulkDone, BulkPlan, BulkTerms, PlannedRow, RowResult
from pos_app.application.bulk_file import BulkList, BulkRow, read_list
from pos_app.application.bulk_ports import BulkRun
from pos_app.application.records import Operator
from pos_app.domain.errors import PosError
from pos_app.ui.presenters.desk import Run

AT_ONCE: Final = 50
"""So many rows are priced in one act of the ledger, some 20 ms."""


class BulkStep(StrEnum):
    """Where the list stands."""

    EMPTY = "empty"
    READING = "reading"
    LOOKED = "looked"
    SELLING = "selling"
    STOPPED = "stopped"
    DONE = "done"


class BulkDoor(Protocol):
    """What the window asks of bulk vending; every method runs on the ledger's thread."""

    def price(
        self, rows: Sequence[BulkRow], operator_id: str, terms: BulkTerms = ...
    ) -> tuple[PlannedRow, ...]:
        """Return some rows as they would be sold now."""
        ...

    def plan(self, sha256: str, planned: Sequence[PlannedRow], terms: BulkTerms = ...) -> BulkPlan:
        """Return a list of priced rows."""
        ...

    def begin(
        self, plan: BulkPlan, operator_id: str, *, again: bool = ..., skip: bool = ...
    ) -> BulkRun:
        """Begin a list, or go on with one that was cut short."""
        ...

    def step(self, run: BulkRun, planned: PlannedRow) -> RowResult:
        """Sell one row."""
        ...

    def end(self, run: BulkRun, sold: int, refused: int, operator_id: str) -> BulkRun:
        """Journal that every row was tried."""
        ...


class BulkFiles(Protocol):
    """Reading a list and keeping what became of it; runs off the GUI thread."""

    def read(self, path: str) -> bytes:
        """Return the bytes of a list."""
        ...

    def save(self, path: str, results: tuple[RowResult, ...]) -> str:
        """Keep the results beside the list and return where."""
        ...


@dataclass(frozen=True, slots=True)
class BulkScreen:
    """`results` are the rows tried so far; `kept` is where they were saved.

    While a list is read, `priced` of `rows` rows have their price.
    """

    step: BulkStep = BulkStep.EMPTY
    path: str = ""
    priced: int = 0
    rows: int = 0
    plan: BulkPlan | None = None
    results: tuple[RowResult, ...] = ()
    done_before: bool = False
    kept: str = ""
    problem: PosError | None = None

    @property
    def sold(self) -> int:
        """Return how many rows were sold, now or before."""
        return sum(each.sale is not None for each in self.results)


class BulkView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: BulkScreen) -> None:
        """Draw `screen`."""
        ...


@dataclass(frozen=True, slots=True)
class BulkParts:
    """The door (asked anew for every row), the files, and ways to run on both."""

    door: Callable[[], BulkDoor]
    files: BulkFiles
    run: Run
    io: Run


class BulkPresenter:
    """One row at a time, so that every other page and the till beside it stay quick."""

    def __init__(self, parts: BulkParts, operator: Operator, view: BulkView) -> None:
        self._parts, self._operator, self._view = parts, operator, view
        self._screen = BulkScreen()
        self._wanted = False  # to go on selling
        self.changed: Callable[[], None] = lambda: None

    @property
    def screen(self) -> BulkScreen:
        """What stands on the screen."""
        return self._screen

    def look(self, path: str) -> None:
        """Read a list and price every row; nothing is sold."""
        if self._busy() or not path.strip():
            return
        self._screen = BulkScreen(BulkStep.READING, path.strip())
        self._wanted = True
        self._view.show_screen(self._screen)
        files = self._parts.files
        self._parts.io(
            lambda: read_list(files.read(path.strip())),
            lambda listed: self._price(listed, []),
            self._failed,
        )

    def sell(self) -> None:
        """Sell the rows that can be sold; broken ones are left out, as the key says."""
        screen = self._screen
        if screen.plan is None or screen.step not in {BulkStep.LOOKED, BulkStep.STOPPED}:
            return
        plan, by, again = screen.plan, self._operator.id, screen.done_before
        self._wanted = True
        self._set(step=BulkStep.SELLING, results=(), problem=None)
        self._parts.run(
            lambda: self._parts.door().begin(plan, by, again=again, skip=True),
            self._next,
            self._failed,
        )

    def stop(self) -> bool:
        """Stop after the row under way; False when nothing is under way."""
        self._wanted = False
        return self._busy()

    def _busy(self) -> bool:
        return self._screen.step in {BulkStep.READING, BulkStep.SELLING}

    def _price(self, listed: BulkList, planned: list[PlannedRow]) -> None:
        """Price some rows at a time: a sale at the till never waits for a whole list."""
        door, at, by = self._parts.door, len(planned), self._operator.id
        if not self._wanted:
            self._set(step=BulkStep.EMPTY)
        elif at == len(listed.rows):
            self._parts.run(
                lambda: door().plan(listed.sha256, planned),
                lambda plan: self._set(step=BulkStep.LOOKED, plan=plan),
                self._failed,
            )
        else:
            self._set(priced=at, rows=len(listed.rows))
            self._parts.run(
                lambda: door().price(listed.rows[at : at + AT_ONCE], by),
                lambda some: self._price(listed, planned + list(some)),
                self._failed,
            )

    def _next(self, run: BulkRun) -> None:
        plan, at = self._screen.plan, len(self._screen.results)
        if plan is None:
            return
        if at == len(plan.rows):
            self._end(run)
        elif not self._wanted:
            self._set(step=BulkStep.STOPPED)
            self._keep()
        else:
            row = plan.rows[at]
            self._parts.run(
                lambda: self._parts.door().step(run, row),
                lambda result: self._sold(run, result),
                self._failed,
            )

    def _sold(self, run: BulkRun, result: RowResult) -> None:
        self._set(results=(*self._screen.results, result))
        self._next(run)

    def _end(self, run: BulkRun) -> None:
        sold, refused = self._screen.sold, len(self._screen.results) - self._screen.sold
        by = self._operator.id

        def ended(_: BulkRun) -> None:
            self._set(step=BulkStep.DONE)
            self._keep()
            self.changed()

        door = self._parts.door
        self._parts.run(lambda: door().end(run, sold, refused, by), ended, self._failed)

    def _keep(self) -> None:
        path, results = self._screen.path, self._screen.results
        self._parts.io(
            lambda: self._parts.files.save(path, results),
            lambda kept: self._set(kept=kept),
            self._failed,
        )

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
        screen = self._screen
        if isinstance(error, BulkDone):
            self._set(step=BulkStep.LOOKED, done_before=True, problem=error)
        elif screen.step is BulkStep.READING:
            self._set(step=BulkStep.EMPTY, problem=error)
        elif screen.step is BulkStep.SELLING:
            self._set(step=BulkStep.STOPPED, problem=error)
            if screen.results:
                self._keep()
        else:
            self._set(problem=error)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)
