"""Reports, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_app.ui.presenters.report_screen import Span
from pos_app.ui.views.reports import ReportsPage
from tests.ui.shots_hand import Cashier, settle, target


def page_of(c: Cashier) -> ReportsPage:
    page = c.shell.pages.currentWidget()
    assert isinstance(page, ReportsPage)
    return page


def wait(c: Cashier) -> None:
    page = page_of(c)
    for _ in range(100):
        settle(30)
        if page.presenter is not None and not page.presenter.screen.working:
            break
    settle(60)


def opened(c: Cashier, name: str, span: Span = Span.MONTH, who: str = "3") -> ReportsPage:
    c.sign_in(who, "2468" if who == "3" else "1234")
    c.press(Qt.Key.Key_F10)
    c.press(Qt.Key.Key_5)
    page = page_of(c)
    wait(c)
    assert page.presenter is not None
    page.presenter.choose(name)
    page.presenter.pick(span)
    wait(c)
    return page


def report_turnover(c: Cashier) -> None:
    opened(c, "turnover")


def report_sales(c: Cashier) -> None:
    page = opened(c, "sales")
    page.answer.rows.table.setFocus()
    c.press(Qt.Key.Key_Down)


def report_sorted(c: Cashier) -> None:
    report_sales(c)
    for _ in range(6):
        c.press(Qt.Key.Key_Right)
    c.press(Qt.Key.Key_F4)
    wait(c)


def report_tenders(c: Cashier) -> None:
    opened(c, "tenders")


def report_statement(c: Cashier) -> None:
    opened(c, "statement")


def report_exceptions(c: Cashier) -> None:
    opened(c, "exceptions")


def report_meter(c: Cashier) -> None:
    page = opened(c, "meter", Span.MONTH)
    page.meter.setFocus()
    c.type("07124482166")
    c.enter()
    wait(c)


def report_which_meter(c: Cashier) -> None:
    opened(c, "meter", Span.MONTH)


def report_typed(c: Cashier) -> None:
    page = opened(c, "tax", Span.TYPED)
    page.first.setFocus()
    c.type("2026-12-05")
    page.last.setFocus()
    c.type("2026-12-01")
    c.enter()
    wait(c)


def report_saved(c: Cashier) -> None:
    page = opened(c, "commission")
    c.press(Qt.Key.Key_F5)
    for _ in range(100):
        settle(30)
        if page.presenter is not None and page.presenter.screen.saved:
            break


def report_cashier(c: Cashier) -> None:
    opened(c, "sales", Span.TODAY, "1")


def report_free(c: Cashier) -> None:
    opened(c, "free-issues")
    assert target() is page_of(c).names


def report_roll_over(c: Cashier) -> None:
    opened(c, "roll-over", Span.TODAY)


def report_to_roll_over(c: Cashier) -> None:
    opened(c, "to-roll-over", Span.TODAY)


REPORT_STATES: tuple[Callable[[Cashier], None], ...] = (
    report_turnover,
    report_sales,
    report_sorted,
    report_tenders,
    report_statement,
    report_exceptions,
    report_meter,
    report_which_meter,
    report_typed,
    report_saved,
    report_cashier,
    report_free,
    report_roll_over,
    report_to_roll_over,
)
