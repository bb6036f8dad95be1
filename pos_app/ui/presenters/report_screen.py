"""What stands on the page of reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pos_app.application.records import Role
from pos_app.application.reports.catalogue import REPORTS
from pos_app.application.reports.report import Report, Row
from pos_app.application.reports.rows import LongRows
from pos_app.domain.errors import PosError

FILES = ("pdf", "csv", "xlsx")
"""In the order of their keys."""


class Span(StrEnum):
    """Which days; `TYPED` are two days that someone types."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    SHIFT = "shift"
    MONTH = "month"
    LAST_MONTH = "last-month"
    TYPED = "typed"


def spans_for(role: Role, name: str) -> tuple[Span, ...]:
    """Return the spans that someone may ask a report for."""
    near = (Span.TODAY, Span.YESTERDAY)
    shift = (Span.SHIFT,) if REPORTS[name].of_shift else ()
    far = () if role is Role.CASHIER else (Span.MONTH, Span.LAST_MONTH, Span.TYPED)
    return (*near, *shift, *far)


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of a table: a column's code, the largest first or the smallest."""

    code: str
    descending: bool


@dataclass(frozen=True, slots=True)
class ReportsScreen:
    """`report` is the last answer, `head` its first rows. `first` and `last` are typed days.

    `working` is an open question, `saving` the kind of file being written; `done` of `of` rows
    are written so far. `saved` is where the last file is.
    """

    names: tuple[str, ...]
    chosen: str
    spans: tuple[Span, ...]
    span: Span = Span.TODAY
    first: str = ""
    last: str = ""
    meter: str = ""
    report: Report | None = None
    head: tuple[Row, ...] = ()
    sort: Sort | None = None
    working: bool = False
    saving: str = ""
    done: int = 0
    of: int = 0
    saved: str = ""
    problem: PosError | None = None

    @property
    def asks_meter(self) -> bool:
        """Tell whether the report is of one meter."""
        return self.chosen == "meter"


class ReportsView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: ReportsScreen) -> None:
        """Draw `screen`."""
        ...

    def show_page(self, rows: LongRows, first: int, page: tuple[Row, ...]) -> None:
        """Put rows of a long list into their places."""
        ...
