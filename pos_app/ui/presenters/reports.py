"""Reports: choose one and its days, sort it, keep it as a file; nothing stops the till."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pos_app.application.records import Operator
from pos_app.application.reports.catalogue import readable
from pos_app.application.reports.period import Period, parse_day
from pos_app.application.reports.report import Report, ReportCancelled, Row
from pos_app.application.reports.rows import LongRows, in_order
from pos_app.application.shift_errors import ShiftNotOpen
from pos_app.domain.errors import PosError
from pos_app.ui.presenters.desk import Latest
from pos_app.ui.presenters.report_desk import ReportParts
from pos_app.ui.presenters.report_screen import (
    ReportsScreen,
    ReportsView,
    Sort,
    Span,
    spans_for,
)

PAGE = 200
"""So many rows of a long list are read at once for the screen."""
_WAITING_PAGES = 3
"""A hand that scrolls faster than the disk reads leaves older places unread."""


@dataclass
class _Work:
    """Long work on another thread: how far it is, and whether it shall stop."""

    done: int = 0
    of: int = 0
    stopped: bool = False

    def __call__(self, done: int, of: int) -> bool:
        self.done, self.of = done, of
        return not self.stopped


@dataclass(frozen=True, slots=True)
class _Answer:
    report: Report
    head: tuple[Row, ...]
    period: Period


class ReportsPresenter:
    """One question at a time: a newer one stops the one before."""

    def __init__(self, parts: ReportParts, operator: Operator, view: ReportsView) -> None:
        self._parts, self._operator, self._view = parts, operator, view
        self._asking = Latest(parts.ledger)
        self._work, self._writing = _Work(), _Work()
        self._made: _Answer | None = None
        self._wanted: list[int] = []
        self._reading = False
        names = readable(operator.role)
        self._screen = ReportsScreen(names, names[0], spans_for(operator.role, names[0]))

    @property
    def screen(self) -> ReportsScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self) -> None:
        """Ask again: the figures may have moved since the page was left."""
        self._ask()

    def choose(self, name: str) -> None:
        """Take another report, of the same days where it can be."""
        if name == self._screen.chosen or name not in self._screen.names:
            return
        spans = spans_for(self._operator.role, name)
        span = self._screen.span if self._screen.span in spans else Span.TODAY
        self._set(chosen=name, spans=spans, span=span, sort=None)
        self._ask()

    def pick(self, span: Span) -> None:
        """Take other days; typed ones are asked for when both are there."""
        if span not in self._screen.spans:
            return
        self._set(span=span, problem=None, saved="")
        if span is not Span.TYPED or self._screen.first:
            self._ask()

    def typed(self, first: str, last: str) -> None:
        """Take two days as they are typed, without asking yet."""
        self._set(first=first, last=last, problem=None)

    def typed_meter(self, meter: str) -> None:
        """Take a meter's number as it is typed, without asking yet."""
        self._set(meter=meter, problem=None)

    def ask(self) -> None:
        """Ask for what is typed."""
        self._ask()

    def sort(self, code: str) -> None:
        """Order by a column: the telling end first, then the other, then as it was made."""
        made = self._made
        if made is None:
            return
        column = next(each for each in made.report.columns if each.code == code)
        turns = (Sort(code, column.is_figure), Sort(code, not column.is_figure), None)
        held = self._screen.sort
        at = turns.index(held) + 1 if held in turns and held is not None else 0
        self._set(sort=turns[at], saved="", problem=None)
        self._order()

    def want(self, first: int) -> None:
        """Read the rows of a long list from `first` on."""
        if first not in self._wanted:
            self._wanted = [*self._wanted, first][-_WAITING_PAGES:]
        self._read()

    def save(self, kind: str) -> None:
        """Write what is shown to a file, in the order shown, beside everything else."""
        made, report = self._made, self._screen.report
        if made is None or report is None or self._screen.saving or self._screen.working:
            return
        work = self._writing = _Work()
        name, period = report.heading.name, made.period
        self._set(saving=kind, saved="", problem=None, done=0, of=len(report.rows))

        def write(_: None) -> None:
            self._parts.io(
                lambda: self._parts.save(report, period, kind, work),
                self._written,
                self._not_written,
            )

        door = self._parts.door
        self._parts.ledger(
            lambda: door.release(name, period, kind, reader=self._operator),
            write,
            self._not_written,
        )

    def tick(self) -> None:
        """Show how far the file is."""
        if self._screen.saving and self._writing.of:
            self._set(done=self._writing.done, of=self._writing.of)

    def back(self) -> bool:
        """Take Esc: stop what goes on; False when there is nothing to stop."""
        if self._screen.saving:
            self._writing.stopped = True
        elif self._screen.working:
            self._work.stopped = True
        else:
            return False
        return True

    def _ask(self) -> None:
        screen = self._screen
        self._work.stopped = True
        if screen.asks_meter and not screen.meter.strip():
            self._asking.drop()
            self._made = None
            self._set(report=None, head=(), working=False, problem=None, saved="")
            return
        work = self._work = _Work()
        self._set(working=True, problem=None, saved="")
        self._asking.ask(lambda: self._make(screen, work), self._answered, self._failed)

    def _make(self, screen: ReportsScreen, work: _Work) -> _Answer:
        """Run on the ledger's thread."""
        parts = self._parts
        period = self._period(screen)
        drn = parts.meter_number(screen.meter) if screen.asks_meter else ""
        report = parts.door.make(
            screen.chosen, period, parts.words,
            reader=self._operator, meter_drn=drn, watch=work,
        )  # fmt: skip
        return _Answer(report, tuple(report.rows[:PAGE]), period)

    def _period(self, screen: ReportsScreen) -> Period:
        today = self._parts.door.today()
        if screen.span is Span.SHIFT:
            shift = self._parts.door.open_shift(self._operator.id)
            if shift is None:
                raise ShiftNotOpen(operator=self._operator.name)
            return shift
        if screen.span is Span.TYPED:
            first = parse_day(screen.first)
            return Period.of(first, parse_day(screen.last) if screen.last.strip() else first)
        return _days(screen.span, today)

    def _answered(self, answer: _Answer) -> None:
        self._made = answer
        self._wanted = []
        held = self._screen.sort
        if held and held.code in {each.code for each in answer.report.columns}:
            self._order()
        else:
            self._set(working=False, sort=None, report=answer.report, head=answer.head)

    def _order(self) -> None:
        """Show the last answer in the order that is wanted now."""
        made, sort = self._made, self._screen.sort
        if made is None:
            return
        if sort is None:
            self._asking.drop()
            self._set(working=False, report=made.report, head=made.head)
            return

        def ordered() -> tuple[Report, tuple[Row, ...]]:
            report = in_order(made.report, sort.code, descending=sort.descending)
            return report, tuple(report.rows[:PAGE])

        def land(answer: tuple[Report, tuple[Row, ...]]) -> None:
            self._set(working=False, report=answer[0], head=answer[1])

        self._set(working=True)
        self._asking.ask(ordered, land, self._failed)

    def _read(self) -> None:
        report = self._screen.report
        if self._reading or not self._wanted or report is None:
            return
        rows = report.rows
        if not isinstance(rows, LongRows):
            return
        first = self._wanted.pop()
        self._reading = True

        def land(page: tuple[Row, ...]) -> None:
            self._reading = False
            self._view.show_page(rows, first, page)
            self._read()

        def fail(error: BaseException) -> None:
            self._reading = False
            self._failed(error)

        self._parts.ledger(lambda: rows[first : first + PAGE], land, fail)

    def _written(self, path: str) -> None:
        self._set(saving="", saved=path)

    def _not_written(self, error: BaseException) -> None:
        self._set(saving="")
        self._failed(error)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
        if self._screen.working and not isinstance(error, ReportCancelled):
            self._made = None
            self._set(report=None, head=())
        self._set(working=False, problem=error)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)


def _days(span: Span, today: date) -> Period:
    """Return the days of a span that follows from today alone."""
    if span is Span.MONTH:
        return Period.month(today)
    if span is Span.LAST_MONTH:
        return Period.month(today.replace(day=1) - timedelta(days=1))
    day = today - timedelta(days=1) if span is Span.YESTERDAY else today
    return Period(day, day)
