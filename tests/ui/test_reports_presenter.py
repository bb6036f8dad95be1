"""The page of reports without a page: real reports, threads that the test turns by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pos_app.application.records import Operator
from pos_app.application.reports.report import Report, Row, Watch
from pos_app.application.reports.rows import LongRows
from pos_app.application.words import load_words
from pos_app.bootstrap.reports import ReportFiles
from pos_app.ui.presenters.report_desk import ReportParts
from pos_app.ui.presenters.report_screen import ReportsScreen, Sort, Span
from pos_app.ui.presenters.reports import PAGE, ReportsPresenter
from tests.ui.fake_desk import OPERATORS
from tests.ui.fake_reports import FakeReports
from tests.ui.stage import IDENTITY

AMA, _, THANDI, SIPHO = OPERATORS


@dataclass
class Turns:
    """Jobs wait until the test lets them run."""

    jobs: list[Callable[[], None]] = field(default_factory=list)

    def run(
        self, job: Callable[[], Any], done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
    ) -> None:  # fmt: skip
        def turn() -> None:
            try:
                answer = job()
            except Exception as error:  # noqa: BLE001 - as the threads of the window do
                failed(error)
            else:
                done(answer)

        self.jobs.append(turn)

    def all(self) -> None:
        while self.jobs:
            self.jobs.pop(0)()


@dataclass
class Eye:
    """What the page would show."""

    screens: list[ReportsScreen] = field(default_factory=list)
    pages: dict[int, tuple[Row, ...]] = field(default_factory=dict)

    def show_screen(self, screen: ReportsScreen) -> None:
        self.screens.append(screen)

    def show_page(self, _rows: LongRows, first: int, page: tuple[Row, ...]) -> None:
        self.pages[first] = page


class Reader:
    def __init__(self, door: FakeReports, operator: Operator) -> None:
        self.door, self.ledger, self.io, self.eye = door, Turns(), Turns(), Eye()
        files = ReportFiles(lambda job: job(), lambda: door.files)
        parts = ReportParts(
            door, lambda typed: typed.replace(" ", ""), files.save,
            self.ledger.run, self.io.run, load_words("en"),
        )  # fmt: skip
        self.page = ReportsPresenter(parts, operator, self.eye)

    def settle(self) -> ReportsScreen:
        while self.ledger.jobs or self.io.jobs:
            self.ledger.all()
            self.io.all()
        return self.page.screen

    def report(self) -> Report:
        report = self.settle().report
        assert report is not None
        return report


@pytest.fixture(scope="module")
def door() -> Iterator[FakeReports]:
    made = FakeReports(OPERATORS, IDENTITY)
    yield made
    made.close()


@pytest.fixture
def thandi(door: FakeReports) -> Reader:
    reader = Reader(door, THANDI)
    reader.page.begin()
    reader.settle()
    return reader


def test_the_first_report_of_today_is_there_at_once(thandi: Reader) -> None:
    report = thandi.report()
    assert (report.heading.name, report.heading.period) == ("turnover", "Friday 25 Dec 2026")
    assert not thandi.page.screen.working


def test_a_cashier_is_offered_three_reports_and_no_long_time(door: FakeReports) -> None:
    page = Reader(door, AMA).page
    assert page.screen.names == ("sales", "tenders", "tokens")
    assert page.screen.spans == (Span.TODAY, Span.YESTERDAY, Span.SHIFT)
    page.choose("exceptions")
    page.pick(Span.MONTH)
    assert (page.screen.chosen, page.screen.span) == ("sales", Span.TODAY)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (Span.YESTERDAY, "Thursday 24 Dec 2026"),
        (Span.MONTH, "Dec 2026"),
        (Span.LAST_MONTH, "Nov 2026"),
    ],
)
def test_days_are_counted_from_the_shops_own_today(thandi: Reader, span: Span, said: str) -> None:
    thandi.page.pick(span)
    assert thandi.report().heading.period == said


def test_typed_days_are_asked_for_when_they_are_there(thandi: Reader) -> None:
    thandi.page.pick(Span.TYPED)
    assert not thandi.ledger.jobs
    thandi.page.typed("2026-12-01", "2026-12-07")
    thandi.page.ask()
    assert thandi.report().heading.period == "1 Dec 2026 to 7 Dec 2026"
    thandi.page.typed("2026-12-09", "")
    thandi.page.ask()
    assert thandi.report().heading.period == "Wednesday 9 Dec 2026"


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [("2026-02-30", "", "day-invalid"), ("2026-12-09", "2026-12-01", "period-backwards")],
)
def test_days_that_cannot_be_are_a_problem_and_no_report(
    thandi: Reader, first: str, last: str, code: str
) -> None:
    thandi.page.pick(Span.TYPED)
    thandi.page.typed(first, last)
    thandi.page.ask()
    screen = thandi.settle()
    assert screen.problem is not None
    assert (screen.problem.code, screen.report, screen.working) == (code, None, False)


def test_a_shift_that_is_not_open_is_said_so(thandi: Reader) -> None:
    thandi.page.pick(Span.SHIFT)
    problem = thandi.settle().problem
    assert problem is not None
    assert problem.code == "shift-not-open"


def test_a_report_that_no_shift_has_is_shown_of_today(thandi: Reader) -> None:
    thandi.page.pick(Span.SHIFT)
    thandi.page.choose("statement")
    assert thandi.settle().span is Span.TODAY
    assert Span.SHIFT not in thandi.page.screen.spans


def test_a_meters_history_waits_for_its_number(thandi: Reader) -> None:
    thandi.page.choose("meter")
    assert (thandi.settle().report, thandi.page.screen.working) == (None, False)
    thandi.page.pick(Span.MONTH)
    thandi.page.typed_meter("0712 4482 166")
    thandi.page.ask()
    assert "07124482166" in thandi.report().heading.period


def test_a_newer_question_stops_the_one_before(thandi: Reader, door: FakeReports) -> None:
    door.calls.clear()
    thandi.page.choose("tax")
    thandi.page.choose("tenders")
    assert thandi.report().heading.name == "tenders"
    assert door.calls == ["tenders"]


def test_a_column_is_ordered_by_its_telling_end_then_the_other_then_not(thandi: Reader) -> None:
    thandi.page.choose("sales")
    thandi.page.pick(Span.MONTH)
    money = [each.code for each in thandi.report().columns].index("money")
    as_made = [row[money] for row in thandi.settle().head]
    for sort, reverse in (
        (Sort("money", descending=True), True),
        (Sort("money", descending=False), False),
    ):
        thandi.page.sort("money")
        screen = thandi.settle()
        shown = [row[money] for row in screen.head]
        assert screen.sort == sort
        assert shown == sorted(shown, key=lambda each: each.minor, reverse=reverse)  # type: ignore[union-attr]
    thandi.page.sort("money")
    assert thandi.settle().sort is None
    assert [row[money] for row in thandi.settle().head] == as_made


def test_an_order_lives_on_into_other_days_but_not_into_another_report(thandi: Reader) -> None:
    thandi.page.choose("sales")
    thandi.settle()
    thandi.page.sort("name")
    thandi.page.pick(Span.MONTH)
    assert thandi.settle().sort == Sort("name", descending=False)
    names = [str(row[3]) for row in thandi.settle().head]
    assert names == sorted(names)
    thandi.page.choose("tenders")
    assert thandi.settle().sort is None


def test_a_long_list_is_read_where_it_is_looked_at(thandi: Reader) -> None:
    thandi.page.choose("sales")
    thandi.page.pick(Span.MONTH)
    rows = thandi.report().rows
    assert len(rows) > 2 * PAGE
    for first in (PAGE, 2 * PAGE, PAGE):
        thandi.page.want(first)
    assert len(thandi.ledger.jobs) == 1  # the disk is asked one question at a time
    thandi.settle()
    assert {first: len(page) for first, page in thandi.eye.pages.items()} == {
        PAGE: PAGE, 2 * PAGE: len(rows) - 2 * PAGE,
    }  # fmt: skip
    assert thandi.eye.pages[PAGE] == tuple(rows[PAGE : 2 * PAGE])


@pytest.mark.parametrize("kind", ["pdf", "csv", "xlsx"])
def test_a_file_is_on_record_and_in_the_documents(
    thandi: Reader, door: FakeReports, kind: str
) -> None:
    thandi.page.choose("tenders")
    thandi.page.pick(Span.MONTH)
    thandi.settle()
    thandi.page.save(kind)
    assert thandi.page.screen.saving == kind
    screen = thandi.settle()
    assert Path(screen.saved) == door.files / f"tenders-2026-12-01-to-2026-12-31.{kind}"
    assert Path(screen.saved).stat().st_size > 100
    assert door.ledger is not None
    *_, last = door.ledger.entries()
    assert (last.kind, last.reading()["operator"]) == ("report_released", "thandi")
    thandi.page.save(kind)
    assert thandi.settle().saved.endswith(f"-31-2.{kind}")


def test_a_file_that_is_stopped_leaves_none(thandi: Reader, door: FakeReports) -> None:
    thandi.page.choose("sales")
    thandi.page.pick(Span.YESTERDAY)
    thandi.settle()
    before = set(door.files.glob("*"))
    thandi.page.save("xlsx")
    thandi.ledger.all()
    assert thandi.page.back()
    problem = thandi.settle().problem
    assert problem is not None
    assert problem.code == "report-cancelled"
    assert set(door.files.glob("*")) == before
    assert not thandi.page.back()


def test_how_far_a_file_is_can_be_seen(door: FakeReports) -> None:
    reader = Reader(door, SIPHO)
    told: list[Watch] = []

    def save(_report: Report, _period: object, _kind: str, watch: Watch) -> str:
        watch(600, 900)
        told.append(watch)
        reader.page.tick()
        return "/there"

    parts = ReportParts(door, str, save, reader.ledger.run, reader.io.run, load_words("en"))
    reader.page = ReportsPresenter(parts, SIPHO, reader.eye)
    reader.page.begin()
    reader.settle()
    reader.page.save("csv")
    screen = reader.settle()
    assert (600, 900) in {(each.done, each.of) for each in reader.eye.screens}
    assert (screen.saved, screen.saving) == ("/there", "")


def test_esc_stops_a_long_question(thandi: Reader) -> None:
    thandi.page.choose("exceptions")
    assert thandi.page.screen.working
    assert thandi.page.back()
    problem = thandi.settle().problem
    assert problem is not None
    assert (problem.code, thandi.page.screen.working) == ("report-cancelled", False)


def test_a_bug_is_not_swallowed(thandi: Reader) -> None:
    thandi.page.choose("meter")
    thandi.page.typed_meter("07124482166")

    def broken(_: str) -> str:
        raise ZeroDivisionError

    parts = ReportParts(
        thandi.door, broken, lambda *_: "", thandi.ledger.run, thandi.io.run, load_words("en")
    )
    page = ReportsPresenter(parts, THANDI, thandi.eye)
    page.choose("meter")
    page.typed_meter("07124482166")
    page.ask()
    with pytest.raises(ZeroDivisionError):
        thandi.settle()
