"""What a report is, whatever shows it: a finding, plots, a table with totals, notes.

Every text is in the reader's language; every number is exact. Money of two currencies never
meets in one sum, nor do two units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money

Cell = str | int | Decimal | Money | None
"""A value of a table; which type stands for what is said at `Kind`. None shows nothing."""

Row = tuple[Cell, ...]

Watch = Callable[[int, int], bool]
"""Hears (done, of) while a report is made; returns False to stop it."""


class ReportCancelled(PosError):
    """Whoever waited for the report stopped it; nothing was changed."""

    code: ClassVar[str] = "report-cancelled"


class ReportUnknown(PosError):
    """There is no report of this name. Facts: `name`, `names`."""

    code: ClassVar[str] = "report-unknown"


class ReportNeedsMeter(PosError):
    """The report is of one meter and none was named. Fact: `name`."""

    code: ClassVar[str] = "report-needs-meter"


class Kind(StrEnum):
    """What a column holds, and the type of its cells.

    `TEXT`, `DAY` (``2026-11-21``), `TIME` (``2026-11-21 12:32``, the shop's wall clock) and
    `PERCENT` (exact decimal) are texts; `COUNT` is an int; `MONEY` a `Money`; `UNITS` an int of
    tenths; `NUMBER` a `Decimal`.
    """

    TEXT = "text"
    DAY = "day"
    TIME = "time"
    PERCENT = "percent"
    COUNT = "count"
    MONEY = "money"
    UNITS = "units"
    NUMBER = "number"


_FIGURES = frozenset({Kind.PERCENT, Kind.COUNT, Kind.MONEY, Kind.UNITS, Kind.NUMBER})


@dataclass(frozen=True, slots=True)
class Column:
    """`code` stays the same in every language; `unit` is a currency or a commodity's unit."""

    code: str
    title: str
    kind: Kind = Kind.TEXT
    unit: str = ""

    @property
    def is_figure(self) -> bool:
        """Tell whether its cells stand at the right, decimals below decimals."""
        return self.kind in _FIGURES

    @property
    def heading(self) -> str:
        """Return the title with its unit."""
        return f"{self.title} ({self.unit})" if self.unit and self.title else self.title


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `size` from zero, `text` beside it; the strong one is what the title says."""

    label: str
    size: int
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars from zero. `standing` bars are a course of time, lying ones a comparison."""

    caption: str
    bars: tuple[Bar, ...]
    standing: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose report it is, of which days, and when it was made (the shop's wall clock)."""

    name: str
    kind: str
    shop: str
    till: str
    period: str
    made: str
    training: bool
    language: str


@dataclass(frozen=True, slots=True)
class Report:
    """`title` is the finding. `row_count` says how many rows there are where `rows` was cut.

    `rows` of a long list are `LongRows`: they are read when they are looked at.
    """

    heading: Heading
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    totals: tuple[Row, ...] = ()
    plots: tuple[Plot, ...] = ()
    notes: tuple[str, ...] = ()
    row_count: int = 0

    @property
    def cut(self) -> bool:
        """Tell whether there are more rows than are here."""
        return self.row_count > len(self.rows)
