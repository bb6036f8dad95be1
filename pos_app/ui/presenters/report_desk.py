"""The door to reports, as the window needs it; see `pos_app.application.reports.catalogue`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date

    from pos_app.application.records import Operator
    from pos_app.application.reports.period import Period
    from pos_app.application.reports.report import Report, Watch
    from pos_app.application.words import Words
    from pos_app.ui.presenters.desk import Run


class ReportDoor(Protocol):
    """What can be asked; every method runs on the ledger's thread."""

    def today(self) -> date:
        """Return the shop's day."""
        ...

    def open_shift(self, operator_id: str) -> Period | None:
        """Return the operator's open shift, None without one."""
        ...

    def make(  # noqa: PLR0913 - as the door has it
        self,
        name: str,
        period: Period,
        words: Words,
        *,
        reader: Operator,
        meter_drn: str,
        watch: Watch,
    ) -> Report:
        """Make a report; raise ``role-needed``, ``report-cancelled`` …."""
        ...

    def release(self, name: str, period: Period, kind: str, *, reader: Operator) -> None:
        """Put on record that a report leaves the till; raise ``role-needed``."""
        ...


SaveReport = Callable[["Report", "Period", str, "Watch"], str]
"""Write a report as ``pdf``, ``xlsx`` or ``csv`` into the user's documents; return the path.

Runs on an I/O thread; raises ``report-not-saved``, ``report-cancelled`` …."""


@dataclass(frozen=True, slots=True)
class ReportParts:
    """What the page stands on; `meter_number` runs on the ledger's thread."""

    door: ReportDoor
    meter_number: Callable[[str], str]
    save: SaveReport
    ledger: Run
    io: Run
    words: Words
