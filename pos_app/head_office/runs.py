"""Sales that follow each other, counted at once instead of one by one.

Where a run of sales has one series and one currency, receipts without a gap, and ends within its
allowance, then none of them went beyond it: what was used only rises. The books are then the same
as if each had been counted (`books.count`), and there is nothing to find. `counted` says None where
that cannot be seen; whoever asks counts one by one then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pos_app.head_office.books import COUNTED_KINDS, Body, Books, Grants, count, snapshot
from pos_app.head_office.findings import Finding
from pos_app.head_office.making_good import Placed, compensates
from pos_app.head_office.meaning import NOT_READ

_SALE: Final = "sale"


class Step(NamedTuple):
    """An entry that is counted by itself."""

    seq: int
    at_ms: int
    kind: str
    body: Body


@dataclass(slots=True)
class Run:
    """Sales `first` to `last` of a series, added up; `most_minor` is the dearest of them."""

    series: int
    currency: str
    first: int
    last: int
    minor: int = 0
    tenths: int = 0
    most_minor: int = 0
    most_ms: int = 0

    @property
    def count(self) -> int:
        """Return how many they are."""
        return self.last - self.first + 1


@dataclass(slots=True)
class Counting:
    """Makes runs, and steps between them, of entries in their order."""

    steps: list[Run | Step] = field(default_factory=list)
    _run: Run | None = None
    """The last step, as long as it may grow."""

    def add(self, entry: Placed, body: Body) -> None:
        """Add an entry. Raises what `books.count` raises, and `ValueError` for strange types."""
        if entry.kind == _SALE and not compensates(body):
            self._sale(entry.at_ms, body)
        elif entry.kind in COUNTED_KINDS:
            self._run = None
            self.steps.append(Step(entry.seq, entry.at_ms, entry.kind, body))

    def _sale(self, at_ms: int, body: Body) -> None:
        figures = body["series"], body["number"], body["total_minor"], body["tenths"]
        series, number, minor, tenths = figures
        if not type(series) is type(number) is type(minor) is type(tenths) is int:
            raise ValueError(figures)
        run, currency = self._run, body["currency"]
        if run is None or (run.series, run.currency, run.last + 1) != (series, currency, number):
            run = self._run = Run(series, currency, number, number)
            self.steps.append(run)
        run.last = number
        run.minor += minor
        run.tenths += tenths
        run.most_minor = max(run.most_minor, minor)
        run.most_ms = max(run.most_ms, at_ms)


def counted(
    books: Books, steps: Sequence[Run | Step], grants: Grants
) -> tuple[Books, list[Finding]] | None:
    """Return the books after `steps` and what was found; None: count the entries one by one."""
    after = snapshot(books)
    found: list[Finding] = []
    for step in steps:
        if isinstance(step, Run):
            if not _within(after, step):
                return None
            _spend(after, step)
        else:
            try:
                found += count(after, step, step.body, grants)
            except NOT_READ:
                return None
    return after, found


def _within(books: Books, run: Run) -> bool:
    """Tell whether nothing is to be found about any sale of a run."""
    held: dict[str, Any] | None = books.get("allowances", {}).get(run.currency)
    follows = (books.get("series", run.series), books.get("number", 0) + 1)
    if held is None or follows != (run.series, run.first):
        return False
    spent = held["spent"]
    return bool(
        run.most_ms <= held["not_after_ms"]
        and run.most_minor <= held["per_vend_minor"]
        and spent["money_minor"] + run.minor <= held["money_minor"]
        and spent["tenths"] + run.tenths <= held["tenths"]
        and spent["count"] + run.count <= held["count"]
    )


def _spend(books: Books, run: Run) -> None:
    books["series"], books["number"] = run.series, run.last
    held = books["allowances"][run.currency]
    spent = held["spent"]
    held["spent"] = {
        "money_minor": spent["money_minor"] + run.minor,
        "tenths": spent["tenths"] + run.tenths,
        "count": spent["count"] + run.count,
    }
